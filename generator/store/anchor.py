"""The anchor: the last checkpoint that was published, kept where the site's host can't change it.

DESIGN 5: a file outside the site, or a Git ref. A previous site that is smaller than the anchor or
not consistent with it was rolled back or forked. Both kinds move by compare-and-swap, so that two
builds can't both advance it. An anchor holds bytes; what they mean is judged elsewhere.
"""

from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Protocol

from generator.store.durable import replace_file
from generator.store.git import run_git
from passport.errors import PublishError

_GIT_REFS = "refs/"
_MOVED = "another build has published meanwhile: build again on the site as it is now"


class Anchor(Protocol):
    """Keeps one small text."""

    def read(self) -> bytes:
        """Return what was kept, b"" at first."""

    def advance(self, before: bytes, after: bytes) -> None:
        """Keep `after` instead of `before`; `PublishError` if something else is kept now."""


@dataclass(frozen=True, slots=True)
class FileAnchor:
    """An anchor in a file."""

    path: Path

    def read(self) -> bytes:
        """Return the file's bytes, b"" when there is none."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""

    def advance(self, before: bytes, after: bytes) -> None:
        """Replace the file in one step."""
        if self.read() != before:
            raise PublishError(f"the anchor {self.path} has moved", _MOVED)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self.path, after)


@dataclass(frozen=True, slots=True)
class GitAnchor:
    """An anchor in a Git ref that names a blob; pushed like any other ref."""

    project: Path
    ref: str

    def read(self) -> bytes:
        """Return the blob's bytes, b"" when there is no such ref; `PublishError` if Git fails."""
        if self._git("show-ref", "--verify", "--quiet", self.ref, fine=(0, 1)).returncode == 1:
            return b""
        return self._git("cat-file", "blob", self.ref).stdout

    def advance(self, before: bytes, after: bytes) -> None:
        """Move the ref; Git compares and swaps."""
        if self.read() != before:
            raise PublishError(f"the anchor {self.ref} has moved", _MOVED)
        self._git("update-ref", self.ref, self._hash(after), self._hash(before) if before else "")

    def _hash(self, content: bytes) -> str:
        return self._git("hash-object", "-w", "--stdin", content=content).stdout.decode().strip()

    def _git(
        self, *words: str, content: bytes = b"", fine: tuple[int, ...] = (0,)
    ) -> "CompletedProcess[bytes]":
        done = run_git(self.project, *words, content=content)
        if done is None:
            raise PublishError(f"git keeps the anchor {self.ref}, and is not on PATH", "install it")
        if done.returncode not in fine:
            said = done.stderr.decode(errors="replace").strip()
            remedy = _MOVED if words[0] == "update-ref" else "mend what it complains about"
            raise PublishError(f"git {words[0]} failed: {said}", remedy)
        return done


class NoAnchor:
    """What demos and previews have: nothing is kept, so a rolled-back site doesn't show."""

    def read(self) -> bytes:
        """Nothing is kept."""
        return b""

    def advance(self, before: bytes, after: bytes) -> None:
        """Nothing is kept."""


def open_anchor(project: Path, name: str) -> Anchor:
    """Return the anchor that settings name: "" for none, `refs/…` for a Git ref, else a file."""
    if not name:
        return NoAnchor()
    return GitAnchor(project, name) if name.startswith(_GIT_REFS) else FileAnchor(project / name)
