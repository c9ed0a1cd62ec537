"""Canonical JSON (RFC 8785): the only place where JSON becomes bytes.

The library `rfc8785` is the measure, and refuses what the RFC refuses. Nearly all that is signed is
plain: Python's own encoder writes that in the same bytes, many times as fast.
`passport.encoding.strict_json` is the way back.
"""

import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress

import rfc8785

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""Any JSON value; read-only, so that a signed document isn't changed in passing."""

JsonObject = Mapping[str, Json]
"""A JSON object, member by member."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical_json(value: Json) -> bytes:
    """Return the one byte form of a JSON value; raises `ValueError` for what has none."""
    if _is_plain(value):
        with suppress(UnicodeEncodeError):  # half a surrogate pair, which the library refuses
            return _ENCODER.encode(value).encode()
    return rfc8785.dumps(value)


def _is_plain(value: object) -> bool:
    """Tell whether names sort alike in code points and UTF-16, and numbers look alike in Python."""
    if isinstance(value, str) or value is None:
        return True
    if isinstance(value, dict):
        return all(
            isinstance(name, str) and name.isascii() and _is_plain(part)
            for name, part in value.items()
        )
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if isinstance(value, int):
        return abs(value) < 2**53
    return isinstance(value, float) and 1e-4 <= abs(value) < math.inf and not value.is_integer()
