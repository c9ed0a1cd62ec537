"""Verifying one passport: from the URL that was scanned, or from a file.

The issuer is asked at the origin that the product URI names; a passport that another origin issued
is never genuine. The log and the status list tell whether it was published and not withdrawn; where
they can't be had, freshness is unknown, and never more than that (DESIGN 5).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from generator.read.log import SignedLog, open_log, verify_included
from generator.read.resolve import web_document_of
from generator.read.site_manifest import read_manifest
from generator.read.sources import Origins, Source
from passport.credential import (
    PassportCheck,
    VerifiedPassport,
    passport_path,
    status_of,
    verify_passport,
)
from passport.did.document import DidDocument, VerificationMethod, resolve_among
from passport.errors import HostError, VerificationError
from passport.identifiers import DppId, ProductUri
from passport.log.entry import EntryType, LogEntry
from passport.signing.proof import Check as ProofCheck
from passport.status_list import StatusBit, verify_status_list


class Verdict(StrEnum):
    """What is said of a passport (DESIGN 5)."""

    CURRENT = "genuine and current"
    COPY = "genuine copy"
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
    found = _Standing(passport, status, issuer, source, now).judge()
    if passport.proof.method.is_revoked and not found.is_logged:
        raise VerificationError(
            f"its key was revoked, and nothing shows that the log held it before: {found.why}",
            "ask again when the log can be read",
            check="log",
        )
    checks = (*_SIGNED, "log", "status") if found.is_logged else _SIGNED
    return PassportReport(verdict=found.verdict, passport=passport, checks=checks, why=found.why)


@dataclass(frozen=True, slots=True)
class _Found:
    """A verdict, why, and whether the log was seen to hold the passport."""

    verdict: Verdict
    why: str = ""
    is_logged: bool = False


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a verified passport stands at its site now."""

    passport: VerifiedPassport
    status: StatusBit
    issuer: DidDocument
    source: Source
    now: datetime

    def judge(self) -> _Found:
        """Ask the log, then the rest; `VerificationError` if the log holds something else."""
        entry = LogEntry.of_document(EntryType.PASSPORT, self.passport.proof.document)
        generation = self.status.address.generation
        try:
            log = open_log(self.source, self.issuer, self.passport.uri.base_url, generation)
            if self.status.index >= log.checkpoint.size:
                why = f"the log has {log.checkpoint.size} entries so far"
                return _Found(Verdict.NOT_LOGGED, why)
            verify_included(log, self.status.index, entry)
        except HostError as error:
            return _Found(Verdict.FRESHNESS_UNKNOWN, error.message)
        try:
            verdict, why = self._freshness(log)
        except HostError as error:
            verdict, why = Verdict.FRESHNESS_UNKNOWN, error.message
        return _Found(verdict, why, is_logged=True)

    def _freshness(self, log: SignedLog) -> tuple[Verdict, str]:
        path = passport_path(self.passport.dpp_id)
        content, published = self.source.get(self.status.address.path), self.source.get(path)
        if content is None or published is None:
            return Verdict.FRESHNESS_UNKNOWN, "the status list is not at hand"
        resolve = resolve_among((self.issuer,))
        found = verify_status_list(content, resolve, address=self.status.address)
        if found.statuses.is_revoked(self.status.position):
            return Verdict.WITHDRAWN, "the issuer withdrew this version"
        current = verify_passport(published, resolve, expected=self.passport.uri)
        if current.version > self.passport.version:
            return Verdict.SUPERSEDED, f"by version {current.version}"
        if not found.is_fresh(self.now):
            return Verdict.FRESHNESS_UNKNOWN, "the status list has expired"
        manifest = read_manifest(self.source, self.issuer)
        if not (manifest.is_last_of(log) and manifest.publishes(path, published)):
            return Verdict.FRESHNESS_UNKNOWN, "the site shows an older state than its log knows"
        return Verdict.CURRENT, ""
