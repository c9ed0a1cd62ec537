"""Canonical JSON (RFC 8785): the only place where JSON becomes bytes.

Plainly right before fast: the library `rfc8785` does the work and refuses what the RFC refuses.
"""

import rfc8785

from passport.subject import Json


def canonical_json(value: Json) -> bytes:
    """Return the one byte form of a JSON value; raises `ValueError` for what has none."""
    return rfc8785.dumps(value)
