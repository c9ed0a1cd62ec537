"""The files of a folder of content: which are read, and a problem for each that nothing reads.

A misspelt name would otherwise lose a passport in silence. What begins with a point is left to
other programs. Knows names, not what a file holds.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from passport.problems import Findings, Place


def entries(folder: Path) -> list[Path]:
    """Return what lies in a folder, by name; nothing where there is no folder."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def files_of(
    folder: Path, suffixes: tuple[str, ...], what: str, project: Path, findings: Findings
) -> Iterator[Path]:
    """Yield the files that end so; anything else is noted, with `what` would be read there."""
    for path in entries(folder):
        if path.suffix in suffixes and is_read(path):
            yield path
        else:
            strange(path, what, project, findings)


def is_read(path: Path) -> bool:
    """Whether it is a file of its own: a link in a branch could lead to secrets of the machine."""
    return path.is_file() and not path.is_symlink()


def strange(path: Path, what: str, project: Path, findings: Findings) -> None:
    """Note that nothing reads a file or folder; `what` is read where it lies."""
    place, remedy = Place(told_path(path, project)), f"move or rename it: {what}"
    findings.error(place, "$", "strange-file", "nothing reads this", remedy)


def told_path(path: Path, project: Path) -> str:
    """Name a file from the project's folder, also one that lies outside of it."""
    return Path(os.path.relpath(path, project)).as_posix()
