"""What a broker refuses, as HTTP: one table from reasons to answers.

Spec: RFC 9457 (problem details) for everything but `/token`, whose errors are OAuth's (RFC 6749
5.2, RFC 9449 8); `WWW-Authenticate` as RFC 9449 7.1 and 9 say. Whoever refuses raises
`RequestError` with a reason; only this module knows status codes. A detail says what was wrong with
a request's form, proof or token, never anything of what is asked for.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from starlette.responses import JSONResponse, Response

from broker.jws import ALGORITHMS
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.errors import PassportError, VerificationError

PROBLEM_TYPE = "application/problem+json"
NO_STORE = {"Cache-Control": "no-store"}

# RFC 6749 5.2: what error_description may hold.
_UNQUOTABLE = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")
_UNREAD = ("timeout", "too_large", "headers_too_large")  # the rest of it isn't waited for
_TEMPORARILY = "temporarily_unavailable"


class Reason(StrEnum):
    """Why a request is refused; the `code` of a problem, which clients may rely on."""

    MALFORMED = "malformed"
    BAD_EPK = "bad_epk"
    """The key that the answer should be sealed to is none."""
    INVALID_TOKEN = "invalid_token"  # noqa: S105 (an error's name)
    INVALID_DPOP_PROOF = "invalid_dpop_proof"
    USE_DPOP_NONCE = "use_dpop_nonce"
    ALL_REFUSED = "all_refused"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    TIMEOUT = "timeout"
    POLICY_CHANGED = "policy_changed"
    """The policy became another one while the request was decided."""
    REPLAYED = "replayed"
    """A proof or an assertion that was used before."""
    TOO_LARGE = "too_large"
    MEDIA_TYPE = "media_type"
    HEADERS_TOO_LARGE = "headers_too_large"
    RATE_LIMITED = "rate_limited"
    FAILED = "failed"
    """The broker has a fault."""
    AUDIT_UNAVAILABLE = "audit_unavailable"
    """What would be released can't be recorded, so nothing is."""
    POLICY_UNAVAILABLE = "policy_unavailable"
    """There is no policy in force."""
    INVALID_CLIENT = "invalid_client"
    INVALID_GRANT = "invalid_grant"
    INVALID_TARGET = "invalid_target"
    UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"


@dataclass(frozen=True, slots=True)
class _Row:
    """The status of a problem, and how `/token` tells the same."""

    status: int
    oauth_status: int
    oauth_error: str


_TABLE: Mapping[Reason, _Row] = {
    Reason.MALFORMED: _Row(400, 400, "invalid_request"),
    Reason.BAD_EPK: _Row(400, 400, "invalid_request"),
    Reason.INVALID_TOKEN: _Row(401, 400, "invalid_grant"),
    Reason.INVALID_DPOP_PROOF: _Row(401, 400, "invalid_dpop_proof"),
    Reason.USE_DPOP_NONCE: _Row(401, 400, "use_dpop_nonce"),
    Reason.ALL_REFUSED: _Row(403, 400, "invalid_request"),
    Reason.NOT_FOUND: _Row(404, 404, "invalid_request"),
    Reason.METHOD_NOT_ALLOWED: _Row(405, 405, "invalid_request"),
    Reason.TIMEOUT: _Row(408, 408, "invalid_request"),
    Reason.POLICY_CHANGED: _Row(409, 503, _TEMPORARILY),
    Reason.REPLAYED: _Row(409, 400, "invalid_grant"),
    Reason.TOO_LARGE: _Row(413, 413, "invalid_request"),
    Reason.MEDIA_TYPE: _Row(415, 415, "invalid_request"),
    Reason.HEADERS_TOO_LARGE: _Row(431, 431, "invalid_request"),
    Reason.RATE_LIMITED: _Row(429, 429, _TEMPORARILY),
    Reason.FAILED: _Row(500, 500, "server_error"),
    Reason.AUDIT_UNAVAILABLE: _Row(503, 503, _TEMPORARILY),
    Reason.POLICY_UNAVAILABLE: _Row(503, 503, _TEMPORARILY),
    Reason.INVALID_CLIENT: _Row(401, 400, "invalid_client"),
    Reason.INVALID_GRANT: _Row(400, 400, "invalid_grant"),
    Reason.INVALID_TARGET: _Row(400, 400, "invalid_target"),
    Reason.UNSUPPORTED_GRANT_TYPE: _Row(400, 400, "unsupported_grant_type"),
}


class RequestError(PassportError):
    """A request that isn't answered as asked; `retry_after` is in seconds, 0 for none."""

    def __init__(
        self, reason: Reason, message: str, remedy: str = "", *, retry_after: int = 0
    ) -> None:
        super().__init__(message, remedy)
        self.reason = reason
        self.retry_after = retry_after


@contextmanager
def refusing(reason: Reason) -> Iterator[None]:
    """Refuse a request for this reason if what it holds doesn't verify."""
    try:
        yield
    except VerificationError as error:
        raise RequestError(reason, error.message, error.remedy) from error


def status_of(reason: Reason) -> int:
    """Return the HTTP status of a problem."""
    return _TABLE[reason].status


def problem_json(error: RequestError) -> JsonObject:
    """Return problem details (RFC 9457); `code` names the reason."""
    status = status_of(error.reason)
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": error.reason,
        "detail": str(error),
    }


def problem_response(error: RequestError) -> Response:
    """Return the answer to a refused request."""
    headers = _more_headers(error)
    if status_of(error.reason) == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = _challenge(error)
    return Response(
        canonical_json(problem_json(error)),
        status_code=status_of(error.reason),
        headers=headers,
        media_type=PROBLEM_TYPE,
    )


def oauth_response(error: RequestError) -> Response:
    """Return the answer of `/token` to a refused request."""
    row = _TABLE[error.reason]
    body: dict[str, Json] = {
        "error": row.oauth_error,
        "error_description": _UNQUOTABLE.sub("?", str(error)),
    }
    headers = _more_headers(error)
    return JSONResponse(body, status_code=row.oauth_status, headers=headers)


def _more_headers(error: RequestError) -> dict[str, str]:
    headers = dict(NO_STORE)
    if error.retry_after:
        headers["Retry-After"] = str(error.retry_after)
    if error.reason in _UNREAD:
        headers["Connection"] = "close"
    return headers


def _challenge(error: RequestError) -> str:
    description = _UNQUOTABLE.sub("?", str(error))
    algorithms = " ".join(sorted(ALGORITHMS))
    return f'DPoP error="{error.reason}", error_description="{description}", algs="{algorithms}"'
