"""DPoP proofs: joserfc's are accepted; A1 to A7 of the attacks, each change is refused."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from joserfc import jwe
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from broker.dpop import Nonces, Proof, Target, verify_proof
from broker.problems import Reason, RequestError
from passport.encoding.base64url import base64url
from passport.encoding.canonical import Json, canonical_json
from passport.signing.jwk import jwk_thumbprint, public_jwk
from tests.broker_tokens import (
    ISSUER,
    NOW,
    SECONDS,
    Changes,
    Members,
    digest,
    private_jwk,
    proof_parts,
    public_of,
    seed_of,
    token,
    written,
)

KEY = seed_of("proof")
OTHER = seed_of("other")
NONCES = Nonces(b"n" * 32)
NONCE = NONCES.current(NOW)
URL = f"{ISSUER}/release"
ACCESS_TOKEN = "an.access.token"
BODY = b'{"v":1}'
RELEASE = Target("POST", URL, ACCESS_TOKEN, BODY)


def parts(
    *, now: int = SECONDS, header: Changes | None = None, claims: Changes | None = None
) -> tuple[Members, Members]:
    return proof_parts(
        KEY,
        NONCE,
        url=URL,
        token=ACCESS_TOKEN,
        body=BODY,
        now=now,
        header=header,
        claims=claims,
    )


def proof(*, now: int = SECONDS, header: Changes | None = None, **claims: Json) -> str:
    return token(*parts(now=now, header=header, claims=claims), KEY)


def verified(text: str, target: Target = RELEASE) -> Proof:
    return verify_proof(text, target, NONCES, NOW)


def refusal(text: str, target: Target = RELEASE) -> RequestError:
    with pytest.raises(RequestError) as caught:
        verified(text, target)
    return caught.value


def test_joserfcs_proof_proves_the_key() -> None:
    text = proof(jti="one")
    assert verified(text) == Proof(
        key=public_of(KEY),
        jkt=jwk_thumbprint(public_of(KEY)),
        jti="one",
        until=NOW + timedelta(seconds=60),
    )


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_the_algorithms_older_name_is_read() -> None:
    assert verified(proof(header={"alg": "EdDSA"})).key == public_of(KEY)


def test_claims_that_nobody_asked_for_are_left_alone() -> None:
    assert verified(proof(nbf=SECONDS, exp=SECONDS + 9, x=[1]))


@pytest.mark.parametrize("seconds", [-60, 0, 60])
def test_a_proof_of_this_minute_is_accepted(seconds: int) -> None:
    assert verified(proof(now=SECONDS + seconds))


@pytest.mark.parametrize(
    "iat",
    [*(SECONDS + s for s in (-3600, -61, 61, 3600)), -1, 0, 1.5, True, "1", [1], None, 2**53 - 1],
)
def test_a3_another_time_is_refused(iat: Json) -> None:
    assert refusal(proof(iat=iat)).reason is Reason.INVALID_DPOP_PROOF


@pytest.mark.parametrize("iat", ["9223372036854775808", "1e400", "-0", "1772357400.0", "NaN"])
def test_a3_a_number_that_readers_differ_on_is_refused(iat: str) -> None:
    header, claims = parts()
    text = json.dumps({**claims, "iat": 0}).replace('"iat": 0', f'"iat": {iat}')
    found = refusal(written(json.dumps(header).encode(), text.encode(), KEY))
    assert found.reason is Reason.INVALID_DPOP_PROOF


@pytest.mark.parametrize(
    "nonce",
    [
        None,
        "",
        "x",
        7,
        [NONCE],
        NONCE + "A",
        NONCES.current(NOW - timedelta(seconds=120)),
        NONCES.current(NOW + timedelta(seconds=60)),
        Nonces(b"f" * 32).current(NOW),
        "é",
    ],
)
def test_a3_a_missing_old_or_foreign_nonce_is_refused_and_another_offered(nonce: Json) -> None:
    assert refusal(proof(nonce=nonce)).reason is Reason.USE_DPOP_NONCE


def test_a3_the_nonce_of_the_minute_before_is_accepted() -> None:
    assert verified(proof(nonce=NONCES.current(NOW - timedelta(seconds=60))))


def test_a_nonce_is_given_out_for_a_minute_and_accepted_for_two() -> None:
    assert len(NONCE) == 22
    for seconds, given, good in ((0, True, True), (59, True, True), (60, False, True)):
        later = NOW + timedelta(seconds=seconds)
        assert (NONCES.current(later) == NONCE, NONCES.is_good(NONCE, later)) == (given, good)
    assert NONCES.is_good(NONCE, NOW + timedelta(seconds=119))
    assert not NONCES.is_good(NONCE, NOW + timedelta(seconds=120))


def test_a4_no_algorithm_but_ed25519_is_read() -> None:
    header, claims = parts()
    signed = token(header, claims, KEY)
    unsigned = written(canonical_json({**header, "alg": "none"}), canonical_json(claims), KEY)
    made = {
        "none": unsigned.rpartition(".")[0] + ".",
        "HS256": forged("HS256", OctKey.import_key(public_of(KEY).raw), header, claims),
        "RS256": forged("RS256", RSAKey.generate_key(2048), header, claims),
        "ES256": forged("ES256", ECKey.generate_key("P-256"), header, claims),
        "ES256K": forged("ES256K", ECKey.generate_key("secp256k1"), header, claims),
    }
    for text in made.values():
        assert refusal(text).reason is Reason.INVALID_DPOP_PROOF
    for name in ("none", "None", "ed25519", "eddsa", "ED25519", "HS256", "Ed448", "", None, 1):
        text = written(canonical_json({**header, "alg": name}), canonical_json(claims), KEY)
        assert refusal(text).reason is Reason.INVALID_DPOP_PROOF
    assert verified(signed)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def forged(name: str, key: Key, header: Members, claims: Members) -> str:
    members = {**header, "alg": name}
    registry = joserfc_jws.JWSRegistry(algorithms=[name])
    return joserfc_jws.serialize_compact(members, canonical_json(claims), key, registry=registry)


def test_a4_an_encrypted_token_is_refused() -> None:
    key = OctKey.import_key(b"k" * 32)
    text = jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, b"{}", key)
    assert "5 parts" in str(refusal(text))


def test_a4_algorithm_twice_is_refused() -> None:
    header, claims = parts()
    twice = canonical_json(header).replace(b'{"alg"', b'{"alg":"none","alg"', 1)
    assert "stands twice" in str(refusal(written(twice, canonical_json(claims), KEY)))


@pytest.mark.parametrize(
    "more",
    [
        {"jku": "https://evil.example.com/jwks"},
        {"x5u": "https://evil.example.com/cert"},
        {"x5c": ["AAAA"]},
        {"crit": ["b64"], "b64": False},
        {"crit": []},
        {"b64": False},
        {"b64": True},
        {"kid": "1"},
        {"zip": "DEF"},
        {"typ": "JWT"},
        {"typ": "DPOP+JWT"},
        {"typ": "application/dpop+jwt"},
        {"typ": None},
        {"typ": 1},
        {"jwk": None},
        {"jwk": "x"},
        {"jwk": private_jwk(KEY)},
        {"jwk": {**public_jwk(public_of(KEY)), "kid": "1"}},
        {"jwk": {**public_jwk(public_of(KEY)), "kty": "oct"}},
        {"jwk": {**public_jwk(public_of(KEY)), "crv": "X25519"}},
        {"jwk": {**public_jwk(public_of(KEY)), "x": base64url(bytes(32))}},
        {"jwk": public_jwk(public_of(OTHER))},
    ],
)
def test_a4_another_header_is_refused(more: Members) -> None:
    header, claims = parts(header=more)
    text = written(canonical_json(header), canonical_json(claims), KEY)
    assert refusal(text).reason is Reason.INVALID_DPOP_PROOF


@pytest.mark.parametrize(
    "claims",
    [
        {"ath": None},
        {"ath": digest(b"another.token")},
        {"ath": digest(ACCESS_TOKEN.encode()) + "="},
        {"htm": "GET"},
        {"htm": "post"},
        {"htm": None},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 129},
        {"jti": "é"},
        {"jti": "a\nb"},
        {"jti": 1},
    ],
)
def test_a5_a_proof_for_another_use_is_refused(claims: dict[str, Json]) -> None:
    assert refusal(proof(**claims)).reason is Reason.INVALID_DPOP_PROOF


@pytest.mark.parametrize(
    "url",
    [
        "https://keys.example.org/release",
        "https://evil.keys.example.com/release",
        f"{ISSUER}/token",
        f"{ISSUER}/release/",
        f"{ISSUER}//release",
        f"{ISSUER}/release?",
        f"{ISSUER}/release?a=b",
        f"{ISSUER}/release#a",
        f"{ISSUER}:443/release",
        "https://keys.example.com./release",
        f"{ISSUER}/%72elease",
        f"{ISSUER}/Release",
        "HTTPS://keys.example.com/release",
        "https://KEYS.example.com/release",
        "http://keys.example.com/release",
        "https://user@keys.example.com/release",
        "/release",
        "",
        None,
        ["x"],
    ],
)
def test_a6_another_url_is_refused(url: Json) -> None:
    assert refusal(proof(htu=url)).reason is Reason.INVALID_DPOP_PROOF


@pytest.mark.parametrize("body", [b"", b'{"v":1} ', b'{"v":2}', BODY + b"\n"])
def test_a7_a_body_that_was_changed_is_refused(body: bytes) -> None:
    found = refusal(proof(), Target("POST", URL, ACCESS_TOKEN, body))
    assert found.reason is Reason.INVALID_DPOP_PROOF
    assert "bd" in str(found)


def test_a7_a_proof_that_leaves_the_body_out_is_refused() -> None:
    assert "'bd' is missing" in str(refusal(proof(bd=None)))


def test_a_proof_for_a_token_needs_neither_token_nor_body() -> None:
    header, claims = proof_parts(KEY, NONCE)
    text = token(header, claims, KEY)
    assert verified(text, Target("POST", f"{ISSUER}/token")).key == public_of(KEY)


SPOILED: dict[str, Callable[[str], str]] = {
    "longer": lambda t: t + "A",
    "shorter": lambda t: t[:-1],
    "padded": lambda t: t + "=",
    "line": lambda t: t + "\n",
    "space": lambda t: " " + t,
    "four-parts": lambda t: t + ".",
    "two-dots": lambda t: t.replace(".", "..", 1),
    "two-parts": lambda t: t.rpartition(".")[0],
    "unsigned": lambda t: t.rpartition(".")[0] + ".",
    "nothing": lambda t: "",
    "dots": lambda t: "..",
    "signature": lambda t: t[:-6] + ("AAAAAA" if t[-6:] != "AAAAAA" else "BBBBBB"),
    "huge": lambda t: "A" * 5000,
    "foreign": lambda t: "é" + t,
    "json": lambda t: json.dumps({"payload": t.split(".")[1], "signatures": []}),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_a_spoiled_token_is_refused(spoil: Callable[[str], str]) -> None:
    assert refusal(spoil(proof())).reason is Reason.INVALID_DPOP_PROOF


def test_a_signature_by_another_key_is_refused() -> None:
    header, claims = parts()
    assert "the signature is not by" in str(refusal(token(header, claims, OTHER)))


@pytest.mark.parametrize(
    "claims", [b"[]", b"1", b"null", b"", b"{", b"\xef\xbb\xbf{}", b'{"a":1,"a":1}', b'"\\ud800"']
)
def test_claims_that_are_no_object_are_refused(claims: bytes) -> None:
    header = canonical_json(proof_parts(KEY, NONCE)[0])
    assert refusal(written(header, claims, KEY)).reason is Reason.INVALID_DPOP_PROOF


def test_joserfc_agrees_on_the_thumbprint() -> None:
    key = OKPKey.import_key(private_jwk(KEY))  # type: ignore[arg-type]
    assert verified(proof()).jkt == key.thumbprint()


def test_the_key_of_nonces_is_never_shown() -> None:
    assert "nnnn" not in repr(NONCES)
