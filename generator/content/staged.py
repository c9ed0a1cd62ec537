"""What is staged for the next commit, for checks that answer for that commit only.

Git is asked; outside a repository nothing is staged. Names are from the project's folder on, as
places of problems are.
"""

from dataclasses import dataclass
from pathlib import Path

from generator.store.git import git_text


@dataclass(frozen=True, slots=True)
class Staged:
    """The files of the next commit; `edited_since` have other bytes on the disk by now."""

    files: frozenset[str]
    edited_since: tuple[str, ...]


def read_staged(project: Path) -> Staged:
    """Ask Git which files of the project are staged, deleted ones included."""
    files = frozenset(_names(project, "--cached"))
    return Staged(files, tuple(sorted(files & frozenset(_names(project)))))


def _names(project: Path, *words: str) -> list[str]:
    command = ("diff", "--name-only", "--no-renames", "--relative", "-z")
    return [name for name in git_text(project, *command, *words).split("\0") if name]
