"""Releases over HTTP: a real broker on this machine, 16 connections, every check and the fsync.

Each request has its own token proof, nonce and recipient key's answer, and each key its record on
the disk before it leaves. Load and server share the machine, so the rate is what both reach
together. The floor is what no broker can leave out, alone and on one core: the proof's signature,
the content keys, the seal, and a record of each key, in a commit that 16 requests share.
"""

import asyncio
import hashlib
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.measure import Measure
from passport.encoding.base64url import base64url
from passport.sealing.hpke import SUITE
from passport.sealing.sealed_header import SealedHeader
from passport.signing.ed25519 import PublicKey, sign, verify
from passport.signing.jwk import public_jwk
from passport.signing.jws import compact_jws
from passport.signing.keys import SeedSigner
from tests.broker_process import RunningBroker, running
from tests.broker_running import SECRET, body_for, present_project, recycler
from tests.broker_tokens import ISSUER, seed_of
from tests.broker_world import headers, true_key

CONNECTIONS = 16
SINGLE = 1_500
BATCHES = 96
PER_BATCH = 100
_SIGNER = SeedSigner(seed_of("dpop"))
_MESSAGE = bytes(600)


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the measures; one broker serves both, in `folder`."""
    project = folder / "broker"
    project.mkdir()
    with (
        running(present_project(project)) as broker,
        closing(_floor_store(project / "floor.sqlite3")) as store,
    ):
        single = _Load(broker, store, SINGLE, headers(1))
        batches = _Load(broker, store, BATCHES, headers(PER_BATCH))
        yield _measure("release keys one by one", "1,500 a second, p99 25 ms, 90 MB", single)
        yield _measure("release keys by the hundred", "15,000 a second, 90 MB", batches)


def _floor_store(path: Path) -> sqlite3.Connection:
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute("CREATE TABLE records (content BLOB)")
    return store


def _measure(name: str, target: str, load: "_Load") -> Measure:
    return Measure(
        name=name,
        rows=load.count * len(load.asked),
        target=target,
        prepare=load.prepare,
        run=load.run,
        floor_name="verify, HMAC, seal, commit",
        floor=load.floor,
        note=load.note,
    )


@dataclass(slots=True)
class _Load:
    """So many requests for the same headers, each with a proof of its own."""

    broker: RunningBroker
    store: sqlite3.Connection
    count: int
    asked: tuple[SealedHeader, ...]
    requests: list[bytes] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def prepare(self) -> None:
        """Sign all proofs, since a client's signing isn't the broker's work."""
        with httpx.Client(base_url=self.broker.public) as http:
            client = recycler(http)
            token, nonce = client.token(), client.nonce
        body = body_for(*self.asked)
        self.requests = [_request(token, nonce, body) for _ in range(self.count)]

    def run(self) -> None:
        """Send them; each must be answered with keys."""
        self.seconds.clear()
        asyncio.run(self._send())
        if len(self.seconds) != self.count:
            raise RuntimeError(f"{len(self.seconds)} of {self.count} requests were answered")

    def floor(self) -> None:
        """Do what is left without HTTP and decisions."""
        key = PublicKey(_SIGNER.public_key.raw)
        signature = sign(_SIGNER.seed, _MESSAGE)
        for number in range(self.count):
            verify(key, _MESSAGE, signature)
            keys = b"".join(map(true_key, self.asked))
            SUITE.encrypt(keys, SECRET.public.public_key, b"info")
            if number % CONNECTIONS == 0:
                records = [(_MESSAGE,)] * len(self.asked) * CONNECTIONS
                self.store.execute("BEGIN IMMEDIATE")
                self.store.executemany("INSERT INTO records VALUES (?)", records)
                self.store.execute("COMMIT")

    def note(self) -> str:
        """Return what the last run took at the 99th percentile, and what the broker holds."""
        ranked = sorted(self.seconds)
        late = ranked[len(ranked) * 99 // 100] * 1000
        return f"p50 {ranked[len(ranked) // 2] * 1000:.1f} ms, p99 {late:.1f} ms, {self._memory()}"

    def _memory(self) -> str:
        status = Path(f"/proc/{self.broker.process.pid}/status").read_text("ascii")
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return f"{int(peak.split()[1]) / 1024:.0f} MB"

    async def _send(self) -> None:
        host, port = self.broker.public.removeprefix("http://").split(":")
        left = iter(self.requests)

        async def connection() -> None:
            reader, writer = await asyncio.open_connection(host, int(port))
            for request in left:
                started = time.perf_counter()
                writer.write(request)
                await _answer(reader)
                self.seconds.append(time.perf_counter() - started)
            writer.close()
            await writer.wait_closed()

        await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(line for line in lines if line.startswith(b"content-length:"))
    body = await reader.readexactly(int(length.partition(b":")[2]))
    if not head.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"the broker answered {head!r} {body!r}")


def _request(token: str, nonce: str, body: bytes) -> bytes:
    proof = compact_jws(
        {"typ": "dpop+jwt", "jwk": public_jwk(_SIGNER.public_key)},
        {
            "jti": str(uuid.uuid4()),
            "htm": "POST",
            "htu": f"{ISSUER}/release",
            "iat": int(time.time()),
            "nonce": nonce,
            "ath": base64url(hashlib.sha256(token.encode()).digest()),
            "bd": base64url(hashlib.sha256(body).digest()),
        },
        _SIGNER,
    )
    head = (
        "POST /release HTTP/1.1\r\n"
        "Host: keys.example.com\r\n"
        f"Authorization: DPoP {token}\r\n"
        f"DPoP: {proof}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
