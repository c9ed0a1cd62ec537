"""The transparency log: a million entries into files, a hundred more, one read back and proven.

The floor of writing is SHA-256 over as many leaves and nodes; that of adding is writing the bytes
that change. A log of a million is about 8,000 files and 110 MB, written anew in each round.
"""

import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from benchmarks.measure import Measure
from passport.log.entry import EntryType, LogEntry
from passport.log.growing_log import GrowingLog, RightEdge
from passport.log.merkle import EMPTY_ROOT
from passport.log.tiled_log import TiledLog
from passport.log.tiles import TileFile
from tests.extended_log import Extension, extend

ENTRIES = 1_000_000
ADDED = 100
_NODE = bytes(65)
_TILE = bytes(8192)
_LOOKED_AT = range(0, ENTRIES, ENTRIES // 50)


class _Written:
    """A log in a folder, and the root of what it holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = EMPTY_ROOT

    def clear(self) -> None:
        """Begin anew."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def write_all(self) -> None:
        """Write a log of a million, holding no more than its right edge."""
        log = GrowingLog(RightEdge())
        for file in log.append(_entry(n) for n in range(ENTRIES)):
            self._write(file)
        for file in log.finish():
            self._write(file)
        self.root = log.edge.root

    def read(self) -> TiledLog:
        """Return the log as a verifier sees it."""
        return TiledLog(
            lambda path: (self.folder / path).read_bytes(), size=ENTRIES, root=self.root
        )

    def add(self) -> None:
        """Add a hundred entries to the million; the files are new, so that it can be repeated."""
        for file in self.extension().files:
            self._write(file)

    def extension(self) -> Extension:
        """Read the right edge, and return what a hundred entries change."""
        return extend(self.read().edge(), map(_entry, range(ENTRIES, ENTRIES + ADDED)))

    def _write(self, file: TileFile) -> None:
        path = self.folder / file.tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the measures; they share one log, written below `folder`."""
    written = _Written(folder / "log")
    yield Measure(
        name="write entries of a log",
        rows=ENTRIES,
        target="100,000 a second",
        prepare=written.clear,
        run=written.write_all,
        floor_name="SHA-256 of leaves, nodes",
        floor=_hash_tree,
    )
    changed = [file.content for file in written.extension().files]
    yield Measure(
        name="add entries to a million",
        rows=ADDED,
        target="100 a second",
        run=written.add,
        floor_name="write the bytes",
        floor=lambda: [(folder / "bytes").write_bytes(content) for content in changed],
    )
    yield Measure(
        name="prove entries of a million",
        rows=len(_LOOKED_AT),
        run=lambda: [written.read().inclusion_proof(index) for index in _LOOKED_AT],
        floor_name="SHA-256 of five tiles",
        floor=lambda: [sha256(_TILE).digest() for _ in range(5 * len(_LOOKED_AT))],
    )


def _entry(number: int) -> bytes:
    return LogEntry.of_bytes(EntryType.PASSPORT, b"%d" % number).to_bytes()


def _hash_tree() -> None:
    for _ in range(2 * ENTRIES):
        sha256(_NODE).digest()
