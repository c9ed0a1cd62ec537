"""The bits of a status list, and the text that they are packed into.

Spec: W3C Bitstring Status List 1.0, 3.2 and 3.3: gzip in base64url behind `u`, bit 0 the highest of
the first byte. Every list has 131,072 bits, the least that the specification allows: the fixed
number bounds what is inflated, and turns an index of the log into a bit. What a bit means is the
matter of `passport.status_list`.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from passport.encoding.base64url import base64url, from_base64url
from passport.errors import VerificationError
from passport.quoting import quoted

BITS = 131_072
"""Bits of every list."""

_BYTES = BITS // 8
# No time and no system's number, which Python versions write differently.
_GZIP_HEADER = bytes.fromhex("1f8b08000000000002ff")


@dataclass(frozen=True, slots=True)
class StatusBits:
    """The bits of one list, 16,384 bytes; `ValueError` for another number."""

    bits: bytes = bytes(_BYTES)

    def __post_init__(self) -> None:
        if len(self.bits) != _BYTES:
            raise ValueError(f"a list has {_BYTES} bytes, not {len(self.bits)}")

    @classmethod
    def parse(cls, encoded: str) -> Self:
        """Read an `encodedList`; `VerificationError` for another spelling or number of bits."""
        if not encoded.startswith("u"):
            raise VerificationError(
                f"{quoted(encoded)} is not multibase base64url", "it begins with u"
            )
        packed = from_base64url(encoded[1:])
        inflater = zlib.decompressobj(wbits=31)
        try:
            bits = inflater.decompress(packed, _BYTES + 1)
        except zlib.error as error:
            raise VerificationError("the list is not packed with gzip") from error
        if len(bits) > _BYTES:
            raise VerificationError(f"the list has more than {BITS} bits")
        if not inflater.eof or inflater.unused_data:
            raise VerificationError("the list is cut, or something follows it")
        if len(bits) < _BYTES:
            raise VerificationError(f"the list has {len(bits) * 8} bits, not {BITS}")
        return cls(bits)

    @property
    def revoked(self) -> tuple[int, ...]:
        """The positions that are withdrawn, in order."""
        return tuple(
            at * 8 + bit
            for at, byte in enumerate(self.bits)
            if byte
            for bit in range(8)
            if byte & 0x80 >> bit
        )

    @property
    def encoded(self) -> str:
        """The list as it stands in a credential."""
        deflater = zlib.compressobj(9, wbits=-15)
        packed = deflater.compress(self.bits) + deflater.flush()
        check = zlib.crc32(self.bits).to_bytes(4, "little") + _BYTES.to_bytes(4, "little")
        return f"u{base64url(_GZIP_HEADER + packed + check)}"

    def is_revoked(self, position: int) -> bool:
        """Whether a position is withdrawn; `ValueError` if the list has no such position."""
        _check_position(position)
        return bool(self.bits[position // 8] & 0x80 >> position % 8)

    def revoke(self, positions: Iterable[int]) -> Self:
        """Return the list with these withdrawn too; no way leads back."""
        bits = bytearray(self.bits)
        for position in positions:
            _check_position(position)
            bits[position // 8] |= 0x80 >> position % 8
        return type(self)(bytes(bits))


def _check_position(position: int) -> None:
    if not 0 <= position < BITS:
        raise ValueError(f"a list has no position {position}")
