"""A14: a log that was edited, cut, forked or replaced, and what names the first bad record."""

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from broker.audit import Event, append, record_hash
from broker.audit_export import export, notes_of, read_export, records_of
from broker.audit_verify import BadRecordError, VerifiedLog, verify_audit_log
from broker.store import Store
from passport.encoding.canonical import canonical_json
from passport.errors import ConfigError, VerificationError
from passport.log.growing_log import GrowingLog, RightEdge
from tests.broker_tokens import NOW
from tests.broker_world import AUDIT

_COUNT, _SIGNED = 20, (8, 15)


_SPOIL: Mapping[str, Callable[[bytes], bytes]] = {
    "version": lambda content: content.replace(b'"v":1', b'"v":2'),
    "event": lambda content: content.replace(b'"release"', b'"nothing"', 1),
    "spelling": lambda content: content.replace(b",", b", ", 1),
    "cut": lambda content: content[:-1],
    "no text": lambda content: b"\xff",
    "no object": lambda content: b"[]",
    "number": lambda content: content.replace(b'"number":', b'"number":9', 1),
    "earlier": lambda content: content.replace(b"2027-03-01T09", b"2027-03-01T08"),
    "time": lambda content: content.replace(b'"time":"2027-03-01T', b'"time":"2028-02-30T'),
    "previous": lambda content: content.replace(b'"previous":"', b'"previous":1,"w":"'),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of 20 records; checkpoints tell of 8 and 15 of them."""
    _write(tmp_path / "broker.db", _COUNT)
    return tmp_path / "broker.db"


def _write(path: Path, count: int, name: str = "r") -> None:
    clock = [NOW]
    store = Store(path, lambda: clock[0])
    for number in range(count):
        clock[0] = NOW + timedelta(seconds=number)
        act = {"release": f"{name}{number}"}
        store.do(lambda transaction, act=act: append(transaction, Event.RELEASE, (act,)))
        if number + 1 in _SIGNED:
            store.do(AUDIT.sign)
    store.close()


def _verify(path: Path, earlier: Path | None = None, note: bytes | None = None) -> VerifiedLog:
    kept, log = (None, None) if earlier is None else read_export(earlier, AUDIT.keys)
    with closing(Store(path, lambda: NOW)) as store, store.reading() as transaction:
        notes = [*notes_of(transaction), *filter(None, (kept, note))]
        return verify_audit_log(records_of(transaction), notes, AUDIT.keys, log)


def _first_bad(path: Path, earlier: Path | None = None, note: bytes | None = None) -> range:
    with pytest.raises(BadRecordError) as caught:
        _verify(path, earlier, note)
    assert str(caught.value.first) in str(caught.value)
    return range(caught.value.first, caught.value.last + 1)


def _export(path: Path, folder: Path) -> Path:
    with closing(Store(path, lambda: NOW)) as store, store.reading() as transaction:
        export(transaction, folder, AUDIT.keys)
    return folder


def _attack(path: Path, *statements: str, number: int = 0, content: bytes = b"") -> None:
    """Change the store as somebody who has the file: triggers hold nobody up."""
    with closing(sqlite3.connect(path)) as connection:
        for trigger in ("records_stay", "records_are_final"):
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            connection.execute(statement, {"number": number, "content": content})
        connection.commit()


def _edit(path: Path, number: int, **changes: object) -> None:
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT content FROM records WHERE number = ?"
        (content,) = connection.execute(sql, (number,)).fetchone()
    _put(path, number, canonical_json({**json.loads(content), **changes}))


def _put(path: Path, number: int, content: bytes) -> None:
    sql = "UPDATE records SET content = :content WHERE number = :number"
    _attack(path, sql, number=number, content=content)


def _rechain(path: Path, start: int, **changes: object) -> None:
    """Edit a record and make all behind it fit."""
    _edit(path, start, **changes)
    with closing(sqlite3.connect(path)) as connection:
        rows = dict(connection.execute("SELECT number, content FROM records"))
    for number in range(start + 1, len(rows)):
        _edit(path, number, previous=record_hash(rows[number - 1]))
        with closing(sqlite3.connect(path)) as connection:
            rows = dict(connection.execute("SELECT number, content FROM records"))


def test_a_log_that_holds(path: Path) -> None:
    assert _verify(path) == VerifiedLog(size=_COUNT, signed=15)


def test_records_of_one_second_hold(tmp_path: Path) -> None:
    store = Store(tmp_path / "broker.db", lambda: NOW)
    acts = [{"release": f"r{number}"} for number in range(5)]
    store.do(lambda transaction: append(transaction, Event.RELEASE, acts))
    store.close()
    assert _verify(tmp_path / "broker.db") == VerifiedLog(size=5, signed=0)


def test_an_error_is_of_the_audit(path: Path) -> None:
    _attack(path, "DELETE FROM records WHERE number = 5")
    with pytest.raises(BadRecordError, match=r"^audit: record 5 is missing: 6 is the next: the"):
        _verify(path)


def test_a_log_that_goes_on_behind_an_export_holds(path: Path, tmp_path: Path) -> None:
    assert _verify(path, _export(path, tmp_path / "kept")) == VerifiedLog(size=_COUNT, signed=15)


def test_an_empty_log_holds(tmp_path: Path) -> None:
    Store(tmp_path / "broker.db", lambda: NOW).do(lambda transaction: None)
    assert _verify(tmp_path / "broker.db") == VerifiedLog(size=0, signed=0)


@pytest.mark.parametrize("number", [0, 3, 7, 8, 14, 17, 18])
def test_a14_an_edited_record_is_named(path: Path, number: int) -> None:
    _edit(path, number, release="other")
    assert number in _first_bad(path)


@pytest.mark.parametrize("number", [0, 3, _COUNT - 1])
@pytest.mark.parametrize("how", _SPOIL)
def test_a14_a_spoilt_record_is_named(path: Path, number: int, how: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT content FROM records WHERE number = ?"
        (content,) = connection.execute(sql, (number,)).fetchone()
    _put(path, number, _SPOIL[how](content))
    assert list(_first_bad(path)) == [number]


@pytest.mark.parametrize("number", [0, 5, 15])
def test_a14_a_deleted_record_is_named(path: Path, number: int) -> None:
    _attack(path, "DELETE FROM records WHERE number = :number", number=number)
    assert list(_first_bad(path)) == [number]


@pytest.mark.parametrize("number", [0, 7, 14])
def test_a14_a_cut_log_contradicts_its_checkpoints(path: Path, number: int) -> None:
    _attack(path, "DELETE FROM records WHERE number >= :number", number=number)
    assert list(_first_bad(path)) == [number]


def test_a14_a_cut_log_without_its_checkpoints_contradicts_one_kept_elsewhere(
    path: Path, tmp_path: Path
) -> None:
    kept = _export(path, tmp_path / "kept")
    note = (kept / "checkpoint").read_bytes()
    _attack(path, "DELETE FROM records WHERE number >= 12", "DELETE FROM checkpoints WHERE size>8")
    assert _verify(path) == VerifiedLog(size=12, signed=8)
    assert list(_first_bad(path, note=note)) == [12]
    assert list(_first_bad(path, kept)) == [12]


@pytest.mark.parametrize(("number", "between"), [(2, range(8)), (10, range(8, 15))])
def test_a14_a_forked_log_is_found_between_two_checkpoints(
    path: Path, number: int, between: range
) -> None:
    _rechain(path, number, release="other")
    assert _first_bad(path) == between


@pytest.mark.parametrize("number", [0, 2, 10, 14])
def test_a14_a_fork_signed_anew_is_named_by_an_earlier_export(
    path: Path, tmp_path: Path, number: int
) -> None:
    kept = _export(path, tmp_path / "kept")
    _rechain(path, number, release="other")
    _attack(path, "DELETE FROM checkpoints", "DELETE FROM edge")
    store = Store(path, lambda: NOW)
    store.do(AUDIT.sign)
    store.close()
    assert _verify(path) == VerifiedLog(size=_COUNT, signed=_COUNT)
    assert list(_first_bad(path, kept)) == [number]
    note = (kept / "checkpoint").read_bytes()
    assert number in _first_bad(path, note=note)


def test_a14_another_store_in_its_place_is_named(path: Path, tmp_path: Path) -> None:
    kept = _export(path, tmp_path / "kept")
    _write(tmp_path / "other.db", _COUNT, "q")
    assert list(_first_bad(tmp_path / "other.db", kept)) == [0]


def test_a14_an_older_copy_in_its_place_is_named(tmp_path: Path) -> None:
    older, newer = tmp_path / "older.db", tmp_path / "newer.db"
    _write(older, 8)
    shutil.copy(older, newer)
    store = Store(newer, lambda: NOW + timedelta(hours=1))
    store.do(lambda transaction: append(transaction, Event.RELEASE, ({"release": "late"},)))
    store.do(AUDIT.sign)
    store.close()
    kept = _export(newer, tmp_path / "kept")
    assert list(_first_bad(older, kept)) == [8]


def test_a_checkpoint_by_another_key_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (note,) = connection.execute("SELECT note FROM checkpoints").fetchone()
    with pytest.raises(VerificationError):
        _verify(path, note=note.replace(b"\n8\n", b"\n9\n"))


def test_an_export_is_a_tiled_log_that_grows(path: Path, tmp_path: Path) -> None:
    kept = _export(path, tmp_path / "kept")
    note, log = read_export(kept, AUDIT.keys)
    assert b"\n15\n" in note
    assert [json.loads(entry)["number"] for entry in log.entries()] == list(range(15))
    store = Store(path, lambda: NOW + timedelta(hours=1))
    acts = [{"release": "more"}] * 600
    store.do(lambda transaction: append(transaction, Event.RELEASE, acts))
    store.do(AUDIT.sign)
    store.close()
    _export(path, kept)
    _, log = read_export(kept, AUDIT.keys)
    assert log.size == 620
    whole = GrowingLog(RightEdge())
    for _ in whole.append(log.entries()):
        pass
    assert whole.edge.root == log.root


def test_an_export_that_was_cut_off_is_made_whole_by_the_next(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(errno.EIO, "input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="input/output"):
            _export(path, tmp_path / "kept")
    _, log = read_export(_export(path, tmp_path / "kept"), AUDIT.keys)
    assert [json.loads(entry)["number"] for entry in log.entries()] == list(range(15))


def test_an_export_does_not_write_over_another_log(path: Path, tmp_path: Path) -> None:
    kept = _export(path, tmp_path / "kept")
    _write(tmp_path / "other.db", _COUNT, "q")
    with pytest.raises(ConfigError, match="doesn't continue"):
        _export(tmp_path / "other.db", kept)
    (kept / "checkpoint").write_bytes(b"something else\n")
    with pytest.raises(ConfigError, match="another log"):
        _export(path, kept)
