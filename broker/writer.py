"""The one that writes: commits all jobs that wait together, and tells each.

Under load many releases share one fsync, alone a release waits for its own only. Jobs run in the
event loop's thread, since passing each statement from thread to thread costs more than it; only
the wait for the disk has a thread of its own. What jobs do and where they are kept is
`broker.store`'s matter.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias, TypeVar

from broker.problems import Reason, RequestError
from broker.store import Job, Outcome, Store, StoreError

T = TypeVar("T")

MOST_TOGETHER = 32
"""Jobs of one commit, so that none of them waits long for the others."""
RETRY_SECONDS = 10
"""After how long a client should ask again when the store is out of order."""

_Waiting: TypeAlias = tuple[Job[Any], asyncio.Future[Any]]


class Writer:
    """Commits jobs to a store; for one event loop, whose connections bound how many wait."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._disk = ThreadPoolExecutor(1, "store-sync")
        self._waiting: list[_Waiting] = []
        self._committing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Open the store; `StoreError` when it can't be opened."""
        self._store.commit(())

    def stop(self) -> None:
        """Let go of the store, once what is being committed is on the disk."""
        self._disk.shutdown()
        self._store.close()

    async def write(self, job: Job[T]) -> T:
        """Return a job's result once it is on the disk, or raise what the job raised.

        `RequestError` if it can't be committed; what is wrong with the store is its cause.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._waiting.append((job, future))
        if self._committing is None or self._committing.done():
            self._committing = loop.create_task(self._commit_all())
        try:
            return await future
        except StoreError as error:
            raise _unavailable() from error

    async def _commit_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            outcomes = await self._commit([job for job, _ in group])
            for (_, future), outcome in zip(group, outcomes, strict=True):
                _settle(future, outcome)

    async def _commit(self, jobs: Sequence[Job[Any]]) -> tuple[Outcome[Any], ...]:
        try:
            outcomes = self._store.run(jobs)
            await asyncio.get_running_loop().run_in_executor(self._disk, self._store.sync)
        except Exception as error:  # noqa: BLE001 (each who waits is told)
            return tuple(Outcome(error=error) for _ in jobs)
        return outcomes


def _settle(future: asyncio.Future[Any], outcome: Outcome[Any]) -> None:
    if future.done():
        return  # its request was cancelled; what it wrote is written all the same
    if outcome.error is None:
        future.set_result(outcome.result)
    else:
        future.set_exception(outcome.error)


def _unavailable() -> RequestError:
    return RequestError(
        Reason.AUDIT_UNAVAILABLE,
        "the broker can't record anything now, so it releases nothing",
        "ask again later, or ask another of the operator's brokers",
        retry_after=RETRY_SECONDS,
    )
