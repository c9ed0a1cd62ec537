"""Publishing to a folder: stage, journal, rename (DESIGN 5, "Publishing").

1. Stage: write what differs from the published site beside it, and refuse what may not be
   published. Whatever ends the run here leaves the old site as it was.
2. Journal: make the staged files durable, then the list of them. This is the step of no return.
3. Rename: move each file into place, make the folders durable, forget the journal. A run that is
   killed here is finished by `finish`, with the same bytes; `require_finished` keeps all else away.

Nothing is ever deleted. This module knows files and their rules, not what a build makes of content.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256
from pathlib import Path

from generator.build.artifact import Artifact, url_path_of
from generator.publish.desk import Desk
from generator.publish.headers import NEVER_CHANGES, kind_of
from generator.publish.journal import Move
from generator.publish.lease import STATE_KEY
from generator.publish.mirror_state import MIRROR_KEY, require_whole
from generator.publish.places import Places
from generator.publish.present import Entry, entries_of
from generator.store.durable import make_durable, write_new
from generator.store.folder_objects import FolderObjects
from passport.errors import HostError, PublishError
from passport.manifest import is_shard_path
from passport.quoting import first_of

# DESIGN 4: a published asset is carried over, never dropped.
_CARRIED_OVER = ("assets/", "ctx/", "schema/", "log/", "status/")
_UNTOUCHED = "the published site is as it was; mend the cause and run again"
_HALF_WRITTEN = "mend the cause, then run `cellfolio build`: it finishes the site first"

AfterStep = Callable[[str], None]
"""Called with the name of each step that was just made; crash tests end the process in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What a run did to the site."""

    paths: tuple[str, ...]
    """URL paths of the files written, in the order of the build."""
    unchanged: int
    """Files that already lay there with the same bytes."""
    kept: int
    """Files that this build didn't make: earlier assets, and dot files at the top."""

    @property
    def written(self) -> int:
        """How many files were written."""
        return len(self.paths)


def publish(
    artifacts: Iterable[Artifact], out: Path, *, after_step: AfterStep = lambda _step: None
) -> PublishReport:
    """Make `out` hold exactly these artifacts and what is carried over, or leave it as it was.

    Artifacts are taken one by one; only names are kept. Raises `PublishError` for two URLs with one
    place, for a URL that would vanish or an immutable file that would change, for links and
    strangers in the folder, for an unfinished site and while another run writes; `HostError` when
    the disk fails.
    """
    out = _own_folder(out)
    desk = Desk(out)
    with _explained(_UNTOUCHED), desk.locked():
        require_finished(out)
        desk.clear()
        staging = _Staging(out, desk, after_step)
        try:
            report = staging.run(artifacts)
        except BaseException:
            with suppress(OSError):  # what is left is thrown away by the next run
                desk.clear()
            raise
        if report.paths:
            desk.commit(report.written)
            after_step("journal")
            _put_in_place(out, desk, after_step)
        else:
            desk.clear()
        return report


def finish(out: Path, *, after_step: AfterStep = lambda _step: None) -> bool:
    """Finish what an interrupted run began; whether there was anything to finish.

    Raises `PublishError` when a staged or moved file isn't what the journal says, and nothing is
    moved then; and for a folder that no build may write to.
    """
    out = _own_folder(out)
    desk = Desk(out)
    if not desk.has_journal():
        return False
    with _explained(_HALF_WRITTEN), desk.locked():
        if not desk.has_journal():
            return False
        for move in desk.moves():
            _check_move(out, desk, move)
        _put_in_place(out, desk, after_step)
        return True


def require_finished(out: Path) -> None:
    """Raise `PublishError` when a run that wrote this site hasn't ended or was interrupted.

    Be it a build, a deploy into the folder or a mirror's.
    """
    folder = _site_folder(out)
    require_whole(FolderObjects(folder))
    if Desk(folder).has_journal():
        raise PublishError(
            f"the site in {out} is half written",
            "if no build is running, run `cellfolio build`: it finishes the site first",
        )


class _Presence(Enum):
    ABSENT = auto()
    SAME = auto()
    OTHER = auto()


