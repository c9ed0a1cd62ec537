"""The site that a mirror copies: what vouches for its files, verified before any of them is asked.

DESIGN 5. Issuer, DID log, checkpoint, manifest and status lists are read once and must be of one
state of the site: its manifest is the last entry of its log. The files themselves, which may be
many, are hashed against the manifest by whoever copies them. Nothing is written here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from generator.build.artifact import Artifact, CacheClass
from generator.read.log import DID_PATH, SignedLog, open_log, site_of, verify_included
from generator.read.logged import GENERATION
from generator.read.sources import Source, needed
from passport.base_url import BaseUrl
from passport.canonical import JsonObject, canonical_json
from passport.checkpoint import log_path
from passport.credential import log_index_of
from passport.did_document import DidDocument, parse_did_document, resolve_among
from passport.did_web import issuer_did
from passport.did_webvh import verify_log
from passport.did_webvh_log import web_document
from passport.errors import VerificationError, failing
from passport.json_members import text_of
from passport.log_entry import EntryType, LogEntry
from passport.manifest import (
    INDEX_PATH,
    ListedFile,
    ListedShard,
    LoggedEntry,
    parse_entries,
    parse_index,
    parse_shard,
)
from passport.proof import verify
from passport.quoting import quoted
from passport.status_list import ListAddress, verify_status_list
from passport.strict_json import parse_object

DID_LOG_PATH = "/.well-known/did.jsonl"
CHECKPOINT_PATH = f"{log_path(GENERATION)}/checkpoint"
_STRANGE = "ask the operator; a newer version of Cellfolio may know it"
_DEPLOYING = "a deploy may be under way: try again when it has ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """One state of a site, verified but for the files that its manifest lists."""

    source: Source = field(repr=False)
    base_url: BaseUrl
    issuer: DidDocument
    did_log: bytes
    log: SignedLog
    index: bytes
    shards: tuple[ListedShard, ...]
    time: str
    lists: Mapping[str, bytes]
    """The status lists, by path."""

    @property
    def id(self) -> str:
        """Names this very state: the digest of what vouches for all of it."""
        return sha256(self.index).hexdigest()

    @property
    def files(self) -> int:
        """How many files the manifest lists."""
        return sum(shard.files for shard in self.shards)

    def listed(self, shard: ListedShard) -> tuple[ListedFile, ...]:
        """Return what a part of the manifest lists; `VerificationError` if it was changed.

        Whoever signed it may be no friend: what no site has may become no file here.
        """
        files = parse_shard(shard, needed(self.source, shard.path))
        for file in files:
            check_form(file)
        return files

    def listed_as(self, other: ListedShard) -> dict[str, ListedFile]:
        """Return, by path, the files that would lie in a part of another state's manifest."""
        prefix = _prefix(other)
        parts = [s for s in self.shards if _overlap(_prefix(s), prefix)]
        return {
            file.path: file
            for part in parts
            for file in self.listed(part)
            if sha256(file.path.encode()).hexdigest().startswith(prefix)
        }


def read_state(source: Source, now: datetime, *, expected: BaseUrl | None = None) -> SiteState:
    """Verify what vouches for a site; `VerificationError` where something doesn't hold.

    `expected` is the address that was asked. Without it a copy is judged by the keys that it names
    itself, and whoever asked must compare `base_url`.
    """
    base_url = site_of(source)
    if expected is not None and base_url != expected:
        raise VerificationError(
            f"{expected} holds a site that says it is {base_url}", f"ask {base_url} itself"
        )
    issuer, did_log = _issuer(source, base_url, now)
    index = needed(source, INDEX_PATH)
    with failing(INDEX_PATH):
        document = _index(index, issuer, base_url)
    log = open_log(source, issuer, base_url, GENERATION)
    _check_last(log, document)
    return SiteState(
        source=source,
        base_url=base_url,
        issuer=issuer,
        did_log=did_log,
        log=log,
        index=index,
        shards=parse_index(document),
        time=text_of(document, "time"),
        lists=_lists(source, base_url, issuer, parse_entries(document)),
    )


def _issuer(source: Source, base_url: BaseUrl, now: datetime) -> tuple[DidDocument, bytes]:
    content, history = needed(source, DID_PATH), needed(source, DID_LOG_PATH)
    with failing(DID_LOG_PATH):
        if canonical_json(web_document(verify_log(history, now=now).latest)) != content:
            raise VerificationError("did.json is not what did.jsonl says", _DEPLOYING)
    return parse_did_document(parse_object(content), str(issuer_did(base_url))), history


def _index(content: bytes, issuer: DidDocument, base_url: BaseUrl) -> JsonObject:
    members = parse_object(content)
    resolve, place = resolve_among((issuer,)), log_index_of(members)
    document = verify(members, resolve, issuer=issuer.did, log_index=place).document
    if text_of(document, "id") != f"{base_url}{INDEX_PATH}":
        raise VerificationError(f"it is not the manifest of {base_url}")
    return members


def _check_last(log: SignedLog, index: JsonObject) -> None:
    """One state, not two: every build and every refresh logs its manifest last."""
    place = log_index_of(index)
    if place != log.checkpoint.size - 1:
        raise VerificationError(
            f"the manifest is entry {place} of a log of {log.checkpoint.size}, not its last",
            _DEPLOYING,
        )
    verify_included(log, place, LogEntry.of_document(EntryType.MANIFEST, index))


def _lists(
    source: Source, base_url: BaseUrl, issuer: DidDocument, entries: tuple[LoggedEntry, ...]
) -> dict[str, bytes]:
    logged = [entry for entry in entries if entry.kind == EntryType.STATUS_LIST]
    digests = {entry.digest for entry in logged}
    found: dict[str, bytes] = {}
    for number in range(len(logged)):
        address = ListAddress(base_url, GENERATION, number)
        with failing(address.path):
            content = needed(source, address.path)
            signed = verify_status_list(content, resolve_among((issuer,)), address=address)
            entry = LogEntry.of_document(EntryType.STATUS_LIST, signed.proof.document)
            if entry.digest not in digests:
                raise VerificationError("it is not the one that the manifest names", _DEPLOYING)
        found[address.path] = content
    return found


def check_form(file: ListedFile) -> None:
    """Raise `VerificationError` for a file that no site of ours has, by path, type or cache."""
    is_hidden = file.path.startswith("/.") and not file.path.startswith("/.well-known/")
    try:
        cache = CacheClass(file.cache)
        Artifact(url_path=file.path, content=b"", media_type=file.media_type, cache=cache)
    except ValueError as error:
        raise VerificationError(
            f"{quoted(file.path)} can't be mirrored: {error}", _STRANGE
        ) from error
    if is_hidden:
        raise VerificationError(f"{quoted(file.path)} is no address of a site", _STRANGE)


def _prefix(shard: ListedShard) -> str:
    name = shard.path.rpartition("/")[2].removesuffix(".json")
    return "" if name == "all" else name


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
