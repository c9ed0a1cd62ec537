"""Checking a deployed site over the web: whether its host does what the contract asks of it.

DESIGN 4: a QR's URL answers at once, unknown addresses are unknown, types and headers are those of
the table, programs of other origins may read data; and what is shown is signed, whole and not older
than what is known. Files are sampled, a few of each kind, unless all are asked for.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from generator.build.artifact import NOT_FOUND_URL, PAGE_TYPE, CacheClass
from generator.build.state import check_continues
from generator.publish.headers import headers_for, kind_of
from generator.publish.live_host import LiveHost
from generator.read.checks import Check
from generator.read.https import Answer
from generator.read.log import SignedLog, open_log, verify_included
from generator.read.logged import CHECKPOINT_PATH, GENERATION, log_paths
from generator.read.site_issuer import read_issuer
from generator.read.site_manifest import SiteManifest, read_manifest
from generator.read.sources import needed
from passport.credential import verify_passport
from passport.did.document import DidDocument, resolve_among
from passport.errors import HostError, VerificationError
from passport.log.checkpoint import verify_checkpoint
from passport.manifest import INDEX_PATH, ListedFile

A_FEW = 3
"""Files of one kind that are looked at unless all are."""
_WORKERS = 8
_PRODUCTS = ("/01/", "/8004/", "/id/")
_GONE = (404, 410)
_STALE = "the host or a cache before it shows an old state: look at its cache rules, then deploy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a site from elsewhere; b"" where nothing is."""

    checkpoint: bytes = b""
    """A checkpoint that was published: the host may show no earlier one."""
    index: bytes = b""
    """The manifest's index that must lie there."""


@dataclass(slots=True)
class _Run:
    host: LiveHost
    known: Known
    now: datetime
    checks: list[Check] = field(default_factory=list)

    def check(self, name: str, title: str) -> Check:
        """Begin a check."""
        check = Check(name, title)
        self.checks.append(check)
        return check

    def manifest(self, issuer: DidDocument) -> tuple[SiteManifest | None, tuple[ListedFile, ...]]:
        """The manifest is signed, whole, and the one that should be there."""
        check = self.check("manifest", "the manifest is signed, whole and the one expected")
        found: SiteManifest | None = None
        files: tuple[ListedFile, ...] = ()
        with check.of(INDEX_PATH):
            found = read_manifest(self.host, issuer)
            files = tuple(file for shard in found.shards for file in found.files_of(shard))
            if self.known.index and found.content != self.known.index:
                raise VerificationError("it is of another site than the one built", _STALE)
        return found, files

    def log(self, manifest: SiteManifest) -> SignedLog | None:
        """The checkpoint is signed, holds the manifest, and is not older than what is known."""
        check = self.check("log", "the checkpoint is signed, current and holds the manifest")
        found: SignedLog | None = None
        with check.of(CHECKPOINT_PATH):
            log = found = open_log(self.host, manifest.issuer, self.host.base_url, GENERATION)
            if self.known.checkpoint:
                published = verify_checkpoint(self.known.checkpoint, log.keys)
                if log.checkpoint.size < published.size:
                    raise VerificationError(
                        f"it has {log.checkpoint.size} entries, {published.size} were published",
                        _STALE,
                    )
                check_continues(log, published)
            verify_included(log, manifest.index, manifest.entry)
        return found

    def status_lists(self, manifest: SiteManifest) -> None:
        """Every status list is the one that the manifest names, and has not expired."""
        check = self.check("status", "every status list is signed and has not expired")
        for address in manifest.status_addresses:
            with check.of(address.path):
                found = manifest.status_list(needed(self.host, address.path), address)
                if not found.is_fresh(self.now):
                    raise VerificationError(
                        "it has expired", "sign it anew with `cellfolio refresh`, then deploy"
                    )

    def files(self, files: Sequence[ListedFile], issuer: DidDocument) -> None:
        """Each file has its bytes, its type, its headers; passports their signature."""
        served = self.check("headers", "files come with the type and the headers of the table")
        signed = self.check("bytes", "files are those that were signed")
        passports = self.check("passports", "passports are genuine")
        resolve = resolve_among((issuer,))
        for file, answer in zip(files, self._answers(file.path for file in files), strict=True):
            with served.of(file.path):
                _check_served(answer, file)
            if isinstance(answer, HostError) or answer.status != 200 or not file.sha256:
                continue
            with signed.of(file.path):
                if sha256(answer.content).hexdigest() != file.sha256:
                    raise VerificationError("its bytes are not the ones that were signed")
            if file.path.endswith("/passport.json"):
                with passports.of(file.path):
                    verify_passport(answer.content, resolve)

    def qr(self, pages: Sequence[str]) -> None:
        """What a code says answers at once, whatever a scanner adds or prefers."""
        check = self.check("qr", "the addresses in QR codes answer without a redirect")
        asked = [(page, "*/*") for page in pages]
        asked += [(f"{page}?linkType=gs1:pip", "text/html") for page in pages[:1]]
        asked += [(page, "application/json") for page in pages[:1]]
        if not pages:
            with check.of("/"):
                raise VerificationError("no battery has a page", "see that the site is whole")
        for target, accept in asked:
            with check.of(target):
                _check_found(self.host.ask(target, accept=accept))

    def unknown(self, pages: Sequence[str]) -> None:
        """What does not exist is unknown, never another page with 200."""
        check = self.check("unknown", "unknown addresses answer 404, neither 200 nor a redirect")
        chance = secrets.token_hex(4).upper()
        targets = [f"{page}-{chance}" for page in pages[:2]]
        for target in (*targets, f"/{chance}", f"/dpp/{chance}/passport.json"):
            with check.of(target):
                status = self.host.ask(target).status
                if status not in _GONE:
                    raise VerificationError(
                        f"it answers {status}", "set up 404.html with status 404"
                    )

    def _answers(self, paths: Iterable[str]) -> Iterator[Answer | HostError]:
        with ThreadPoolExecutor(_WORKERS) as workers:
            yield from workers.map(self._answer, paths)

    def _answer(self, path: str) -> Answer | HostError:
        try:
            return self.host.ask(path)
        except HostError as error:
            return error