class _Staging:
    """One run up to its journal."""

    def __init__(self, out: Path, desk: Desk, after_step: AfterStep) -> None:
        self._out = out
        self._desk = desk
        self._after_step = after_step
        self._places = Places()
        self._written: list[str] = []
        self._unchanged = 0
        self._rewritten: list[str] = []

    def run(self, artifacts: Iterable[Artifact]) -> PublishReport:
        """Stage what changed and check the whole."""
        self._desk.draft(self._moves(artifacts))
        if not self._written and not self._unchanged:
            raise PublishError("the build made no files", "run `cellfolio check` on the content")
        if self._rewritten:
            raise PublishError(
                f"published files that never change would change: {first_of(self._rewritten)}",
                "give the new bytes a new URL",
            )
        kept = self._count_kept()
        self._after_step("staged")
        return PublishReport(paths=tuple(self._written), unchanged=self._unchanged, kept=kept)

    def _moves(self, artifacts: Iterable[Artifact]) -> Iterator[Move]:
        for artifact in artifacts:
            path = artifact.disk_path
            _check_kind(artifact, path)
            self._places.take(path)
            presence = _presence(self._out / path, artifact.content)
            if presence is _Presence.SAME:
                self._unchanged += 1
            elif presence is _Presence.OTHER and artifact.cache in NEVER_CHANGES:
                self._rewritten.append(artifact.url_path)
            else:
                yield self._stage(artifact, path)

    def _stage(self, artifact: Artifact, path: str) -> Move:
        self._written.append(artifact.url_path)
        number = len(self._written)
        write_new(self._desk.staged(number), artifact.content)
        self._after_step(f"stage {path}")
        return Move(number=number, digest=sha256(artifact.content).hexdigest(), path=path)

    def _count_kept(self) -> int:
        """Count what is carried over, and refuse to lose anything else."""
        vanishing: list[str] = []
        kept = 0
        for entry in entries_of(self._out):
            if entry.is_folder:
                self._check_folder(entry)
            elif entry.path in self._places:
                continue
            elif _is_carried_over(entry.path):
                self._places.take(entry.path)
                kept += 1
            else:
                vanishing.append(url_path_of(entry.path))
        if vanishing:
            raise PublishError(
                f"{len(vanishing)} published {'URL' if len(vanishing) == 1 else 'URLs'} "
                f"would vanish: {first_of(vanishing)}",
                "restore the content that made them, or move files away that aren't the site's; "
                f"with demo keys you may delete {self._out} and start over",
            )
        return kept

    def _check_folder(self, entry: Entry) -> None:
        if entry.path in self._places:
            raise PublishError(
                f"a folder lies where {url_path_of(entry.path)} belongs",
                f"move {self._out / entry.path} away",
            )


def _site_folder(out: Path) -> Path:
    """Return the real path of a site folder, which needn't exist; a link to one is refused."""
    if out.is_symlink():
        raise PublishError(f"{out} is a symbolic link", "name the folder itself with --out")
    if out.exists() and not out.is_dir():
        raise PublishError(f"{out} is not a folder", "name another one with --out")
    resolved = out.resolve()
    if resolved.parent == resolved or resolved.is_mount():
        raise PublishError(
            f"{out} is the top of a file system", "name a folder below it with --out"
        )
    return resolved


def _own_folder(out: Path) -> Path:
    """Return a site folder that builds write to; `PublishError` where others keep a copy."""
    folder = _site_folder(out)
    for key, what, remedy in (
        (MIRROR_KEY, "is a mirror", "name another folder with --out, and this one with --previous"),
        (STATE_KEY, "is what a site is deployed to", "build into another folder, then deploy"),
    ):
        if (folder / key).exists():
            raise PublishError(f"{out} {what}", remedy)
    return folder


def _check_kind(artifact: Artifact, path: str) -> None:
    kind = kind_of(path)
    if (artifact.media_type, artifact.cache) != (kind.media_type, kind.cache):
        raise ValueError(
            f"{artifact.url_path} was made as {artifact.media_type}, {artifact.cache}; "
            f"hosts serve it as {kind.media_type}, {kind.cache}"
        )


def _presence(target: Path, content: bytes) -> _Presence:
    try:
        if target.stat().st_size != len(content) or not target.is_file():
            return _Presence.OTHER
        return _Presence.SAME if target.read_bytes() == content else _Presence.OTHER
    except (FileNotFoundError, NotADirectoryError):
        return _Presence.ABSENT


def _is_carried_over(path: str) -> bool:
    is_dot_file_at_the_top = path.startswith(".") and "/" not in path
    # A site that grew has shards of other names; what was one once stays where it is.
    is_kept = path.startswith(_CARRIED_OVER) or is_shard_path(f"/{path}")
    return is_dot_file_at_the_top or is_kept


def _check_move(out: Path, desk: Desk, move: Move) -> None:
    staged = desk.staged(move.number)
    found = staged if staged.exists() else out / move.path
    try:
        digest = sha256(found.read_bytes()).hexdigest()
    except FileNotFoundError:
        digest = "gone"
    if digest != move.digest:
        raise PublishError(
            f"{found} isn't what the publishing journal says, so {out} can't be finished",
            f"restore {out} and {desk.folder} from a backup",
        )


def _put_in_place(out: Path, desk: Desk, after_step: AfterStep) -> None:
    """Make each move that isn't made yet; from here on the site can only become the new one."""
    with _explained(_HALF_WRITTEN):
        folders: set[Path] = {out.parent}
        for move in desk.moves():
            target = out / move.path
            if target.parent not in folders:
                target.parent.mkdir(parents=True, exist_ok=True)
                folders.update((target.parent, *_folders_above(target.parent, out)))
            if (staged := desk.staged(move.number)).exists():
                staged.replace(target)
            after_step(f"move {move.path}")
        make_durable(folders)
        after_step("durable")
        desk.close()
        after_step("closed")


def _folders_above(folder: Path, out: Path) -> Iterator[Path]:
    while folder != out:
        folder = folder.parent
        yield folder


@contextmanager
def _explained(remedy: str) -> Iterator[None]:
    """Tell what it means for the site that the system refused something."""
    try:
        yield
    except OSError as error:
        raise HostError(f"the system refused: {error}", remedy) from error
