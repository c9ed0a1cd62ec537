"""Compact JWS (RFC 7515) with Ed25519, as clients and brokers write it: proofs and tokens.

Written in one way: canonical JSON, algorithm `Ed25519` (RFC 9864). How strictly a broker reads,
and what proofs and tokens mean, aren't known here.
"""

from passport.encoding.base64url import base64url
from passport.encoding.canonical import JsonObject, canonical_json
from passport.signing.keys import Signer

ALGORITHM = "Ed25519"


def compact_jws(header: JsonObject, claims: JsonObject, signer: Signer) -> str:
    """Return a signed token; the algorithm is added to its header."""
    parts = ({**header, "alg": ALGORITHM}, claims)
    signing_input = ".".join(base64url(canonical_json(part)) for part in parts)
    return f"{signing_input}.{base64url(signer.sign(signing_input.encode()))}"
