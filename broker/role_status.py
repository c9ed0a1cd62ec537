"""The stapled status list of a role credential: withdrawn or not, as its issuer said lately.

Spec: W3C Bitstring Status List 1.0, purpose revocation. A broker fetches nothing, so whoever asks
brings the list along; it must be young, or a list from before the withdrawal would do. Unlike the
lists of passports it may lie at any URL of its issuer.
"""

import re
from datetime import datetime, timedelta

from passport.did.document import Resolve
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import list_of, object_of, only, text_of, texts_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import VerificationError, failing
from passport.quoting import quoted
from passport.signing.proof import BASE_CONTEXT, verify
from passport.status_bits import BITS, StatusBits
from passport.status_list import ENTRY_TYPE, LIST_TYPE, PURPOSE, TYPES

OLDEST = timedelta(days=7)
"""How old a stapled list may be, whatever it says of itself."""
LARGEST = 48 * 1024
"""Bytes of the largest list."""

_ENTRY = frozenset({"id", "type", "statusPurpose", "statusListIndex", "statusListCredential"})
_MEMBERS = frozenset(
    {"@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialSubject", "proof"}
)
_SUBJECT = frozenset({"id", "type", "statusPurpose", "encodedList", "ttl"})
_INDEX = re.compile("0|[1-9][0-9]{0,5}")


def check_not_withdrawn(
    entry: JsonObject, stapled: bytes, resolve: Resolve, *, issuer: str, now: datetime
) -> None:
    """Return if the list says that a credential stands; `VerificationError` otherwise.

    `entry` is the credential's `credentialStatus`, `issuer` the DID that issued it and must have
    signed the list.
    """
    only(entry, _ENTRY)
    if (text_of(entry, "type"), text_of(entry, "statusPurpose")) != (ENTRY_TYPE, PURPOSE):
        raise VerificationError("its status is told in another way", f"use a {ENTRY_TYPE}")
    index = _index(text_of(entry, "statusListIndex"))
    with failing("list"):
        document = parse_object(stapled, largest=LARGEST)
        bits = _bits(document, text_of(entry, "statusListCredential"))
        created = verify(document, resolve, issuer=issuer).created
        _check_age(document, created, now)
    if bits.is_revoked(index):
        raise VerificationError("the credential was withdrawn", "ask its issuer")


def _index(text: str) -> int:
    if not _INDEX.fullmatch(text) or int(text) >= BITS:
        raise VerificationError(f"{quoted(text)} is no position in a list")
    return int(text)


def _bits(document: JsonObject, url: str) -> StatusBits:
    only(document, _MEMBERS)
    if texts_of(document, "type") != TYPES or list_of(document, "@context")[:1] != (BASE_CONTEXT,):
        raise VerificationError("it is no status list", f"its type is {', '.join(TYPES)}")
    if text_of(document, "id") != url:
        raise VerificationError(f"it is {quoted(text_of(document, 'id'))}, not {quoted(url)}")
    subject = object_of(document, "credentialSubject")
    only(subject, _SUBJECT)
    if (text_of(subject, "type"), text_of(subject, "statusPurpose")) != (LIST_TYPE, PURPOSE):
        raise VerificationError("it is a list for another purpose")
    return StatusBits.parse(text_of(subject, "encodedList"))


def _check_age(document: JsonObject, created: datetime, now: datetime) -> None:
    valid_from = parse_time(text_of(document, "validFrom"))
    valid_until = parse_time(text_of(document, "validUntil"))
    if not valid_from <= now < valid_until:
        raise VerificationError(
            f"it is valid from {time_text(valid_from)} until {time_text(valid_until)}",
            "staple the present one",
        )
    if not now - OLDEST <= created <= now + timedelta(minutes=1):
        raise VerificationError(
            f"it was signed at {time_text(created)}",
            f"staple one of the last {OLDEST.days} days",
        )
