"""Compact JWS, read as strictly as a broker must: one algorithm, known headers, one spelling.

Spec: RFC 7515 and the advice of RFC 8725. A token is held to its kind (`typ`) and to the header
members of that kind, so nothing in it can name another algorithm, a key to fetch (`jku`, `x5u`) or
a rule that we don't know (`crit`, `b64`). Nothing that a token claims is believed before its
signature was checked; what may be looked at earlier says so in its name.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from passport.encoding.base64url import from_base64url
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import only, text_of
from passport.encoding.strict_json import LARGEST_INTEGER, parse_object
from passport.errors import VerificationError
from passport.quoting import quoted
from passport.signing import ed25519
from passport.signing.ed25519 import PublicKey
from passport.signing.jws import ALGORITHM

ALGORITHMS = frozenset({ALGORITHM, "EdDSA"})
"""The names that are read: RFC 9864's, and RFC 8037's for the same."""
LARGEST = 4096
"""Characters of the longest token."""
LONGEST_ID = 128
"""Characters of the longest `jti`."""

_MOST_HEADERS = 512


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of token: its `typ`, "" if it need not have one, and its other header members."""

    typ: str
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class UnverifiedJws:
    """A token whose form holds; `claims` are good once `verify` returned them."""

    header: JsonObject
    unverified_claims: JsonObject
    signing_input: bytes
    signature: bytes

    def verify(self, key: PublicKey) -> JsonObject:
        """Return the claims if the key signed them; `VerificationError` otherwise."""
        ed25519.verify(key, self.signing_input, self.signature)
        return self.unverified_claims


def parse_jws(text: str, kind: Kind) -> UnverifiedJws:
    """Read a token of a kind; `VerificationError` for any other."""
    if len(text) > LARGEST:
        raise VerificationError(f"a token of {len(text)} characters is longer than {LARGEST}")
    parts = text.split(".")
    if len(parts) != 3:
        raise VerificationError(
            f"the token has {len(parts)} parts, not 3", "send a signed one, in compact form"
        )
    return UnverifiedJws(
        _header(parts[0], kind),
        parse_object(from_base64url(parts[1])),
        f"{parts[0]}.{parts[1]}".encode(),
        from_base64url(parts[2]),
    )


@lru_cache(maxsize=_MOST_HEADERS)
def _header(text: str, kind: Kind) -> JsonObject:
    """Read a header; a client's proofs all have the same, so the last ones are remembered."""
    header = parse_object(from_base64url(text))
    if text_of(header, "alg") not in ALGORITHMS:
        raise VerificationError(
            f"algorithm {quoted(text_of(header, 'alg'))} is not accepted",
            f"sign with {' or '.join(sorted(ALGORITHMS))}",
        )
    only(header, kind.required | kind.optional | {"alg", "typ"})
    for name in sorted(kind.required - header.keys()):
        raise VerificationError(f"header {quoted(name)} is missing")
    if kind.typ and text_of(header, "typ") != kind.typ:
        raise VerificationError(f"the token is a {quoted(text_of(header, 'typ'))}, no {kind.typ}")
    return header


def number_of(claims: JsonObject, name: str) -> int:
    """Return a claim that is a whole number, not negative; `VerificationError` otherwise."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_INTEGER:
        raise VerificationError(f"claim {quoted(name)} is no whole number of seconds since 1970")
    return value


def time_of(claims: JsonObject, name: str) -> datetime:
    """Return a claim that is a point in time (RFC 7519 2); `VerificationError` otherwise."""
    try:
        return datetime.fromtimestamp(number_of(claims, name), UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise VerificationError(f"claim {quoted(name)} is no point in time") from error


def id_of(claims: JsonObject) -> str:
    """Return the `jti`; `VerificationError` unless it is short, printable and not empty."""
    text = text_of(claims, "jti")
    if len(text) > LONGEST_ID or not (text.isascii() and text.isprintable()):
        raise VerificationError(
            "the jti is too long or not printable ASCII", f"make it of {LONGEST_ID} or fewer"
        )
    return text
