"""The log phase of a build: new entries become tiles and one signed checkpoint.

DESIGN 5: a passport version gets its index in the plan, before it is signed; entries are then added
in the order passports, issuer's DID log, status lists, what a command wants logged, manifest last.
A build without a new entry leaves the log as it is, checkpoint included. Two roots for one size are
never signed: the edge that is extended was verified against the previous checkpoint.
"""

from collections.abc import Iterable, Iterator

from generator.build.artifact import Artifact, CacheClass
from generator.build.previous import REMEDY, PreviousSite
from generator.keys.issuer import Issuer
from generator.read.log import open_log, verify_log
from generator.read.logged import CHECKPOINT_PATH, GENERATION, log_paths
from generator.read.sources import needed
from passport.base_url import BaseUrl
from passport.errors import VerificationError
from passport.log.checkpoint import Checkpoint, log_origin, log_path, sign_checkpoint
from passport.log.entry import LogEntry
from passport.log.growing_log import GrowingLog, RightEdge
from passport.log.tiles import TileFile

_TILE_TYPE = "application/octet-stream"
_CHECKPOINT_TYPE = "text/plain"


class Ledger:
    """Takes the entries of a build in the order of their indexes, after those of the site before.

    Raises `VerificationError` if the checkpoint or the edge of the published log do not hold.
    """

    def __init__(self, previous: PreviousSite, base_url: BaseUrl, issuer: Issuer) -> None:
        edge, self._published = RightEdge(), b""
        if previous.index is not None:
            log = open_log(previous.source, issuer.document, base_url, GENERATION)
            edge, self._published = log.tree.edge(), log.note
        self.origin = log_origin(base_url, GENERATION)
        self._issuer = issuer
        self._first = edge.size
        self._growing = GrowingLog(edge)
        self._full: list[TileFile] = []

    @property
    def next_index(self) -> int:
        """The index that the next entry gets."""
        return self._growing.edge.size

    def add(self, entry: LogEntry, index: int) -> None:
        """Add an entry at the index that the plan gave it; another place is our own mistake."""
        if index != self.next_index:
            raise ValueError(f"entry {index} comes at place {self.next_index} of the log")
        self._full += self._growing.append([entry.to_bytes()])

    def artifacts(self) -> Iterator[Artifact]:
        """Yield the tiles that changed and the checkpoint, the published one if nothing did."""
        prefix = log_path(GENERATION)
        edge = self._growing.edge
        if edge.size == self._first:
            yield _artifact(f"{prefix}/checkpoint", self._published)
            return
        for file in (*self._full, *self._growing.finish()):
            yield _artifact(f"{prefix}/{file.tile.path}", file.content)
        checkpoint = Checkpoint(origin=self.origin, size=edge.size, root=edge.root)
        note = sign_checkpoint(checkpoint, self._issuer.checkpoint_signer)
        yield _artifact(f"{prefix}/checkpoint", note)


def with_earlier_tiles(
    artifacts: Iterable[Artifact], previous: PreviousSite, base_url: BaseUrl, issuer: Issuer
) -> Iterator[Artifact]:
    """Pass a build's artifacts on, then the tiles of the previous log that it did not make anew.

    A folder that is built on keeps its tiles; a site that was read from elsewhere has to bring them
    along. Raises `VerificationError` if they don't lead to the signed root.
    """
    made: set[str] = set()
    for artifact in artifacts:
        if artifact.media_type == _TILE_TYPE:
            made.add(artifact.url_path)
        yield artifact
    if previous.index is None:
        return
    log = open_log(previous.source, issuer.document, base_url, GENERATION)
    if not verify_log(log).is_sound:
        raise VerificationError("the previous site's log does not lead to its signed root", REMEDY)
    for path in sorted(log_paths(log) - {CHECKPOINT_PATH} - made):
        yield _artifact(path, needed(previous.source, path))


def _artifact(path: str, content: bytes) -> Artifact:
    is_checkpoint = path.endswith("/checkpoint")
    return Artifact(
        url_path=path,
        content=content,
        media_type=_CHECKPOINT_TYPE if is_checkpoint else _TILE_TYPE,
        cache=CacheClass.DATA if is_checkpoint else CacheClass.WRITTEN_ONCE,
    )
