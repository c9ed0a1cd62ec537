"""A site and its log: whether everything that it publishes stands there.

One pass over the entries: each is where a document says that it is; and tiles of earlier
checkpoints that still lie there say what the present ones say.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from generator.read.checks import Check
from generator.read.log import SignedLog
from generator.read.sources import Source
from passport.errors import VerificationError
from passport.log.checkpoint import log_path
from passport.log.entry import EntryType, LogEntry
from passport.log.tiles import Tile, entries_of, hashes_of, tile_at, tiles_of

GENERATION = 1
"""The generation of the log that sites publish."""

LOG_PATH = log_path(GENERATION)
CHECKPOINT_PATH = f"{LOG_PATH}/checkpoint"


def log_paths(log: SignedLog) -> frozenset[str]:
    """Every path that a site with this checkpoint must have."""
    tiles = (f"{LOG_PATH}/{tile.path}" for tile in tiles_of(log.checkpoint.size))
    return frozenset((CHECKPOINT_PATH, *tiles))


def check_entries(
    log: SignedLog, expected: Mapping[int, tuple[str, LogEntry]], passports: int, check: Check
) -> None:
    """Hold every entry to what documents say; `expected` maps an index to path and entry.

    The log has as many entries of passports as the site has versions: one more was taken away.
    """
    size = logged = 0
    with check.of(LOG_PATH):
        for index, content in enumerate(log.tree.entries()):
            size += 1
            entry = LogEntry.parse(content)
            logged += entry.type is EntryType.PASSPORT
            if index in expected and expected[index][1] != entry:
                check.fail(expected[index][0], f"entry {index} of the log is of something else")
        if logged != passports:
            check.fail(LOG_PATH, f"it holds {logged} versions of passports, the site {passports}")
    check.looked_at = size
    for index, (path, _) in expected.items():
        if index >= size:
            check.fail(path, f"the log has no entry {index}")


def earlier_tiles(log: SignedLog, source: Source, present: Iterable[str]) -> frozenset[str]:
    """The paths among `present` that are partial tiles of earlier checkpoints of this very log."""
    known, found = log_paths(log), set()
    for path in present:
        if path.startswith(f"{LOG_PATH}/tile/") and path not in known:
            # What is no such tile stays unknown, and is told with whatever else is extra.
            with suppress(VerificationError):
                tile = Tile.parse(path.removeprefix(f"{LOG_PATH}/"))
                if _continues(log, source, tile, path):
                    found.add(path)
    return frozenset(found)


def _continues(log: SignedLog, source: Source, tile: Tile, path: str) -> bool:
    if tile.end > log.checkpoint.size:
        return False
    now = tile_at(tile.level, tile.index, log.checkpoint.size)
    earlier, later = source.get(path), source.get(f"{LOG_PATH}/{now.path}")
    if earlier is None or later is None or not later.startswith(earlier):
        return False
    read = entries_of if tile.level is None else hashes_of
    return len(read(tile, earlier)) == tile.width
