"""Status lists: which passports were withdrawn, one bit a log index.

Spec: W3C Bitstring Status List 1.0, purpose revocation. The index that a passport has in the log
is its bit: 131,072 a list, so index 131,072 is bit 0 of list 1 (`passport.status_bits`). A list
expires, a passport doesn't: an expired list means that freshness is unknown, not that anything is
false. What time it is isn't known here.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from passport.base_url import BaseUrl
from passport.did.document import Resolve
from passport.did.web import issuer_did
from passport.encoding.canonical import Json, JsonObject
from passport.encoding.json_members import list_of, object_of, only, text_of, texts_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import VerificationError, failing
from passport.quoting import quoted
from passport.signing.proof import BASE_CONTEXT, Verified, verify
from passport.status_bits import BITS, StatusBits

PURPOSE = "revocation"
ENTRY_TYPE = "BitstringStatusListEntry"
TYPES = ("VerifiableCredential", "BitstringStatusListCredential")
LIST_TYPE = "BitstringStatusList"
MEDIA_TYPE = "application/vc"

_LARGEST = 64 * 1024
_ENTRY_MEMBERS = frozenset(
    {"id", "type", "statusPurpose", "statusListIndex", "statusListCredential"}
)
_MEMBERS = frozenset(
    {"@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialSubject"}
)
_SUBJECT_MEMBERS = frozenset({"id", "type", "statusPurpose", "encodedList"})
_NUMBER = re.compile("0|[1-9][0-9]{0,9}")
_PATH = re.compile(r"/status/([1-9][0-9]{0,5})/revocation/(0|[1-9][0-9]{0,9})")


class StatusCheck(StrEnum):
    """What is checked of a status list besides its proof, in this order."""

    JSON = "json"
    """The bytes are JSON that everybody reads alike."""
    FORM = "form"
    """It is a status list of this format, with known members only."""
    PLACE = "place"
    """It is the list that was asked for, of the purpose that was asked for."""
    VALIDITY = "validity"
    """It says from when to when it is valid."""
    LIST = "list"
    """Its bits can be read, and are as many as every list has."""


@dataclass(frozen=True, slots=True, order=True)
class ListAddress:
    """Where one list lies: the site, the generation of its log, the number of the list."""

    base_url: BaseUrl
    generation: int
    number: int

    @property
    def path(self) -> str:
        """Its path on the site."""
        return f"/status/{self.generation}/revocation/{self.number}"

    @property
    def url(self) -> str:
        """Its absolute URL, which is its id."""
        return f"{self.base_url}{self.path}"


@dataclass(frozen=True, slots=True, order=True)
class StatusBit:
    """Where the status of one passport version stands: a list, and the position in it."""

    address: ListAddress
    position: int

    @classmethod
    def of(cls, base_url: BaseUrl, generation: int, index: int) -> Self:
        """Return the bit of an index of the log."""
        return cls(ListAddress(base_url, generation, index // BITS), index % BITS)

    @classmethod
    def parse(cls, members: JsonObject, base_url: BaseUrl) -> Self:
        """Read a passport's `credentialStatus`; `VerificationError` unless it is ours in full."""
        with failing("status"):
            only(members, _ENTRY_MEMBERS)
            _same("type", text_of(members, "type"), ENTRY_TYPE)
            _same("purpose", text_of(members, "statusPurpose"), PURPOSE)
            address = _parse_address(text_of(members, "statusListCredential"), base_url)
            bit = cls(address, _parse_position(text_of(members, "statusListIndex")))
            _same("id", text_of(members, "id"), bit.id)
            return bit

    @property
    def index(self) -> int:
        """The index of the log that it is about."""
        return self.address.number * BITS + self.position

    @property
    def id(self) -> str:
        """The id of the entry in a passport."""
        return f"{self.address.url}#{self.position}"

    def to_json(self) -> JsonObject:
        """Return the `credentialStatus` of a passport."""
        return {
            "id": self.id,
            "type": ENTRY_TYPE,
            "statusPurpose": PURPOSE,
            "statusListIndex": str(self.position),
            "statusListCredential": self.address.url,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedStatusList:
    """A list whose signature, form and place hold."""

    address: ListAddress
    statuses: StatusBits
    valid_from: datetime
    valid_until: datetime
    proof: Verified

    def is_fresh(self, now: datetime) -> bool:
        """Whether it may still be relied on for what is not withdrawn."""
        return self.valid_from <= now < self.valid_until


def status_list_document(
    address: ListAddress, statuses: StatusBits, *, valid_from: datetime, valid_until: datetime
) -> JsonObject:
    """Return the unsigned credential of a list; `ValueError` if it ends before it begins."""
    if valid_until <= valid_from:
        raise ValueError(f"a list can't be valid from {valid_from} until {valid_until}")
    return {
        "@context": [BASE_CONTEXT],
        "id": address.url,
        "type": list(TYPES),
        "issuer": str(issuer_did(address.base_url)),
        "validFrom": time_text(valid_from),
        "validUntil": time_text(valid_until),
        "credentialSubject": {
            "id": f"{address.url}#list",
            "type": LIST_TYPE,
            "statusPurpose": PURPOSE,
            "encodedList": statuses.encoded,
        },
    }


def verify_status_list(
    content: bytes, resolve: Resolve, *, address: ListAddress, log_index: int | None = None
) -> VerifiedStatusList:
    """Verify the bytes of the list at an address; `VerificationError` names the failed check.

    The issuer is the site's, as it is of every passport that names the list. A list by a key that
    was revoked since is accepted only where `log_index` says that the log held it before.
    """
    with failing(StatusCheck.JSON):
        document = parse_object(content, largest=_LARGEST)
    with failing(StatusCheck.FORM):
        only({name: value for name, value in document.items() if name != "proof"}, _MEMBERS)
        context: list[Json] = list(list_of(document, "@context"))
        if context != [BASE_CONTEXT] or texts_of(document, "type") != TYPES:
            raise VerificationError("it is no status list", f"its type is {', '.join(TYPES)}")
        subject = object_of(document, "credentialSubject")
        only(subject, _SUBJECT_MEMBERS)
        _same("list's type", text_of(subject, "type"), LIST_TYPE)
    with failing(StatusCheck.PLACE):
        _same("id", text_of(document, "id"), address.url)
        _same("list's id", text_of(subject, "id"), f"{address.url}#list")
        _same("purpose", text_of(subject, "statusPurpose"), PURPOSE)
    with failing(StatusCheck.VALIDITY):
        valid_from, valid_until = _validity(document)
    issuer = str(issuer_did(address.base_url))
    proof = verify(document, resolve, issuer=issuer, log_index=log_index)
    with failing(StatusCheck.LIST):
        statuses = StatusBits.parse(text_of(subject, "encodedList"))
    return VerifiedStatusList(
        address=address,
        statuses=statuses,
        valid_from=valid_from,
        valid_until=valid_until,
        proof=proof,
    )


def _validity(document: JsonObject) -> tuple[datetime, datetime]:
    valid_from = parse_time(text_of(document, "validFrom"))
    valid_until = parse_time(text_of(document, "validUntil"))
    if valid_until <= valid_from:
        raise VerificationError(f"it is valid until {time_text(valid_until)}, before it begins")
    return valid_from, valid_until


def _parse_address(url: str, base_url: BaseUrl) -> ListAddress:
    site, path = url[: len(str(base_url))], url[len(str(base_url)) :]
    match = _PATH.fullmatch(path)
    if site != str(base_url) or match is None:
        raise VerificationError(
            f"{quoted(url)} is no status list of {base_url}",
            "a site's passports are withdrawn by that site only",
        )
    return ListAddress(base_url, int(match[1]), int(match[2]))


def _parse_position(text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) >= BITS:
        raise VerificationError(
            f"{quoted(text)} is no position in a list", f"positions are 0 to {BITS - 1}"
        )
    return int(text)


def _same(name: str, found: str, wanted: str) -> None:
    if found != wanted:
        raise VerificationError(f"its {name} is {quoted(found)}, not {wanted}")
