"""A running broker and who asks it: A1, A2, A5, A7 and A21 over HTTP, and what anybody may read."""

from pathlib import Path

import httpx
import pytest

from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.canonical import Json
from passport.encoding.strict_json import parse_object
from passport.sealing.hpke import RecipientSecret
from tests.broker_bundles import bundle
from tests.broker_over_http import BODY, code_of, known, oauth_error
from tests.broker_process import BrokerClient, running, write_project
from tests.broker_running import SECRET
from tests.broker_tokens import ISSUER, public_of, seed_of
from tests.role_credentials import HOLDER


def test_a_client_gets_a_token_and_its_request_is_decided(recycler: BrokerClient) -> None:
    answer = recycler.ask_token()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json()) == {"access_token", "expires_in", "token_type"}
    # The policy of these tests has no row: past token and proof, every key is refused.
    assert code_of(recycler.release(BODY, answer.json()["access_token"])) == (403, "all_refused")


def test_a_client_that_is_not_live_gets_none(http: httpx.Client) -> None:
    for name in ("suspended", "expired"):
        assert oauth_error(known(http, name).ask_token()) == (400, "invalid_client")
    stranger = known(http, "stranger")
    assert oauth_error(stranger.ask_token()) == (400, "invalid_client")


def test_the_first_answer_asks_for_a_nonce_and_gives_one(http: httpx.Client) -> None:
    client = BrokerClient(http, "recycler", seed_of("recycler"), seed_of("dpop"))
    answer = client.post("/token", data=client.form(), headers={"DPoP": client.proof("/token")})
    assert oauth_error(answer) == (400, "use_dpop_nonce")
    token = known(http).token()
    fresh = BrokerClient(http, "recycler", seed_of("recycler"), seed_of("dpop"))
    refused = fresh.release(BODY, token)
    assert code_of(refused) == (401, "use_dpop_nonce")
    assert refused.headers["www-authenticate"].startswith('DPoP error="use_dpop_nonce"')
    assert code_of(fresh.release(BODY, token)) == (403, "all_refused")


# A1, A2, A21: what works once


def test_a1_a_proof_works_once_for_a_token(recycler: BrokerClient) -> None:
    proof = recycler.proof("/token")
    answers = [
        recycler.post("/token", data=recycler.form(), headers={"DPoP": proof}) for _ in range(2)
    ]
    assert answers[0].status_code == 200
    assert oauth_error(answers[1]) == (400, "invalid_dpop_proof")


def test_a1_a_proof_works_once_for_a_release(recycler: BrokerClient) -> None:
    token = recycler.token()
    proof = recycler.proof("/release", token, BODY)
    answers = [recycler.release(BODY, token, DPoP=proof) for _ in range(3)]
    assert [code_of(answer) for answer in answers] == [
        (403, "all_refused"),
        (409, "replayed"),
        (409, "replayed"),
    ]


def test_a1_a_proof_stays_used_after_a_restart_and_on_another_broker(tmp_path: Path) -> None:
    config = write_project(tmp_path, bundle())
    with running(config) as first, httpx.Client(base_url=first.public) as http:
        client = known(http)
        token = client.token()
        proof = client.proof("/release", token, BODY)
        assert client.release(BODY, token, DPoP=proof).status_code == 403
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for folder in (config, write_project(elsewhere, bundle())):
        with running(folder) as again, httpx.Client(base_url=again.public) as http:
            client = BrokerClient(http, "recycler", seed_of("recycler"), seed_of("dpop"))
            answer = client.release(BODY, token, DPoP=proof)
            assert code_of(answer)[0] in (401, 409)


def test_a2_two_clients_may_choose_the_same_id(http: httpx.Client) -> None:
    for name, dpop in (("recycler", "a"), ("authority", "b"), ("recycler", "c")):
        client = known(http, name, dpop)
        form = client.form({"jti": f"same-{'' if dpop != 'c' else 'c'}"})
        proof = client.proof("/token", jti="the-same")
        answer = client.post("/token", data=form, headers={"DPoP": proof})
        assert answer.status_code == 200, answer.text


def test_a21_an_assertion_works_once(recycler: BrokerClient) -> None:
    form = recycler.form()
    answers = [
        recycler.post("/token", data=form, headers={"DPoP": recycler.proof("/token")})
        for _ in range(2)
    ]
    assert answers[0].status_code == 200
    assert oauth_error(answers[1]) == (400, "invalid_client")


