"""Requests as attackers form them: A10, A15, A16 and A17 over HTTP."""

import gzip
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from passport.encoding.base64url import base64url
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.encoding.strict_json import parse_object
from passport.registry import Group
from tests.broker_over_http import BODY, HEADER, code_of, known, oauth_error
from tests.broker_process import BrokerClient, RunningBroker
from tests.broker_tokens import ISSUER
from tests.broker_world import BATTERY, KEYS
from tests.broker_world import header as world_header

# What bodies hold


def body_of(changes: Mapping[str, Json]) -> bytes:
    return canonical_json({**parse_object(BODY), **changes})


@pytest.mark.parametrize(
    ("kem", "raw"),
    [
        ("0x0020", bytes(32)),
        ("0x0020", b"\1" + bytes(31)),
        ("0x0020", b"\xff" * 32),
        ("0x0020", bytes(31)),
        ("0x0020", bytes(33)),
        ("0x0020", b"\x09" * 31),
        ("0x0020", b"\x09" * 33),
        ("0x0020", b""),
        ("0x0020", b"\x09" * 30_000),
        ("0x647a", b"\x09" * 32),
        ("0x0010", b"\x09" * 32),
    ],
)
def test_a10_a_key_that_nothing_may_be_sealed_to_is_refused(
    recycler: BrokerClient, kem: str, raw: bytes
) -> None:
    body = body_of({"recipient": {"kem": kem, "key": base64url(raw)}})
    assert code_of(recycler.release(body, recycler.token())) == (400, "bad_epk")


def header(**changes: Json) -> JsonObject:
    return {**HEADER.to_json(), **changes}


@pytest.mark.parametrize(
    "passport",
    [
        "../../etc/passwd",
        "%2e%2e%2f",
        "%2e%2e",
        "01_09506000134352_21_..",
        "01_09506000134352/../x",
        "01_09506000134352/21/A",
        "01_09506000134352\0",
        "01_09506000134352_21_A\0",
        "01_0950600013435２",
        "01_0950600013435２_21_A",
        "х1_09506000134352",
        "https://evil.example.com/dpp/01_09506000134352",
        "https://evil.example/01/09506000134352",
        "01_" + "9" * 10_000,
        "01_09506000134352_21_" + "A" * 10_000,
        "",
        None,
        1,
    ],
)
def test_a17_an_id_that_is_none_is_refused(recycler: BrokerClient, passport: Json) -> None:
    asked = world_header() if "_21_" in str(passport) else HEADER
    body = body_of({"headers": [{**asked.to_json(), "passport": passport}]})
    assert code_of(recycler.release(body, recycler.token())) == (400, "malformed")


