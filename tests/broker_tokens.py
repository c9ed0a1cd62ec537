"""Proofs, assertions and access tokens as somebody else's software makes them: joserfc.

Each maker takes changes to header and claims; None leaves a member out. `written` signs bytes as
they are, for what joserfc would not write.
"""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from joserfc import jws
from joserfc.jwk import OKPKey

from passport.encoding.base64url import base64url
from passport.encoding.canonical import Json, canonical_json
from passport.signing.ed25519 import PublicKey, sign
from passport.signing.jwk import public_jwk

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ISSUER = "https://keys.example.com"

Changes = Mapping[str, Json]
Members = dict[str, Json]


def seed_of(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def public_of(seed: bytes) -> PublicKey:
    return PublicKey.of(seed)


def private_jwk(seed: bytes) -> Members:
    return {**public_jwk(public_of(seed)), "d": base64url(seed)}


def changed(members: Changes, changes: Changes) -> Members:
    return {k: v for k, v in {**members, **changes}.items() if v is not None}


def token(header: Changes, claims: Changes, seed: bytes) -> str:
    """Sign with joserfc, under the algorithm that the header names."""
    key = OKPKey.import_key(private_jwk(seed))  # type: ignore[arg-type]
    members = {"alg": "Ed25519", **header}
    return jws.serialize_compact(
        dict(members), canonical_json(claims), key, algorithms=[str(members["alg"])]
    )


def written(header: bytes, claims: bytes, seed: bytes) -> str:
    """Sign these very bytes."""
    signing_input = f"{base64url(header)}.{base64url(claims)}"
    return f"{signing_input}.{base64url(sign(seed, signing_input.encode()))}"


def digest(data: bytes) -> str:
    return base64url(hashlib.sha256(data).digest())


def proof_parts(
    seed: bytes,
    nonce: str,
    *,
    url: str = f"{ISSUER}/token",
    token: str = "",
    body: bytes | None = None,
    now: int = SECONDS,
    header: Changes | None = None,
    claims: Changes | None = None,
) -> tuple[Members, Members]:
    """Return header and claims of a DPoP proof."""
    proven: Members = {
        "jti": str(uuid.uuid4()),
        "htm": "POST",
        "htu": url,
        "iat": now,
        "nonce": nonce,
        **({"ath": digest(token.encode())} if token else {}),
        **({} if body is None else {"bd": digest(body)}),
    }
    members = {"typ": "dpop+jwt", "alg": "Ed25519", "jwk": dict(public_jwk(public_of(seed)))}
    return changed(members, header or {}), changed(proven, claims or {})


def assertion_parts(
    client: str,
    *,
    now: int = SECONDS,
    header: Changes | None = None,
    claims: Changes | None = None,
) -> tuple[Members, Members]:
    """Return header and claims of a client assertion."""
    said: Members = {
        "iss": client,
        "sub": client,
        "aud": ISSUER,
        "iat": now,
        "exp": now + 30,
        "jti": str(uuid.uuid4()),
    }
    members = {"typ": "JWT", "alg": "Ed25519"}
    return changed(members, header or {}), changed(said, claims or {})
