"""A site and its log: whether everything that it publishes stands there.

One pass over the entries: each is where a document says that it is; and tiles of earlier
checkpoints that still lie there say what the present ones say.
"""

from collections.abc import Iterable, Mapping

from generator.read.checks import Check
from generator.read.log import SignedLog
from generator.read.sources import Source
from passport.checkpoint import log_path
from passport.log_entry import LogEntry
from passport.tiles import Tile, tile_at, tiles_of

GENERATION = 1
"""The generation of the log that sites publish."""

_PREFIX = log_path(GENERATION)


def log_paths(log: SignedLog) -> frozenset[str]:
    """Every path that a site with this checkpoint must have."""
    tiles = (f"{_PREFIX}/{tile.path}" for tile in tiles_of(log.checkpoint.size))
    return frozenset((f"{_PREFIX}/checkpoint", *tiles))


def check_entries(
    log: SignedLog, expected: Mapping[int, tuple[str, LogEntry]], check: Check
) -> None:
    """Hold every entry to what documents say; `expected` maps an index to path and entry."""
    size = 0
    with check.of(_PREFIX):
        for index, content in enumerate(log.tree.entries()):
            size += 1
            entry = LogEntry.parse(content)
            if index in expected and expected[index][1] != entry:
                check.fail(expected[index][0], f"entry {index} of the log is of something else")
    check.looked_at = size
    for index, (path, _) in expected.items():
        if index >= size:
            check.fail(path, f"the log has no entry {index}")


def earlier_tiles(log: SignedLog, source: Source, present: Iterable[str]) -> frozenset[str]:
    """The paths among `present` that are partial tiles of earlier checkpoints of this very log."""
    known, found = log_paths(log), set()
    for path in present:
        if path.startswith(f"{_PREFIX}/tile/") and path not in known:
            tile = Tile.parse(path.removeprefix(f"{_PREFIX}/"))
            if _continues(log, source, tile, path):
                found.add(path)
    return frozenset(found)


def _continues(log: SignedLog, source: Source, tile: Tile, path: str) -> bool:
    now = tile_at(tile.level, tile.index, log.checkpoint.size)
    earlier, later = source.get(path), source.get(f"{_PREFIX}/{now.path}")
    return earlier is not None and later is not None and later.startswith(earlier)