TEXT = BODY.decode()
ODD: Mapping[str, bytes] = {
    "nothing": b"",
    "array": b"[]",
    "cut": BODY[:-1],
    "two": BODY * 2,
    "deep": b'{"v":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "deep-objects": b'{"v":' * 8_000 + b"1" + b"}" * 8_000,
    "twice": TEXT.replace('"v":1', '"v":1,"v":1').encode(),
    "not-a-number": TEXT.replace('"v":1', '"v":NaN').encode(),
    "fraction": TEXT.replace('"v":1', '"v":1.0').encode(),
    "huge-number": TEXT.replace('"v":1', f'"v":{"9" * 5000}').encode(),
    "true": TEXT.replace('"v":1}', '"v":true}').encode(),
    "surrogate": TEXT.replace("dismantling", "\\ud800").encode(),
    "mark": b"\xef\xbb\xbf" + BODY,
    "utf-16": TEXT.encode("utf-16"),
    "latin-1": TEXT.replace("dismantling", "é").encode("latin-1"),
    "long-name": TEXT.replace('"v":1', f'"v":1,"{"x" * 20_000}":1').encode(),
    "more": body_of({"more": 1}),
    "no-headers": body_of({"headers": []}),
    "101-headers": body_of({"headers": [header(version=n + 1) for n in range(101)]}),
    "same-header": body_of({"headers": [header(), header()]}),
    "purpose": body_of({"purpose": "curiosity"}),
    "operation": body_of({"operation": ["view"]}),
    "version": body_of({"v": 2}),
    "public-group": body_of({"headers": [header(group="xiii-1")]}),
    "other-group": body_of({"headers": [header(group="xiii-3")]}),
    "other-level": body_of({"headers": [header(level="battery")]}),
    "batterys-group": body_of({"headers": [header(group="xiii-4")]}),
    "batterys-passport": body_of({"headers": [header(passport=str(BATTERY))]}),
    **{
        f"key-of-{key.group}": body_of({"headers": [header(key=str(key))]})
        for key in KEYS
        if key.group is not Group.INTEREST_MODEL
    },
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_a15_an_odd_body_is_refused_at_once(recycler: BrokerClient, body: bytes) -> None:
    token = recycler.token()
    started = time.perf_counter()
    answer = recycler.release(body, token)
    assert code_of(answer) == (400, "malformed")
    assert len(answer.content) < 1000
    assert time.perf_counter() - started < 1  # far more than 50 ms: others use these cores too


def test_a15_a_body_that_is_too_large_is_refused_unread(
    broker: RunningBroker, http: httpx.Client
) -> None:
    before = memory_of(broker)
    client = known(http)
    for _ in range(20):
        answer = http.post("/release", content=b"x" * 1_000_000, headers=JSON)
        assert code_of(answer) == (413, "too_large")
    assert code_of(http.post("/release", content=chunks(1_000_000), headers=JSON))[0] == 413
    assert oauth_error(client.post("/token", data={"a": "x" * 70_000}))[0] == 413
    assert memory_of(broker) - before < 16 * 1024


JSON = {"Content-Type": "application/json"}


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 1000):
        yield b"x" * 1000


def memory_of(broker: RunningBroker) -> int:
    """Return the process's memory in KiB."""
    status = Path(f"/proc/{broker.process.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def test_a15_a_packed_body_is_refused(recycler: BrokerClient) -> None:
    token = recycler.token()
    packed = gzip.compress(BODY)
    proof = recycler.proof("/release", token, packed)
    headers = {"Content-Encoding": "gzip", "DPoP": proof}
    assert code_of(recycler.release(packed, token, **headers)) == (415, "media_type")


@pytest.mark.parametrize("media_type", ["text/plain", "", "application/jsonx", "*/*"])
def test_a_body_of_another_type_is_refused(recycler: BrokerClient, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    assert code_of(recycler.release(BODY, recycler.token(), **headers)) == (415, "media_type")
    answer = recycler.post("/token", content=b"a=b", headers=headers)
    assert oauth_error(answer) == (415, "invalid_request")


@pytest.mark.parametrize(
    "body",
    [b"a", b"a=b&a=c", b"=&=", b"%ff=1", "a=é".encode(), b"grant_type=", b"a=1&" * 40 + b"b=2"],
)
def test_an_odd_form_is_refused(recycler: BrokerClient, body: bytes) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    proof = recycler.proof("/token")
    answer = recycler.post("/token", content=body, headers={**form, "DPoP": proof})
    assert oauth_error(answer) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"client_assertion_type": "x"}, "invalid_client"),
        ({"client_assertion": ""}, "invalid_client"),
        ({"client_id": "authority"}, "invalid_client"),
        ({"client_secret": "x"}, "invalid_client"),
        ({"resource": "https://else.example.com"}, "invalid_target"),
        ({"audience": f"{ISSUER}/"}, "invalid_target"),
    ],
)
def test_another_form_is_refused(
    recycler: BrokerClient, changes: dict[str, str], error: str
) -> None:
    assert oauth_error(recycler.ask_token(**changes)) == (400, error)


# Heads


def test_a15_large_and_repeated_headers_are_refused(
    broker: RunningBroker, http: httpx.Client
) -> None:
    assert code_of(http.get("/policy", headers={"X": "x" * 9000})) == (431, "headers_too_large")
    assert code_of(http.get("/policy?" + "x" * 9000)) == (431, "headers_too_large")
    token = known(http).token()
    twice = [("Content-Type", "application/json"), ("DPoP", "a"), ("DPoP", "b")]
    answer = http.post(
        "/release", content=BODY, headers=[*twice, ("Authorization", f"DPoP {token}")]
    )
    assert code_of(answer) == (400, "malformed")
    assert raw(broker, b"GET /policy HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 300_000).startswith(
        b"HTTP/1.1 431"
    )


TWO_LENGTHS = (
    b"POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
)


@pytest.mark.parametrize(
    "head",
    [
        TWO_LENGTHS,
        b"POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"POST /token HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /token HTTP/1.1\r\nHost: a\r\nContent Length: 1\r\n\r\na",
        b"GET /pol\x00icy HTTP/1.1\r\nHost: a\r\n\r\n",
        b"NONSENSE\r\n\r\n",
    ],
)
def test_a16_a_request_that_two_servers_would_cut_differently_is_refused(
    broker: RunningBroker, head: bytes
) -> None:
    answer = raw(broker, head)
    assert answer.startswith(b"HTTP/1.1 400"), answer
    assert answer.count(b"HTTP/1.1") == 1


def raw(broker: RunningBroker, data: bytes) -> bytes:
    """Send bytes and return all that comes back until the broker closes."""
    host, _, port = broker.public.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        received = b""
        try:
            connection.sendall(data)
            while part := connection.recv(65536):
                received += part
        except ConnectionResetError:
            pass  # closed while we were still sending
    return received
