"""Verifying one passport: from the URL that was scanned, or from a file.

The issuer is asked at the origin that the product URI names; a passport that another origin issued
is never genuine. The log and the status list tell whether it was published and not withdrawn; where
they can't be had, freshness is unknown, and never more than that (DESIGN 5).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from generator.read.log import open_log, verify_included
from generator.read.resolve import web_document_of
from generator.read.sources import Origins, Source
from passport.credential import (
    PassportCheck,
    VerifiedPassport,
    passport_path,
    status_of,
    verify_passport,
)
from passport.did_document import DidDocument, VerificationMethod, resolve_among
from passport.errors import HostError, VerificationError
from passport.identifiers import DppId, ProductUri
from passport.log_entry import EntryType, LogEntry
from passport.proof import Check as ProofCheck
from passport.status_list import StatusBit, verify_status_list


class Verdict(StrEnum):
    """What is said of a passport (DESIGN 5)."""

    CURRENT = "genuine and current"
    SUPERSEDED = "genuine, superseded"
    FRESHNESS_UNKNOWN = "genuine, freshness unknown"
    NOT_LOGGED = "genuine, not yet in the log"
    WITHDRAWN = "withdrawn"
    NOT_GENUINE = "not genuine"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportReport:
    """A verified passport, the names of the checks that it passed, and why the verdict is so."""

    verdict: Verdict
    passport: VerifiedPassport
    checks: tuple[str, ...]
    why: str = ""


_SIGNED = (*(check.value for check in PassportCheck), *(check.value for check in ProofCheck))


def verify_scanned(uri: ProductUri, origins: Origins, now: datetime) -> PassportReport:
    """Verify the passport behind a product URI; `VerificationError` names the failed check."""
    address = f"{uri.base_url}{passport_path(DppId.of(uri.key))}"
    content = origins.get(address)
    if content is None:
        raise VerificationError(f"no passport lies at {address}", "check the number under the code")
    return verify_content(content, origins, now, expected=uri)


def verify_content(
    content: bytes, origins: Origins, now: datetime, *, expected: ProductUri | None = None
) -> PassportReport:
    """Verify a passport's bytes; the issuer's keys, log and lists are read at its own origin."""
    document_of = cache(lambda did: web_document_of(did, origins))

    def resolve(method_id: str) -> VerificationMethod:
        return document_of(method_id.partition("#")[0]).method(method_id)

    passport = verify_passport(content, resolve, expected=expected)
    status = status_of(passport)
    issuer = document_of(passport.proof.issuer)
    source = origins.source(str(passport.uri.base_url))
    logged = _logged(passport, status, issuer, source)
    if logged is not None:
        if passport.proof.method.is_revoked:
            raise VerificationError(
                f"its key was revoked, and nothing shows that the log held it before: {logged[1]}",
                "ask again when the log can be read",
                check="log",
            )
        return PassportReport(verdict=logged[0], passport=passport, checks=_SIGNED, why=logged[1])
    verdict, why = _freshness(passport, status, issuer, source, now)
    return PassportReport(
        verdict=verdict, passport=passport, checks=(*_SIGNED, "log", "status"), why=why
    )


def _logged(
    passport: VerifiedPassport, status: StatusBit, issuer: DidDocument, source: Source
) -> tuple[Verdict, str] | None:
    """None if the log holds the passport; `VerificationError` if it holds something else there."""
    entry = LogEntry.of_document(EntryType.PASSPORT, passport.proof.document)
    try:
        log = open_log(source, issuer, passport.uri.base_url, status.address.generation)
        if status.index >= log.checkpoint.size:
            return Verdict.NOT_LOGGED, f"the log has {log.checkpoint.size} entries so far"
        verify_included(log, status.index, entry)
    except HostError as error:
        return Verdict.FRESHNESS_UNKNOWN, error.message
    return None


def _freshness(
    passport: VerifiedPassport,
    status: StatusBit,
    issuer: DidDocument,
    source: Source,
    now: datetime,
) -> tuple[Verdict, str]:
    try:
        content = source.get(status.address.path)
        published = source.get(passport_path(passport.dpp_id))
    except HostError as error:
        return Verdict.FRESHNESS_UNKNOWN, error.message
    if content is None or published is None:
        return Verdict.FRESHNESS_UNKNOWN, "the status list is not at hand"
    found = verify_status_list(content, resolve_among((issuer,)), address=status.address)
    if found.statuses.is_revoked(status.position):
        return Verdict.WITHDRAWN, "the issuer withdrew this version"
    current = verify_passport(published, resolve_among((issuer,)), expected=passport.uri)
    if current.version > passport.version:
        return Verdict.SUPERSEDED, f"by version {current.version}"
    if not found.is_fresh(now):
        return Verdict.FRESHNESS_UNKNOWN, "the status list has expired"
    return Verdict.CURRENT, ""
