"""A ciphertext whose GCM tag holds under two keys.

After Dodis and others, "Fast Message Franking: From Invisible Salamanders to Encryptment", 2018.
GCM's tag is a polynomial of the ciphertext's blocks over GF(2^128), so one free block is enough to
make the tags of two keys equal. It is why sealed files commit to their key.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.forge_sealed import Forged, mac

FREE = 3
"""The block of the ciphertext that is free, counted from 0: bytes 48 to 63 of the input."""


@dataclass(frozen=True, kw_only=True)
class Salamander:
    """The file of a document, what its key opens, and another key under which its tag holds."""

    file: bytes
    ciphertext: bytes
    plaintext: bytes
    second_key: bytes


def salamander(forged: Forged) -> Salamander:
    """Return such a file with a document's header and commitment."""
    second = mac(forged.content_key, b"another")
    keys = [mac(key, b"encrypt\x01") for key in (forged.content_key, second)]
    length = 16 * (FREE + 1) - 4  # the free block is the end of the plaintext
    whole = (length.to_bytes(4) + b"x" * length).ljust(len(forged.input), b"\0")
    fixed = _with_free(_encrypted(keys[0], whole), 0)
    # Behind the free block come others and the lengths; its hash key's power counts them.
    power = len(fixed) // 16 - FREE + 1
    powers = [_power(int.from_bytes(_block(key, bytes(16))), power) for key in keys]
    tags = [_tag(key, forged.aad, fixed) for key in keys]
    inverse = _power(powers[0] ^ powers[1], 2**128 - 2)
    ciphertext = _with_free(fixed, _product(tags[0] ^ tags[1], inverse))
    tag, other = (_tag(key, forged.aad, ciphertext).to_bytes(16) for key in keys)
    assert tag == other, "it is the tag of both keys"
    opened = _encrypted(keys[0], ciphertext)
    return Salamander(
        file=forged.file(ciphertext + tag),
        ciphertext=ciphertext + tag,
        plaintext=opened[4 : 4 + length],
        second_key=second,
    )


def _with_free(ciphertext: bytes, block: int) -> bytes:
    return ciphertext[: 16 * FREE] + block.to_bytes(16) + ciphertext[16 * FREE + 16 :]


def _encrypted(key: bytes, plaintext: bytes) -> bytes:
    counter = (2).to_bytes(16)  # a nonce of zeros, and GCM's second counter
    return Cipher(algorithms.AES(key), modes.CTR(counter)).encryptor().update(plaintext)


def _block(key: bytes, block: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block)  # noqa: S305


def _tag(key: bytes, aad: bytes, ciphertext: bytes) -> int:
    """Return GCM's tag by its definition (NIST SP 800-38D 6.4, 7.1)."""
    hash_key = int.from_bytes(_block(key, bytes(16)))
    bits = (8 * len(aad)).to_bytes(8) + (8 * len(ciphertext)).to_bytes(8)
    total = 0
    for block in _blocks(aad) + _blocks(ciphertext) + _blocks(bits):
        total = _product(total ^ block, hash_key)
    return total ^ int.from_bytes(_block(key, (1).to_bytes(16)))


def _blocks(data: bytes) -> list[int]:
    whole = data.ljust(-(-len(data) // 16) * 16, b"\0")
    return [int.from_bytes(whole[at : at + 16]) for at in range(0, len(whole), 16)]


def _product(one: int, other: int) -> int:
    """Multiply in GCM's field, whose bits are written from low to high (SP 800-38D 6.3)."""
    total = 0
    for bit in range(127, -1, -1):
        if other >> bit & 1:
            total ^= one
        one = one >> 1 ^ (0xE1 << 120 if one & 1 else 0)
    return total


def _power(base: int, exponent: int) -> int:
    total = 1 << 127
    while exponent:
        if exponent & 1:
            total = _product(total, base)
        base, exponent = _product(base, base), exponent >> 1
    return total
