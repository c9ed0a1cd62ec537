"""A broker's life: bundles that begin and end, role credentials, slow clients, own addresses."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from broker import http_protocol, incoming
from broker.access_token import Holder
from broker.app import public_app
from broker.config import read_settings
from broker.http_protocol import BoundedHttp
from broker.incoming import FORM, JSON, body_of
from broker.problems import RequestError, problem_response
from broker.service import open_service
from passport.access.rule import Actor
from passport.did.key import did_key
from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.strict_json import parse_object
from tests.broker_bundles import bundle
from tests.broker_process import (
    BrokerClient,
    RunningBroker,
    put_bundle,
    running,
    until,
    write_project,
)
from tests.broker_tokens import ISSUER, NOW, proof_parts, public_of, seed_of, token
from tests.role_credentials import HOLDER, role, status_list

SOON = 15.0
"""Seconds within which something must happen that takes two."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path, bundle())


def seq_of(broker: RunningBroker) -> int | None:
    answer = httpx.get(f"{broker.public}/policy", timeout=10)
    return int(answer.json()["seq"]) if answer.status_code == 200 else None


def test_a_bundle_that_is_not_yet_in_force_is_waited_for(project: Path) -> None:
    begin = datetime.now(UTC) + timedelta(seconds=4)
    put_bundle(project, replace(bundle(), valid_from=begin.replace(microsecond=0)))
    with running(project) as broker, httpx.Client(base_url=broker.public) as http:
        if datetime.now(UTC) < begin - timedelta(seconds=1):
            asking = BrokerClient(http, "recycler", seed_of("recycler"), seed_of("dpop"))
            asking.ask_token()
            answer = asking.ask_token()
            assert answer.status_code == 503
            assert answer.json()["error"] == "temporarily_unavailable"
        until(lambda: seq_of(broker) == 1)


def test_an_ended_bundle_gives_no_tokens(project: Path) -> None:
    put_bundle(project, replace(bundle(), valid_until=datetime.now(UTC) - timedelta(days=1)))
    with running(project) as broker:
        assert seq_of(broker) is None
        assert httpx.get(f"{broker.admin}/readyz").status_code == 503


def test_sigterm_ends_it_cleanly(project: Path) -> None:
    with running(project) as broker:
        assert seq_of(broker) == 1
    assert broker.process.returncode == 0


def test_an_address_in_use_is_told(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        text = project.read_text().replace('public = "127.0.0.1:0"', f'public = "127.0.0.1:{port}"')
        project.write_text(text)
        with pytest.raises(AssertionError, match="can't be listened at"), running(project):
            pass


# Role credentials over HTTP


def test_who_holds_a_role_credential_gets_a_token(project: Path) -> None:
    shift = datetime.now(UTC) - NOW
    with running(project) as broker, httpx.Client(base_url=broker.public) as http:
        asking = BrokerClient(http, "", HOLDER, HOLDER)
        answer = exchange(asking, role(shift=shift), status_list(shift=shift))
        assert answer.status_code == 200, answer.text
        assert answer.json()["issued_token_type"].endswith(":access_token")
        claims = parse_object(from_base64url(answer.json()["access_token"].split(".")[1]))
        assert Holder.parse(claims).actors == (Actor.RECYCLER,)
        assert claims["sub"] == did_key(public_of(HOLDER))
        old = exchange(asking, role(shift=shift), status_list(shift=shift - timedelta(days=8)))
        assert (old.status_code, old.json()["error"]) == (400, "invalid_grant")
        thief = BrokerClient(http, "", HOLDER, seed_of("thief"))
        stolen = exchange(thief, role(shift=shift), status_list(shift=shift))
        assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")


def exchange(asking: BrokerClient, credential: bytes, stapled: bytes) -> httpx.Response:
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "https://www.w3.org/2018/credentials#VerifiableCredential",
        "subject_token": base64url(credential),
        "status_list": base64url(stapled),
    }
    for _ in range(2):
        answer = asking.post("/token", data=form, headers={"DPoP": asking.proof("/token")})
        if answer.json().get("error") != "use_dpop_nonce":
            break
    return answer


# Slow clients


async def _read(scope: dict[str, object], receive: object, send: object) -> None:
    request = Request(scope, receive)  # type: ignore[arg-type]
    try:
        response = PlainTextResponse(await body_of(request, JSON))
    except RequestError as error:
        response = problem_response(error)  # type: ignore[assignment]
    await response(scope, receive, send)  # type: ignore[arg-type]


@asynccontextmanager
async def _serving(app: Callable[..., object]) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            app,  # type: ignore[arg-type]
            http=BoundedHttp,
            lifespan="off",
            log_config=None,
            ws="none",
            timeout_keep_alive=1,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listening]))
        yield server, listening.getsockname()[1]
        server.should_exit = True
        await serving


