"""The checks that a whole site is held to, in their order (DESIGN 2: a list of named checks).

Each looks at one thing, and notes in `VerifiedSite` what later ones need: which files the manifest
lists, what documents say of the log, which sealed files passports bind.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from generator.read.checks import Check
from generator.read.log import SignedLog, open_log
from generator.read.logged import GENERATION, check_entries, earlier_tiles, log_paths
from generator.read.sealed import check_sealed
from generator.read.site_issuer import DID_LOG_PATH, check_did_log
from generator.read.site_manifest import SiteManifest, read_manifest
from generator.read.sources import Source, needed
from passport.base_url import BaseUrl
from passport.credential import (
    log_index_of,
    passport_path,
    related_resources,
    status_of,
    verify_passport,
)
from passport.did.document import DidDocument, Resolve, parse_did_document, resolve_among
from passport.did.web import product_did
from passport.encoding.canonical import canonical_json
from passport.encoding.strict_json import parse_object
from passport.errors import VerificationError
from passport.identifiers import DppId
from passport.log.entry import EntryType, LogEntry, document_digest
from passport.manifest import (
    INDEX_PATH,
    ListedFile,
    is_former_shard,
    is_listed,
    is_shard_path,
    parse_shard,
)
from passport.quoting import quoted
from passport.signing.proof import Check as ProofCheck
from passport.status_list import ListAddress, verify_status_list
from passport.version_history import parse_history, version_path

_LINK = re.compile(rb'(?:href|src)="(/[^"#?]*)')
_PASSPORT = re.compile(r"/dpp/([^/]+)/(?:passport|v/([1-9][0-9]*))\.json")
_PRODUCT_DID = re.compile(r"/dpp/([^/]+)/did\.json")
_HISTORY = re.compile(r"/dpp/([^/]+)/versions\.json")
_LINK_SET = re.compile(r"/dpp/[^/]+/linkset\.json")


@dataclass(slots=True, kw_only=True)
class VerifiedSite:
    """A site that is being verified, and what the checks so far have found."""

    source: Source
    base_url: BaseUrl
    now: datetime
    present: Collection[str]
    """The URL paths that a folder holds."""
    issuer: DidDocument
    manifest: SiteManifest | None = None
    """None unless the issuer signed it."""
    files: dict[str, ListedFile] = field(default_factory=dict)
    """What the manifest lists, by path."""
    passports: int = 0
    """How many are current, superseded versions left out."""
    own: set[str] = field(default_factory=lambda: {INDEX_PATH})
    """Where the manifest and the log lie; the manifest does not list that."""
    logged: dict[int, tuple[str, LogEntry]] = field(default_factory=dict)
    """What documents say of the log: by index, who says it and the entry."""
    published: list[tuple[str, LogEntry]] = field(default_factory=list)
    """What the log must hold though it can't say where: path and entry."""
    bound: dict[str, str] = field(default_factory=dict)
    """The digests of the sealed files that passports bind, by path."""
    lists: set[ListAddress] = field(default_factory=set)
    """The status lists that passports name."""
    log: SignedLog | None = None

    @property
    def resolve(self) -> Resolve:
        """Finds the issuer's keys."""
        return resolve_among((self.issuer,))

    def matching(self, pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
        """Yield the listed paths of one form."""
        for path in self.files:
            if found := pattern.fullmatch(path):
                yield path, found

    def claim(self, index: int, path: str, entry: LogEntry) -> None:
        """Remember an entry; `VerificationError` if another document has its place."""
        if index in self.logged:
            raise VerificationError(f"{self.logged[index][0]} says that entry {index} is its own")
        self.logged[index] = (path, entry)


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """A named check: what holds if nothing fails, and the function that looks."""

    name: str
    title: str
    look: Callable[[VerifiedSite, Check], None]


def _issuer(site: VerifiedSite, check: Check) -> None:
    with check.of(DID_LOG_PATH):
        history = needed(site.source, DID_LOG_PATH)
        entry = LogEntry.of_bytes(EntryType.DID_LOG, history)
        site.published.append((DID_LOG_PATH, entry))
        check_did_log(site.issuer, history, site.now)


def _manifest(site: VerifiedSite, check: Check) -> None:
    with check.of(INDEX_PATH):
        site.manifest = read_manifest(site.source, site.issuer)


def _shards(site: VerifiedSite, check: Check) -> None:
    for shard in site.manifest.shards if site.manifest else ():
        with check.of(shard.path):
            site.own.add(shard.path)
            for file in parse_shard(shard, needed(site.source, shard.path)):
                if file.path in site.files:
                    raise VerificationError(f"{quoted(file.path)} is listed twice")
                site.files[file.path] = file


def _files(site: VerifiedSite, check: Check) -> None:
    for file in site.files.values():
        with check.of(file.path):
            content = needed(site.source, file.path)
            if sha256(content).hexdigest() != file.sha256:
                raise VerificationError("its bytes are not the ones that were signed")


def _passports(site: VerifiedSite, check: Check) -> None:
    resolve = site.resolve
    for path, found in site.matching(_PASSPORT):
        site.passports += not found[2]
        with check.of(path), _superseded_may_be_revoked(is_superseded=bool(found[2])):
            passport = verify_passport(needed(site.source, path), resolve)
            if str(passport.dpp_id) != found[1]:
                raise VerificationError(f"it is the passport of {passport.uri}")
            if found[2] and str(passport.version) != found[2]:
                raise VerificationError(f"it is version {passport.version}")
            document = passport.proof.document
            entry = LogEntry.of_document(EntryType.PASSPORT, document)
            site.claim(log_index_of(document), path, entry)
            related = related_resources(document, passport.uri.base_url)
            site.bound |= {each.path: each.digest for each in related}
            site.lists.add(status_of(passport).address)


@contextmanager
def _superseded_may_be_revoked(*, is_superseded: bool) -> Iterator[None]:
    """A version whose key was revoked is replaced for that very reason; its bytes are kept."""
    try:
        yield
    except VerificationError as error:
        if not is_superseded or error.check != ProofCheck.AUTHORISED:
            raise


def _versions(site: VerifiedSite, check: Check) -> None:
    for path, found in site.matching(_HISTORY):
        with check.of(path):
            _check_history(site, DppId.parse(found[1]), path)


def _check_history(site: VerifiedSite, dpp_id: DppId, path: str) -> None:
    """Hold the list to the versions: what is signed is that each names the one before."""
    before = ""
    for line in parse_history(parse_object(needed(site.source, path))):
        current = passport_path(dpp_id)
        place = version_path(dpp_id, line.version) if line.valid_to else current
        version = parse_object(needed(site.source, place))
        digest = document_digest(version)
        if digest != line.digest or version.get("version") != line.version:
            raise VerificationError(f"version {line.version} is not the one that it lists")
        if version.get("previousVersion", "") != before:
            raise VerificationError(f"version {line.version} does not follow the one before")
        before = digest


def _sealed(site: VerifiedSite, check: Check) -> None:
    resolve = site.resolve
    for path, digest in sorted(site.bound.items()):
        with check.of(path):
            check_sealed(site.source, path, digest, site.base_url, resolve)
    for path, file in site.files.items():
        if file.cache == "sealed" and path not in site.bound:
            check.fail(path, "no passport binds it")


def _products(site: VerifiedSite, check: Check) -> None:
    for path, found in site.matching(_PRODUCT_DID):
        with check.of(path):
            did = str(product_did(site.base_url, DppId.parse(found[1])))
            members = parse_object(needed(site.source, path))
            document = parse_did_document(members, did)
            if document.methods or members.get("controller") != site.issuer.did:
                raise VerificationError("it has a key, or another controller")


def _links(site: VerifiedSite, check: Check) -> None:
    for file in site.files.values():
        with check.of(file.path):
            for target in _targets(site, file):
                if is_listed(target) and target not in site.files:
                    raise VerificationError(f"it links to {quoted(target)}, which is not there")


def _targets(site: VerifiedSite, file: ListedFile) -> Iterable[str]:
    """The paths of this site that a page or a link set names."""
    if file.media_type == "text/html":
        content = site.source.get(file.path) or b""
        return [link.decode(errors="replace") for link in _LINK.findall(content)]
    if _LINK_SET.fullmatch(file.path):
        text = (site.source.get(file.path) or b"").decode(errors="replace")
        return re.findall(rf'"{re.escape(str(site.base_url))}(/[^"#?]*)"', text)
    return ()


def _status(site: VerifiedSite, check: Check) -> None:
    for address in sorted(site.lists):
        with check.of(address.path):
            content = needed(site.source, address.path)
            found = verify_status_list(content, site.resolve, address=address)
            site.own.add(address.path)
            entry = LogEntry.of_document(EntryType.STATUS_LIST, found.proof.document)
            site.published.append((address.path, entry))


def _log(site: VerifiedSite, check: Check) -> None:
    with check.of("/log"):
        if site.manifest is not None:
            site.claim(site.manifest.index, INDEX_PATH, site.manifest.entry)
            for entry in site.manifest.entries:
                noted = canonical_json({"type": entry.kind, "digest": entry.digest})
                site.claim(entry.index, INDEX_PATH, LogEntry.parse(noted))
        site.log = open_log(site.source, site.issuer, site.base_url, GENERATION)
        site.own |= log_paths(site.log)
        check_entries(site.log, site.logged, sum(1 for _ in site.matching(_PASSPORT)), check)
        named = {entry for _, entry in site.logged.values()}
        for path, published in site.published:
            if published not in named:
                check.fail(path, "the manifest names no entry of the log for it")


def _extra(site: VerifiedSite, check: Check) -> None:
    known = {*site.files, *site.own}
    if site.log is not None:
        with check.of("/log"):
            known |= earlier_tiles(site.log, site.source, site.present)
    for path in site.present:
        with check.of(path):
            if path not in known and not _is_former_shard(site, path):
                raise VerificationError("the manifest does not list it")


def _is_former_shard(site: VerifiedSite, path: str) -> bool:
    content = site.source.get(path) if is_shard_path(path) else None
    return content is not None and is_former_shard(path, content, site.files)


CHECKS = (
    SiteCheck("issuer", "the issuer's DID documents agree, and their log holds", _issuer),
    SiteCheck("manifest", "the manifest is signed by the issuer", _manifest),
    SiteCheck("shards", "every shard of the manifest is the one that was signed", _shards),
    SiteCheck("files", "every file is there, with the bytes that were signed", _files),
    SiteCheck("passports", "every passport is genuine by its own signature", _passports),
    SiteCheck("versions", "every history fits the versions that it lists", _versions),
    SiteCheck("sealed", "every sealed file is the one that its passport binds", _sealed),
    SiteCheck("products", "every product's DID document is its own, without keys", _products),
    SiteCheck("links", "every link within the site leads somewhere", _links),
    SiteCheck("status", "every status list is the issuer's", _status),
    SiteCheck("log", "the log holds every passport, the DID log and the manifest", _log),
)
EXTRA = SiteCheck("extra", "nothing lies in the folder that was not signed", _extra)
"""For a folder, which can be looked through."""
