"""Replacing a file of content: the old bytes or the new ones, never a part of either.

The new bytes are written beside the file under a hidden name, reach the disk, and take the file's
place by a rename (POSIX: atomic within a folder).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


class Replacement:
    """A file in the making; without `commit` nothing changes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.is_committed = False

    def write(self, text: str) -> None:
        """Add text."""
        self._stream.write(text)

    def commit(self) -> None:
        """Say that what was written is complete."""
        self.is_committed = True


@contextmanager
def replacing(path: Path) -> Iterator[Replacement]:
    """Make a new content for a file; it replaces the old one if it is committed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            replacement = Replacement(stream)
            yield replacement
            stream.flush()
            os.fsync(stream.fileno())
        if replacement.is_committed:
            if path.exists():
                temporary.chmod(path.stat().st_mode)
            temporary.replace(path)
            _make_durable(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