@pytest.mark.parametrize("audience", [f"{ISSUER}/token", [ISSUER], "https://else.example.com"])
def test_a21_an_assertion_for_another_is_refused(recycler: BrokerClient, audience: Json) -> None:
    form = recycler.form({"aud": audience})
    answer = recycler.post("/token", data=form, headers={"DPoP": recycler.proof("/token")})
    assert oauth_error(answer) == (400, "invalid_client")


# A5, A7: token, proof and body belong together


def test_a5_a_bound_token_is_no_bearer_token(recycler: BrokerClient) -> None:
    token = recycler.token()
    for value in (f"Bearer {token}", token, f"dpop {token}", "DPoP", "DPoP x", ""):
        answer = recycler.release(BODY, token, Authorization=value)
        assert code_of(answer) == (401, "invalid_token")
        assert answer.headers["www-authenticate"].startswith('DPoP error="invalid_token"')
        assert token not in answer.text


def test_a5_a_token_goes_with_its_own_key_only(http: httpx.Client) -> None:
    token = known(http).token()
    thief = known(http, "recycler", "thief")
    assert code_of(thief.release(BODY, token)) == (401, "invalid_token")


def test_a5_a_proof_goes_with_its_own_token_only(recycler: BrokerClient) -> None:
    one, two = recycler.token(), recycler.token()
    proof = recycler.proof("/release", one, BODY)
    assert code_of(recycler.release(BODY, two, DPoP=proof)) == (401, "invalid_dpop_proof")
    assert code_of(recycler.release(BODY, two, DPoP="")) == (401, "invalid_dpop_proof")
    assert code_of(recycler.release(BODY, two, DPoP=recycler.proof("/token"))) == (
        401,
        "invalid_dpop_proof",
    )


def test_a7_a_body_or_key_that_was_swapped_is_refused(recycler: BrokerClient) -> None:
    token = recycler.token()
    other = base64url(RecipientSecret(seed_of("man in the middle")).public.raw)
    mine = base64url(SECRET.public.raw)
    for body in (BODY + b" ", BODY.replace(mine.encode(), other.encode())):
        proof = recycler.proof("/release", token, BODY)
        assert body != BODY
        assert code_of(recycler.release(body, token, DPoP=proof)) == (401, "invalid_dpop_proof")


# Paths, pages, metadata


@pytest.mark.parametrize("path", ["/", "/token/", "/v1/release", "/release%2f", "/../etc", "/docs"])
def test_there_is_nothing_at_other_paths(http: httpx.Client, path: str) -> None:
    assert code_of(http.get(path)) == (404, "not_found")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_a_path_takes_its_own_method_only(http: httpx.Client, method: str) -> None:
    answer = http.request(method, "/release")
    assert code_of(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


def test_pages_of_named_origins_may_ask_and_others_not(http: httpx.Client) -> None:
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "dpop"}
    good = http.options("/release", headers={"Origin": "https://id.example.com", **ask})
    assert good.headers["access-control-allow-origin"] == "https://id.example.com"
    assert "access-control-allow-credentials" not in good.headers
    for origin in ("https://evil.example.com", "null", "https://id.example.com.evil.com"):
        bad = http.options("/release", headers={"Origin": origin, **ask})
        assert "access-control-allow-origin" not in bad.headers
    answer = http.get("/policy", headers={"Origin": "https://id.example.com"})
    assert "DPoP-Nonce" in answer.headers["access-control-expose-headers"]


def test_the_metadata_names_this_broker(http: httpx.Client, recycler: BrokerClient) -> None:
    metadata = http.get("/.well-known/oauth-authorization-server").json()
    assert metadata["issuer"] == ISSUER
    assert metadata["token_endpoint"] == f"{ISSUER}/token"
    kid = parse_object(from_base64url(recycler.token().split(".")[0]))["kid"]
    assert [key["kid"] for key in http.get("/jwks.json").json()["keys"]] == [kid]


def test_the_policy_is_told_without_clients(http: httpx.Client) -> None:
    answer = http.get("/policy")
    assert answer.json()["seq"] == 1
    assert answer.json()["policy"]["version"] == bundle().policy.version
    for secret in ("recycler", "authority", "Ltd", public_of(HOLDER).multikey):
        assert secret not in answer.text
