"""Canonical JSON (RFC 8785): the only place where JSON becomes bytes.

Plainly right before fast: the library `rfc8785` does the work and refuses what the RFC refuses.
`passport.strict_json` is the way back.
"""

from collections.abc import Mapping, Sequence

import rfc8785

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""Any JSON value; read-only, so that a signed document isn't changed in passing."""

JsonObject = Mapping[str, Json]
"""A JSON object, member by member."""


def canonical_json(value: Json) -> bytes:
    """Return the one byte form of a JSON value; raises `ValueError` for what has none."""
    return rfc8785.dumps(value)
