"""The audit log: who asked for which key, what was decided, and every act that changes what may be.

DESIGN 7: no durable record, no key. A record is canonical JSON, flat, and an entry of a C2SP tiled
log with the broker's own origin and key (`broker.audit_checkpoint`); besides, it names the hash of
the one before it, so that an edited record shows by itself. A person stands in it as an HMAC under
a salt of its own: `erase` forgets the salt, and no record tells any more who it was. A clock that
runs behind the log is a `StoreError`: nothing is recorded at a time before its predecessor.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from broker.store import StoreError, Transaction
from passport.encoding.base64url import base64url
from passport.encoding.canonical import canonical_json
from passport.encoding.timestamp import time_text
from passport.log.merkle import leaf_hash

Members: TypeAlias = Mapping[str, str | int]
"""What an event says of itself; texts and whole numbers only."""

FORMAT_VERSION = 1
CLOCK_STEP = timedelta(seconds=1)
"""How far a clock may be set back as it is kept right."""
_SALT_LENGTH = 32
_PERSON = b"cellfolio/audit-person/v1\0"


class Event(StrEnum):
    """What a record tells of."""

    START = "start"
    """The broker began to serve."""
    BUNDLE = "bundle"
    """Another bundle decides from here on."""
    RELEASE = "release"
    """A key was asked for: one record a header, released or refused."""
    FAILURE = "failure"
    """A release ended after its record: its keys may have left, or not."""
    DENIAL = "denial"
    """Something was taken away."""
    ERASURE = "erasure"
    """A person was erased."""


@dataclass(frozen=True, slots=True)
class Tail:
    """Where the log ends: its size, and hash and time of its last record, "" without one."""

    size: int
    hash: str
    time: str


def tail_of(transaction: Transaction) -> Tail:
    """Return where the log ends."""
    row = transaction.connection.execute(
        "SELECT number, content FROM records ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return Tail(0, "", "")
    number, content = row
    return Tail(number + 1, record_hash(content), json.loads(content)["time"])


class LogGuard:
    """Sees to it that log and clock only go on while this process lives.

    Before a commit it looks for the record that was the last one before: if that is gone or another
    one, the file was overwritten from outside, and nothing may be built upon it. By a clock that
    ran ahead, proofs and quotas were swept that count again once it is set back.
    """

    def __init__(self) -> None:
        self._seen = Tail(0, "", "")
        self._time = datetime.min.replace(tzinfo=UTC)

    def __call__(self, transaction: Transaction) -> None:
        """Remember where the log ends; `StoreError` if it doesn't hold what it held."""
        if transaction.time + CLOCK_STEP < self._time:
            raise _behind(transaction, f"it has said {time_text(self._time)}")
        self._time = max(self._time, transaction.time)
        if self._seen.size:
            content = transaction.value(
                "SELECT content FROM records WHERE number = ?", self._seen.size - 1
            )
            if not isinstance(content, bytes) or record_hash(content) != self._seen.hash:
                raise StoreError(
                    f"the audit log had {self._seen.size} records, and now has fewer or others",
                    "stop the broker, put the newest copy of the store back, and run audit verify",
                )
        self._seen = tail_of(transaction)


def append(transaction: Transaction, event: Event, acts: Iterable[Members]) -> None:
    """Append a record for each act; `StoreError` if the clock is behind the last one."""
    tail = check_clock(transaction)
    number, previous = tail.size, tail.hash
    time = time_text(transaction.time)
    rows = []
    for act in acts:
        content = canonical_json(
            {
                **act,
                "v": FORMAT_VERSION,
                "number": number,
                "time": time,
                "event": event,
                "previous": previous,
            }
        )
        rows.append((number, content))
        number, previous = number + 1, record_hash(content)
    transaction.connection.executemany("INSERT INTO records VALUES (?, ?)", rows)


def check_clock(transaction: Transaction) -> Tail:
    """Return where the log ends; `StoreError` if that is later than now."""
    tail, now = tail_of(transaction), time_text(transaction.time)
    if now < tail.time:  # all spelt alike, so that their order is that of time
        raise _behind(transaction, f"the audit log ends at {tail.time}")
    return tail


def pseudonyms(transaction: Transaction, person: str, *identifiers: str) -> tuple[str, ...]:
    """Return what a person's identifiers are called in the log; the person gets a salt if new."""
    salt = transaction.value("SELECT salt FROM salts WHERE person = ?", person)
    if not isinstance(salt, bytes):
        salt = os.urandom(_SALT_LENGTH)
        transaction.run("INSERT INTO salts VALUES (?, ?)", person, salt)
    return tuple(_pseudonym(salt, identifier) for identifier in identifiers)


def erase(transaction: Transaction, person: str) -> bool:
    """Forget a person: records stay as they are, and nobody can tell any more whose they were.

    Returns whether the person was known. The file's free pages are overwritten; copies of the file
    (backups) remember until they are gone.
    """
    known = transaction.run("DELETE FROM salts WHERE person = ?", person) > 0
    if known:
        append(transaction, Event.ERASURE, ({},))
    return known


def record_hash(content: bytes) -> str:
    """Return how the next record names this one: its leaf hash, as the tiles have it."""
    return base64url(leaf_hash(content))


def _behind(transaction: Transaction, otherwise: str) -> StoreError:
    return StoreError(
        f"the clock says {time_text(transaction.time)}, but {otherwise}",
        "set the clock right; nothing is released until it has passed that time",
    )


def _pseudonym(salt: bytes, identifier: str) -> str:
    return base64url(hmac.digest(salt, _PERSON + identifier.encode(), hashlib.sha256))
