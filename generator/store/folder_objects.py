"""A site in a folder as objects: for file servers, and for trying out a deploy.

Conditions hold among all that write here, by a lock on the folder; an object's tag is the digest of
its bytes. Headers aren't kept: a file server has its own table. A write is durable before it shows,
and no key leads out of the folder, by its name or by a link.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from generator.store.durable import make_durable, write_new
from generator.store.folder import FolderStore
from generator.store.objects import Condition, Expected, Headers, Stored
from passport.errors import HostError
from passport.quoting import quoted

_LOCK = ".cellfolio/lock"
_PART = ".cellfolio/part"
"""The file being written: one name for all, so that the next run clears what a killed one left."""


@dataclass(frozen=True, slots=True)
class FolderObjects:
    """The files below `root`, which is made when the first is written."""

    root: Path
    _files: FolderStore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_files", FolderStore(self.root))

    def get(self, key: str) -> bytes | None:
        """Return a file's bytes, None when there is none."""
        return self._files.get(key)

    def head(self, key: str) -> Stored | None:
        """Return the digest of a file."""
        content = self.get(key)
        if content is None:
            return None
        digest = sha256(content).hexdigest()
        return Stored(tag=digest, digest=digest, headers=None)

    def put(self, key: str, content: bytes, digest: str, _headers: Headers, on: Condition) -> str:
        """Write a file and return its tag, "" if another lay there than expected."""
        with self._locked(), self._explained(key):
            if not _holds(on, self.head(key)):
                return ""
            self._write(self._place(key), content)
        return digest

    def delete(self, key: str) -> None:
        """Delete a file."""
        with self._explained(key):
            self._place(key).unlink(missing_ok=True)

    def every_key(self, prefix: str = "") -> Iterator[str]:
        """Yield every file's path but those of the lock and of what is being written."""
        for path in sorted((self.root / prefix).rglob("*")):
            key = path.relative_to(self.root).as_posix()
            if key not in (_LOCK, _PART) and (path.is_symlink() or not path.is_dir()):
                yield key

    def _place(self, key: str) -> Path:
        place = self.root / key
        folder, root = os.path.realpath(place.parent), os.path.realpath(self.root)
        if folder != root and not folder.startswith(f"{root}/"):
            raise HostError(
                f"{quoted(key)} leads out of {self.root}",
                "see who made that folder, or name another",
            )
        return place

    def _write(self, target: Path, content: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = self.root / _PART
        part.unlink(missing_ok=True)
        write_new(part, content)
        part.chmod(0o644)
        make_durable([part])
        part.replace(target)

    @contextmanager
    def _explained(self, key: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise HostError(
                f"{self.root / key} can't be written: {error.strerror}",
                "mend the cause, then run the same command again",
            ) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        path = self.root / _LOCK
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        except OSError as error:
            raise HostError(
                f"{self.root} can't be written: {error}", "name another folder"
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _holds(on: Condition, found: Stored | None) -> bool:
    match on:
        case Expected.ANYTHING:
            return True
        case Expected.NOTHING:
            return found is None
    return found is not None and found.tag == on
