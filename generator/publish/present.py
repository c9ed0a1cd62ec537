"""What lies in a site folder now, before a new site is put into it.

Nothing that lies there is followed or guessed at: a link, a device or another file system inside a
site folder is refused. This module reads names; it writes nothing.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from passport.errors import PublishError


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file or a folder below a site folder; `path` is POSIX and relative to it."""

    path: str
    is_folder: bool


def entries_of(out: Path) -> Iterator[Entry]:
    """List everything below a site folder, in order; `PublishError` for what can't be a site's."""
    if out.exists():
        yield from _entries(out, "", out.stat().st_dev)


def _entries(folder: Path, prefix: str, device: int) -> Iterator[Entry]:
    with os.scandir(folder) as listing:
        found = sorted(listing, key=lambda entry: entry.name)
    for entry in found:
        path = prefix + entry.name
        if entry.is_symlink():
            raise PublishError(f"{entry.path} is a symbolic link", "remove it: a site has none")
        if entry.is_file(follow_symlinks=False):
            yield Entry(path=path, is_folder=False)
        elif entry.is_dir(follow_symlinks=False):
            _refuse_other_device(entry, device)
            yield Entry(path=path, is_folder=True)
            yield from _entries(Path(entry.path), f"{path}/", device)
        else:
            raise PublishError(f"{entry.path} is neither a file nor a folder", "move it away")


def _refuse_other_device(entry: os.DirEntry[str], device: int) -> None:
    if entry.stat(follow_symlinks=False).st_dev != device:
        raise PublishError(
            f"{entry.path} is on another file system than its site",
            "unmount it: a file can't be renamed into it",
        )
