"""The site that a mirror copies: what vouches for its files, verified before any of them is asked.

DESIGN 5. Issuer, DID log, checkpoint, manifest and status lists are read once and must be of one
state of the site: its manifest is the last entry of its log. The files themselves, which may be
many, are hashed against the manifest by whoever copies them. Nothing is written here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from generator.build.artifact import Artifact, CacheClass
from generator.read.log import SignedLog, open_log
from generator.read.logged import GENERATION
from generator.read.site_issuer import (
    DID_LOG_PATH,
    TWO_STATES,
    check_did_log,
    read_issuer,
    site_of,
)
from generator.read.site_manifest import SiteManifest, read_manifest
from generator.read.sources import Source, needed
from passport.base_url import BaseUrl
from passport.did.document import DidDocument
from passport.errors import VerificationError, failing
from passport.manifest import INDEX_PATH, ListedFile, ListedShard, parse_shard
from passport.quoting import quoted

_STRANGE = "ask the operator; a newer version of Cellfolio may know it"


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
    base_url = site_of(source, expected)
    issuer, did_log = read_issuer(source, base_url), needed(source, DID_LOG_PATH)
    with failing(DID_LOG_PATH):
        check_did_log(issuer, did_log, now)
    with failing(INDEX_PATH):
        manifest = read_manifest(source, issuer)
    log = open_log(source, issuer, base_url, GENERATION)
    if not manifest.is_last_of(log):
        place, size = manifest.index, log.checkpoint.size
        raise VerificationError(
            f"the manifest is entry {place} of a log of {size}, not its last", TWO_STATES
        )
    return SiteState(
        source=source,
        base_url=base_url,
        issuer=issuer,
        did_log=did_log,
        log=log,
        index=manifest.content,
        shards=manifest.shards,
        time=manifest.time,
        lists=dict(_lists(manifest)),
    )


def _lists(manifest: SiteManifest) -> Iterator[tuple[str, bytes]]:
    for address in manifest.status_addresses:
        with failing(address.path):
            content = needed(manifest.source, address.path)
            manifest.status_list(content, address)
        yield address.path, content


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
