"""Client assertions and access tokens: joserfc's are accepted; A4, A5, A20 and A21 are refused."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from broker.access_token import LIFE, AccessToken, AccessTokens, Holder
from broker.client_assertion import TYPE, verify_assertion
from passport.access.rule import Actor, AuthenticationMethod, Period
from passport.did.key import did_key
from passport.encoding.canonical import Json, canonical_json
from passport.errors import VerificationError
from passport.signing.jwk import public_jwk
from passport.signing.keys import SeedSigner
from tests.broker_bundles import ROLE_ISSUER, bundle, client, trusted
from tests.broker_tokens import (
    ISSUER,
    NOW,
    SECONDS,
    Changes,
    Members,
    assertion_parts,
    public_of,
    seed_of,
    token,
    written,
)

BUNDLE = bundle()
RECYCLER = seed_of("recycler")
SIGNER = SeedSigner(seed_of("token key"))
JKT = "k" * 43


def assertion(header: Changes | None = None, **claims: Json) -> str:
    return token(*assertion_parts("recycler", header=header, claims=claims), RECYCLER)


def assertion_error(text: str) -> str:
    with pytest.raises(VerificationError) as caught:
        verify_assertion(text, BUNDLE, issuer=ISSUER, now=NOW)
    return str(caught.value)


def test_joserfcs_assertion_names_the_client() -> None:
    found = verify_assertion(assertion(jti="one"), BUNDLE, issuer=ISSUER, now=NOW)
    assert found.client.id == "recycler"
    assert (found.jti, found.until) == ("one", NOW + timedelta(seconds=30))
    assert TYPE == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"  # RFC 7523 2.2


@pytest.mark.parametrize(
    "claims", [{"exp": SECONDS + 60}, {"exp": SECONDS + 1}, {"iat": SECONDS + 60}, {"iat": None}]
)
def test_the_longest_life_is_a_minute(claims: Members) -> None:
    assert verify_assertion(assertion(None, **claims), BUNDLE, issuer=ISSUER, now=NOW)


@pytest.mark.parametrize(
    "header", [{}, {"kid": "1"}, {"typ": None}, {"typ": "client-authentication+jwt"}]
)
def test_the_usual_headers_are_read(header: Members) -> None:
    assert verify_assertion(assertion(header), BUNDLE, issuer=ISSUER, now=NOW)


@pytest.mark.parametrize(
    "audience",
    [
        f"{ISSUER}/token",
        f"{ISSUER}/",
        [ISSUER],
        [ISSUER, "https://other.example.com"],
        "https://other.example.com",
        "HTTPS://keys.example.com",
        "",
        None,
        1,
        {},
    ],
)
def test_a21_another_audience_is_refused(audience: Json) -> None:
    assert "audience" in assertion_error(assertion(aud=audience))


@pytest.mark.parametrize(
    "expires",
    [*(SECONDS + s for s in (-3600, -1, 0, 61, 3600)), None, "1", True, 1.5, -1, 2**53 - 1],
)
def test_a21_a_long_or_ended_life_is_refused(expires: Json) -> None:
    assert assertion_error(assertion(exp=expires))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "authority"},
        {"sub": "authority"},
        {"iss": "authority", "sub": "authority"},
        {"sub": "nobody"},
        {"sub": None},
        {"sub": ["recycler"]},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 129},
        {"iat": SECONDS + 61},
        {"nbf": SECONDS + 61},
    ],
)
def test_a21_an_assertion_of_another_or_for_ever_is_refused(claims: Members) -> None:
    assert assertion_error(assertion(None, **claims))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ed25519"},
        {"typ": "at+jwt"},
        {"typ": "dpop+jwt"},
        {"typ": ["JWT"]},
        {"jku": "https://169.254.169.254/jwks"},
        {"x5u": "https://evil.example.com/x"},
        {"jwk": dict(public_jwk(public_of(RECYCLER)))},
        {"crit": ["exp"]},
    ],
)
def test_a4_another_header_is_refused(header: Members) -> None:
    head, claims = assertion_parts("recycler", header=header)
    assert assertion_error(written(canonical_json(head), canonical_json(claims), RECYCLER))


def test_a4_another_clients_key_is_refused_as_a_name_that_nobody_has() -> None:
    """So nobody learns by asking who is a client."""
    told = [
        assertion_error(token(*assertion_parts(name), seed_of("authority"))).replace(name, "X")
        for name in ("recycler", "nobody")
    ]
    assert told[0] == told[1]
    assert told[0].startswith("no client 'X' with this key is known here")
    assert assertion_error(token(*assertion_parts("nobody"), bytes(32)))


# Access tokens


def tokens() -> AccessTokens:
    return AccessTokens(ISSUER, SIGNER)


def issued(holder: Holder | None = None) -> str:
    return tokens().issue(holder or Holder(client="recycler"), jkt=JKT, jti="t-1", now=NOW)


def test_a_token_is_read_back_and_joserfc_reads_it_too() -> None:
    text = issued()
    assert tokens().verify(text, NOW) == AccessToken(
        holder=Holder(client="recycler"), jkt=JKT, jti="t-1", expires=NOW + LIFE
    )
    key = OKPKey.import_key(dict(public_jwk(SIGNER.public_key)))  # type: ignore[arg-type]
    read = jwt.decode(text, key, algorithms=["Ed25519"])
    assert read.header["typ"] == "at+jwt"
    assert read.claims == CLAIMS


def test_a_token_ends_after_five_minutes_though_it_was_read_before() -> None:
    keeper, text = tokens(), issued()
    for seconds, good in ((0, True), (29, True), (299, True), (300, False), (-1, False)):
        now = NOW + timedelta(seconds=seconds)
        if good:
            assert keeper.verify(text, now).jti == "t-1"
        else:
            with pytest.raises(VerificationError, match="expired"):
                keeper.verify(text, now)


def test_a_verified_token_is_remembered_and_no_changed_one_passes_as_it() -> None:
    keeper, text = tokens(), issued()
    assert keeper.verify(text, NOW) is keeper.verify(text, NOW + timedelta(seconds=1))
    assert text not in repr(keeper)
    for changed in (text + "A", text[:-1], "A" + text[1:]):
        for _ in range(2):
            with pytest.raises(VerificationError):
                keeper.verify(changed, NOW)


CLAIMS: Members = {
    "iss": ISSUER,
    "aud": ISSUER,
    "sub": "recycler",
    "client_id": "recycler",
    "cnf": {"jkt": JKT},
    "iat": SECONDS,
    "exp": SECONDS + 300,
    "jti": "t-1",
}


def access_token(
    header: Changes | None = None, claims: Changes | None = None, seed: bytes = SIGNER.seed
) -> str:
    head = {"typ": "at+jwt", "alg": "Ed25519", "kid": tokens().key_id, **(header or {})}
    said = {**CLAIMS, **(claims or {})}
    return written(
        canonical_json({k: v for k, v in head.items() if v is not None}),
        canonical_json({k: v for k, v in said.items() if v is not None}),
        seed,
    )


def test_the_token_that_is_altered_below_is_good_unaltered() -> None:
    assert tokens().verify(access_token(), NOW).holder.client == "recycler"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example.com"},
        {"aud": "https://other.example.com"},
        {"aud": [ISSUER]},
        {"aud": None},
        {"sub": None},
        {"cnf": None},
        {"cnf": {}},
        {"cnf": {"jkt": None}},
        {"exp": None},
        {"exp": SECONDS},
        {"exp": SECONDS + 301},
        {"exp": True},
        {"jti": None},
        {"role": {}},
        {"role": {"issuer": "did:key:z", "organisation": "x", "actors": ["king"]}},
    ],
)
def test_a20_a_token_for_another_or_for_ever_is_refused(claims: Members) -> None:
    with pytest.raises(VerificationError):
        tokens().verify(access_token(claims=claims), NOW)


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "dpop+jwt"},
        {"typ": "AT+JWT"},
        {"typ": None},
        {"kid": None},
        {"kid": "x"},
        {"alg": "none"},
        {"alg": "HS256"},
        {"jku": "https://evil.example.com/"},
        {"jwk": dict(public_jwk(SIGNER.public_key))},
        {"crit": ["exp"]},
    ],
)
def test_a4_a_token_of_another_kind_is_refused(header: Members) -> None:
    with pytest.raises(VerificationError):
        tokens().verify(access_token(header), NOW)


def test_a4_a_token_by_another_key_is_refused() -> None:
    with pytest.raises(VerificationError, match="the signature is not by"):
        tokens().verify(access_token(seed=RECYCLER), NOW)


def test_a5_neither_an_assertion_nor_a_proof_is_a_token() -> None:
    with pytest.raises(VerificationError):
        tokens().verify(assertion(), NOW)
    with pytest.raises(VerificationError):
        verify_assertion(issued(), BUNDLE, issuer=ISSUER, now=NOW)


# Who asks, by the bundle in force

HOLDER = Holder(
    client=did_key(public_of(seed_of("holder"))),
    role_issuer=did_key(public_of(ROLE_ISSUER)),
    organisation="Zerlegebetrieb Süd",
    actors=(Actor.RECYCLER, Actor.REPAIRER),
)


def test_a_client_is_what_the_bundle_says_it_is() -> None:
    assert Holder(client="recycler").organisation == ""  # it stands in the bundle
    subject = Holder(client="recycler").subject(BUNDLE, NOW)
    assert subject.organisation == "recycler Ltd"
    assert subject.actors == (Actor.RECYCLER,)
    assert subject.method is AuthenticationMethod.CLIENT_KEY


@pytest.mark.parametrize("name", ["suspended", "expired", "nobody"])
def test_a_client_that_may_no_longer_ask_is_refused(name: str) -> None:
    with pytest.raises(VerificationError):
        Holder(client=name).subject(BUNDLE, NOW)


def test_a_role_travels_in_the_token_and_is_what_its_issuer_may_still_say() -> None:
    text = issued(HOLDER)
    assert tokens().verify(text, NOW).holder == HOLDER
    subject = HOLDER.subject(BUNDLE, NOW)
    assert subject.actors == (Actor.RECYCLER, Actor.REPAIRER)
    assert subject.method is AuthenticationMethod.ROLE_CREDENTIAL
    narrower = bundle(issuers=(trusted(actors=(Actor.REPAIRER,)),))
    assert HOLDER.subject(narrower, NOW).actors == (Actor.REPAIRER,)


@pytest.mark.parametrize(
    "issuers",
    [
        lambda: (),
        lambda: (trusted(seed_of("another")),),
        lambda: (trusted(period=Period(date(2025, 1, 1), date(2026, 1, 1))),),
    ],
    ids=["none", "another", "ended"],
)
def test_a_role_ends_with_the_trust_in_its_issuer(issuers: Callable[[], tuple]) -> None:  # type: ignore[type-arg]
    with pytest.raises(VerificationError):
        HOLDER.subject(bundle(client("recycler", Actor.RECYCLER), issuers=issuers()), NOW)
