"""Who asks a broker, and what they sign: proofs of possession, assertions, role credentials.

Spec: RFC 9449 (DPoP), RFC 7523 (`private_key_jwt`), RFC 8693 (token exchange), DESIGN 7. A client
signs its assertion with the key that the operator entered and proves possession of a key made for
this run; who holds a role credential proves possession of the key that the credential is about.
Neither network nor clock is known here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

from generator.read.sources import Origins
from passport.did.key import did_key
from passport.encoding.base64url import base64url
from passport.encoding.canonical import Json, JsonObject
from passport.encoding.json_members import object_of, text_of
from passport.encoding.strict_json import parse_object
from passport.errors import ConfigError, HostError, failing
from passport.signing.jwk import public_jwk
from passport.signing.jws import compact_jws
from passport.signing.keys import Signer

LARGEST_CREDENTIAL = 16 * 1024
"""Bytes of the largest role credential that brokers read."""

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ROLE_CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential"
_ASSERTION_LIFE = timedelta(seconds=30)


class Caller(Protocol):
    """Somebody who asks brokers for tokens."""

    @property
    def proving(self) -> Signer:
        """The key whose possession each request proves."""

    @property
    def name(self) -> str:
        """What people call them, for messages."""

    def form(self, broker: str, now: datetime, jti: str) -> bytes:
        """Return the body of a request for a token; `broker` is who it is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCaller:
    """A client that the operator entered, by its id and key."""

    client: str
    signer: Signer = field(repr=False)
    proving: Signer = field(repr=False)

    @property
    def name(self) -> str:
        """The client's id."""
        return f"client {self.client}"

    def form(self, broker: str, now: datetime, jti: str) -> bytes:
        """Return a form with an assertion that counts once, for this broker only."""
        issued = int(now.timestamp())
        claims: dict[str, Json] = {
            "iss": self.client,
            "sub": self.client,
            "aud": broker,
            "iat": issued,
            "exp": issued + _ASSERTION_LIFE.seconds,
            "jti": jti,
        }
        return _form(
            {
                "grant_type": "client_credentials",
                "client_assertion_type": _ASSERTION_TYPE,
                "client_assertion": compact_jws({"typ": "JWT"}, claims, self.signer),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCaller:
    """Somebody with a role credential, and the status list that says that it stands."""

    proving: Signer = field(repr=False)
    credential: bytes = field(repr=False)
    status_list: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """The holder's DID."""
        return did_key(self.proving.public_key)

    def form(self, _broker: str, _now: datetime, _jti: str) -> bytes:
        """Return a form that exchanges the credential."""
        return _form(
            {
                "grant_type": _EXCHANGE,
                "subject_token_type": _ROLE_CREDENTIAL,
                "subject_token": base64url(self.credential),
                "status_list": base64url(self.status_list),
            }
        )


def role_caller(credential: bytes, signer: Signer, origins: Origins) -> RoleCaller:
    """Return who holds a credential; its issuer's status list is fetched.

    `VerificationError` for what is no credential, `ConfigError` if it is about another key,
    `HostError` when the list can't be had. Whether it is worth anything is the broker's to say.
    """
    with failing("credential"):
        document = parse_object(credential, largest=LARGEST_CREDENTIAL)
        holder = text_of(object_of(document, "credentialSubject"), "id")
        url = text_of(object_of(document, "credentialStatus"), "statusListCredential")
    own = did_key(signer.public_key)
    if holder != own:
        raise ConfigError(
            f"the role credential is about {holder}, the key is {own}", "give its key"
        )
    status_list = origins.get(url)
    if status_list is None:
        raise HostError(f"there is no status list at {url}", "ask the credential's issuer")
    return RoleCaller(proving=signer, credential=credential, status_list=status_list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What a proof is made for: a URL, the broker's nonce, and for a release token and body."""

    url: str
    nonce: str
    token: str = field(default="", repr=False)
    body: bytes | None = field(default=None, repr=False)


def dpop_proof(proven: Proven, signer: Signer, now: datetime, jti: str) -> str:
    """Return a DPoP proof of one POST request; `bd` binds the body, which RFC 9449 leaves out."""
    claims: dict[str, Json] = {
        "jti": jti,
        "htm": "POST",
        "htu": proven.url,
        "iat": int(now.timestamp()),
    }
    if proven.nonce:
        claims["nonce"] = proven.nonce
    if proven.token:
        claims["ath"] = _digest(proven.token.encode())
    if proven.body is not None:
        claims["bd"] = _digest(proven.body)
    header: JsonObject = {"typ": "dpop+jwt", "jwk": public_jwk(signer.public_key)}
    return compact_jws(header, claims, signer)


def _form(parameters: Mapping[str, str]) -> bytes:
    return urlencode(parameters).encode()


def _digest(data: bytes) -> str:
    return base64url(hashlib.sha256(data).digest())
