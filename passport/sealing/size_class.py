"""Size classes: how much of a length a sealed file tells.

DESIGN 6. What is encrypted is the length of the plaintext (four bytes, high one first), the
plaintext, and zeros up to a size class that holds it all. A payload is 4 KiB or a power of two
above, so that a few more data points don't show. A document is padded after Padmé (Nikitin and
others, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019), by an
eighth at the very most. Encryption is another module's matter.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

LENGTH_BYTES = 4
SMALLEST_CLASS = 4 * 1024
LARGEST_DOCUMENT = 64 * 1024 * 1024
"""Bytes of the longest document."""
LARGEST_PAYLOAD = 8 * 1024 * 1024 - LENGTH_BYTES
"""Bytes of the longest payload: in base64, its class fits the largest JSON that readers take."""


@dataclass(frozen=True, slots=True)
class SizeClasses:
    """The classes of one kind of sealed file; `largest` is the length of the longest plaintext."""

    largest: int
    class_of: Callable[[int], int]
    """Returns the size of the class that holds so many bytes."""

    def padded(self, plaintext: bytes) -> bytes:
        """Return what is encrypted for a plaintext; `ValueError` for one that is too long."""
        length, zeros = self._around(plaintext)
        return b"".join((length, plaintext, zeros))

    def digest(self, plaintext: bytes) -> bytes:
        """Return the SHA-256 of what is encrypted, without making it."""
        length, zeros = self._around(plaintext)
        digest = hashlib.sha256(length)
        digest.update(plaintext)
        digest.update(zeros)
        return digest.digest()

    def is_class(self, size: int) -> bool:
        """Tell whether something padded can have this size."""
        most = self.class_of(LENGTH_BYTES + self.largest)
        return SMALLEST_CLASS <= size <= most and self.class_of(size) == size

    def plaintext_of(self, padded: bytes) -> bytes:
        """Return the plaintext; `ValueError` for another class, or anything but zeros behind it."""
        length = int.from_bytes(padded[:LENGTH_BYTES])
        end = LENGTH_BYTES + length
        if length > self.largest or end > len(padded):
            raise ValueError("the length is more than there is")
        if self.class_of(end) != len(padded):
            raise ValueError("the size is not the class of the length")
        if padded.count(0, end) != len(padded) - end:
            raise ValueError("the padding is not zeros")
        return padded[LENGTH_BYTES:end]

    def _around(self, plaintext: bytes) -> tuple[bytes, bytes]:
        length = len(plaintext)
        if length > self.largest:
            raise ValueError(f"{length} bytes are more than the {self.largest} that can be sealed")
        zeros = self.class_of(LENGTH_BYTES + length) - LENGTH_BYTES - length
        return length.to_bytes(LENGTH_BYTES), bytes(zeros)


def power_of_two(length: int) -> int:
    """Return the class of a payload: the power of two from 4 KiB on that holds so many bytes."""
    return max(SMALLEST_CLASS, 1 << (length - 1).bit_length())


def padme(length: int) -> int:
    """Return the class of a document: the length with its low bits rounded up, at least 4 KiB.

    As many high bits are kept as it takes to write the exponent.
    """
    length = max(SMALLEST_CLASS, length)
    exponent = length.bit_length() - 1
    low = (1 << (exponent - exponent.bit_length())) - 1
    return (length + low) & ~low


PAYLOAD_SIZES = SizeClasses(LARGEST_PAYLOAD, power_of_two)
DOCUMENT_SIZES = SizeClasses(LARGEST_DOCUMENT, padme)
