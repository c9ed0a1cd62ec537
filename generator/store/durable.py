"""Bytes that survive a power cut.

The calls, in order: open(O_CREAT|O_EXCL), write, close; sync and fsync of the files; rename;
fsync of the folders that hold the names. A rename is durable only with its folder.

Known gap: a drive that lies about its cache. macOS's does so by default, and is asked with
F_FULLFSYNC where `flush_drive` is called. This module knows neither sites, journals nor keys.
"""

import fcntl
import os
import sys
from collections.abc import Collection
from pathlib import Path

# From here on one sync of everything, then an fsync that finds nothing to do, is faster than
# waiting for the drive once a file.
_MANY = 64


def write_new(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file that doesn't exist yet; it isn't durable before `make_durable`."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def make_durable(paths: Collection[Path]) -> None:
    """Return when the bytes of files, and the names in folders, are on the drive."""
    if len(paths) >= _MANY:
        os.sync()
    for path in paths:
        _fsync(path)


def replace_file(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Put a file in place of the one before, durably: whole or not at all."""
    staged = path.with_name(f".{path.name}.new")
    staged.unlink(missing_ok=True)
    write_new(staged, content, mode)
    make_durable([staged])
    staged.replace(path)
    make_durable([path.parent])


def flush_drive(folder: Path) -> None:
    """Make a folder's names durable and, where the system can, empty the drive's own cache."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
        if sys.platform == "darwin":
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
    finally:
        os.close(handle)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
