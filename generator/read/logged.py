"""A site and its transparency log: is all that it publishes in it, and does the log hold.

One pass over the entries: each is where a document says that it is, the tiles lead to the root that
the issuer signed, and tiles of earlier checkpoints say what the present ones say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.read.checks import Check
from generator.read.sources import Source
from passport.base_url import BaseUrl
from passport.checkpoint import Checkpoint, LogKey, log_origin, log_path, verify_checkpoint
from passport.did_document import DidDocument
from passport.errors import VerificationError
from passport.keys import Purpose
from passport.log_entry import LogEntry
from passport.tiled_log import TiledLog
from passport.tiles import Tile, tile_at, tiles_of

GENERATION = 1


@dataclass(frozen=True, slots=True)
class SiteLog:
    """A site's log: a checkpoint that the issuer signed, and the tree below it."""

    source: Source
    checkpoint: Checkpoint

    @property
    def prefix(self) -> str:
        """Where it lies."""
        return log_path(GENERATION)

    @property
    def tree(self) -> TiledLog:
        """The tree, read from the site's tiles."""

        def get(path: str) -> bytes | None:
            return self.source.get(f"{self.prefix}/{path}")

        return TiledLog(get, size=self.checkpoint.size, root=self.checkpoint.root)

    @property
    def paths(self) -> frozenset[str]:
        """Every path that a site with this checkpoint must have."""
        tiles = (f"{self.prefix}/{tile.path}" for tile in tiles_of(self.checkpoint.size))
        return frozenset((f"{self.prefix}/checkpoint", *tiles))


def read_site_log(source: Source, base_url: BaseUrl, issuer: DidDocument) -> SiteLog:
    """Read a site's checkpoint; `VerificationError` unless a key of its issuer signed it."""
    content = source.get(f"{log_path(GENERATION)}/checkpoint")
    if content is None:
        raise VerificationError("the site has no checkpoint", "ask for a whole copy of the site")
    origin = log_origin(base_url, GENERATION)
    prefix = f"{issuer.did}#{Purpose.CHECKPOINT}-"
    keys = [
        LogKey(origin, method.public_key)
        for method in issuer.methods
        if method.id.startswith(prefix) and not method.is_revoked
    ]
    return SiteLog(source, verify_checkpoint(content, keys))


def check_entries(log: SiteLog, expected: Mapping[int, tuple[str, LogEntry]], check: Check) -> None:
    """Hold every entry to what documents say; `expected` maps an index to path and entry."""
    size = 0
    with check.of(log.prefix):
        for index, content in enumerate(log.tree.entries()):
            size += 1
            entry = LogEntry.parse(content)
            if index in expected and expected[index][1] != entry:
                check.fail(expected[index][0], f"entry {index} of the log is of something else")
    check.looked_at = size
    for index, (path, _) in expected.items():
        if index >= size:
            check.fail(path, f"the log has no entry {index}")


def earlier_tiles(log: SiteLog, present: Iterable[str]) -> frozenset[str]:
    """The paths among `present` that are partial tiles of earlier checkpoints of this very log."""
    known, found = log.paths, set()
    for path in present:
        if path.startswith(f"{log.prefix}/tile/") and path not in known:
            tile = Tile.parse(path.removeprefix(f"{log.prefix}/"))
            if _continues(log, tile, path):
                found.add(path)
    return frozenset(found)


def _continues(log: SiteLog, tile: Tile, path: str) -> bool:
    now = tile_at(tile.level, tile.index, log.checkpoint.size)
    earlier, later = log.source.get(path), log.source.get(f"{log.prefix}/{now.path}")
    return earlier is not None and later is not None and later.startswith(earlier)
