"""A shipment: the files of a verified site in the order in which a host may get them.

Whoever reads while a deploy runs must find what each document points to: what never changes goes
first, what vouches for all goes last (DESIGN 5). Every byte is hashed against the signed manifest
or the log before anything leaves this machine. This module reads one site; it writes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256

from generator.build.artifact import PAGE_TYPE, CacheClass
from generator.build.previous import PreviousSite
from generator.build.state import open_state
from generator.build.status_lists import read_status_lists
from generator.keys.issuer import Issuer
from generator.publish.headers import NEVER_CHANGES, kind_of, object_headers
from generator.read.log import SignedLog, open_log, verify_log
from generator.read.logged import CHECKPOINT_PATH, GENERATION, log_paths
from generator.read.sources import Source, needed
from passport.base_url import BaseUrl
from passport.errors import HostError, VerificationError
from passport.manifest import INDEX_PATH, parse_index

_REMEDY = "restore the site from a copy that `cellfolio verify` finds genuine"


class Stage(IntEnum):
    """When a file is uploaded: each stage is whole before the next begins."""

    IMMUTABLE = 1
    SEALED = 2
    IDENTITY = 3
    DATA = 4
    PAGES = 5
    LISTS = 6
    CHECKPOINT = 7
    SHARDS = 8
    MANIFEST = 9


@dataclass(frozen=True, slots=True, order=True)
class Shipped:
    """One file: its stage, URL path, SHA-256 in hex, size in bytes and how it is served."""

    stage: Stage
    path: str
    sha256: str
    size: int
    media_type: str
    cache: CacheClass

    @property
    def headers(self) -> dict[str, str]:
        """What a store keeps with its bytes."""
        return object_headers(self.media_type, self.cache)

    @property
    def never_changes(self) -> bool:
        """Whether other bytes may never take its place."""
        return self.cache in NEVER_CHANGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A verified site: `files` by stage and path, `log` its transparency log."""

    site: PreviousSite
    files: tuple[Shipped, ...]
    log: SignedLog
    source: Source = field(repr=False)

    @property
    def id(self) -> str:
        """Names this very site: the digest of what vouches for all of it."""
        return next(file.sha256 for file in self.files if file.stage is Stage.MANIFEST)

    @property
    def checkpoint(self) -> bytes:
        """The signed note of its log."""
        return self.log.note

    def read(self, file: Shipped) -> bytes:
        """Return a file's bytes; `VerificationError` if they changed since it was verified."""
        content = needed(self.source, file.path)
        if sha256(content).hexdigest() != file.sha256:
            raise VerificationError(f"{file.path} was changed while it was read", _REMEDY)
        return content


def pack(source: Source, issuer: Issuer, base_url: BaseUrl, *, anchor: bytes) -> Shipment:
    """Verify a whole site and return it as a shipment.

    `HostError` where there is none, `VerificationError` for one that is not genuine, is of another
    address, or is older than the anchor.
    """
    if source.get(INDEX_PATH) is None:
        raise HostError("there is no site to deploy", "build it first: cellfolio build")
    site = open_state(source, issuer, base_url, anchor=anchor, genesis=False, is_demo=False)
    assert site.index is not None, "a site with a manifest has an index"
    log = open_log(source, issuer.document, base_url, GENERATION)
    report = verify_log(log)
    if not report.is_sound:
        failed = ", ".join(check.title for check in report.checks if check.failed)
        raise VerificationError(f"the log does not hold: {failed}", _REMEDY)
    lists = read_status_lists(site, issuer, base_url)
    contents = {lists.address(n).path: found.content for n, found in lists.published.items()}
    unlisted = [*_unlisted(site, log, contents)]
    files = (*_listed(site), *(_of_bytes(path, content) for path, content in unlisted))
    return Shipment(site=site, files=tuple(sorted(files)), log=log, source=source)


def _listed(site: PreviousSite) -> Iterator[Shipped]:
    for file in site.files.values():
        site.get(file.path)  # hashed, or refused
        cache = CacheClass(file.cache)
        stage = _stage(file.path, file.media_type, cache)
        yield Shipped(stage, file.path, file.sha256, file.size, file.media_type, cache)


def _unlisted(
    site: PreviousSite, log: SignedLog, lists: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    """What proves itself: the log, the status lists, the manifest."""
    for path in log_paths(log):
        yield path, needed(site.source, path)
    yield from lists.items()
    assert site.index is not None, "a site with a manifest has an index"
    for path in (*(shard.path for shard in parse_index(site.index)), INDEX_PATH):
        yield path, needed(site.source, path)


def _of_bytes(path: str, content: bytes) -> Shipped:
    kind = kind_of(path[1:])
    stage = _stage(path, kind.media_type, kind.cache)
    digest = sha256(content).hexdigest()
    return Shipped(stage, path, digest, len(content), kind.media_type, kind.cache)


def _stage(path: str, media_type: str, cache: CacheClass) -> Stage:
    if path == INDEX_PATH:
        return Stage.MANIFEST
    if path.startswith("/manifest/"):
        return Stage.SHARDS
    if path == CHECKPOINT_PATH:
        return Stage.CHECKPOINT
    if cache in NEVER_CHANGES:
        return Stage.IMMUTABLE
    if cache is CacheClass.SEALED:
        return Stage.SEALED
    if path.startswith("/.well-known/did."):
        return Stage.IDENTITY
    if path.startswith("/status/"):
        return Stage.LISTS
    return Stage.PAGES if media_type == PAGE_TYPE else Stage.DATA
