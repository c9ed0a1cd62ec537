"""Looks for private keys where none may be: seeds in every spelling that software gives them."""

import base64
import re
from collections.abc import Iterator

from passport.encoding.multibase import base58

_HEX = re.compile(rb"(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])")
_BASE64 = re.compile(rb"(?<![0-9A-Za-z+/_-])([0-9A-Za-z+/_-]{43})=?(?![0-9A-Za-z+/_-])")
_ARMOUR = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n|AGE-SECRET-KEY-1[0-9A-Z]{20}")


def spellings(seed: bytes) -> frozenset[bytes]:
    """Return a seed in hex, base64, base64url and base58, and as it is."""
    plain = base64.b64encode(seed).rstrip(b"=")
    web = base64.urlsafe_b64encode(seed).rstrip(b"=")
    text = seed.hex().encode()
    short = base58(seed).encode()
    return frozenset({seed, text, text.upper(), plain, web, short})


def seeds_in(content: bytes) -> Iterator[bytes]:
    """Yield whatever 32 bytes stand in a file as hex or base64; most are digests."""
    for match in _HEX.finditer(content):
        yield bytes.fromhex(match[0].decode())
    for match in _BASE64.finditer(content):
        yield base64.urlsafe_b64decode(match[1].translate(bytes.maketrans(b"+/", b"-_")) + b"=")


def is_armoured(content: bytes) -> bool:
    """Tell whether a file holds a private key in PEM or age's form."""
    return _ARMOUR.search(content) is not None
