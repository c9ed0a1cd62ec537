"""Public keys as JWKs: RFC 8037's example, one spelling, no private member."""

import pytest

from passport.encoding.canonical import Json
from passport.errors import VerificationError
from passport.signing.jwk import jwk_thumbprint, parse_public_jwk, public_jwk

# RFC 8037, A.2 and A.3.
X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
JWK: dict[str, Json] = {"kty": "OKP", "crv": "Ed25519", "x": X}


def test_the_rfc_s_key_and_thumbprint() -> None:
    key = parse_public_jwk(JWK)
    assert key.raw.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert public_jwk(key) == JWK
    assert jwk_thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize(
    "changes",
    [
        {"d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"},
        {"kty": "EC"},
        {"crv": "X25519"},
        {"kid": "mine"},
        {"x": f"{X}="},
        {"x": f"{X[:-1]}p"},
        {"x": X[:-4]},
        {"x": X.replace("_", "/")},
        {"x": "A" * 43},
        {"x": ""},
        {"x": 1},
    ],
)
def test_other_keys_and_spellings_are_refused(changes: dict[str, Json]) -> None:
    with pytest.raises(VerificationError):
        parse_public_jwk({**JWK, **changes})


@pytest.mark.parametrize("name", JWK)
def test_every_member_must_be_there(name: str) -> None:
    with pytest.raises(VerificationError, match=name):
        parse_public_jwk({key: value for key, value in JWK.items() if key != name})