def check_live(host: LiveHost, known: Known, now: datetime, *, everything: bool) -> list[Check]:
    """Run all checks; `HostError` or `VerificationError` where there is nothing to begin with."""
    run = _Run(host, known, now)
    issuer = read_issuer(host, host.base_url)
    manifest, files = run.manifest(issuer)
    if manifest is None:
        return run.checks  # nothing says what else should be there
    # What unknown addresses answer has no address that all hosts give it.
    listed = [file for file in files if file.path != NOT_FOUND_URL]
    log = run.log(manifest)
    run.status_lists(manifest)
    lists = (address.path for address in manifest.status_addresses)
    unlisted = _unlisted((*(log_paths(log) if log else ()), *lists, INDEX_PATH))
    chosen = (*listed, *unlisted) if everything else _a_few((*listed, *unlisted))
    run.files(chosen, issuer)
    batteries = [file.path for file in listed if _is_battery_page(file)]
    run.qr(batteries if everything else _some_batteries(batteries))
    run.unknown(_some_batteries(batteries))
    return run.checks


def _unlisted(paths: Iterable[str]) -> Iterator[ListedFile]:
    """Files that prove themselves: they have no digest in the manifest."""
    for path in paths:
        kind = kind_of(path[1:])
        yield ListedFile(path, "", 0, kind.media_type, kind.cache)


def _a_few(files: Iterable[ListedFile]) -> tuple[ListedFile, ...]:
    kinds: Mapping[tuple[str, str, str], list[ListedFile]] = defaultdict(list)
    for file in sorted(files):
        name = file.path.rpartition("/")[2].partition("?")[0]
        of_kind = name if file.path.startswith(("/dpp/", "/.well-known/", "/log/")) else ""
        kinds[file.media_type, file.cache, of_kind if not of_kind.isdigit() else ""].append(file)
    return tuple(file for found in kinds.values() for file in _spread(found))


def _spread(found: list[ListedFile]) -> Iterator[ListedFile]:
    step = max(1, len(found) // A_FEW)
    yield from found[::step][:A_FEW]


def _is_battery_page(file: ListedFile) -> bool:
    is_product = file.path.startswith(_PRODUCTS)
    return is_product and file.media_type == PAGE_TYPE and "/21/" in file.path


def _some_batteries(pages: Sequence[str]) -> tuple[str, ...]:
    """A few, one whose serial has capitals first: hosts that fold case redirect those."""
    capital = [page for page in pages if page != page.lower()]
    step = max(1, len(pages) // A_FEW)
    return tuple(dict.fromkeys((*capital[:1], *pages[::step])))[:A_FEW]


def _check_found(answer: Answer) -> None:
    if 300 <= answer.status < 400:
        to = answer.headers.get("location", "nowhere")
        raise VerificationError(
            f"it redirects ({answer.status}) to {to}", "switch pretty or lower-case URLs off"
        )
    if answer.status != 200:
        raise VerificationError(
            f"it answers {answer.status}", "see that the site is deployed whole"
        )


def _check_served(answer: Answer | HostError, file: ListedFile) -> None:
    if isinstance(answer, HostError):
        raise answer
    _check_found(answer)
    if "content-encoding" in answer.headers:
        raise VerificationError("it comes encoded, though that was not asked for")
    wrong = [
        f"{name} is {answer.headers.get(name.lower(), 'missing')!r}, not {value!r}"
        for name, value in headers_for(file.media_type, CacheClass(file.cache))
        if _plain(answer.headers.get(name.lower(), "")) != _plain(value)
    ]
    if wrong:
        raise VerificationError("; ".join(wrong), "`cellfolio hosts` prints what your host needs")


def _plain(value: str) -> str:
    """A header's value without what makes no difference: case of parameters, spaces at commas."""
    parts = (" ".join(part.split()) for part in value.replace(";", " ; ").split(","))
    return ", ".join(parts).lower()
