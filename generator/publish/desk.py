"""The desk: the folder beside a site where the next one is laid ready.

    .{site}.publish/lock          held by the one run that may write
    .{site}.publish/stage/{n}     the bytes of move n of the journal
    .{site}.publish/journal.new   a journal being written; worth nothing
    .{site}.publish/journal       durable: what it lists can only be finished

It lies beside the site, on the same file system, so that a rename moves a staged file into place at
once. This module knows what lies where; it doesn't know what a site may hold.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.publish.journal import Move, journal_lines, read_moves
from generator.store.durable import flush_drive, make_durable
from passport.errors import PublishError


class Desk:
    """The desk of one site folder; making one touches nothing."""

    def __init__(self, out: Path) -> None:
        self.folder = out.parent / f".{out.name}.publish"
        self._stage = self.folder / "stage"
        self._draft = self.folder / "journal.new"
        self._journal = self.folder / "journal"

    def has_journal(self) -> bool:
        """Whether an earlier run must be finished."""
        return self._journal.exists()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the site for one writer; `PublishError` when another has it."""
        if self.folder.is_symlink():
            raise PublishError(f"{self.folder} is a symbolic link", "remove it")
        self.folder.mkdir(parents=True, exist_ok=True)
        # The folder hides itself, so that no commit takes it and no tree looks dirty by it.
        (self.folder / ".gitignore").write_text("*\n", encoding="ascii")
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        try:
            _lock(handle, self.folder)
            yield
        finally:
            os.close(handle)

    def staged(self, number: int) -> Path:
        """Return where the bytes of a move lie until it is made."""
        return self._stage / str(number)

    def clear(self) -> None:
        """Throw away what was staged; never called while a journal lists it."""
        if self._stage.exists():
            shutil.rmtree(self._stage)
        self._draft.unlink(missing_ok=True)

    def draft(self, moves: Iterable[Move]) -> int:
        """Write the journal's draft while the moves are staged, and return how many they are."""
        self._stage.mkdir()
        count = -2  # the first and the last line aren't moves
        with self._draft.open("xb") as file:
            for line in journal_lines(moves):
                file.write(line)
                count += 1
        return count

    def commit(self, count: int) -> None:
        """Make everything staged durable, then the journal: the step of no return."""
        make_durable([self.staged(number) for number in range(1, count + 1)])
        make_durable([self._stage, self._draft, self.folder.parent])
        self._draft.replace(self._journal)
        flush_drive(self.folder)

    def moves(self) -> Iterator[Move]:
        """Read the journal as it comes; `PublishError` for damage."""
        with self._journal.open("rb") as lines:
            yield from read_moves(lines)

    def close(self) -> None:
        """Forget the journal, as all its moves are durable."""
        self._journal.unlink()
        flush_drive(self.folder)
        self.clear()


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise PublishError(
            f"another build is writing the site beside {folder}", "wait until it has ended"
        ) from None
