"""A broker over HTTP: a client that it knows, and the two forms in which it refuses."""

import httpx

from passport.registry import Group
from tests.broker_process import BrokerClient
from tests.broker_running import body_for
from tests.broker_tokens import seed_of
from tests.broker_world import header as world_header

HEADER = world_header(Group.INTEREST_MODEL)
BODY = body_for(HEADER)


def known(http: httpx.Client, name: str = "recycler", dpop: str = "dpop") -> BrokerClient:
    client = BrokerClient(http, name, seed_of(name), seed_of(dpop))
    client.ask_token()  # the answer holds a nonce
    return client


def code_of(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["title"] == answer.reason_phrase
    return answer.status_code, problem["code"]


def oauth_error(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]
