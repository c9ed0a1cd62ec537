"""The manifest of a site, verified: whoever reads what a site publishes now reads it here.

DESIGN 5. One signature over the index vouches for every file that its shards list, and for the
status lists, whose entries of the log it names. What a host shows may be old: the manifest is the
last entry of each build, so one that is not the log's last entry is an old one.
"""

from dataclasses import dataclass, field
from hashlib import sha256

from generator.read.log import SignedLog, verify_included
from generator.read.logged import GENERATION
from generator.read.site_issuer import TWO_STATES
from generator.read.sources import Source, needed
from passport.credential import log_index_of
from passport.did.document import DidDocument, resolve_among
from passport.did.web import DidWeb
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import text_of
from passport.encoding.strict_json import parse_object
from passport.errors import VerificationError
from passport.log.entry import EntryType, LogEntry
from passport.manifest import (
    INDEX_PATH,
    ListedFile,
    ListedShard,
    LoggedEntry,
    parse_entries,
    parse_index,
    parse_shard,
    shard_of,
)
from passport.signing.proof import verify
from passport.status_list import ListAddress, VerifiedStatusList, verify_status_list


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteManifest:
    """What the issuer signed; `content` is the index as it was read, `index` its place in the log.

    Its key may have been revoked since: it is good if the log holds it, which is for whoever reads
    it to ask.
    """

    source: Source = field(repr=False)
    issuer: DidDocument
    content: bytes = field(repr=False)
    document: JsonObject = field(repr=False)
    index: int
    shards: tuple[ListedShard, ...]
    entries: tuple[LoggedEntry, ...]

    @property
    def entry(self) -> LogEntry:
        """What the log holds of it."""
        return LogEntry.of_document(EntryType.MANIFEST, self.document)

    @property
    def time(self) -> str:
        """When it was signed, in UTC."""
        return text_of(self.document, "time")

    @property
    def status_addresses(self) -> tuple[ListAddress, ...]:
        """Where the status lists that it names lie."""
        base_url = DidWeb.parse(self.issuer.did).base_url
        count = sum(entry.kind == EntryType.STATUS_LIST for entry in self.entries)
        return tuple(ListAddress(base_url, GENERATION, number) for number in range(count))

    def is_last_of(self, log: SignedLog) -> bool:
        """Whether it is the log's last entry; `VerificationError` if that is of something else."""
        if self.index != log.checkpoint.size - 1:
            return False
        verify_included(log, self.index, self.entry)
        return True

    def files_of(self, shard: ListedShard) -> tuple[ListedFile, ...]:
        """Read a part of it; `VerificationError` for another than was signed."""
        return parse_shard(shard, needed(self.source, shard.path))

    def publishes(self, path: str, content: bytes) -> bool:
        """Whether it lists these bytes at a path."""
        digest = sha256(content).hexdigest()
        files = self.files_of(shard_of(path, self.shards))
        return any(file.path == path and file.sha256 == digest for file in files)

    def status_list(self, content: bytes, address: ListAddress) -> VerifiedStatusList:
        """Verify a status list, which must be the very one that it names."""
        found = verify_status_list(content, resolve_among((self.issuer,)), address=address)
        entry = LogEntry.of_document(EntryType.STATUS_LIST, found.proof.document)
        if (entry.type, entry.digest) not in {(each.kind, each.digest) for each in self.entries}:
            raise VerificationError("it is not the one that the manifest names", TWO_STATES)
        return found


def read_manifest(source: Source, issuer: DidDocument) -> SiteManifest:
    """Read the manifest of an issuer's site; `VerificationError` unless the issuer signed it."""
    content = needed(source, INDEX_PATH)
    members = parse_object(content)
    index = log_index_of(members)
    resolve = resolve_among((issuer,))
    document = verify(members, resolve, issuer=issuer.did, log_index=index).document
    base_url = DidWeb.parse(issuer.did).base_url
    if text_of(document, "id") != f"{base_url}{INDEX_PATH}":
        raise VerificationError(f"it is not the manifest of {base_url}")
    return SiteManifest(
        source=source,
        issuer=issuer,
        content=content,
        document=document,
        index=index,
        shards=parse_index(document),
        entries=parse_entries(document),
    )
