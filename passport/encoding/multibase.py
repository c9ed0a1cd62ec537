"""Bytes as text that says its own alphabet, and keys and digests that say their own kind.

Spec: Controlled Identifiers 1.0, 2.4 (multibase), 2.5 (multihash) and 2.2.2 (Multikey); base58btc
as in draft-msporny-base58. Three bases are enough: `z` (base58btc) for keys and signatures, `u`
(base64url without padding) for digests. Each byte string has one spelling; any other is refused.
Signatures, curves and documents are other modules' matter.
"""

import hashlib

from passport.encoding.base64url import base64url
from passport.errors import VerificationError
from passport.quoting import quoted

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_LONGEST = 1024  # decoding base58 takes time by the square of its length

_ED25519_PUBLIC = b"\xed\x01"
_SHA2_256 = b"\x12\x20"


def base58(data: bytes) -> str:
    """Return bytes in base58btc, without a multibase prefix."""
    number = int.from_bytes(data, "big")
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text: str) -> bytes:
    """Read base58btc without a prefix; `VerificationError` for another alphabet or a huge text."""
    if len(text) > _LONGEST or not _VALUES.keys() >= set(text):
        raise VerificationError(f"{quoted(text)} is not base58btc")
    number = 0
    for character in text:
        number = number * 58 + _VALUES[character]
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58_multibase(data: bytes) -> str:
    """Return bytes as multibase `z…`."""
    return f"z{base58(data)}"


def from_base58_multibase(text: str) -> bytes:
    """Read multibase `z…`; `VerificationError` for another base."""
    if not text.startswith("z"):
        raise VerificationError(f"{quoted(text)} is not multibase base58btc", "it begins with z")
    return from_base58(text[1:])


def ed25519_multikey(public_key: bytes) -> str:
    """Return an Ed25519 public key as a Multikey, `z6Mk…`."""
    return base58_multibase(_ED25519_PUBLIC + public_key)


def from_ed25519_multikey(text: str) -> bytes:
    """Read the 32 bytes of an Ed25519 Multikey; `VerificationError` for another kind or length."""
    data = from_base58_multibase(text)
    if not data.startswith(_ED25519_PUBLIC):
        raise VerificationError(
            f"key {quoted(text)} is no Ed25519 public key", "no other kind signs passports"
        )
    key = data.removeprefix(_ED25519_PUBLIC)
    if len(key) != 32:
        raise VerificationError(f"key {quoted(text)} has {len(key)} bytes, not 32")
    return key


def sha256_multihash(data: bytes) -> bytes:
    """Return the SHA-256 multihash of bytes: 34 bytes, kind and length first."""
    return _SHA2_256 + hashlib.sha256(data).digest()


def digest_multibase(data: bytes) -> str:
    """Return the digest of bytes as it stands in signed documents: `uEi…`, 47 characters."""
    return sha256_multibase(hashlib.sha256(data).digest())


def sha256_multibase(digest: bytes) -> str:
    """Return 32 bytes of SHA-256 as `digest_multibase` writes them."""
    return f"u{base64url(_SHA2_256 + digest)}"
