"""The end of a build: what signs for the whole site.

After the passports: the issuer's DID log, the status lists and, last, the manifest are entered into
the transparency log. A document that says what the published one says keeps its bytes; if nothing
is new, neither is the manifest, so that building again changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from generator.build.artifact import Artifact, CacheClass
from generator.build.log import Ledger
from generator.build.manifest import MEDIA_TYPE, says_the_same
from generator.build.plan import Plan
from generator.build.previous import PreviousSite
from generator.keys.issuer import Issuer
from generator.read.logged import GENERATION
from passport.canonical import JsonObject, canonical_json
from passport.errors import VerificationError
from passport.log_entry import EntryType, LogEntry
from passport.manifest import (
    INDEX_PATH,
    ListedFile,
    LoggedEntry,
    Shard,
    index_document,
    make_shards,
    parse_entries,
)
from passport.proof import Check, sign
from passport.status_bits import BITS, StatusBits
from passport.status_list import MEDIA_TYPE as STATUS_TYPE
from passport.status_list import ListAddress, status_list_document, verify_status_list
from passport.timestamp import time_text


@dataclass(frozen=True, slots=True)
class Closing:
    """Closes a build of a plan by an issuer, on a previous site."""

    plan: Plan
    issuer: Issuer
    previous: PreviousSite

    def artifacts(
        self, files: Mapping[str, ListedFile], ledger: Ledger, indexes: int
    ) -> Iterator[Artifact]:
        """Yield status lists, the manifest's shards and its index.

        `indexes` are those that passports have taken so far: each has a bit in a status list.
        """
        entries = [*self._known_entries()]
        entries += self._did_log(entries, ledger)
        for number in range(-(-indexes // BITS)):
            content, logged = self._status_list(number, ledger)
            entries += logged
            yield _artifact(self._address(number).path, content, STATUS_TYPE)
        shards = make_shards(files.values())
        for shard in shards:
            yield _artifact(shard.listed.path, shard.content)
        yield _artifact(INDEX_PATH, self._index(shards, entries, ledger))

    def _known_entries(self) -> tuple[LoggedEntry, ...]:
        return parse_entries(self.previous.index) if self.previous.index else ()

    def _did_log(self, entries: list[LoggedEntry], ledger: Ledger) -> list[LoggedEntry]:
        """Each state of the DID log is entered once, so that a swapped one shows."""
        entry = LogEntry.of_bytes(EntryType.DID_LOG, self.issuer.log)
        if any(known.digest == entry.digest for known in entries):
            return []
        index = ledger.next_index
        ledger.add(entry, index)
        return [LoggedEntry(entry.type, entry.digest, index)]

    def _address(self, number: int) -> ListAddress:
        return ListAddress(self.plan.config.base_url, GENERATION, number)

    def _status_list(self, number: int, ledger: Ledger) -> tuple[bytes, list[LoggedEntry]]:
        """A list is signed when it is new; renewing it is the business of `refresh`."""
        address = self._address(number)
        published = self.previous.source.get(address.path) if self.previous.index else None
        if published is not None and self._is_good(published, address):
            return published, []
        document = status_list_document(
            address,
            StatusBits(),
            valid_from=self.plan.time,
            valid_until=self.plan.time + timedelta(days=self.plan.config.status_days),
        )
        index = ledger.next_index
        entry = LogEntry.of_document(EntryType.STATUS_LIST, document)
        ledger.add(entry, index)
        return self._signed(document), [LoggedEntry(entry.type, entry.digest, index)]

    def _is_good(self, published: bytes, address: ListAddress) -> bool:
        """Whether a published list verifies; if only its key was revoked, it is signed anew."""
        try:
            verify_status_list(published, self.issuer.resolve, address=address)
        except VerificationError as error:
            if error.check != Check.AUTHORISED:
                raise
            return False
        return True

    def _signed(self, document: JsonObject) -> bytes:
        signed = sign(
            document,
            self.issuer.signer,
            created=self.plan.time,
            verification_method=self.issuer.method,
        )
        return canonical_json(signed)

    def _index(
        self, shards: tuple[Shard, ...], entries: list[LoggedEntry], ledger: Ledger
    ) -> bytes:
        document = self._document(shards, entries, ledger)
        published = self.previous.index
        is_same = published is not None and says_the_same(published, document)
        if published is not None and is_same and self.issuer.vouches_for(published):
            return canonical_json(published)
        ledger.add(LogEntry.of_document(EntryType.MANIFEST, document), ledger.next_index)
        return self._signed(document)

    def _document(
        self, shards: tuple[Shard, ...], entries: list[LoggedEntry], ledger: Ledger
    ) -> JsonObject:
        return index_document(
            self.plan.config.base_url,
            self.issuer.did,
            shards,
            entries,
            log_origin=ledger.origin,
            log_index=ledger.next_index,
            time=time_text(self.plan.time),
            commit=self.plan.revision.commit,
        )


def _artifact(path: str, content: bytes, media_type: str = MEDIA_TYPE) -> Artifact:
    return Artifact(url_path=path, content=content, media_type=media_type, cache=CacheClass.DATA)
