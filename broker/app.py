"""The public side of a broker: its paths, and each request's way from head to answer.

DESIGN 7. `_answering` is the way in and out of every path: head and address before, and the one
place where reasons become HTTP. `release` goes on from there: the body, the token, the proof that
its holder sent this very body, then `broker.release`.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from broker.access_token import AccessToken, AccessTokens
from broker.bundle_file import BundleFile
from broker.dpop import Nonces, Proof, Target, verify_proof
from broker.incoming import (
    FORM,
    JSON,
    address_of,
    body_of,
    check_head,
    form_of,
    header_of,
)
from broker.limits import RateLimits
from broker.metadata import (
    JWKS_PATH,
    METADATA_PATH,
    OPENAPI_PATH,
    POLICY_PATH,
    RELEASE_PATH,
    TOKEN_PATH,
    jwks_json,
    metadata_json,
    openapi_bytes,
    policy_json,
)
from broker.metrics import Metrics
from broker.problems import (
    NO_STORE,
    Reason,
    RequestError,
    oauth_response,
    problem_response,
    refusing,
)
from broker.release import Releases
from broker.store import Clock
from broker.token import TokenEndpoint
from passport.base_url import BaseUrl
from passport.encoding.canonical import JsonObject, canonical_json

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

_SCHEME = "DPoP "
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Everything that requests need; one for the life of a process."""

    url: BaseUrl
    origins: tuple[str, ...]
    """Origins of pages that may ask."""
    bundle: BundleFile
    nonces: Nonces
    tokens: AccessTokens
    token_endpoint: TokenEndpoint
    releases: Releases
    rates: RateLimits
    metrics: Metrics
    clock: Clock

    async def release(self, request: Request) -> Response:
        """`POST /release`: content keys for headers."""
        body = await body_of(request, JSON)
        now, text = self.clock(), _token_text(request)
        token = self._token(text, now)
        proof = self._proof(request, Target("POST", f"{self.url}{RELEASE_PATH}", text, body), now)
        _check_bound(token, proof)
        answer = await self.releases.release(
            body, token, proof, address=address_of(request), now=now
        )
        return Response(answer, headers=NO_STORE, media_type=JSON)

    async def token(self, request: Request) -> Response:
        """`POST /token`: an access token for who proves who they are."""
        form = form_of(await body_of(request, FORM))
        now = self.clock()
        proof = self._proof(request, Target("POST", f"{self.url}{TOKEN_PATH}"), now)
        answer = await self.token_endpoint.grant(form, proof, now)
        return _json(answer, NO_STORE)

    async def policy(self, _request: Request) -> Response:
        """`GET /policy`: the rows that decide."""
        snapshot = self.bundle.in_force(self.clock())
        return _json(policy_json(snapshot), {"Cache-Control": "no-cache"})

    async def metadata(self, _request: Request) -> Response:
        """`GET /.well-known/oauth-authorization-server`."""
        return _json(metadata_json(self.url))

    async def jwks(self, _request: Request) -> Response:
        """`GET /jwks.json`: the key of this broker's tokens."""
        return _json(jwks_json(self.tokens))

    async def openapi(self, _request: Request) -> Response:
        """`GET /openapi.json`: these paths, for machines."""
        return Response(openapi_bytes(self.url), media_type=JSON)

    def _token(self, text: str, now: datetime) -> AccessToken:
        with refusing(Reason.INVALID_TOKEN):
            return self.tokens.verify(text, now)

    def _proof(self, request: Request, target: Target, now: datetime) -> Proof:
        return verify_proof(header_of(request, "DPoP"), target, self.nonces, now)


def public_app(broker: Broker) -> Starlette:
    """Return the application that clients reach."""
    paths: tuple[tuple[str, str, Endpoint], ...] = (
        ("POST", TOKEN_PATH, broker.token),
        ("POST", RELEASE_PATH, broker.release),
        ("GET", POLICY_PATH, broker.policy),
        ("GET", METADATA_PATH, broker.metadata),
        ("GET", JWKS_PATH, broker.jwks),
        ("GET", OPENAPI_PATH, broker.openapi),
    )
    routes = [
        Route(path, _answering(broker, path, endpoint), methods=[method])
        for method, path, endpoint in paths
    ]
    cors = Middleware(
        CORSMiddleware,
        allow_origins=broker.origins,
        allow_methods=("GET", "POST"),
        allow_headers=("Authorization", "Content-Type", "DPoP"),
        expose_headers=("DPoP-Nonce", "Retry-After", "WWW-Authenticate"),
        max_age=3600,
    )
    app = Starlette(
        routes=routes, middleware=[cors], exception_handlers={HTTPException: _no_such_path}
    )
    app.router.redirect_slashes = False
    return app


def _answering(broker: Broker, path: str, endpoint: Endpoint) -> Endpoint:
    """Wrap an endpoint: head and address first, refusals told, a fresh nonce, and counted."""
    respond = oauth_response if path == TOKEN_PATH else problem_response

    async def answer(request: Request) -> Response:
        started, outcome = perf_counter(), "ok"
        try:
            check_head(request)
            broker.rates.admit_address(address_of(request))
            response = await endpoint(request)
        except Exception as error:  # noqa: BLE001 (whatever it is, it becomes one kind of answer)
            refusal = _refusal(error)
            response, outcome = respond(refusal), refusal.reason
        response.headers["DPoP-Nonce"] = broker.nonces.current(broker.clock())
        broker.metrics.count_answer(path, outcome, perf_counter() - started)
        return response

    return answer


def _refusal(error: Exception) -> RequestError:
    if isinstance(error, RequestError):
        return error
    _log.error("an answer failed", exc_info=error)
    return RequestError(Reason.FAILED, "the broker has a fault", "tell the operator")


def _token_text(request: Request) -> str:
    value = header_of(request, "Authorization")
    if not value.startswith(_SCHEME):
        raise RequestError(
            Reason.INVALID_TOKEN,
            "there is no token of the scheme DPoP",
            "get one at /token, and send it as `Authorization: DPoP …`",
        )
    return value.removeprefix(_SCHEME)


def _check_bound(token: AccessToken, proof: Proof) -> None:
    if token.jkt != proof.jkt:
        raise RequestError(
            Reason.INVALID_TOKEN,
            "the token is bound to another key than the proof's",
            "sign the proof with the key with which the token was got",
        )


async def _no_such_path(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    reason = Reason.METHOD_NOT_ALLOWED if status == 405 else Reason.NOT_FOUND
    response = problem_response(RequestError(reason, "there is nothing here", "see /openapi.json"))
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def _json(members: JsonObject, headers: dict[str, str] | None = None) -> Response:
    return Response(canonical_json(members), headers=headers, media_type=JSON)
