"""What a request must be before anybody looks at what it says: its size, type and headers.

DESIGN 7, the first step. Bodies have a limit and a time, are of the one type that a
path takes, and come as they are, not packed; headers that decide something stand there once.
"""

import asyncio
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from broker.problems import Reason, RequestError
from passport.quoting import quoted

LARGEST_BODY = 64 * 1024
LARGEST_HEAD = 8 * 1024
"""Bytes of the address and all headers."""
BODY_SECONDS = 10.0
"""How long a body may take to arrive."""
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

_MOST_PARAMETERS = 16


def check_head(request: Request) -> None:
    """Refuse headers that are larger than any client of ours sends; `RequestError`."""
    size = sum(len(name) + len(value) + 4 for name, value in request.scope["headers"])
    size += len(request.scope["raw_path"]) + len(request.scope["query_string"])
    if size > LARGEST_HEAD:
        raise RequestError(
            Reason.HEADERS_TOO_LARGE, f"{size} bytes of headers are more than {LARGEST_HEAD}"
        )


def header_of(request: Request, name: str) -> str:
    """Return a header that stands there at most once, "" if it doesn't; `RequestError`."""
    values = request.headers.getlist(name)
    if len(values) > 1:
        raise RequestError(Reason.MALFORMED, f"header {name} stands there {len(values)} times")
    return values[0] if values else ""


async def body_of(request: Request, media_type: str) -> bytes:
    """Return the body, of this type and not packed; `RequestError` otherwise."""
    if header_of(request, "Content-Encoding") not in ("", "identity"):
        raise RequestError(Reason.MEDIA_TYPE, "the body is packed", "send it as it is")
    found = header_of(request, "Content-Type").partition(";")[0].strip().lower()
    if found != media_type:
        raise RequestError(Reason.MEDIA_TYPE, f"the body is no {media_type}", "say what it is")
    length = header_of(request, "Content-Length")
    if length.isdecimal() and int(length[:20]) > LARGEST_BODY:
        raise _too_large()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(request)
    except TimeoutError as error:
        raise RequestError(
            Reason.TIMEOUT, f"the body took more than {BODY_SECONDS:.0f} seconds"
        ) from error
    except ClientDisconnect as error:
        raise RequestError(Reason.MALFORMED, "the body ended early") from error


async def _read(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > LARGEST_BODY:
            raise _too_large()
    return b"".join(parts)


def form_of(body: bytes) -> dict[str, str]:
    """Return the parameters of a form; `RequestError` if one stands there twice.

    Parameters without a value count as left out (RFC 6749 3.2).
    """
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError as error:
        raise RequestError(Reason.MALFORMED, "the body is no form", "write a=b&c=d") from error
    form: dict[str, str] = {}
    for name, value in pairs:
        if name in form:
            raise RequestError(Reason.MALFORMED, f"parameter {quoted(name)} stands there twice")
        form[name] = value
    return {name: value for name, value in form.items() if value}


def address_of(request: Request) -> str:
    """Return where a request comes from, as far as trusted proxies tell."""
    return request.client.host if request.client else ""


def _too_large() -> RequestError:
    return RequestError(
        Reason.TOO_LARGE, f"the body has more than {LARGEST_BODY} bytes", "ask for fewer at a time"
    )
