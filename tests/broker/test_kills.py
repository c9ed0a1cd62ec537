"""A12: a broker is killed at named points; every key that a client saw is on record.

After each kill the store is read as an auditor reads it: the log verifies with every checkpoint
that was ever signed, and goes back nowhere. Then the broker is started again, by nothing but
starting it.
"""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import httpx
import pytest

from broker.audit_export import notes_of, records_of
from broker.audit_verify import verify_audit_log
from broker.service import utc_now
from broker.store import Store
from passport.encoding.multibase import digest_multibase
from passport.encoding.strict_json import parse_object
from tests.broker_process import running
from tests.broker_running import body_for, opened, present_project, recycler
from tests.broker_world import AUDIT, headers, true_key
from tests.killable_broker import POINTS

_HEADERS = headers(3)


@dataclass(slots=True)
class _Seen:
    """What clients have in hand: releases by their ids, with the digests of their headers."""

    releases: dict[str, set[str]] = field(default_factory=dict)
    notes: set[bytes] = field(default_factory=set)
    kills: int = 0


def _ask(http: httpx.Client, seen: _Seen) -> None:
    """Ask until the broker is gone, and keep what was opened."""
    client = recycler(http)
    body, token = body_for(*_HEADERS), client.token()
    while True:
        answer, keys = opened(body, client.release(body, token))
        assert keys == tuple(map(true_key, _HEADERS))
        seen.releases[answer.id] = {digest_multibase(each.canonical()) for each in _HEADERS}


def _killed(config: Path, point: str, number: int, seen: _Seen) -> None:
    words = ("-m", "tests.killable_broker", str(config), point, str(number))
    try:
        with (
            running(config, words=words) as broker,
            httpx.Client(base_url=broker.public, timeout=10) as http,
        ):
            try:
                _ask(http, seen)
            except httpx.TransportError:
                assert broker.process.wait(10) == -9
    except AssertionError as error:
        if "did not start" not in str(error):
            raise  # it was to be killed while starting, and was
    seen.kills += 1


def _audit(folder: Path, seen: _Seen) -> None:
    """Find each key that was seen on record, and every checkpoint in the log."""
    with closing(Store(folder / "broker.sqlite3", utc_now)) as store, store.reading() as found:
        seen.notes |= set(notes_of(found))
        seen.notes |= {path.read_bytes() for path in folder.glob("anchor")}
        verify_audit_log(records_of(found), seen.notes, AUDIT.keys)
        recorded: dict[str, set[str]] = {}
        for _, content in records_of(found):
            record = parse_object(content)
            if record.get("decision") == "released":
                recorded.setdefault(str(record["release"]), set()).add(str(record["header"]))
    for release, digests in seen.releases.items():
        assert recorded.get(release) == digests, release


def _kills(count: int, seed: int) -> Iterator[tuple[str, int]]:
    chance = random.Random(seed)
    for point, _ in zip(cycle(POINTS), range(count), strict=False):
        yield point, chance.randint(1, 12)


def _survives(folder: Path, count: int) -> None:
    config, seen = present_project(folder), _Seen()
    every = 1 + count // 100  # an audit reads the whole log, which grows with each kill
    for point, number in _kills(count, seed=count):
        _killed(config, point, number, seen)
        if seen.kills % every == 0 and (folder / "broker.sqlite3").exists():
            _audit(folder, seen)
    _audit(folder, seen)
    assert seen.kills == count
    assert len(seen.releases) >= count
    with running(config) as broker, httpx.Client(base_url=broker.admin) as http:
        assert http.get("/readyz").status_code == 200


def test_a12_twenty_kills(tmp_path: Path) -> None:
    _survives(tmp_path, 20)


@pytest.mark.soak
def test_a12_a_thousand_kills(tmp_path: Path) -> None:
    _survives(tmp_path, 1000)
