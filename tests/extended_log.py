"""A log and new entries: everything that adding them changes, at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from passport.log.growing_log import GrowingLog, RightEdge
from passport.log.tiles import TileFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """What adding entries made: the files that are new, in order, and where the log goes on."""

    files: tuple[TileFile, ...]
    edge: RightEdge


def extend(edge: RightEdge, entries: Iterable[bytes]) -> Extension:
    """Return everything that adding entries changes."""
    log = GrowingLog(edge)
    files = (*log.append(entries), *log.finish())
    return Extension(files=files, edge=log.edge)
