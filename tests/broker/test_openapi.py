"""`/openapi.json` says what the broker does, no more and no less; schemathesis looks for lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy, one_of
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    missing_required_header,
    positive_data_acceptance,
)
from starlette.routing import Route

from broker.app import public_app
from broker.config import settings_of
from broker.metadata import openapi_bytes
from broker.problems import Reason, RequestError, oauth_response, status_of
from broker.service import open_service
from broker.token import GrantType
from passport.access.rule import Operation, Purpose, Reuse
from passport.base_url import BaseUrl
from passport.encoding.strict_json import parse_object
from passport.registry import Level
from passport.sealing.group_key import RESTRICTED_GROUPS
from passport.sealing.release import MOST_HEADERS
from tests.broker_bundles import bundle
from tests.broker_process import BrokerClient, RunningBroker, running, write_project
from tests.broker_tokens import ISSUER, seed_of

DOCUMENT: Any = parse_object(openapi_bytes(BaseUrl(ISSUER)))
SCHEMAS = DOCUMENT["components"]["schemas"]
OAUTH_ONLY = {Reason.INVALID_CLIENT, Reason.INVALID_GRANT, Reason.INVALID_TARGET}
OAUTH_ONLY |= {Reason.UNSUPPORTED_GRANT_TYPE}
NOT_TOLD = {Reason.NOT_FOUND, Reason.METHOD_NOT_ALLOWED}


def test_it_lists_the_paths_and_methods_of_the_application(tmp_path: Path) -> None:
    files = {"bundle": str(tmp_path / "b"), "database": str(tmp_path / "d")}
    service = open_service(settings_of({"url": ISSUER, "keys": "demo", **files}), {})
    routes = [route for route in public_app(service.broker).routes if isinstance(route, Route)]
    served = {(route.path, method) for route in routes for method in route.methods or ()}
    told = {(path, method.upper()) for path, item in DOCUMENT["paths"].items() for method in item}
    assert served - {(path, "HEAD") for path, _ in served} == told


def test_it_lists_every_status_and_code() -> None:
    release = {int(status) for status in DOCUMENT["paths"]["/release"]["post"]["responses"]}
    problems = {status_of(reason) for reason in set(Reason) - OAUTH_ONLY - NOT_TOLD}
    assert release == problems | {200}
    codes = set(Reason) - OAUTH_ONLY
    assert set(SCHEMAS["Problem"]["properties"]["code"]["enum"]) == codes
    oauth = [oauth_response(RequestError(reason, "x")) for reason in set(Reason) - NOT_TOLD]
    token = {int(status) for status in DOCUMENT["paths"]["/token"]["post"]["responses"]}
    assert token == {answer.status_code for answer in oauth} | {200}
    errors = {str(parse_object(bytes(answer.body))["error"]) for answer in oauth}
    assert set(SCHEMAS["OAuthError"]["properties"]["error"]["enum"]) == errors


def test_it_lists_the_codes_of_requests() -> None:
    request = SCHEMAS["ReleaseRequest"]["properties"]
    assert request["purpose"]["enum"] == list(Purpose)
    assert request["operation"]["enum"] == list(Operation)
    assert request["headers"]["maxItems"] == MOST_HEADERS
    header = SCHEMAS["SealedHeader"]["properties"]
    assert header["group"]["enum"] == list(RESTRICTED_GROUPS)
    assert header["level"]["enum"] == [Level.MODEL, Level.BATTERY]
    answer = SCHEMAS["ReleaseAnswer"]["properties"]["items"]["items"]["oneOf"][1]
    grant = answer["properties"]["grant"]["properties"]
    assert grant["reuse"]["enum"] == list(Reuse)
    told = {SCHEMAS[name]["properties"]["grant_type"]["const"] for name in GRANTS}
    assert told == set(GrantType)


GRANTS = ("ClientCredentials", "TokenExchange")


def test_every_reference_leads_somewhere() -> None:
    named = list(references(DOCUMENT))
    for reference in named:
        found: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert isinstance(found, dict), reference
    assert named


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    with running(write_project(tmp_path_factory.mktemp("broker"), bundle())) as found:
        yield found


# No generated request has a proof, so none is granted: that good requests are, other tests hold.
UNFIT = [positive_data_acceptance, missing_required_header]


@dataclass(frozen=True)
class WithProof(AuthBase):
    """Puts a token and a proof that fits the prepared request in its head."""

    client: BrokerClient

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        self.client.nonce = self.client.http.get("/jwks.json").headers["DPoP-Nonce"]
        token = self.client.token() if request.path_url == "/release" else ""
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        request.headers["DPoP"] = self.client.proof(
            request.path_url, token, body if token else None
        )
        if token:
            request.headers["Authorization"] = f"DPoP {token}"
        return request


API = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = [(path, method) for path, item in DOCUMENT["paths"].items() for method in item]
BOUNDED = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_schemathesis_finds_nothing_without_a_proof(
    broker: RunningBroker, path: str, method: str
) -> None:
    @BOUNDED
    @given(case=cases(path, method))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=broker.public, excluded_checks=UNFIT)

    ask()


@pytest.mark.parametrize("path", ["/token", "/release"])
def test_schemathesis_finds_nothing_behind_token_and_proof(
    broker: RunningBroker, path: str
) -> None:
    with httpx.Client(base_url=broker.public) as http, requests.Session() as session:
        session.auth = WithProof(
            BrokerClient(http, "recycler", seed_of("recycler"), seed_of("dpop"))
        )

        @BOUNDED
        @given(case=cases(path, "post"))
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(
                base_url=broker.public, session=session, excluded_checks=[*UNFIT, ignored_auth]
            )

        ask()


def cases(path: str, method: str) -> SearchStrategy[schemathesis.Case]:
    operation = API[path][method]
    return one_of(
        operation.as_strategy(generation_mode=mode)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        if mode is GenerationMode.POSITIVE or method == "post"
    )
