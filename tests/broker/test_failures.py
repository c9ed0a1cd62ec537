"""A13: disk full, read-only store, clock set back, locked or replaced database: 503 and no key.

And each time: not ready, and ready again by itself once the trouble is over.
"""

import asyncio
import os
import resource
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from broker.audit import Event, append
from broker.problems import Reason
from broker.readiness import hindrances
from broker.service import utc_now
from broker.store import Store
from broker.uses import sweep_uses
from tests.broker_process import BrokerClient, running
from tests.broker_running import body_for, opened, present_project, recycler
from tests.broker_world import header, headers, true_key, world

_PLENTY = resource.RLIM_INFINITY


@dataclass(frozen=True, slots=True)
class _Running:
    """A broker process, a client with a token, and the admin's view."""

    folder: Path
    pid: int
    client: BrokerClient
    token: str
    admin: httpx.Client

    @property
    def database(self) -> Path:
        """Its store."""
        return self.folder / "broker.sqlite3"

    def ask(self, count: int = 1) -> httpx.Response:
        """Ask for so many keys."""
        return self.client.release(body_for(*headers(count)), self.token)

    def hindrances(self) -> list[str]:
        """What readiness says hinders releases."""
        answer = self.admin.get("/readyz")
        assert (answer.status_code == 200) is answer.json()["ready"]
        return list(answer.json()["hindered_by"])


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[_Running]:
    with (
        running(present_project(tmp_path)) as process,
        httpx.Client(base_url=process.public, timeout=15) as http,
        httpx.Client(base_url=process.admin, timeout=15) as admin,
    ):
        client = recycler(http)
        yield _Running(tmp_path, process.process.pid, client, client.token(), admin)


@contextmanager
def _no_key_within(broker: _Running) -> Iterator[None]:
    """Hold a broker to giving keys before and after the block, and none within."""
    assert _keys(broker) == (true_key(headers(1)[0]),)
    assert broker.hindrances() == []
    yield
    assert _keys(broker) == (true_key(headers(1)[0]),)
    assert broker.hindrances() == []


def _keys(broker: _Running) -> tuple[bytes | None, ...]:
    return opened(body_for(*headers(1)), broker.ask())[1]


