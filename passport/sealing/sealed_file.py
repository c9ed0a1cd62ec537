"""Sealed files: header, commitment and ciphertext, to bytes and back.

DESIGN 6. A payload is canonical JSON, its ciphertext in base64url. A document may be long, so its
header goes before the ciphertext as it is. Each file has one spelling: what `to_bytes` would not
return is refused, whatever it might hold. Nothing is opened here.
"""

import hashlib
from dataclasses import dataclass, field

from passport.encoding.base64url import base64url
from passport.encoding.canonical import Json
from passport.encoding.multibase import digest_multibase, sha256_multibase
from passport.encoding.strict_json import parse_object
from passport.errors import JsonError, VerificationError
from passport.sealing.sealed_header import SealedCheck, SealedHeader, bytes_of, form_error
from passport.sealing.size_class import DOCUMENT_SIZES, PAYLOAD_SIZES, SizeClasses

MAGIC = b"cellfolio-sealed-v1\n"
"""What a sealed document begins with."""
COMMITMENT_LENGTH = 32
TAG_LENGTH = 16
LONGEST_HEAD = 4096
"""Bytes of the longest JSON at the head of a document."""

_COUNT_BYTES = 4
_OTHER_SPELLING = "{} is not its own canonical JSON"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """One sealed payload or document, as its header's `resource` says.

    `ciphertext` ends with its 16-byte tag; one that was parsed may be a view of the file's bytes.
    """

    header: SealedHeader
    commitment: bytes
    ciphertext: bytes | memoryview = field(repr=False)

    def to_bytes(self) -> bytes:
        """Return the file."""
        return b"".join(self._parts())

    @property
    def digest(self) -> str:
        """The digest of the file's bytes, as `relatedResource` names it."""
        digest = hashlib.sha256()
        for part in self._parts():
            digest.update(part)
        return sha256_multibase(digest.digest())

    def _parts(self) -> tuple[bytes | memoryview, ...]:
        # Canonical JSON: both members sort before those of the header.
        rest = b'"commitment":"%b",%b' % (
            base64url(self.commitment).encode(),
            self.header.canonical()[1:],
        )
        if self.header.is_document:
            head = b"{" + rest
            return MAGIC, len(head).to_bytes(_COUNT_BYTES), head, self.ciphertext
        return b'{"ciphertext":"', base64url(self.ciphertext).encode(), b'",', rest


def sizes_of(header: SealedHeader) -> SizeClasses:
    """Return the size classes of the file that a header is of."""
    return DOCUMENT_SIZES if header.is_document else PAYLOAD_SIZES


def check_digest(content: bytes, digest: str) -> None:
    """Hold a file to the digest that a passport names; `VerificationError` (check `digest`)."""
    found = digest_multibase(content)
    if found != digest:
        raise VerificationError(
            f"the file has the digest {found}, not {digest}", check=SealedCheck.DIGEST
        )


def parse_sealed(content: bytes) -> SealedFile:
    """Read a sealed file; `VerificationError` (check `form`) unless it has its one spelling."""
    file = _parse_document(content) if content.startswith(MAGIC) else _parse_payload(content)
    if not sizes_of(file.header).is_class(len(file.ciphertext) - TAG_LENGTH):
        raise form_error(f"a ciphertext of {len(file.ciphertext)} bytes is of no size class")
    return file


def _parse_payload(content: bytes) -> SealedFile:
    members = _members(content, "the file")
    if "ciphertext" not in members:
        raise form_error("member 'ciphertext' is missing")
    ciphertext = bytes_of(members, "ciphertext")
    del members["ciphertext"]
    file = _file(members, ciphertext)
    if file.header.is_document:
        raise form_error("a document is in the form of a payload")
    if file.to_bytes() != content:
        raise form_error(_OTHER_SPELLING.format("the file"))
    return file


def _parse_document(content: bytes) -> SealedFile:
    start = len(MAGIC) + _COUNT_BYTES
    if len(content) < start:
        raise form_error("the head is missing")
    length = int.from_bytes(content[len(MAGIC) : start])
    end = start + length
    if length > LONGEST_HEAD or end > len(content):
        raise form_error(f"a head of {length} bytes is too long")
    members = _members(content[start:end], "the head")
    file = _file(members, memoryview(content)[end:])
    if not file.header.is_document:
        raise form_error("a payload is in the form of a document")
    if b"".join(file._parts()[:-1]) != content[:end]:  # noqa: SLF001 (its own module)
        raise form_error(_OTHER_SPELLING.format("the head"))
    return file


def _file(members: dict[str, Json], ciphertext: bytes | memoryview) -> SealedFile:
    if "commitment" not in members:
        raise form_error("member 'commitment' is missing")
    commitment = bytes_of(members, "commitment")
    del members["commitment"]
    if len(commitment) != COMMITMENT_LENGTH:
        raise form_error(f"the commitment has {len(commitment)} bytes, not {COMMITMENT_LENGTH}")
    header = SealedHeader.parse(members)
    return SealedFile(header=header, commitment=commitment, ciphertext=ciphertext)


def _members(content: bytes, name: str) -> dict[str, Json]:
    try:
        return dict(parse_object(content))
    except JsonError as error:
        raise form_error(_OTHER_SPELLING.format(name), error.message) from error
