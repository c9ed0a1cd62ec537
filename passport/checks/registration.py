"""Registration: who issues a model's identifiers, and what the EU registry knows of it."""

import re
from collections.abc import Iterator

from passport.checks.context import CheckContext, ModelContent
from passport.problems import Problem, Severity
from passport.product_key import OwnIdentifier

_SHA256 = re.compile("[0-9a-f]{64}")


def identifiers_have_an_issuer(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """Identifiers that are no GS1 keys name their issuing agency and ISO/IEC 15459 spelling."""
    model = content.model
    if not isinstance(model.identifier, OwnIdentifier):
        return
    told = (
        ("identifier_issuer", "who issues its identifiers"),
        ("iso15459", "how ISO/IEC 15459 spells its identifiers"),
    )
    for member, what in told:
        if not getattr(model, member):
            yield Problem(
                model.place,
                f"$.{member}",
                "unmapped-identifier",
                f"{what} is not recorded",
                f"add a line {member}: …",
                clause="Art. 77(3)",
                severity=Severity.WARNING,
            )


def registrations_are_proven(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """A registration has a day that is past, its proof and the digest of what was registered."""
    found = content.model.registration
    if found is None:
        return
    day = found.registered_on
    if day is None or day > context.as_of:
        told = "has no day" if day is None else f"of {day.isoformat()} has not happened yet"
        yield Problem(
            found.place,
            "$.eu_registry.registered_on",
            "registration-date",
            f"the registration {told}",
            "write registered_on: with the day that the registry confirmed",
        )
    if not found.proof or not _SHA256.fullmatch(found.version_sha256):
        yield Problem(
            found.place,
            "$.eu_registry",
            "unproven-registration",
            f"nothing proves registration {found.registration_id}",
            "add proof, where the receipt is kept, and version_sha256, 64 digits and small letters",
            severity=Severity.WARNING,
        )
