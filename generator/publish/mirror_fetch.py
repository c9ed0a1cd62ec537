"""Fetching what a mirror lacks: files are hashed, tiles led to the signed root, before they stay.

A part of the manifest that did not change is not looked into. What was published before may neither
vanish nor, if it never changes, change: a mirror is what readers will hold the operator to. This
module writes files that replace nothing, and lays the others ready (`mirror_stage`).
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum, auto
from hashlib import sha256

from generator.publish.headers import NEVER_CHANGES, kind_of
from generator.publish.mirror_source import SiteState
from generator.publish.mirror_stage import WORKERS, Stage, put_file
from generator.publish.mirror_state import MirrorLease
from generator.publish.target import Target
from generator.read.logged import CHECKPOINT_PATH, LOG_PATH
from generator.read.sources import needed
from passport.errors import VerificationError
from passport.log.tiled_log import TiledLog
from passport.log.tiles import WIDTH
from passport.manifest import INDEX_PATH, ListedFile, ListedShard
from passport.quoting import first_of

_BATCH = 512
"""Files between two looks at the lease."""

AfterFile = Callable[[int, int], None]
"""Called with the number of files that were just seen to, and with that of all."""


class _Outcome(Enum):
    UNCHANGED = auto()
    ADDED = auto()
    LAID = auto()


@dataclass(slots=True, kw_only=True)
class MirrorReport:
    """What a run did with the files that the manifest lists."""

    site: SiteState = field(repr=False)
    is_first: bool
    finished_earlier: bool
    """Whether an interrupted run had to be put in place first."""
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    fetched_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One run; `before` is the state mirrored before, None for none.

    `is_trusted` says that the mirror is believed to hold what its manifest lists, `looks` that
    something may lie where the manifest listed nothing before, `reads` that only its bytes count.
    """

    target: Target
    site: SiteState
    before: SiteState | None
    is_trusted: bool
    looks: bool
    reads: bool
    lease: MirrorLease
    stage: Stage
    report: MirrorReport
    after_file: AfterFile

    def files(self) -> None:
        """See to every file that the manifest lists."""
        old = {part.path: part.sha256 for part in self.before.shards} if self.before else {}
        with ThreadPoolExecutor(WORKERS) as workers:
            for part in self.site.shards:
                if self.is_trusted and old.get(part.path) == part.sha256:
                    self.report.unchanged += part.files
                    self.after_file(part.files, self.site.files)
                else:
                    self._part(part, workers)
        self.stage.close_list()

    def vouching(self) -> None:
        """Lay ready what proves itself, in the order in which readers may find it."""
        notes = ((CHECKPOINT_PATH, self.site.log.note),)
        for group in (self._tiles(), self.site.lists.items(), notes):
            for path, content in group:
                self._lay(path, content)
            self.stage.close_list()
        for part in self.site.shards:
            self._lay(part.path, self._fetched(part))
        self.stage.close_list()
        self._lay(INDEX_PATH, self.site.index)
        self.stage.end()

    def _part(self, part: ListedShard, workers: ThreadPoolExecutor) -> None:
        files = self.site.listed(part)
        before = self.before.listed_as(part) if self.before else {}
        _check_keeps(files, before)
        for start in range(0, len(files), _BATCH):
            self.lease.check()
            batch = files[start : start + _BATCH]
            known = [before.get(file.path) for file in batch]
            for file, outcome in zip(batch, workers.map(self._file, batch, known), strict=True):
                self._count(file, outcome)

    def _file(self, file: ListedFile, before: ListedFile | None) -> _Outcome:
        is_same = before is not None and before.sha256 == file.sha256
        if is_same and self.is_trusted:
            return _Outcome.UNCHANGED
        if before is not None and not is_same:
            if not (self.looks and self.stage.holds(file)):
                self.stage.lay(file, self._fetched(file))
            return _Outcome.LAID
        if self.looks and self._lies_there(file):
            return _Outcome.UNCHANGED
        put_file(self.target, file, self._fetched(file))
        return _Outcome.ADDED

    def _lies_there(self, file: ListedFile) -> bool:
        """Whether a file is in place; what a store says of a digest was once true of the bytes."""
        key = self.target.key_of(file.path, file.media_type)
        if self.reads:
            return sha256(self.target.objects.get(key) or b"").hexdigest() == file.sha256
        found = self.target.objects.head(key)
        return found is not None and found.digest == file.sha256

    def _fetched(self, file: ListedFile | ListedShard) -> bytes:
        content = needed(self.site.source, file.path)
        if sha256(content).hexdigest() != file.sha256:
            raise VerificationError(
                f"{file.path} has other bytes than the manifest says",
                "if a deploy is under way, try again when it has ended; else tell the operator",
            )
        return content

    def _count(self, file: ListedFile, outcome: _Outcome) -> None:
        match outcome:
            case _Outcome.LAID:
                self.report.replaced += 1
                self.stage.move(file)
            case _Outcome.ADDED:
                self.report.added += 1
            case _Outcome.UNCHANGED:
                self.report.unchanged += 1
        self.report.fetched_bytes += 0 if outcome is _Outcome.UNCHANGED else file.size
        self.after_file(1, self.site.files)

    def _tiles(self) -> Iterator[tuple[str, bytes]]:
        """Yield the tiles that the mirror lacks, each once it leads to the signed root."""
        checkpoint, fetched = self.site.log.checkpoint, dict[str, bytes]()

        def get(tile: str) -> bytes | None:
            path = f"{LOG_PATH}/{tile}"
            content = self.target.source.get(path) if self.is_trusted else None
            if content is None and (content := self.site.source.get(path)) is not None:
                fetched[path] = content
            return content

        old = self.before.log.checkpoint.size if self.before and self.is_trusted else 0
        tree = TiledLog(get, size=checkpoint.size, root=checkpoint.root)
        for count, _ in enumerate(tree.entries(old - old % WIDTH)):
            if count % WIDTH == 0:
                yield from _popped(fetched)
        yield from _popped(fetched)

    def _lay(self, path: str, content: bytes) -> None:
        if self.target.source.get(path) == content:
            return
        kind = kind_of(path[1:])
        digest = sha256(content).hexdigest()
        file = ListedFile(path, digest, len(content), kind.media_type, kind.cache)
        self.stage.lay(file, content)
        self.stage.move(file)


def _popped(fetched: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    while fetched:
        yield fetched.popitem()


def _check_keeps(files: Iterable[ListedFile], before: dict[str, ListedFile]) -> None:
    """Every URL that was published is still there, and what never changes has not."""
    ours = {file.path: file for file in files}
    vanished = [path for path in before if path not in ours]
    changed = [
        path
        for path, file in before.items()
        if path in ours and file.cache in NEVER_CHANGES and ours[path].sha256 != file.sha256
    ]
    for paths, what in ((vanished, "are gone from the source"), (changed, "never change, but did")):
        if paths:
            raise VerificationError(
                f"published URLs {what}: {first_of(paths)}",
                "the mirror stays as it was: ask the operator, and mirror to another place if need "
                "be",
            )
