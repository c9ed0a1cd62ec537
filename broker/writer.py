"""The one thread that writes: takes all jobs that wait, commits them together, tells each.

Under load many releases share one fsync, alone a release waits for its own only. What jobs do and
where they are kept is `broker.store`'s matter; who waits is an event loop.
"""

import asyncio
import threading
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias, TypeVar

from broker.problems import Reason, RequestError
from broker.store import Job, Outcome, Store, StoreError

T = TypeVar("T")

MOST_WAITING = 2000
"""Jobs that may wait; one more is turned away at once."""
MOST_TOGETHER = 128
"""Jobs of one commit, so that none of them waits long for the others."""
RETRY_SECONDS = 10
"""After how long a client should ask again when the store is out of order."""

_Waiting: TypeAlias = tuple[Job[Any], asyncio.Future[Any]]


class Writer:
    """Commits jobs to a store from a thread of its own; `stop` ends it once all is written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)

    def start(self) -> None:
        """Open the store and begin; `StoreError` when it can't be opened."""
        self._store.commit(())
        self._thread.start()

    def stop(self) -> None:
        """Commit what waits, and end."""
        self._queue.put(None)
        self._thread.join()
        self._store.close()

    async def write(self, job: Job[T]) -> T:
        """Return a job's result once it is on the disk, or raise what the job raised.

        `RequestError` if it can't be committed; what is wrong with the store is its cause.
        """
        if self._queue.qsize() >= MOST_WAITING or not self._thread.is_alive():
            raise _unavailable()
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put((job, future))
        try:
            return await future
        except StoreError as error:
            raise _unavailable() from error

    def _run(self) -> None:
        while group := self._next_group():
            try:
                outcomes = self._store.commit([job for job, _ in group])
            except Exception as error:  # noqa: BLE001 (each who waits is told; the thread lives on)
                outcomes = tuple(Outcome(error=error) for _ in group)
            _tell([future for _, future in group], outcomes)

    def _next_group(self) -> list[_Waiting]:
        """Wait for a job and take those behind it; an empty group is the end."""
        group = []
        waiting = self._queue.get()
        while waiting is not None:
            group.append(waiting)
            if len(group) == MOST_TOGETHER:
                return group
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                return group
        if group:
            self._queue.put(None)  # first these, then the end
        return group


def _unavailable() -> RequestError:
    return RequestError(
        Reason.AUDIT_UNAVAILABLE,
        "the broker can't record anything now, so it releases nothing",
        "ask again later, or ask another of the operator's brokers",
        retry_after=RETRY_SECONDS,
    )


def _tell(futures: Sequence[asyncio.Future[Any]], outcomes: Sequence[Outcome[Any]]) -> None:
    """Settle futures in their event loop, with one wake-up."""
    futures[0].get_loop().call_soon_threadsafe(_settle, futures, outcomes)


def _settle(futures: Sequence[asyncio.Future[Any]], outcomes: Sequence[Outcome[Any]]) -> None:
    for future, outcome in zip(futures, outcomes, strict=True):
        if future.done():
            continue  # its request was cancelled; what it wrote is written all the same
        if outcome.error is None:
            future.set_result(outcome.result)
        else:
            future.set_exception(outcome.error)
