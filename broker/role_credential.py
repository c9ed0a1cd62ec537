"""Role credentials: somebody whom the policy trusts says which roles a key's holder has.

Spec: W3C Verifiable Credentials 2.0 with one `eddsa-jcs-2022` proof (`passport.signing.proof`),
DESIGN 7. Its subject is a did:key, and only who signs the DPoP proof with that key may use it. The
issuer's keys stand in the bundle, and its status list comes along with it: nothing is fetched.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from broker.access_token import Holder
from broker.role_status import check_not_withdrawn
from passport.access.bundle import Bundle
from passport.access.client import TrustedIssuer
from passport.access.members import codes
from passport.access.rule import Actor
from passport.did.document import VerificationMethod
from passport.did.key import parse_did_key
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import list_of, object_of, only, text_of, texts_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import VerificationError, failing
from passport.quoting import quoted
from passport.signing.ed25519 import PublicKey
from passport.signing.proof import BASE_CONTEXT, issuer_of, verify

TYPES = ("VerifiableCredential", "RoleCredential")
LARGEST = 16 * 1024
"""Bytes of the largest role credential."""

_MEMBERS = frozenset(
    {
        *("@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialStatus"),
        *("credentialSubject", "proof"),
    }
)
_SUBJECT = frozenset({"id", "organisation", "actors"})
_LONGEST_NAME = 200


class RoleCheck(StrEnum):
    """What is checked of a role credential, in this order."""

    JSON = "json"
    """The bytes are JSON that everybody reads alike."""
    FORM = "form"
    """It is a role credential, with known members only."""
    ISSUER = "issuer"
    """The bundle trusts its issuer today, and for these roles."""
    HOLDER = "holder"
    """It is about the key that signed the DPoP proof."""
    VALIDITY = "validity"
    """It holds now."""
    STATUS = "status"
    """Its issuer's list, stapled and young, says that it stands."""


@dataclass(frozen=True, slots=True)
class Presented:
    """What somebody sends: the credential's bytes, and those of its issuer's status list."""

    credential: bytes
    status_list: bytes


def verify_role(presented: Presented, bundle: Bundle, *, key: PublicKey, now: datetime) -> Holder:
    """Return who holds the role; `VerificationError` names the first check that fails.

    `key` is the one that signed the DPoP proof.
    """
    with failing(RoleCheck.JSON):
        document = parse_object(presented.credential, largest=LARGEST)
    with failing(RoleCheck.FORM):
        subject = _check_form(document)
        organisation, actors = _organisation(subject), codes(Actor, texts_of(subject, "actors"))
    with failing(RoleCheck.ISSUER):
        issuer = _trusted(bundle, document, actors, now)
    verify(document, _Methods(issuer), issuer=issuer.did)
    with failing(RoleCheck.HOLDER):
        holder = text_of(subject, "id")
        if parse_did_key(holder) != key:
            raise VerificationError(
                f"it is about {quoted(holder)}", "sign the DPoP proof with that key"
            )
    with failing(RoleCheck.VALIDITY):
        _check_validity(document, now)
    with failing(RoleCheck.STATUS):
        check_not_withdrawn(
            object_of(document, "credentialStatus"),
            presented.status_list,
            _Methods(issuer),
            issuer=issuer.did,
            now=now,
        )
    return Holder(client=holder, role_issuer=issuer.did, organisation=organisation, actors=actors)


@dataclass(frozen=True, slots=True)
class _Methods:
    """Finds a key of a trusted issuer among those in the bundle."""

    issuer: TrustedIssuer

    def __call__(self, method_id: str) -> VerificationMethod:
        for method in self.issuer.keys:
            if method.id == method_id:
                return VerificationMethod(
                    id=method.id,
                    controller=self.issuer.did,
                    kind="Multikey",
                    multikey=method.public_key.multikey,
                    may_assert=True,
                )
        raise VerificationError(
            f"{quoted(method_id)} is no key of {self.issuer.did} in the bundle",
            "ask the operator to enter it",
        )


def _check_form(document: JsonObject) -> JsonObject:
    only(document, _MEMBERS)
    if texts_of(document, "type") != TYPES or list_of(document, "@context")[:1] != (BASE_CONTEXT,):
        raise VerificationError("it is no role credential", f"its type is {', '.join(TYPES)}")
    subject = object_of(document, "credentialSubject")
    only(subject, _SUBJECT)
    return subject


def _organisation(subject: JsonObject) -> str:
    name = text_of(subject, "organisation")
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise VerificationError(f"{quoted(name)} is no name of an organisation")
    return name


def _trusted(
    bundle: Bundle, document: JsonObject, actors: tuple[Actor, ...], now: datetime
) -> TrustedIssuer:
    issuer = bundle.issuer(issuer_of(document))
    if not issuer.period.holds(now.date()):
        raise VerificationError(f"{issuer.did} is not trusted on {now.date()}")
    untrusted = [actor for actor in actors if actor not in issuer.actors]
    if untrusted or not actors:
        raise VerificationError(
            f"{issuer.did} is not trusted for {', '.join(untrusted) or 'no role'}",
            f"it is for {', '.join(issuer.actors)}",
        )
    return issuer


def _check_validity(document: JsonObject, now: datetime) -> None:
    valid_from = parse_time(text_of(document, "validFrom"))
    valid_until = parse_time(text_of(document, "validUntil"))
    if not valid_from <= now < valid_until:
        raise VerificationError(
            f"it is valid from {time_text(valid_from)} until {time_text(valid_until)}",
            "ask its issuer for the present one",
        )
