"""Replacing a file of content: the old lines or the new ones, never a part of either."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from generator.store.durable import make_durable


def replace_lines(path: Path, lines: Iterable[str], are_wanted: Callable[[], bool]) -> None:
    """Write lines beside a file; they take its place, durably, if they are wanted in the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with staged.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(lines)
        if are_wanted():
            if path.exists():
                staged.chmod(path.stat().st_mode)
            make_durable([staged])
            staged.replace(path)
            make_durable([path.parent])
    finally:
        staged.unlink(missing_ok=True)
