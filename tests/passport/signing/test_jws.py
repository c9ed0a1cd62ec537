"""Compact JWS: joserfc verifies what we sign."""

from joserfc import jws
from joserfc.jwk import OKPKey

from passport.encoding.base64url import from_base64url
from passport.signing.ed25519 import PublicKey
from passport.signing.jwk import public_jwk
from passport.signing.jws import compact_jws
from passport.signing.keys import SeedSigner

# RFC 8037 A.1.
SEED = from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")


def test_joserfc_verifies_what_is_signed() -> None:
    token = compact_jws({"typ": "example+jwt"}, {"b": 1, "a": "ü"}, SeedSigner(SEED))
    key = OKPKey.import_key(dict(public_jwk(PublicKey.of(SEED))))  # type: ignore[arg-type]
    read = jws.deserialize_compact(token, key, algorithms=["Ed25519"])
    assert read.headers() == {"typ": "example+jwt", "alg": "Ed25519"}
    assert read.payload == '{"a":"ü","b":1}'.encode()
