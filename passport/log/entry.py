"""Entries of the transparency log: that something of a type and a digest was published.

DESIGN 5. An entry is the canonical JSON of `type` and `digest` and never says more, since a log
forgets nothing. The digest of a signed document is over the document without its proof: an index
stands inside what is signed, so the entry must be known before the signature is. What lies where
and who signed it isn't known here.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.multibase import digest_multibase
from passport.encoding.strict_json import parse_object
from passport.errors import JsonError, VerificationError
from passport.quoting import quoted

# 34 bytes in base64url: the kind and length of SHA-256, 32 more, four bits unused.
_DIGEST = re.compile("uEi[A-D][0-9A-Za-z_-]{42}[AQgw]")
_LARGEST = 256


class EntryType(StrEnum):
    """What an entry is about."""

    PASSPORT = "passport"
    """One version of a passport."""
    DID_LOG = "did-log"
    """The issuer's `did.jsonl`, its bytes."""
    STATUS_LIST = "status-list"
    """A status list, each time that it is signed."""
    MANIFEST = "manifest"
    """The manifest's index; the last entry of a build."""
    BUNDLE = "bundle"
    """A broker's policy bundle."""
    ESCROW = "escrow"
    """A file of escrowed keys."""
    AUDIT = "audit"
    """A checkpoint of a broker's audit log."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry; `VerificationError` unless the digest is a SHA-256 multihash in multibase `u`."""

    type: EntryType
    digest: str

    def __post_init__(self) -> None:
        if not _DIGEST.fullmatch(self.digest):
            raise _error(f"{quoted(self.digest)} is no digest", "write a SHA-256 as uEi…")

    @classmethod
    def of_document(cls, entry_type: EntryType, document: JsonObject) -> Self:
        """Return the entry of a document with or without its proof."""
        return cls(entry_type, document_digest(document))

    @classmethod
    def of_bytes(cls, entry_type: EntryType, content: bytes) -> Self:
        """Return the entry of something that is no credential."""
        return cls(entry_type, digest_multibase(content))

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read an entry; `VerificationError` for anything that `to_bytes()` would not return."""
        try:
            members = parse_object(content, largest=_LARGEST)
        except JsonError as error:
            raise _error(error.message, error.remedy) from error
        match members:
            case {"type": str(name), "digest": str(digest)} if name in list(EntryType):
                entry = cls(EntryType(name), digest)
                if entry.to_bytes() == content:
                    return entry
        raise _error(f"{quoted(content.decode())} is no entry of ours")

    def to_bytes(self) -> bytes:
        """Return the canonical form."""
        # Not by `canonical_json`, which takes ten times as long: neither text needs escaping.
        return b'{"digest":"%b","type":"%b"}' % (self.digest.encode(), self.type.encode())


def document_digest(document: JsonObject) -> str:
    """Return the digest of a document without its proof."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    return digest_multibase(canonical_json(unsigned))


def _error(message: str, remedy: str = "") -> VerificationError:
    return VerificationError(message, remedy, check="entry")
