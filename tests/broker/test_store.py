"""The store: groups commit as one, jobs fall alone, and whatever breaks is a `StoreError`."""

import asyncio
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker.migrations import MIGRATIONS
from broker.problems import Reason, RequestError
from broker.store import LOCK_SECONDS, Job, Store, StoreError, Transaction
from broker.writer import MOST_TOGETHER, Writer

_NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


MakeStore = Callable[[Path], Store]


@pytest.fixture
def make_store() -> Iterator[MakeStore]:
    with ExitStack() as stores:
        yield lambda path: stores.enter_context(closing(Store(path, lambda: _NOW)))


def _insert(name: str) -> Job[int]:
    return lambda transaction: transaction.run("INSERT INTO uses VALUES ('holder', ?, 0)", name)


def _names(store: Store) -> set[str]:
    with store.reading() as transaction:
        return {name for (name,) in transaction.connection.execute("SELECT name FROM uses")}


def _fail(transaction: Transaction) -> None:
    transaction.run("INSERT INTO uses VALUES ('holder', 'half', 0)")
    raise ValueError("no")


def test_the_file_is_its_owners_only(tmp_path: Path, make_store: MakeStore) -> None:
    store = make_store(tmp_path / "broker.db")
    store.do(_insert("one"))
    files = list(tmp_path.iterdir())
    assert {path.name for path in files} == {"broker.db", "broker.db-wal", "broker.db-shm"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_job_that_raises_is_undone_alone(tmp_path: Path, make_store: MakeStore) -> None:
    store = make_store(tmp_path / "broker.db")
    outcomes = store.commit([_insert("one"), _fail, _insert("two")])
    assert _names(store) == {"one", "two"}
    with pytest.raises(ValueError, match="no"):
        outcomes[1].unwrap()
    assert outcomes[2].unwrap() == 1


def test_every_commit_is_synced(tmp_path: Path, make_store: MakeStore) -> None:
    store = make_store(tmp_path / "broker.db")
    with store.reading() as transaction:
        assert transaction.value("PRAGMA synchronous") == 2  # FULL
        assert transaction.value("PRAGMA journal_mode") == "wal"


def test_a_locked_file_is_an_error_and_then_works_again(
    tmp_path: Path, make_store: MakeStore
) -> None:
    store = make_store(tmp_path / "broker.db")
    store.do(_insert("one"))
    other = sqlite3.connect(tmp_path / "broker.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    before = time.monotonic()
    with pytest.raises(StoreError, match="locked"):
        store.do(_insert("two"))
    assert time.monotonic() - before < LOCK_SECONDS + 5
    other.execute("ROLLBACK")
    other.close()
    store.do(_insert("three"))
    assert _names(store) == {"one", "three"}


def test_a_full_disk_is_an_error_and_then_works_again(
    tmp_path: Path, make_store: MakeStore
) -> None:
    store = make_store(tmp_path / "broker.db")
    with store.reading() as transaction:
        pages = transaction.value("PRAGMA page_count")
    store._connected().execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="full"):
        store.do(_insert("x" * 100_000))
    store.do(_insert("later"))
    assert _names(store) == {"later"}


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 400])
def test_a_damaged_file_is_an_error(tmp_path: Path, make_store: MakeStore, damage: bytes) -> None:
    path = tmp_path / "broker.db"
    store = make_store(path)
    store.do(_insert("one"))
    store.close()
    content = bytearray(path.read_bytes())
    content[100 : 100 + len(damage)] = damage
    path.write_bytes(damage + bytes(content) if damage else bytes(content[:5000]))
    with pytest.raises(StoreError):
        store.do(_insert("two"))


def test_another_file_in_its_place_is_an_error(tmp_path: Path, make_store: MakeStore) -> None:
    path = tmp_path / "broker.db"
    store = make_store(path)
    store.do(_insert("one"))
    shutil.copy(path, tmp_path / "older.db")
    (tmp_path / "older.db").replace(path)
    with pytest.raises(StoreError, match="in its place"):
        store.do(_insert("two"))


def test_a_folder_without_rights_is_an_error(tmp_path: Path, make_store: MakeStore) -> None:
    with pytest.raises(StoreError, match="no such file"):
        make_store(tmp_path / "missing" / "broker.db").do(_insert("one"))


def test_a_newer_store_is_left_alone(tmp_path: Path, make_store: MakeStore) -> None:
    path = tmp_path / "broker.db"
    store = make_store(path)
    store.do(_insert("one"))
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(StoreError, match="update the broker"):
        store.do(_insert("two"))


def test_records_and_denials_can_not_be_taken_back_by_accident(
    tmp_path: Path, make_store: MakeStore
) -> None:
    store = make_store(tmp_path / "broker.db")
    store.do(lambda t: t.run("INSERT INTO records VALUES (0, x'00')"))
    store.do(lambda t: t.run("INSERT INTO denials (kind, target, time) VALUES ('a', 'b', 'c')"))
    for sql in (
        "DELETE FROM records",
        "UPDATE records SET content = x'01'",
        "DELETE FROM denials",
        "UPDATE denials SET target = 'x'",
    ):
        with pytest.raises(StoreError, match=r"stays|final"):
            store.do(lambda t, sql=sql: t.run(sql))


def test_the_writer_commits_what_waits_together(tmp_path: Path) -> None:
    groups: list[str] = []
    store = Store(tmp_path / "broker.db", lambda: _NOW, groups.append)
    writer = Writer(store)
    writer.start()

    async def many() -> list[int]:
        return await asyncio.gather(*(writer.write(_insert(f"n{n}")) for n in range(500)))

    assert asyncio.run(many()) == [1] * 500
    writer.stop()
    assert len(_names(store)) == 500
    commits = groups.count("after-commit")
    assert 500 / MOST_TOGETHER < commits < 100


def test_the_writer_tells_that_nothing_can_be_written(
    tmp_path: Path, make_store: MakeStore
) -> None:
    path = tmp_path / "broker.db"
    writer = Writer(make_store(path))
    writer.start()
    path.rename(tmp_path / "gone.db")

    async def write() -> object:
        return await writer.write(_insert("one"))

    with pytest.raises(RequestError) as caught:
        asyncio.run(write())
    assert caught.value.reason is Reason.AUDIT_UNAVAILABLE
    assert isinstance(caught.value.__cause__, StoreError)
    writer.stop()


def test_the_writer_passes_on_what_a_job_raises(tmp_path: Path, make_store: MakeStore) -> None:
    writer = Writer(make_store(tmp_path / "broker.db"))
    writer.start()

    async def write() -> None:
        with pytest.raises(ValueError, match="no"):
            await writer.write(_fail)
        assert await writer.write(_insert("one")) == 1

    asyncio.run(write())
    writer.stop()
