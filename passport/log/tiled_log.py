"""Reading a log from its tiles: nothing is believed before it leads to the root.

Spec: C2SP tlog-tiles. The partial tiles of the right edge hold the root between them and are read
first; every other tile must have the hash that the one above states, every entry the hash that its
tile states. So whatever is returned is in the tree of the checkpoint, and what is not there or was
changed is a `VerificationError`. Where files come from isn't known here.
"""

from collections.abc import Callable, Iterator

from passport.errors import VerificationError
from passport.log.growing_log import RightEdge, edge_root
from passport.log.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    tree_root,
)
from passport.log.tiles import WIDTH, Tile, entries_of, hashes_of, right_edge, tile_at

Get = Callable[[str], bytes | None]
"""Returns what lies at a path below the log's prefix, None when nothing does."""

_TILES_KEPT = 64  # of level 0; those above are few, and each is needed again


class TiledLog:
    """The tree of one checkpoint; each tile is fetched once, but for those long out of use."""

    def __init__(self, get: Get, *, size: int, root: bytes) -> None:
        self._get = get
        self.size = size
        self.root = root
        self._edge: dict[int, tuple[bytes, ...]] = {}
        self._above: dict[Tile, tuple[bytes, ...]] = {}
        self._leaves: dict[Tile, tuple[bytes, ...]] = {}

    def leaf(self, index: int) -> bytes:
        """Return the leaf hash of an entry."""
        self._check_index(index)
        return self._tile(0, index // WIDTH)[index % WIDTH]

    def entry(self, index: int) -> bytes:
        """Return an entry."""
        self._check_index(index)
        return self._bundle(index // WIDTH)[index % WIDTH]

    def entries(self, start: int = 0) -> Iterator[bytes]:
        """Yield the entries from `start` to the end, reading one bundle at a time."""
        for bundle in range(start // WIDTH, -(-self.size // WIDTH)):
            yield from self._bundle(bundle)[max(0, start - bundle * WIDTH) :]

    def inclusion_proof(self, index: int) -> tuple[bytes, ...]:
        """Return the proof that an entry is in the tree."""
        self._check_index(index)
        return inclusion_proof(index, self.size, self._node)

    def consistency_proof(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that the tree, or its first `new` entries, begins with the `old` first.

        One entry is the least that is continued.
        """
        new = self.size if new is None else new
        if not 0 < old <= new <= self.size:
            raise _error(f"the log has {self.size} entries: {new} of them continue none of {old}")
        return consistency_proof(old, new, self._node)

    def root_at(self, size: int) -> bytes:
        """Return the root of the first `size` entries."""
        if not 0 <= size <= self.size:
            raise _error(f"the log has {self.size} entries, not {size}")
        return tree_root(size, self._node)

    def edge(self) -> RightEdge:
        """Return where the log goes on; reads the right edge only."""
        hashes = self._right_edge()
        levels = max(hashes, default=-1) + 1
        entries = self._bundle(self.size // WIDTH) if self.size % WIDTH else ()
        return RightEdge(self.size, entries, tuple(hashes.get(n, ()) for n in range(levels)))

    def _check_index(self, index: int) -> None:
        if not 0 <= index < self.size:
            raise _error(f"the log has {self.size} entries, none of index {index}")

    def _node(self, height: int, index: int) -> bytes:
        """Return the hash of a complete subtree, as `passport.log.merkle` asks for it."""
        level, below = divmod(height, 8)
        first = index << below
        hashes = self._tile(level, first // WIDTH)
        return root_of(hashes[first % WIDTH : first % WIDTH + (1 << below)])

    def _right_edge(self) -> dict[int, tuple[bytes, ...]]:
        if not self._edge:
            levels = {tile.level or 0: self._fetch_hashes(tile) for tile in right_edge(self.size)}
            rows = [levels.get(level, ()) for level in range(max(levels, default=-1) + 1)]
            if edge_root(rows) != self.root:
                raise _error("the right edge of the tree does not lead to the checkpoint's root")
            self._edge = levels
        return self._edge

    def _tile(self, level: int, index: int) -> tuple[bytes, ...]:
        """Return a tile's hashes, proven by the tile above or by the root."""
        tile = tile_at(level, index, self.size)
        if tile.width < WIDTH:
            return self._right_edge()[level]
        kept = self._above if level else self._leaves
        if tile not in kept:
            stated = self._tile(level + 1, index // WIDTH)[index % WIDTH]
            hashes = self._fetch_hashes(tile)
            if root_of(hashes) != stated:
                raise _error(f"{tile.path} is not in the tree of the checkpoint")
            if not level and len(kept) == _TILES_KEPT:
                kept.pop(next(iter(kept)))
            kept[tile] = hashes
        return kept[tile]

    def _bundle(self, index: int) -> tuple[bytes, ...]:
        tile = tile_at(None, index, self.size)
        entries = entries_of(tile, self._fetch(tile))
        for place, (entry, leaf) in enumerate(zip(entries, self._tile(0, index), strict=True)):
            if leaf_hash(entry) != leaf:
                raise _error(f"entry {index * WIDTH + place} is not the one in the tree")
        return entries

    def _fetch_hashes(self, tile: Tile) -> tuple[bytes, ...]:
        return hashes_of(tile, self._fetch(tile))

    def _fetch(self, tile: Tile) -> bytes:
        content = self._get(tile.path)
        if content is not None:
            return content
        raise _error(f"{tile.path} is missing", "ask for a whole copy of the log")


def _error(message: str, remedy: str = "") -> VerificationError:
    return VerificationError(message, remedy, check="tile")
