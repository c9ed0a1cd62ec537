"""The audit log: its records, its checkpoints, its anchor, and forgetting a person."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broker.audit import (
    Event,
    LogGuard,
    append,
    erase,
    pseudonyms,
    record_hash,
    tail_of,
)
from broker.audit_checkpoint import Anchor, AuditSigner, last_checkpoint, unsigned_records
from broker.denials import DenialKind
from broker.housekeeping import MOST_UNSIGNED, Housekeeper
from broker.metrics import Metrics
from broker.problems import Reason
from broker.store import Store, StoreError, Transaction
from broker.writer import Writer
from passport.access.rule import Actor
from passport.did.key import did_key
from passport.encoding.canonical import canonical_json
from passport.encoding.timestamp import time_text
from passport.errors import VerificationError
from passport.log.checkpoint import verify_checkpoint
from passport.log.growing_log import GrowingLog, RightEdge
from passport.signing.jwk import jwk_thumbprint
from passport.signing.keys import SeedSigner
from tests.broker_bundles import client
from tests.broker_tokens import NOW, public_of, seed_of
from tests.broker_world import AUDIT, bundle, world


class _Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def store(tmp_path: Path, clock: _Clock) -> Iterator[Store]:
    found = Store(tmp_path / "broker.db", clock)
    yield found
    found.close()


def _append(store: Store, count: int) -> None:
    acts = [{"release": f"r{number}"} for number in range(count)]
    store.do(lambda transaction: append(transaction, Event.RELEASE, acts))


def _contents(transaction: Transaction) -> list[bytes]:
    rows = transaction.connection.execute("SELECT content FROM records ORDER BY number")
    return [content for (content,) in rows]


def test_records_name_the_one_before(store: Store) -> None:
    _append(store, 2)
    _append(store, 1)
    with store.reading() as transaction:
        contents = _contents(transaction)
        tail = tail_of(transaction)
    records = [json.loads(content) for content in contents]
    assert contents == [canonical_json(record) for record in records]
    assert [each["number"] for each in records] == [0, 1, 2]
    previous = [each["previous"] for each in records]
    assert previous == ["", record_hash(contents[0]), record_hash(contents[1])]
    assert (tail.size, tail.hash, tail.time) == (3, record_hash(contents[2]), time_text(NOW))


def test_a13_a_clock_behind_the_latest_record_writes_nothing(store: Store, clock: _Clock) -> None:
    clock.now = NOW + timedelta(microseconds=900_000)
    _append(store, 1)
    clock.now = NOW  # the same second
    _append(store, 1)
    for behind in (timedelta(seconds=1), timedelta(days=1), timedelta(days=3650)):
        clock.now = NOW - behind
        with pytest.raises(StoreError, match="the clock says"):
            _append(store, 1)
    clock.now = NOW + timedelta(seconds=1)
    _append(store, 1)
    with store.reading() as transaction:
        assert tail_of(transaction).size == 3


def test_a13_a_clock_may_be_kept_right_by_a_second(store: Store, clock: _Clock) -> None:
    guard = LogGuard()
    store.do(guard)
    clock.now = NOW - timedelta(seconds=1)
    store.do(guard)
    clock.now -= timedelta(microseconds=1)
    with pytest.raises(StoreError, match="the clock says"):
        store.do(guard)


@pytest.mark.parametrize("steps", [(1,), (255, 1, 1), (256, 256, 3), (1, 700, 70)])
def test_checkpoints_continue_one_another(store: Store, steps: tuple[int, ...]) -> None:
    sizes = []
    for step in steps:
        _append(store, step)
        note = store.do(AUDIT.sign)
        assert note is not None
        checkpoint = verify_checkpoint(note, AUDIT.keys)
        sizes.append(checkpoint.size)
        whole = GrowingLog(RightEdge())
        with store.reading() as transaction:
            for _ in whole.append(_contents(transaction)):
                pass
        assert checkpoint.root == whole.edge.root
    assert sizes == [sum(steps[: number + 1]) for number in range(len(steps))]


def test_nothing_new_is_not_signed_again(store: Store) -> None:
    assert store.do(AUDIT.sign) is None
    _append(store, 3)
    note = store.do(AUDIT.sign)
    assert store.do(AUDIT.sign) is None
    with store.reading() as transaction:
        assert last_checkpoint(transaction) == note
        assert unsigned_records(transaction) == 0


def test_another_key_goes_on_with_the_log(store: Store) -> None:
    _append(store, 3)
    old = store.do(AUDIT.sign)
    fresh = AuditSigner(
        origin=AUDIT.origin, signer=SeedSigner(seed_of("next")), previous=(AUDIT.keys[0],)
    )
    _append(store, 3)
    new = store.do(fresh.sign)
    assert old is not None
    assert new is not None
    assert [verify_checkpoint(note, fresh.keys).size for note in (old, new)] == [3, 6]
    with pytest.raises(VerificationError):
        verify_checkpoint(new, AUDIT.keys)


def test_an_anchor_refuses_a_store_that_was_cut_or_replaced(tmp_path: Path, store: Store) -> None:
    anchor = Anchor(tmp_path / "anchor")
    store.do(lambda transaction: anchor.check(transaction, AUDIT))  # none yet
    _append(store, 5)
    anchor.advance(store.do(AUDIT.sign) or b"")
    store.do(lambda transaction: anchor.check(transaction, AUDIT))
    _append(store, 1)
    store.do(lambda transaction: anchor.check(transaction, AUDIT))
    for count in (0, 4, 6):
        other = Store(tmp_path / f"other{count}.db", lambda: NOW)
        _append(other, count)
        other.do(AUDIT.sign)
        with pytest.raises(StoreError, match="fewer or others"):
            other.do(lambda transaction: anchor.check(transaction, AUDIT))
        other.close()
    forked = Store(tmp_path / "forked.db", lambda: NOW + timedelta(seconds=5))
    _append(forked, 5)
    forked.do(AUDIT.sign)
    with pytest.raises(StoreError, match="two different logs"):
        forked.do(lambda transaction: anchor.check(transaction, AUDIT))
    forked.close()


def test_an_anchor_is_replaced_whole(tmp_path: Path) -> None:
    anchor = Anchor(tmp_path / "anchor")
    for note in (b"one", b"another"):
        anchor.advance(note)
        assert anchor.path.read_bytes() == note
    assert [path.name for path in tmp_path.iterdir()] == ["anchor"]


def test_a_log_that_was_exchanged_under_the_broker_is_not_built_upon(tmp_path: Path) -> None:
    """As many records as before, but others."""
    store = Store(tmp_path / "broker.db", lambda: NOW, guard=LogGuard())
    _append(store, 3)
    store.do(lambda transaction: None)
    with closing(sqlite3.connect(tmp_path / "broker.db")) as attacker:
        attacker.execute("DROP TRIGGER records_are_final")
        attacker.execute("UPDATE records SET content = CAST(content || ' ' AS BLOB)")
        attacker.commit()
    for _ in range(2):
        with pytest.raises(StoreError, match="fewer or others"):
            _append(store, 1)
    store.close()


def test_events_have_these_names() -> None:
    assert [*Event] == ["start", "bundle", "release", "failure", "denial", "erasure"]


def test_the_housekeeper_signs_after_a_minute_or_a_thousand(tmp_path: Path) -> None:
    clock, metrics = _Clock(), Metrics()
    writer = Writer(Store(tmp_path / "broker.db", clock))
    anchor = Anchor(tmp_path / "anchor")
    house = Housekeeper(writer, AUDIT, anchor, metrics)
    writer.start()

    def size() -> int:
        return verify_checkpoint(anchor.path.read_bytes(), AUDIT.keys).size

    async def add(count: int) -> None:
        acts = [{"release": "r"}] * count
        await writer.write(lambda transaction: append(transaction, Event.RELEASE, acts))
        await house.round()

    async def check() -> None:
        await house.begin()
        assert size() == 1  # the start itself
        await add(1)
        assert size() == 1
        clock.now += timedelta(seconds=60)
        await add(1)
        assert size() == 3
        await add(MOST_UNSIGNED)
        assert size() == 3 + MOST_UNSIGNED

    asyncio.run(check())
    writer.stop()
    assert b"cellfolio_audit_records 1003.0" in metrics.to_bytes()


def test_the_housekeeper_sweeps_what_has_had_its_day(tmp_path: Path) -> None:
    with world(tmp_path) as broker:
        house = Housekeeper(broker.writer, AUDIT, None, broker.metrics)
        broker.ask(jti="early")
        asyncio.run(house.round())
        assert broker.refusal(jti="early") is Reason.REPLAYED
        broker.now += timedelta(days=1)
        asyncio.run(house.round())
        with broker.store.reading() as transaction:
            assert transaction.value("SELECT count(*) FROM uses") == 0
            assert transaction.value("SELECT count(*) FROM quotas") == 0


def test_a_person_can_be_erased_and_the_log_still_holds(tmp_path: Path) -> None:
    with world(tmp_path) as broker:
        broker.ask()
        broker.ask()
        before = broker.records()
        assert len({each["client"] for each in before}) == 1
        with broker.store.reading() as transaction:
            salt = transaction.value("SELECT salt FROM salts WHERE person = 'recycler'")
        assert isinstance(salt, bytes)
        assert broker.store.do(lambda transaction: erase(transaction, "recycler"))
        assert len(broker.records("erasure")) == 1
        assert not broker.store.do(lambda transaction: erase(transaction, "recycler"))
        broker.store.fold()
        for path in tmp_path.iterdir():
            assert salt not in path.read_bytes(), path
        assert broker.records() == before
        assert len(broker.records("erasure")) == 1
        broker.ask()
        assert broker.records()[-1]["client"] != before[0]["client"]


def test_no_person_stands_in_the_log(tmp_path: Path) -> None:
    holder = did_key(public_of(seed_of("holder")))
    somebody = client("somebody", Actor.RECYCLER, organisation="Werkstatt")
    with world(tmp_path, bundle(clients=(somebody,))) as broker:
        broker.ask(client="somebody")
        broker.deny(DenialKind.CLIENT, holder)
        text = json.dumps(broker.all_records())
    assert "Werkstatt" in text
    for identifier in ("somebody", holder, jwk_thumbprint(public_of(seed_of("dpop somebody")))):
        assert identifier not in text


def test_pseudonyms_of_one_person_stay_the_same_and_differ_from_anothers(store: Store) -> None:
    def names(person: str) -> tuple[str, ...]:
        return store.do(lambda transaction: pseudonyms(transaction, person, person, "key"))

    assert names("one") == names("one")
    assert len({*names("one"), *names("other")}) == 4


def test_a_record_of_a_start_holds_the_time(store: Store) -> None:
    store.do(lambda transaction: append(transaction, Event.START, ({},)))
    with store.reading() as transaction:
        (content,) = _contents(transaction)
    assert json.loads(content) == {
        "v": 1,
        "number": 0,
        "time": time_text(NOW.astimezone(UTC)),
        "event": "start",
        "previous": "",
    }
