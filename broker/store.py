"""The broker's store: one SQLite file in which a release is all there or not at all.

DESIGN 7. WAL with `synchronous=FULL`: what was committed survives a power cut. Jobs are committed
in groups, so that one fsync serves all that wait; each runs in a savepoint and falls alone.
Whatever goes wrong with the file (full, locked, read-only, damaged, replaced by another) is a
`StoreError`, the connection is dropped, and the next group tries a fresh one: nobody has to
restart anything. Tables are made by `broker.migrations`; what they mean, their modules know.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from broker.migrations import MIGRATIONS
from passport.errors import HostError

T = TypeVar("T")

Clock: TypeAlias = Callable[[], datetime]
"""Returns the present time, aware."""
Failpoint: TypeAlias = Callable[[str], None]
"""Told the name of each place where a process may be killed; tests kill there."""

LOCK_SECONDS = 1.0
"""How long another process may hold the file before we give up."""


class StoreError(HostError):
    """The store can't commit, so nothing may be released."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a job works with: the connection, and the one time of its whole group."""

    connection: sqlite3.Connection
    time: datetime

    def value(self, sql: str, *parameters: str | int | bytes) -> object:
        """Return the first column of the first row, None where there is no row."""
        row = self.connection.execute(sql, parameters).fetchone()
        return None if row is None else row[0]

    def run(self, sql: str, *parameters: str | int | bytes) -> int:
        """Run one statement and return how many rows it changed."""
        return self.connection.execute(sql, parameters).rowcount


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What became of a job: its result, or the error for which it was undone."""

    result: T | None = None
    error: Exception | None = None

    def unwrap(self) -> T:
        """Return the result or raise the error."""
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]


Job: TypeAlias = Callable[[Transaction], T]
"""Reads and writes within a transaction; undone as a whole when it raises."""


def no_failpoint(_name: str) -> None:
    """Go on: what runs outside of tests."""


def no_guard(_transaction: Transaction) -> None:
    """Trust the file: what a command does that runs once."""


class Store:
    """The file at `path`; made when it is missing, readable by its owner only.

    One thread at a time may call it, not always the same. Other processes may hold the same file
    open. `guard` looks at the file before each commit, and raises `StoreError` if it isn't what it
    was. What this process opened once it never exchanges for another file.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        failpoint: Failpoint = no_failpoint,
        guard: Job[None] = no_guard,
    ) -> None:
        self.path = path
        self._clock = clock
        self._failpoint = failpoint
        self._guard = guard
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._has_failed = False

    def commit(self, jobs: Sequence[Job[T]]) -> tuple[Outcome[T], ...]:
        """Run jobs in one transaction; when this returns, what they wrote is on the disk.

        A job that raises is undone alone. `StoreError` if nothing at all could be committed.
        """
        outcomes = self.run(jobs)
        self.sync()
        return outcomes

    def run(self, jobs: Sequence[Job[T]]) -> tuple[Outcome[T], ...]:
        """Do the first half of `commit`: run jobs in a transaction that only `sync` ends."""
        with self._failing_closed():
            connection = self._connected()
            connection.execute("BEGIN IMMEDIATE")
            transaction = Transaction(connection, self._clock())
            self._guard(transaction)
            return tuple(_attempt(job, transaction) for job in jobs)

    def sync(self) -> None:
        """Do the second half: put on the disk what `run` did; it may take as long as the disk."""
        with self._failing_closed():
            self._failpoint("before-commit")
            self._connected().execute("COMMIT")
            self._failpoint("after-commit")

    def do(self, job: Job[T]) -> T:
        """Run one job in its own transaction and return its result, or raise what it raised."""
        return self.commit((job,))[0].unwrap()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read one state of the store, whatever is written meanwhile; `StoreError`."""
        with self._failing_closed():
            connection = self._connected()
            connection.execute("BEGIN")
            yield Transaction(connection, self._clock())
            connection.execute("ROLLBACK")

    def fold(self) -> None:
        """Fold the write-ahead log into the file, so that what was deleted is in neither."""
        with self._failing_closed():
            self._fold(self._connected())

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()  # an open transaction is rolled back by it

    @contextmanager
    def _failing_closed(self) -> Iterator[None]:
        """Drop the connection on any failure: what it thinks of the file may be wrong."""
        try:
            yield
        except sqlite3.Error as error:
            self.close()
            self._has_failed = True
            raise self._failure(error) from error
        except BaseException:
            self.close()
            raise

    def _failure(self, error: object) -> StoreError:
        return StoreError(
            f"{self.path}: {str(error).lower()}",
            "see that the file is whole and may be written, and that the disk has room",
        )

    def _check_file(self) -> None:
        try:
            if self._file is None:
                # Made here, since SQLite would let others read it; its side files follow it.
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
                self._file = _identity(self.path)
            is_another = _identity(self.path) != self._file
        except OSError as error:
            raise self._failure(error) from error
        if is_another:
            raise self._failure("another file was put in its place")

    def _connected(self) -> sqlite3.Connection:
        self._check_file()
        if self._connection is None:
            self._connection = self._open()
        if self._has_failed:
            # What a failed fsync left in the log may never reach the disk, and whatever follows it
            # there would be lost with it: so nothing follows it.
            self._fold(self._connection)
            self._has_failed = False
        return self._connection

    def _fold(self, connection: sqlite3.Connection) -> None:
        (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            raise StoreError(f"{self.path} is being read by another process", "try again")

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # a person's salt must be gone, not unlinked
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise StoreError(
            f"the store is of version {version}, beyond {len(MIGRATIONS)}", "update the broker"
        )
    for number, statements in enumerate(MIGRATIONS[version:], version + 1):
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute("COMMIT")


def _attempt(job: Job[T], transaction: Transaction) -> Outcome[T]:
    transaction.run("SAVEPOINT job")
    try:
        outcome = Outcome(result=job(transaction))
    except sqlite3.Error:
        raise
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told to who waits for it)
        transaction.run("ROLLBACK TO job")
        outcome = Outcome(error=error)
    transaction.run("RELEASE job")
    return outcome


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
