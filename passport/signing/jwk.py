"""Ed25519 public keys as JSON Web Keys, and their thumbprints.

Spec: RFC 8037 (OKP keys), RFC 7638 (thumbprint). One spelling only: exactly `kty`, `crv` and `x`,
unpadded base64url; a private member, a key id or another curve is refused. What a key may do isn't
known here.
"""

import hashlib

from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.canonical import JsonObject
from passport.encoding.json_members import only, text_of
from passport.errors import VerificationError
from passport.signing.ed25519 import PublicKey

_MEMBERS = frozenset({"kty", "crv", "x"})


def public_jwk(key: PublicKey) -> JsonObject:
    """Return a key as a JWK: `{"crv": "Ed25519", "kty": "OKP", "x": …}`."""
    return {"crv": "Ed25519", "kty": "OKP", "x": base64url(key.raw)}


def parse_public_jwk(members: JsonObject) -> PublicKey:
    """Read a JWK; `VerificationError` for a private key, another kind, or another spelling."""
    if "d" in members:
        raise VerificationError("the key is a private one", "give the public key only, without d")
    only(members, _MEMBERS)
    if text_of(members, "kty") != "OKP" or text_of(members, "crv") != "Ed25519":
        raise VerificationError("the key is not an Ed25519 key", 'write kty "OKP", crv "Ed25519"')
    return PublicKey(from_base64url(text_of(members, "x")))


def jwk_thumbprint(key: PublicKey) -> str:
    """Return the thumbprint by which tokens name a key (`jkt`): 43 characters."""
    # RFC 7638 3 gives the one form; `canonical_json` would write the same, many times as slowly.
    form = f'{{"crv":"Ed25519","kty":"OKP","x":"{base64url(key.raw)}"}}'
    return base64url(hashlib.sha256(form.encode()).digest())