def _is_refused(broker: _Running, count: int = 1) -> None:
    answer = broker.ask(count)
    assert (answer.status_code, answer.json()["code"]) == (503, "audit_unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert broker.hindrances() == ["audit_unavailable"]
    assert broker.admin.get("/healthz").status_code == 200


def test_a13_a_full_disk(broker: _Running) -> None:
    with _no_key_within(broker):
        # No file of the process may grow: what a full disk does, without filling one.
        resource.prlimit(broker.pid, resource.RLIMIT_FSIZE, (1, _PLENTY))
        _is_refused(broker)
        _is_refused(broker, 100)
        resource.prlimit(broker.pid, resource.RLIMIT_FSIZE, (_PLENTY, _PLENTY))


def test_a13_a_disk_that_becomes_full_between_two_releases(broker: _Running) -> None:
    with _no_key_within(broker):
        size = broker.database.with_name("broker.sqlite3-wal").stat().st_size
        resource.prlimit(broker.pid, resource.RLIMIT_FSIZE, (size + 40_000, _PLENTY))
        answers = []
        while not answers or answers[-1].status_code == 200:
            answers.append(broker.ask(20))
            assert len(answers) < 100
        with closing(Store(broker.database, utc_now)) as store, store.reading() as transaction:
            sql = "SELECT count(*) FROM records WHERE CAST(content AS TEXT) LIKE '%_B7\"%'"
            recorded = transaction.value(sql)
        assert recorded == len(answers) - 1
        assert answers[-1].json()["code"] == "audit_unavailable"
        resource.prlimit(broker.pid, resource.RLIMIT_FSIZE, (_PLENTY, _PLENTY))


def test_a13_a_locked_store(broker: _Running) -> None:
    with _no_key_within(broker), closing(sqlite3.connect(broker.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        _is_refused(broker)
        other.execute("ROLLBACK")


def test_a13_a_clock_behind_the_latest_record(broker: _Running) -> None:
    """Somebody's clock ran ahead: what it recorded is later than ours by now."""
    ahead = utc_now() + timedelta(seconds=5)
    with _no_key_within(broker):
        with closing(Store(broker.database, lambda: ahead)) as store:
            store.do(lambda transaction: append(transaction, Event.START, ({},)))
        _is_refused(broker)
        while utc_now() < ahead:
            time.sleep(0.1)


def test_a13_a_store_that_is_gone(broker: _Running) -> None:
    with _no_key_within(broker):
        aside = broker.folder / "aside"
        broker.database.rename(aside)
        _is_refused(broker)
        _is_refused(broker)
        aside.replace(broker.database)


def test_a13_an_older_store_in_its_place(broker: _Running) -> None:
    copy = broker.folder / "copy"
    shutil.copy(broker.database, copy)
    assert broker.ask().status_code == 200
    copy.replace(broker.database)
    _is_refused(broker)
    _is_refused(broker)


def test_a13_an_older_content_in_the_same_file(tmp_path: Path) -> None:
    with world(tmp_path) as broker:
        broker.ask()
        broker.store.fold()
        copy = (tmp_path / "broker.db").read_bytes()
        broker.ask()
        broker.ask()
        broker.store.fold()
        broker.store.close()
        (tmp_path / "broker.db").write_bytes(copy)
        for _ in range(2):
            assert broker.refusal() is Reason.AUDIT_UNAVAILABLE


def _read_only(store: Store) -> None:
    """Have SQLite itself refuse: the connection is to a file that it may only read."""
    connection = sqlite3.connect(
        f"file:{store.path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
    )
    store._connection.close()  # type: ignore[union-attr]
    store._connection = connection


def _few_pages(store: Store) -> None:
    connection = store._connected()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    sql = "INSERT INTO uses VALUES ('filler', ?, 9999999999)"
    for number in range(10_000):
        try:
            connection.execute(sql, (f"{number:0200}",))
        except sqlite3.OperationalError:
            return


@pytest.mark.parametrize("change", [_read_only, _few_pages])
def test_a13_a_store_that_is_read_only_or_has_no_room(
    tmp_path: Path, change: Callable[[Store], None]
) -> None:
    with world(tmp_path) as broker:
        broker.ask()
        change(broker.store)
        assert broker.refusal() is Reason.AUDIT_UNAVAILABLE
        found = asyncio.run(hindrances(broker.bundle, broker.writer, broker.now))
        assert found in ((), ("audit_unavailable",))
        assert broker.ask(header()).keys == (true_key(header()),)


def _without_sync(path: Path) -> None:
    """Put in the place of the file that the broker opened one that can't be synced."""
    handles = [each for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    first = min(int(each.name) for each in handles if each.readlink() == path)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, first)
    os.close(null)


def test_a13_an_fsync_that_fails(tmp_path: Path) -> None:
    log = tmp_path / "broker.db-wal"
    with world(tmp_path) as broker, closing(sqlite3.connect(tmp_path / "broker.db")) as other:
        for _ in range(20):
            broker.ask()
        assert other.execute("SELECT count(*) FROM records").fetchone() == (21,)
        before, size = broker.all_records(), log.stat().st_size
        _without_sync(log)
        assert broker.refusal() is Reason.AUDIT_UNAVAILABLE
        assert broker.all_records() == before
        assert broker.ask(header()).keys == (true_key(header()),)
        # Nothing was written behind what could not be synced.
        assert log.stat().st_size < size / 2


def test_a13_a_log_that_others_read_is_not_gone_on_with_after_a_failure(tmp_path: Path) -> None:
    with world(tmp_path) as broker, closing(sqlite3.connect(tmp_path / "broker.db")) as other:
        broker.ask()
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM records").fetchone()
        broker.ask()
        _without_sync(tmp_path / "broker.db-wal")
        for _ in range(2):
            assert broker.refusal() is Reason.AUDIT_UNAVAILABLE
        other.execute("ROLLBACK")
        broker.ask()


def test_a13_a_clock_set_back_after_it_ran_ahead(tmp_path: Path) -> None:
    """What was swept by the wrong time would count again by the right one."""
    with world(tmp_path) as broker:
        broker.ask(jti="once")
        broker.now += timedelta(days=1)
        asyncio.run(broker.writer.write(sweep_uses))
        broker.now -= timedelta(days=1)
        assert broker.refusal(jti="once") is Reason.AUDIT_UNAVAILABLE
        broker.now += timedelta(days=1)
        broker.ask()


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(days=1)])
def test_a13_a_clock_set_back(tmp_path: Path, back: timedelta) -> None:
    with world(tmp_path) as broker:
        broker.ask()
        broker.now -= back
        assert broker.refusal() is Reason.AUDIT_UNAVAILABLE
        found = asyncio.run(hindrances(broker.bundle, broker.writer, broker.now))
        assert found == ("audit_unavailable",)
        broker.now += back
        broker.ask()


def test_nothing_is_ready_without_a_policy_in_force(tmp_path: Path) -> None:
    with world(tmp_path) as broker:
        broker.now += timedelta(days=31)
        found = asyncio.run(hindrances(broker.bundle, broker.writer, broker.now))
        assert found == ("policy_unavailable",)


@pytest.mark.parametrize("point", ["recorded", "sealed"])
def test_a_release_that_fails_behind_its_record_is_on_record(tmp_path: Path, point: str) -> None:
    def fail(name: str) -> None:
        if name == point:
            raise OSError("no entropy")

    with world(tmp_path, failpoint=fail) as broker:
        with pytest.raises(OSError, match="no entropy"):
            broker.ask()
        (released,) = broker.records()
        (failure,) = broker.records("failure")
        assert failure == {**failure, "event": "failure", "release": released["release"]}
        assert len(failure) == 6
