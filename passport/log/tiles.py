"""Tiles: a Merkle tree as static files, hashes by 256 and entries by 256.

Spec: C2SP tlog-tiles. A tile of level 0 holds leaf hashes, one of level n + 1 the roots of full
tiles of level n; a bundle holds the entries themselves. Every file has one path and one content
for ever: a partial tile has its width in its name and stays beside the full one. This module
knows names and bytes; `passport.log.tiled_log` reads a tree from them, `passport.log.growing_log`
writes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from passport.errors import VerificationError
from passport.log.merkle import HASH_LENGTH
from passport.quoting import quoted

WIDTH = 256
"""Hashes of a full tile, entries of a full bundle."""
LARGEST_SIZE = 2**53 - 1
"""Entries of the largest log: every reader's numbers hold its size exactly."""
LONGEST_ENTRY = 65_535

_TOP_LEVEL = 6  # 256**7 is beyond LARGEST_SIZE, so that no tile of level 7 has a hash
_SHAPE = re.compile(
    r"tile/(?P<level>[0-9]|[1-5][0-9]|6[0-3]|entries)"
    r"/(?P<index>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One file's name: its level (None: a bundle of entries), its index, how many it holds."""

    level: int | None
    index: int
    width: int = WIDTH

    @classmethod
    def parse(cls, path: str) -> Self:
        """Read a path below the log's prefix; `VerificationError` for another spelling."""
        match = _SHAPE.fullmatch(path)
        if match is None:
            raise _error(f"{quoted(path)} names no tile")
        level = None if match["level"] == "entries" else int(match["level"])
        index = int(match["index"].replace("x", "").replace("/", ""))
        width = int(match["width"] or WIDTH)
        tile = cls(level, index, width)
        # Groups of zeros in front, a width of 256 and levels without a tile have no such path.
        if tile.path != path or (level or 0) > _TOP_LEVEL or tile.end > LARGEST_SIZE:
            raise _error(f"{quoted(path)} names no tile", f"{quoted(tile.path)} would")
        return tile

    @property
    def path(self) -> str:
        """The path below the log's prefix: `tile/0/x001/234.p/17`."""
        kind = "entries" if self.level is None else self.level
        groups = f"{self.index:,}".replace(",", " ").split()
        name = "/".join([*(f"x{group:0>3}" for group in groups[:-1]), f"{groups[-1]:0>3}"])
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{name}{partial}"

    @property
    def start(self) -> int:
        """Index of the first entry below it."""
        return self.index * WIDTH << 8 * (self.level or 0)

    @property
    def end(self) -> int:
        """Index behind the last entry below it."""
        return self.start + (self.width << 8 * (self.level or 0))


@dataclass(frozen=True, slots=True, order=True)
class TileFile:
    """A tile or bundle with its bytes."""

    tile: Tile
    content: bytes


def tile_at(level: int | None, index: int, size: int) -> Tile:
    """Return a tile as a tree of `size` entries has it, full or partial."""
    held = (size >> 8 * (level or 0)) - index * WIDTH
    if held < 1:
        raise ValueError(f"a tree of {size} has no tile {index} of level {level}")
    return Tile(level, index, min(held, WIDTH))


def right_edge(size: int) -> Iterator[Tile]:
    """Yield the partial tiles of a tree, lowest level first; they hold its root between them."""
    level = 0
    while size >> 8 * level:
        width = (size >> 8 * level) % WIDTH
        if width:
            yield Tile(level, size >> 8 * (level + 1), width)
        level += 1


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile and bundle of a tree: what a site with this checkpoint must have."""
    for index in range(-(-size // WIDTH)):
        yield tile_at(None, index, size)
    level = 0
    while size >> 8 * level:
        for index in range(-(-(size >> 8 * level) // WIDTH)):
            yield tile_at(level, index, size)
        level += 1


def hashes_of(tile: Tile, content: bytes) -> tuple[bytes, ...]:
    """Split a hash tile; `VerificationError` unless it holds as many as its name says."""
    if len(content) != tile.width * HASH_LENGTH:
        raise _error(
            f"{tile.path} has {len(content)} bytes, not {tile.width * HASH_LENGTH}",
            "fetch it anew: it was cut or lengthened",
        )
    return tuple(content[at : at + HASH_LENGTH] for at in range(0, len(content), HASH_LENGTH))


def entries_of(tile: Tile, content: bytes) -> tuple[bytes, ...]:
    """Split a bundle; `VerificationError` unless it holds as many entries as its name says."""
    entries: list[bytes] = []
    at = 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 2], "big")
        entry = content[at + 2 : at + 2 + length]
        if at + 2 > len(content) or len(entry) < length:
            raise _error(f"{tile.path} ends within entry {len(entries)}")
        entries.append(entry)
        at += 2 + length
    if len(entries) != tile.width:
        raise _error(f"{tile.path} has {len(entries)} entries, not {tile.width}")
    return tuple(entries)


def bundle_of(entries: Sequence[bytes]) -> bytes:
    """Return the bytes of a bundle: each entry behind its length, two bytes, big-endian."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def _error(message: str, remedy: str = "") -> VerificationError:
    return VerificationError(message, remedy, check="tile")
