"""Verifying one passport: from the URL that was scanned, or from a file.

The issuer is asked at the origin that the product URI names; a passport that another origin issued
is never genuine. Whether a newer version exists or it was withdrawn needs the log and the status
list, which this version does not publish yet: the best verdict is "genuine, freshness unknown".
"""

from dataclasses import dataclass
from enum import StrEnum

from generator.read.resolve import web_document_of
from generator.read.sources import Origins
from passport.credential import PassportCheck, VerifiedPassport, passport_path, verify_passport
from passport.did_document import VerificationMethod
from passport.errors import VerificationError
from passport.identifiers import DppId, ProductUri
from passport.proof import Check as ProofCheck


class Verdict(StrEnum):
    """What is said of a passport (DESIGN 5)."""

    FRESHNESS_UNKNOWN = "genuine, freshness unknown"
    NOT_GENUINE = "not genuine"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportReport:
    """A verified passport, and the names of the checks that it passed."""

    verdict: Verdict
    passport: VerifiedPassport
    checks: tuple[str, ...]


def verify_scanned(uri: ProductUri, origins: Origins) -> PassportReport:
    """Verify the passport behind a product URI; `VerificationError` names the failed check."""
    address = f"{uri.base_url}{passport_path(DppId.of(uri.key))}"
    content = origins.get(address)
    if content is None:
        raise VerificationError(f"no passport lies at {address}", "check the number under the code")
    return verify_content(content, origins, expected=uri)


def verify_content(
    content: bytes, origins: Origins, *, expected: ProductUri | None = None
) -> PassportReport:
    """Verify a passport's bytes; the issuer's keys are fetched from the issuer's origin."""

    def resolve(method_id: str) -> VerificationMethod:
        return web_document_of(method_id.partition("#")[0], origins).method(method_id)

    passport = verify_passport(content, resolve, expected=expected)
    return PassportReport(
        verdict=Verdict.FRESHNESS_UNKNOWN,
        passport=passport,
        checks=(*(check.value for check in PassportCheck), *(check.value for check in ProofCheck)),
    )
