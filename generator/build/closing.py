"""The end of a build: what signs for the whole site.

After the passports: the issuer's DID log, the status lists, what commands want logged (bundles,
escrows, checkpoints of audits) and, last, the manifest are entered into the transparency log. A
document that says what the published one says keeps its bytes; if nothing is new, neither is the
manifest, so that building again changes nothing.

The manifest names the latest entry of the DID log and of each status list: those before are in the
log for ever, and need no further mention. What commands wanted logged stays named, so that each is
entered once.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from generator.build.artifact import Artifact, CacheClass
from generator.build.log import Ledger
from generator.build.manifest import MEDIA_TYPE, says_the_same
from generator.build.previous import PreviousSite
from generator.build.status_lists import StatusLists
from generator.keys.issuer import Issuer
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.timestamp import time_text
from passport.log.entry import EntryType, LogEntry
from passport.manifest import (
    INDEX_PATH,
    ListedFile,
    LoggedEntry,
    Shard,
    index_document,
    make_shards,
    parse_entries,
)
from passport.status_list import MEDIA_TYPE as STATUS_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Statuses:
    """What the status lists must say: `lists` as published, how many, which indexes are withdrawn.

    A list that is signed says that it is fresh for `days`; with `renewed` every one is.
    """

    lists: StatusLists
    count: int
    withdrawn: Collection[int] = ()
    days: int
    renewed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Closes what an issuer makes of a previous site, at a time, from a commit ("" for none)."""

    issuer: Issuer
    previous: PreviousSite
    time: datetime
    commit: str
    to_log: tuple[LogEntry, ...] = ()
    """What commands want logged; each entry is, once."""

    def artifacts(
        self, files: Mapping[str, ListedFile], ledger: Ledger, statuses: Statuses
    ) -> Iterator[Artifact]:
        """Yield status lists, the manifest's shards and its index."""
        entries = _Entries(self.previous, ledger)
        # Each state of the DID log is entered once, so that a swapped one shows.
        entries.add(LogEntry.of_bytes(EntryType.DID_LOG, self.issuer.log))
        for number in range(statuses.count):
            content = self._status_list(number, statuses, entries)
            yield _artifact(statuses.lists.address(number).path, content, STATUS_TYPE)
        for entry in self.to_log:
            entries.add_once(entry)
        shards = make_shards(files.values())
        for shard in shards:
            yield _artifact(shard.listed.path, shard.content)
        yield _artifact(INDEX_PATH, self._index(shards, entries.named, ledger, statuses))

    def _status_list(self, number: int, statuses: Statuses, entries: "_Entries") -> bytes:
        published = statuses.lists.published.get(number)
        stays = statuses.lists.stays(number, statuses.withdrawn)
        if published and stays and not statuses.renewed:
            return published.content
        document = statuses.lists.document(
            number,
            statuses.withdrawn,
            valid_from=self.time,
            valid_until=self.time + timedelta(days=statuses.days),
        )
        entry = LogEntry.of_document(EntryType.STATUS_LIST, document)
        if published and stays and entry.digest == published.digest:
            return published.content
        entries.add(entry, instead_of=published.digest if published else "")
        return self._signed(document)

    def _signed(self, document: JsonObject) -> bytes:
        return canonical_json(self.issuer.signed(document, self.time))

    def _index(
        self,
        shards: tuple[Shard, ...],
        entries: tuple[LoggedEntry, ...],
        ledger: Ledger,
        statuses: Statuses,
    ) -> bytes:
        document = index_document(
            statuses.lists.base_url,
            self.issuer.did,
            shards,
            entries,
            log_origin=ledger.origin,
            log_index=ledger.next_index,
            time=time_text(self.time),
            commit=self.commit,
        )
        published = self.previous.index
        is_same = published is not None and says_the_same(published, document)
        if published is not None and is_same and self.issuer.vouches_for(published):
            return canonical_json(published)
        ledger.add(LogEntry.of_document(EntryType.MANIFEST, document), ledger.next_index)
        return self._signed(document)


class _Entries:
    """The entries that the manifest names: one of the DID log, one of each status list."""

    def __init__(self, previous: PreviousSite, ledger: Ledger) -> None:
        self._ledger = ledger
        self.named = parse_entries(previous.index) if previous.index else ()

    def add(self, entry: LogEntry, *, instead_of: str = "") -> None:
        """Enter something into the log and name it instead of what it supersedes.

        A DID log supersedes every other, and is entered only if it changed.
        """
        is_did_log = entry.type is EntryType.DID_LOG
        if is_did_log and self._knows(entry):
            return
        index = self._ledger.next_index
        self._ledger.add(entry, index)
        kept = tuple(
            known
            for known in self.named
            if known.digest != instead_of and not (is_did_log and known.kind == entry.type)
        )
        self.named = (*kept, LoggedEntry(entry.type, entry.digest, index))

    def add_once(self, entry: LogEntry) -> None:
        """Enter something that is no document of the site, unless an earlier build did."""
        if not self._knows(entry):
            self.add(entry)

    def _knows(self, entry: LogEntry) -> bool:
        return any(
            known.kind == entry.type and known.digest == entry.digest for known in self.named
        )


def _artifact(path: str, content: bytes, media_type: str = MEDIA_TYPE) -> Artifact:
    return Artifact(url_path=path, content=content, media_type=media_type, cache=CacheClass.DATA)
