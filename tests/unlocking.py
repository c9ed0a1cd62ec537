"""A small site with sealed groups, and brokers whose bundle is in force: what `unlock` asks.

Batteries: A1 with an incident, A2 whose passport ceased, A3 and A5 as they left the works, A4 whose
sealed file was withdrawn. The issuer names two brokers; each test runs those that it needs.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast

import httpx
import pytest

from generator.cli.build import build
from generator.keys.client_key import ClientKey, write_client_key
from passport.access.bundle import Bundle
from passport.access.client import Client, Holding
from passport.access.rule import Actor, Assurance, Authentication, AuthenticationMethod, Period
from passport.identifiers import DppId
from passport.signing.keys import SeedSigner
from tests.broker_bundles import PERIOD, client
from tests.broker_process import SETTINGS, RunningBroker, running, write_project
from tests.broker_running import present_bundle
from tests.broker_tokens import seed_of
from tests.cli import CommandLine, Run
from tests.restricted_site import HARM, MODEL, SealedSite
from tests.small_project import write, write_lot

SITE = "https://id.example.com"
FIRST, SECOND = "https://keys.example.com", "https://keys2.example.com"
MODEL_URI = f"{SITE}/01/09506000134352"
NAMES = ("A1", "A2", "A3", "A4", "A5")
GROUPS = 'groups = ["xiii-2", "xiii-3", "xiii-4"]'
WASTE_OPERATOR = "  - {role: waste-operator, evidence: register, valid_from: 2020-01-01}\n"


def battery_uri(name: str) -> str:
    return f"{MODEL_URI}/21/{name}"


def dpp_id(name: str) -> str:
    return f"{MODEL}_21_{name}"


def build_site(folder: Path) -> Path:
    """Build the site and return its folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1798761600")  # 2027-01-01
        small = SealedSite(folder, cast(CommandLine, None))
        write_lot(folder, *(f"{name},rack,2026-12-01," for name in NAMES))
        path = folder / "cellfolio.toml"
        tables = "".join(f'[[brokers]]\nurl = "{url}"\n{GROUPS}\n' for url in (FIRST, SECOND))
        path.write_text(path.read_text() + tables)
        operator = folder / "content/operators/maker.yaml"
        operator.write_text(operator.read_text().replace("roles:\n", f"roles:\n{WASTE_OPERATOR}"))
        _happen(folder, ("A1", HARM))
        build(folder, folder / "site")
        small.refuses(passport=dpp_id("A4"), group="xiii-4", before_version=2)
        waste = {"kind": "waste", "holder": "maker", "evidence": "W-1"}
        recycled = {"kind": "recycled", "evidence": "R-1"}
        _happen(folder, ("A1", HARM), ("A2", waste), ("A2", recycled))
        build(folder, folder / "site")
    return folder / "site"


def _happen(folder: Path, *events: tuple[str, dict[str, object]]) -> None:
    lines = [
        json.dumps({"battery": dpp_id(name), "time": f"2026-12-{day:02d}", **event}) + "\n"
        for day, (name, event) in enumerate(events, 2)
    ]
    write(folder, "content/events/2026.jsonl", "".join(lines))


def clients() -> tuple[Client, ...]:
    products = frozenset({DppId.parse(dpp_id("A1")), DppId.parse(MODEL)})
    bought = Holding(actor=Actor.PURCHASER, products=products, period=PERIOD)
    return (
        client("recycler", Actor.RECYCLER),
        client("denied", Actor.RECYCLER),
        client("authority", Actor.MARKET_SURVEILLANCE),
        client("expired", Actor.RECYCLER, period=Period(date(2025, 1, 1), date(2026, 1, 1))),
        client("buyer", holdings=(bought,)),
    )


def unlock_bundle(seq: int = 1, **changes: object) -> Bundle:
    """Return a bundle in force, in which role credentials do as well as clients' keys."""
    made = present_bundle(seq, clients=clients())
    by_any = Authentication(frozenset(AuthenticationMethod), Assurance.SUBSTANTIAL)
    rules = tuple(replace(rule, authentication=by_any) for rule in made.policy.rules)
    made = replace(made, policy=replace(made.policy, rules=rules))
    return replace(made, **changes)  # type: ignore[arg-type]


@contextmanager
def broker_at(
    folder: Path, url: str = FIRST, made: Bundle | None = None
) -> Iterator[RunningBroker]:
    """Run a broker of this address in a new folder."""
    folder.mkdir()
    settings = SETTINGS.replace(FIRST, url)
    with running(write_project(folder, made or unlock_bundle(), settings)) as broker:
        yield broker


@dataclass(frozen=True, slots=True)
class Asking:
    """Runs `unlock` against a site and brokers, as one client after the other."""

    run: CommandLine
    folder: Path
    site: Path
    brokers: tuple[tuple[str, str], ...]

    def key(self, name: str, client: str | None = None) -> Path:
        """Return a file with the key of this name; it says that it is of a client."""
        path = self.folder / f"{name}.jwk"
        if not path.exists():
            key = ClientKey(SeedSigner(seed_of(name)), name if client is None else client)
            write_client_key(path, key)
        return path

    @property
    def copies(self) -> list[str]:
        """All `--at`."""
        pairs = ((SITE, str(self.site)), *self.brokers)
        return [word for origin, target in pairs for word in ("--at", f"{origin}={target}")]

    def __call__(
        self,
        *urls: str,
        who: str = "recycler",
        groups: str = "xiii-2 xiii-4",
        purpose: str = "dismantling",
        words: tuple[object, ...] = (),
    ) -> Run:
        wanted = [word for group in groups.split() for word in ("--group", group)]
        asked = ["--purpose", purpose, "--key", self.key(who)]
        return self.run("unlock", *urls, *wanted, *asked, *self.copies, *words)

    def report(
        self, *urls: str, code: int = 0, words: tuple[object, ...] = (), **how: str
    ) -> dict[str, Any]:
        """Run it with `--json` and return the report."""
        done = self(*urls, words=(*words, "--json"), **how)
        assert done.code == code, done.err
        found: dict[str, Any] = json.loads(done.out)
        return found

    def groups(self, *urls: str, words: tuple[object, ...] = (), **how: str) -> list[str]:
        """Return the groups that were opened."""
        return [each["group"] for each in self.report(*urls, words=words, **how)["opened"]]

    def refusal(self, *urls: str, code: int = 3, words: tuple[object, ...] = (), **how: str) -> str:
        """Run what must open nothing; return what people are told."""
        done = self(*urls, words=words, **how)
        assert done.code == code, done.err
        assert done.out == ""
        return done.err


Alter = Callable[[str, httpx.Response], tuple[int, bytes]]
"""What is answered instead, by path."""


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sent = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        answer = httpx.post(f"{self.server.behind}{self.path}", content=body, headers=sent)
        status, content = self.server.alter(self.path, answer)
        self.send_response(status)
        for name in ("Content-Type", "DPoP-Nonce", "Location"):
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep no log."""


class _Server(ThreadingHTTPServer):
    def __init__(self, behind: str, alter: Alter) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        self.alter = alter


@contextmanager
def altering(behind: str, alter: Alter) -> Iterator[str]:
    """Stand before a broker and change what it answers; the URL to ask instead is given."""
    with _Server(behind, alter) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join(10)
