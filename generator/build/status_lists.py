"""The status lists of a build: what the published ones say, and what the next ones must.

The manifest's index names the entry of each list that is current, so that an earlier list can't be
put in its place. A list is signed anew when it is new, when a bit was set, when its key was revoked
since, or when `refresh` asks for it; what was withdrawn stays withdrawn in all four.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from generator.build.previous import REMEDY, PreviousSite, of_previous
from generator.keys.issuer import Issuer
from generator.read.logged import GENERATION
from generator.read.sources import needed
from passport.base_url import BaseUrl
from passport.encoding.canonical import JsonObject
from passport.encoding.strict_json import parse_object
from passport.errors import VerificationError
from passport.log.entry import EntryType, document_digest
from passport.manifest import parse_entries
from passport.signing.proof import Check
from passport.status_bits import BITS, StatusBits
from passport.status_list import ListAddress, status_list_document, verify_status_list

_BEFORE_ALL = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedList:
    """A list of the previous site: its bytes and bits, and whether its key is still good."""

    content: bytes
    statuses: StatusBits
    is_good: bool

    @property
    def digest(self) -> str:
        """What its entry in the log says."""
        return document_digest(parse_object(self.content))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLists:
    """The published lists of a site by their numbers, which count from 0 without a gap."""

    base_url: BaseUrl
    published: Mapping[int, PublishedList]

    @property
    def revoked(self) -> frozenset[int]:
        """The indexes of the log that are withdrawn."""
        return frozenset(
            number * BITS + position
            for number, published in self.published.items()
            for position in published.statuses.revoked
        )

    def address(self, number: int) -> ListAddress:
        """Where a list lies."""
        return ListAddress(self.base_url, GENERATION, number)

    def count(self, next_index: int) -> int:
        """How many lists there must be if passports take indexes below `next_index`, 0 for none."""
        return max(len(self.published), -(-next_index // BITS))

    def document(
        self,
        number: int,
        withdrawn: Collection[int],
        *,
        valid_from: datetime,
        valid_until: datetime,
    ) -> JsonObject:
        """Return a list anew, unsigned, with all that was withdrawn before."""
        published = self.published.get(number)
        before = published.statuses if published else StatusBits()
        bits = before.revoke(index % BITS for index in withdrawn if index // BITS == number)
        return status_list_document(
            self.address(number), bits, valid_from=valid_from, valid_until=valid_until
        )

    def stays(self, number: int, withdrawn: Collection[int]) -> bool:
        """Whether the published list says all that it must, by a key that is still good."""
        published = self.published.get(number)
        return (
            published is not None
            and published.is_good
            and all(
                published.statuses.is_revoked(index % BITS)
                for index in withdrawn
                if index // BITS == number
            )
        )


def read_status_lists(previous: PreviousSite, issuer: Issuer, base_url: BaseUrl) -> StatusLists:
    """Read the lists of the previous site; `VerificationError` unless its manifest names them."""
    entries = parse_entries(previous.index) if previous.index else ()
    digests = {entry.digest for entry in entries if entry.kind == EntryType.STATUS_LIST}
    published = {}
    for number in range(len(digests)):
        address = ListAddress(base_url, GENERATION, number)
        found = _published(previous, issuer, address)
        if found.digest not in digests:
            raise VerificationError(
                f"{address.path} is not the list that the previous site's manifest names", REMEDY
            )
        published[number] = found
    return StatusLists(base_url=base_url, published=published)


def _published(previous: PreviousSite, issuer: Issuer, address: ListAddress) -> PublishedList:
    with of_previous(address.path):
        content = needed(previous.source, address.path)
        # Even if its key was revoked since: that it was published, the manifest's entries prove.
        found = verify_status_list(content, issuer.resolve, address=address, log_index=_BEFORE_ALL)
        is_good = _is_good(content, issuer, address)
    return PublishedList(content=content, statuses=found.statuses, is_good=is_good)


def _is_good(content: bytes, issuer: Issuer, address: ListAddress) -> bool:
    try:
        verify_status_list(content, issuer.resolve, address=address)
    except VerificationError as error:
        if error.check != Check.AUTHORISED:
            raise
        return False
    return True
