"""A log that grows: from the right edge of a tree and new entries come the files that change.

Spec: C2SP tlog-tiles. What is needed of the tree so far is its right edge, at most 255 hashes a
level and the entries of the last bundle; so a hundred entries are added to a million by reading
some five files, and a million are written without holding them. Nothing here signs or writes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from passport.log.merkle import EMPTY_ROOT, leaf_hash, root_of
from passport.log.tiles import LARGEST_SIZE, LONGEST_ENTRY, WIDTH, Tile, TileFile, bundle_of


@dataclass(frozen=True, slots=True)
class RightEdge:
    """Where a tree goes on: its size, the last bundle's entries, each level's last hashes."""

    size: int = 0
    entries: tuple[bytes, ...] = ()
    hashes: tuple[tuple[bytes, ...], ...] = ()

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        return edge_root(self.hashes)


class GrowingLog:
    """Takes entries one by one and gives files as they are ready, in memory that doesn't grow.

    Begin with `RightEdge()` or with the edge of the last checkpoint. `append` gives tiles that
    became full, `finish` the partial ones of the size reached; then `edge` is where to go on.
    """

    def __init__(self, edge: RightEdge) -> None:
        self._begun = edge
        self._size = edge.size
        self._entries = list(edge.entries)
        self._hashes = [list(level) for level in edge.hashes]

    @property
    def edge(self) -> RightEdge:
        """The right edge as it is now."""
        return RightEdge(self._size, tuple(self._entries), tuple(map(tuple, self._hashes)))

    def append(self, entries: Iterable[bytes]) -> Iterator[TileFile]:
        """Add entries, yielding tiles and bundles as they become full; `ValueError` if too long."""
        if not self._hashes:
            self._hashes.append([])
        leaves = self._hashes[0]
        for entry in entries:
            if len(entry) > LONGEST_ENTRY or self._size == LARGEST_SIZE:
                raise ValueError(f"entry {self._size} is too long, or the log is full")
            self._entries.append(entry)
            leaves.append(leaf_hash(entry))
            self._size += 1
            if len(leaves) == WIDTH:
                yield from self._flush()

    def finish(self) -> Iterator[TileFile]:
        """Yield the partial tiles that the tree did not have before."""
        if self._entries and self._size > self._begun.size:
            tile = Tile(None, self._size // WIDTH, len(self._entries))
            yield TileFile(tile, bundle_of(self._entries))
        for level, hashes in enumerate(self._hashes):
            count = self._size >> 8 * level
            if hashes and count > self._begun.size >> 8 * level:
                yield TileFile(Tile(level, count // WIDTH, len(hashes)), b"".join(hashes))

    def _flush(self) -> Iterator[TileFile]:
        """Empty the full bundle, and every level that became full with it."""
        yield TileFile(Tile(None, self._size // WIDTH - 1), bundle_of(self._entries))
        self._entries.clear()
        level = 0
        while len(self._hashes[level]) == WIDTH:
            hashes = self._hashes[level]
            index = (self._size >> 8 * (level + 1)) - 1
            yield TileFile(Tile(level, index), b"".join(hashes))
            if level + 1 == len(self._hashes):
                self._hashes.append([])
            self._hashes[level + 1].append(root_of(hashes))
            hashes.clear()
            level += 1


def edge_root(hashes: Iterable[Iterable[bytes]]) -> bytes:
    """Return the root of a tree from the hashes of its right edge, lowest level first."""
    rest: list[bytes] = []
    for level in hashes:
        # What lies below is the last, smaller subtree of this level.
        nodes = [*level, *rest]
        rest = [root_of(nodes)] if nodes else []
    return rest[0] if rest else EMPTY_ROOT