async def _answers_to(*parts: bytes) -> list[bytes]:
    """Send each part on a connection of its own, wait, and return what came back."""
    async with _serving(_read) as (_, port):
        connections = [await asyncio.open_connection("127.0.0.1", port) for _ in parts]
        for (_, writer), part in zip(connections, parts, strict=True):
            writer.write(part)
        answers = [await asyncio.wait_for(reader.read(), 10) for reader, _ in connections]
        for _, writer in connections:
            writer.close()
    return answers


def test_a16_heads_and_bodies_that_never_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(incoming, "BODY_SECONDS", 0.3)
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    started = time.monotonic()
    nothing, cut, slow, second = asyncio.run(
        _answers_to(
            b"",
            head,
            head + b"Content-Length: 9\r\n\r\n{",
            head + b"Content-Length: 2\r\n\r\n{}" + head,
        )
    )
    assert (nothing, cut) == (b"", b"")
    assert slow.startswith(b"HTTP/1.1 408")
    assert second.startswith(b"HTTP/1.1 200")
    assert time.monotonic() - started < 8


def test_a16_a_body_that_is_refused_unread_ends_its_connection() -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
    refused, kept = asyncio.run(
        _answers_to(
            head + b"Content-Length: 999999999\r\n\r\nx",
            head + b"Content-Length: 1\r\n\r\nx" + head + b"Connection: close\r\n\r\n",
        )
    )
    assert refused.startswith(b"HTTP/1.1 415")
    assert kept.count(b"HTTP/1.1 415") == 2


@pytest.mark.parametrize("more", [b"", b"Connection: close\r\n"])
def test_a16_an_answer_that_nobody_takes_is_given_up(
    monkeypatch: pytest.MonkeyPatch, more: bytes
) -> None:
    monkeypatch.setattr(http_protocol, "ANSWER_SECONDS", 0.5)

    async def big(scope: object, receive: object, send: object) -> None:
        await PlainTextResponse("x" * 50_000_000)(scope, receive, send)  # type: ignore[arg-type]

    async def ask_and_read_nothing() -> None:
        async with _serving(big) as (server, port):
            _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n" + more + b"\r\n")
            state = server.server_state
            async with asyncio.timeout(SOON):
                while not state.total_requests or state.connections:  # noqa: ASYNC110 (no event)
                    await asyncio.sleep(0.05)
            writer.close()

    asyncio.run(ask_and_read_nothing())


def test_a_slow_body_does_not_stop_the_clock(project: Path) -> None:
    """What had ended by the time that a request was whole has ended."""
    seed, times = seed_of("dpop"), [NOW]
    service = open_service(read_settings(project, {}), {}, lambda: times[-1])
    proof = token(*proof_parts(seed, service.broker.nonces.current(NOW)), seed)

    async def body() -> AsyncIterator[bytes]:
        yield b"grant_type="
        times.append(NOW + timedelta(seconds=61))
        yield b"client_credentials"

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=public_app(service.broker))
        async with httpx.AsyncClient(transport=transport, base_url=ISSUER) as http:
            headers = {"Content-Type": FORM, "DPoP": proof}
            return await http.post("/token", content=body(), headers=headers)

    assert "iat is 61 seconds off" in asyncio.run(ask()).text


# Addresses behind a proxy


def asked_from(broker: RunningBroker, *addresses: str) -> list[int]:
    """Ask for a token once from each address, as a proxy in front would tell it."""
    return [
        httpx.post(f"{broker.public}/token", headers={"X-Forwarded-For": address}).status_code
        for address in addresses
    ]


def test_an_address_that_a_stranger_claims_is_not_believed(project: Path) -> None:
    text = project.read_text().replace(
        "address = {per_second = 5000, burst = 5000}", "address = {per_second = 0.001, burst = 2}"
    )
    project.write_text(text)
    everywhere = ("198.51.100.1", "203.0.113.1", "192.0.2.1", "2001:db8::1")
    with running(project) as broker:
        assert asked_from(broker, *everywhere) == [415, 415, 429, 429]
        refused = httpx.post(f"{broker.public}/token")
        assert int(refused.headers["retry-after"]) > 0
        for path in ("/policy", "/openapi.json"):
            assert httpx.get(f"{broker.public}{path}").status_code == 429
    project.write_text('proxies = ["127.0.0.1"]\n' + text)
    with running(project) as broker:
        assert asked_from(broker, *everywhere) == [415, 415, 415, 415]
        assert asked_from(broker, "198.51.100.7", "198.51.100.8") == [415, 429]
