"""DPoP (RFC 9449): the proof that whoever asks holds the key to which a token is bound.

Stricter than the RFC: Ed25519 only, a nonce of ours always, `htu` to the letter, and for a release
the private claim `bd`, the SHA-256 of the body, since RFC 9449 11.7 leaves the body uncovered.
Whether a proof was used before is asked elsewhere (`broker.uses`).
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from broker.jws import Kind, id_of, parse_jws, time_of
from broker.problems import Reason, RequestError, refusing
from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import object_of, text_of
from passport.encoding.strict_json import parse_object
from passport.errors import VerificationError
from passport.quoting import quoted
from passport.signing.ed25519 import PublicKey
from passport.signing.jwk import jwk_thumbprint, parse_public_jwk

KIND = Kind("dpop+jwt", required=frozenset({"jwk"}))
WINDOW = timedelta(seconds=60)
"""How far the proof's clock may differ from ours."""
NONCE_SECONDS = 60
"""A nonce is given out for so long, and accepted for as long again."""


@dataclass(frozen=True, slots=True)
class Nonces:
    """Server nonces without state: a MAC of the minute under a key that nobody else has.

    `key` is 32 random bytes of this process, so a restart ends every nonce.
    """

    key: bytes = field(repr=False)

    def current(self, now: datetime) -> str:
        """Return the nonce that is given out now."""
        return _nonce(self.key, _minute(now))

    def is_good(self, nonce: str, now: datetime) -> bool:
        """Tell whether a nonce was given out this minute or the one before."""
        good = [
            hmac.compare_digest(nonce.encode(), _nonce(self.key, minute).encode())
            for minute in (_minute(now), _minute(now) - 1)
        ]
        return any(good)


@dataclass(frozen=True, slots=True)
class Target:
    """What a proof must be made for: the method and the URL, and for a release token and body."""

    method: str
    url: str
    token: str = ""
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A proof that holds: whose it is, and what it takes to refuse it a second time."""

    key: PublicKey
    jkt: str
    """The key's thumbprint."""
    jti: str
    until: datetime
    """From then on it is refused as too old."""


def verify_proof(text: str, target: Target, nonces: Nonces, now: datetime) -> Proof:
    """Return what a proof proves; `RequestError` says what is wrong with it.

    The proof is the caller's, whoever that is: compare `jkt` with the token's.
    """
    with refusing(Reason.INVALID_DPOP_PROOF):
        jws = parse_jws(text, KIND)
        key, jkt = _key_of(text.partition(".")[0])
        claims = jws.verify(key)
        _check_target(claims, target)
        issued = time_of(claims, "iat")
        if abs(issued - now) > WINDOW:
            raise VerificationError(
                f"the proof's iat is {int(abs(issued - now).total_seconds())} seconds off",
                "make a proof for each request, and set the clock",
            )
        jti = id_of(claims)
    _check_nonce(claims, nonces, now)
    return Proof(key=key, jkt=jkt, jti=jti, until=issued + WINDOW)


@lru_cache(maxsize=4)
def _nonce(key: bytes, minute: int) -> str:
    digest = hmac.digest(key, b"cellfolio/nonce/v1\0%d" % minute, hashlib.sha256)
    return base64url(digest[:16])


@lru_cache(maxsize=512)
def _key_of(header: str) -> tuple[PublicKey, str]:
    """Return the key in a proof's header, and its thumbprint; a client's last ones are kept."""
    members = parse_object(from_base64url(header))
    key = parse_public_jwk(object_of(members, "jwk"))
    return key, jwk_thumbprint(key)


def _check_target(claims: JsonObject, target: Target) -> None:
    _same(claims, "htm", target.method)
    _same(claims, "htu", target.url)
    if target.token:
        _same(claims, "ath", _digest(target.token.encode()))
    if target.body is not None:
        _same(claims, "bd", _digest(target.body))


def _check_nonce(claims: JsonObject, nonces: Nonces, now: datetime) -> None:
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonces.is_good(nonce, now):
        raise RequestError(
            Reason.USE_DPOP_NONCE,
            "the proof needs a nonce of this broker",
            "put the answer's DPoP-Nonce into the proof as nonce, and ask again",
        )


def _same(claims: JsonObject, name: str, wanted: str) -> None:
    if text_of(claims, name) != wanted:
        raise VerificationError(
            f"the proof's {name} is {quoted(text_of(claims, name))}, not {wanted}"
        )


def _digest(data: bytes) -> str:
    return base64url(hashlib.sha256(data).digest())


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // NONCE_SECONDS
