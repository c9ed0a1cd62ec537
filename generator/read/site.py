"""Verifying a whole site: every signature, digest and link, nothing missing, nothing extra.

Reads the site as a stranger would, from a folder or a URL. The issuer's DID document is the root
of trust; what it can't prove is whether the host is the right one, so a report always names the
domain and the operator must be compared by whoever asks (DESIGN 9).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from generator.read.checks import Check
from generator.read.histories import check_histories
from generator.read.log import SignedLog, open_log
from generator.read.logged import GENERATION, check_entries, earlier_tiles, log_paths
from generator.read.sealed import check_sealed
from generator.read.sources import Source, needed
from passport.base_url import BaseUrl
from passport.canonical import JsonObject, canonical_json
from passport.credential import (
    VerifiedPassport,
    log_index_of,
    related_resources,
    status_of,
    verify_passport,
)
from passport.did_document import DidDocument, parse_did_document, resolve_among
from passport.did_web import issuer_did, product_did
from passport.did_webvh import verify_log
from passport.did_webvh_log import web_document
from passport.errors import IdentifierError, VerificationError
from passport.identifiers import DppId
from passport.json_members import text_of
from passport.log_entry import EntryType, LogEntry
from passport.manifest import (
    INDEX_PATH,
    ListedFile,
    ListedShard,
    is_former_shard,
    is_listed,
    is_shard_path,
    parse_entries,
    parse_index,
    parse_shard,
)
from passport.proof import Check as ProofCheck
from passport.proof import verify
from passport.quoting import quoted
from passport.status_list import ListAddress, verify_status_list
from passport.strict_json import parse_object

_LINK = re.compile(rb'(?:href|src)="(/[^"#?]*)')
_PASSPORT = re.compile(r"/dpp/([^/]+)/(?:passport|v/([1-9][0-9]*))\.json")
_PRODUCT_DID = re.compile(r"/dpp/([^/]+)/did\.json")
_LINK_SET = re.compile(r"/dpp/[^/]+/linkset\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """What was found: `checks` in the order of the run."""

    base_url: BaseUrl
    issuer: str
    files: int
    passports: int
    checks: tuple[Check, ...]

    @property
    def is_genuine(self) -> bool:
        """Whether every check held."""
        return not any(check.failed for check in self.checks)


def verify_site(
    source: Source,
    present: Iterable[str] | None,
    now: datetime,
    *,
    expected: BaseUrl | None = None,
) -> SiteReport:
    """Verify a site; `present` lists the URL paths that a folder holds, None on the web.

    `expected` is the base URL that was asked for: a host may hold a copy of another site, with an
    issuer's document that it wrote itself. Without it, whoever asked must look at `base_url`.
    Raises `VerificationError` where there is nothing to begin with: no readable manifest or issuer.
    """
    document = parse_object(needed(source, INDEX_PATH))
    base_url = _base_url_of(text_of(document, "id"))
    if expected is not None and base_url != expected:
        raise VerificationError(
            f"{expected} holds a site that says it is {base_url}",
            f"ask {base_url} itself; a copy may name keys of its own",
        )
    run = _Run(source, base_url, now)
    issuer = run.issuer()
    files = run.manifest(document, issuer)
    run.files(files)
    passports = run.passports(files, issuer)
    run.histories(files)
    run.sealed(files, issuer)
    run.documents(files, issuer)
    run.links(files)
    run.status_lists(issuer)
    run.log(files, document, issuer)
    if present is not None:
        run.nothing_extra(files, tuple(present))
    return SiteReport(
        base_url=base_url,
        issuer=issuer.did,
        files=len(files),
        passports=passports,
        checks=tuple(run.checks),
    )


class _Run:
    """One verification: the source, and the checks made so far."""

    def __init__(self, source: Source, base_url: BaseUrl, now: datetime) -> None:
        self.source = source
        self.base_url = base_url
        self.now = now
        self.checks: list[Check] = []
        self.own = {INDEX_PATH}
        """Where the manifest and the log lie; the manifest does not list that."""
        self.logged: dict[int, tuple[str, LogEntry]] = {}
        """What documents say of the log: by index, who says it and the entry."""
        self.published: list[tuple[str, LogEntry]] = []
        """What the log must hold though it can't say where: path and entry."""
        self.bound: dict[str, str] = {}
        """The digests of the sealed files that passports bind, by path."""
        self.lists: set[ListAddress] = set()
        """The status lists that passports name."""
        self.site_log: SignedLog | None = None

    def _check(self, name: str, title: str) -> Check:
        check = Check(name, title)
        self.checks.append(check)
        return check

    def issuer(self) -> DidDocument:
        """The issuer's documents: did:web and did:webvh say the same, and the log holds."""
        did = str(issuer_did(self.base_url))
        content = needed(self.source, "/.well-known/did.json")
        document = parse_did_document(parse_object(content), did)
        check = self._check("issuer", "the issuer's DID documents agree, and their log holds")
        with check.of("/.well-known/did.jsonl"):
            history = needed(self.source, "/.well-known/did.jsonl")
            entry = LogEntry.of_bytes(EntryType.DID_LOG, history)
            self.published.append(("/.well-known/did.jsonl", entry))
            log = verify_log(history, now=self.now)
            if canonical_json(web_document(log.latest)) != content:
                raise VerificationError("did.json is not what did.jsonl says")
        return document

    def manifest(self, index: JsonObject, issuer: DidDocument) -> dict[str, ListedFile]:
        """The manifest: one signature over the index, the index over every shard."""
        signed = self._check("manifest", "the manifest is signed by the issuer")
        shards: tuple[ListedShard, ...] = ()
        with signed.of(INDEX_PATH):
            resolve, place = resolve_among((issuer,)), log_index_of(index)
            verified = verify(index, resolve, issuer=issuer.did, log_index=place)
            shards = parse_index(verified.document)
        whole = self._check("shards", "every shard of the manifest is the one that was signed")
        files: dict[str, ListedFile] = {}
        for shard in shards:
            with whole.of(shard.path):
                self.own.add(shard.path)
                for file in parse_shard(shard, needed(self.source, shard.path)):
                    if file.path in files:
                        raise VerificationError(f"{quoted(file.path)} is listed twice")
                    files[file.path] = file
        return files

    def files(self, files: Mapping[str, ListedFile]) -> None:
        """Every listed file is there, with the bytes that were signed."""
        check = self._check("files", "every file is there, with the bytes that were signed")
        for file in files.values():
            with check.of(file.path):
                content = needed(self.source, file.path)
                if sha256(content).hexdigest() != file.sha256:
                    raise VerificationError("its bytes are not the ones that were signed")

    def passports(self, files: Mapping[str, ListedFile], issuer: DidDocument) -> int:
        """Every passport's own signature, form and place, superseded versions included."""
        check = self._check("passports", "every passport is genuine by its own signature")
        resolve = resolve_among((issuer,))
        current = 0
        for path in files:
            if found := _PASSPORT.fullmatch(path):
                current += not found[2]
                with check.of(path), _superseded_may_be_revoked(is_superseded=bool(found[2])):
                    passport = verify_passport(needed(self.source, path), resolve)
                    if str(passport.dpp_id) != found[1]:
                        raise VerificationError(f"it is the passport of {passport.uri}")
                    if found[2] and str(passport.version) != found[2]:
                        raise VerificationError(f"it is version {passport.version}")
                    self._note(path, EntryType.PASSPORT, passport.proof.document)
                    self.bound |= _bound(passport)
                    self.lists.add(status_of(passport).address)
        return current

    def histories(self, files: Collection[str]) -> None:
        """Every list of versions fits the versions."""
        check = self._check("versions", "every history fits the versions that it lists")
        check_histories(self.source, files, check)

    def sealed(self, files: Mapping[str, ListedFile], issuer: DidDocument) -> None:
        """Every sealed file that a passport binds has its digest, or a tombstone in its place."""
        check = self._check("sealed", "every sealed file is the one that its passport binds")
        resolve = resolve_among((issuer,))
        for path, digest in sorted(self.bound.items()):
            with check.of(path):
                check_sealed(self.source, path, digest, self.base_url, resolve)
        for path, file in files.items():
            if file.cache == "sealed" and path not in self.bound:
                check.fail(path, "no passport binds it")

    def _note(self, path: str, kind: EntryType, document: JsonObject) -> None:
        """Remember where a document says that the log holds it."""
        self._claim(log_index_of(document), path, LogEntry.of_document(kind, document))

    def _claim(self, index: int, path: str, entry: LogEntry) -> None:
        if index in self.logged:
            raise VerificationError(f"{self.logged[index][0]} says that entry {index} is its own")
        self.logged[index] = (path, entry)

    def status_lists(self, issuer: DidDocument) -> None:
        """Every status list that a passport names is the issuer's."""
        check = self._check("status", "every status list is the issuer's")
        for address in sorted(self.lists):
            with check.of(address.path):
                content = needed(self.source, address.path)
                found = verify_status_list(content, resolve_among((issuer,)), address=address)
                self.own.add(address.path)
                entry = LogEntry.of_document(EntryType.STATUS_LIST, found.proof.document)
                self.published.append((address.path, entry))

    def log(self, files: Iterable[str], index: JsonObject, issuer: DidDocument) -> None:
        """The transparency log: signed, whole, and of what the documents say."""
        check = self._check("log", "the log holds every passport, the DID log and the manifest")
        with check.of("/log"):
            self._note(INDEX_PATH, EntryType.MANIFEST, index)
            for entry in parse_entries(index):
                noted = canonical_json({"type": entry.kind, "digest": entry.digest})
                self._claim(entry.index, INDEX_PATH, LogEntry.parse(noted))
            self.site_log = open_log(self.source, issuer, self.base_url, GENERATION)
            self.own |= log_paths(self.site_log)
            check_entries(self.site_log, self.logged, sum(map(_is_passport, files)), check)
            named = {entry for _, entry in self.logged.values()}
            for path, published in self.published:
                if published not in named:
                    check.fail(path, "the manifest names no entry of the log for it")

    def documents(self, files: Mapping[str, ListedFile], issuer: DidDocument) -> None:
        """Every product's DID document is its own, has no key, and names the issuer."""
        check = self._check("products", "every product's DID document is its own, without keys")
        for path in files:
            if found := _PRODUCT_DID.fullmatch(path):
                with check.of(path):
                    did = str(product_did(self.base_url, DppId.parse(found[1])))
                    members = parse_object(needed(self.source, path))
                    document = parse_did_document(members, did)
                    if document.methods or members.get("controller") != issuer.did:
                        raise VerificationError("it has a key, or another controller")

    def links(self, files: Mapping[str, ListedFile]) -> None:
        """No page and no link set names a path of this site that is not there."""
        check = self._check("links", "every link within the site leads somewhere")
        for file in files.values():
            with check.of(file.path):
                for target in self._targets(file):
                    if is_listed(target) and target not in files:
                        raise VerificationError(f"it links to {quoted(target)}, which is not there")

    def _targets(self, file: ListedFile) -> Iterable[str]:
        if file.media_type == "text/html":
            content = self.source.get(file.path) or b""
            return [link.decode(errors="replace") for link in _LINK.findall(content)]
        if _LINK_SET.fullmatch(file.path):
            text = (self.source.get(file.path) or b"").decode(errors="replace")
            own = re.escape(str(self.base_url))
            return re.findall(rf'"{own}(/[^"#?]*)"', text)
        return ()

    def nothing_extra(self, files: Collection[str], present: Collection[str]) -> None:
        """A folder holds nothing that nobody signed."""
        check = self._check("extra", "nothing lies in the folder that was not signed")
        known = {*files, *self.own}
        if self.site_log is not None:
            with check.of("/log"):
                known |= earlier_tiles(self.site_log, self.source, present)
        for path in present:
            with check.of(path):
                if path not in known and not self._is_former_shard(path, files):
                    raise VerificationError("the manifest does not list it")

    def _is_former_shard(self, path: str, files: Collection[str]) -> bool:
        content = self.source.get(path) if is_shard_path(path) else None
        return content is not None and is_former_shard(path, content, files)


def _bound(passport: VerifiedPassport) -> dict[str, str]:
    found = related_resources(passport.proof.document, passport.uri.base_url)
    return {each.path: each.digest for each in found}


def _is_passport(path: str) -> bool:
    return _PASSPORT.fullmatch(path) is not None


@contextmanager
def _superseded_may_be_revoked(*, is_superseded: bool) -> Iterator[None]:
    """A version whose key was revoked is replaced for that very reason; its bytes are kept."""
    try:
        yield
    except VerificationError as error:
        if not is_superseded or error.check != ProofCheck.AUTHORISED:
            raise


def _base_url_of(index_id: str) -> BaseUrl:
    base, found, rest = index_id.partition(INDEX_PATH)
    if not found or rest:
        raise VerificationError(f"{quoted(index_id)} is not the id of a site's manifest")
    try:
        base_url = BaseUrl(base)
        issuer_did(base_url)
    except IdentifierError as error:
        raise VerificationError(error.message, error.remedy) from error
    return base_url
