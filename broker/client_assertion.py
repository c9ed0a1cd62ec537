"""Client assertions (RFC 7523): a client proves by its own key who it is.

`private_key_jwt` as FAPI 2.0 narrows it: the audience is the broker's issuer name as one text, it
lives 60 seconds at most, and it is used once. The key is the one in the bundle; none is fetched.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from broker.jws import Kind, UnverifiedJws, id_of, parse_jws, time_of
from passport.access.bundle import Bundle
from passport.access.client import Client
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import text_of
from passport.errors import VerificationError
from passport.quoting import quoted
from passport.signing.ed25519 import PublicKey

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFE = timedelta(seconds=60)

_KIND = Kind("", optional=frozenset({"kid"}))
_TYPES = ("JWT", "client-authentication+jwt")
_NOBODY = PublicKey.of(bytes(32))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAssertion:
    """An assertion that holds: the client, and what it takes to refuse it a second time."""

    client: Client
    jti: str
    until: datetime


def verify_assertion(text: str, bundle: Bundle, *, issuer: str, now: datetime) -> ClientAssertion:
    """Return who an assertion is by; `VerificationError` says what is wrong with it.

    `issuer` is the broker's name, which the assertion must be addressed to. Whether the client may
    still ask, and whether it did so with this assertion before, is the caller's to find out.
    """
    jws = parse_jws(text, _KIND)
    if "typ" in jws.header and jws.header["typ"] not in _TYPES:
        raise VerificationError("the token is no client assertion", "write typ JWT, or none")
    client, claims = _verified(jws, bundle)
    if text_of(claims, "iss") != client.id:
        raise VerificationError("iss and sub differ", "both are the client's id")
    _check_audience(claims, issuer)
    return ClientAssertion(client=client, jti=id_of(claims), until=_expiry(claims, now))


def _verified(jws: UnverifiedJws, bundle: Bundle) -> tuple[Client, JsonObject]:
    """Return whose it is, and its claims; nobody finds out by asking who is a client."""
    name = text_of(jws.unverified_claims, "sub")
    try:
        client = bundle.client(name)
    except VerificationError:
        with suppress(VerificationError):
            jws.verify(_NOBODY)  # takes as long as for a client
        raise _unknown(name) from None
    try:
        return client, jws.verify(client.public_key)
    except VerificationError:
        raise _unknown(name) from None


def _unknown(name: str) -> VerificationError:
    return VerificationError(
        f"no client {quoted(name)} with this key is known here",
        "ask the operator to enter your public key under this id",
    )


def _check_audience(claims: JsonObject, issuer: str) -> None:
    # Never a list, nor the endpoint's URL: an assertion made for another server can't pass here.
    if claims.get("aud") != issuer:
        raise VerificationError("the audience is another", f"write {issuer} as aud, as one text")


def _expiry(claims: JsonObject, now: datetime) -> datetime:
    expires = time_of(claims, "exp")
    if expires <= now:
        raise VerificationError("the assertion has expired", "make one for each request")
    if expires > now + LONGEST_LIFE:
        raise VerificationError(
            "the assertion lives too long",
            f"let it expire within {LONGEST_LIFE.seconds} seconds, and set the clock",
        )
    for name in ("iat", "nbf"):
        if name in claims and time_of(claims, name) > now + LONGEST_LIFE:
            raise VerificationError(f"the assertion's {name} is yet to come", "set the clock")
    return expires
