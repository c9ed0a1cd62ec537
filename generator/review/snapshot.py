"""A project as it stood: a folder, or a revision that Git has, laid out where it can be read.

What is compared are typed contents, so a file that was reflowed or reordered is no change. A name
that Git knows is a revision even where a folder is called so, since a branch can bring folders.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.content.config import CONFIG_NAME, SiteConfig, read_config
from generator.content.discretion import hidden, is_restricted
from generator.content.load import Content, load
from generator.content.revision_files import find_commit, lay_out
from generator.review.known_lots import KnownLots
from passport.errors import ConfigError
from passport.problems import Findings, Place, Problem, Severity
from passport.quoting import quoted

WORKING_TREE = "."
"""The project's folder as it is now, committed or not."""
_THEMES, _KEYS = "themes", "keys"
_SECRETS = "private"
_DOCUMENTS = "$.documents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one side of a comparison says.

    `files` maps the files of themes and keys to digests. `problems` are those for which something
    can't be compared: what a reader could not make out is not in `content`.
    """

    name: str
    content: Content
    files: dict[str, str]
    problems: tuple[str, ...]


@contextmanager
def snapshots_of(before: str, after: str, project: Path) -> Iterator[tuple[Snapshot, Snapshot]]:
    """Read two states of a project; `ConfigError` for what is neither a revision nor a folder."""
    lots = KnownLots()
    with _snapshot_of(before, project, lots) as old, _snapshot_of(after, project, lots) as new:
        yield old, new


@contextmanager
def _snapshot_of(source: str, project: Path, lots: KnownLots) -> Iterator[Snapshot]:
    if source == WORKING_TREE:
        yield _read(source, project, lots)
    elif commit := find_commit(source, project):
        with TemporaryDirectory(prefix="cellfolio-") as scratch:
            folder = Path(scratch) / "project"
            left_out = _lay_out(commit, project, folder)
            yield _read(source, folder, lots, left_out)
    elif source and (Path(source) / CONFIG_NAME).is_file():
        yield _read(source, Path(source), lots)
    else:
        raise ConfigError(
            f"{quoted(source)} is neither a project's folder nor a revision that Git knows",
            "name two of these, such as HEAD~1 and HEAD",
        )


def _lay_out(commit: str, project: Path, folder: Path) -> tuple[str, ...]:
    """Lay out what a project is made of; return what can't be."""
    lay_out(commit, project, folder, (CONFIG_NAME,))
    if not (folder / CONFIG_NAME).is_file():
        raise ConfigError(f"revision {commit[:12]} has no {CONFIG_NAME}", "name a later one")
    config = read_config(folder)
    secrets = tuple(f"{keys}/{_SECRETS}/" for keys in (_KEYS, config.keys))
    return lay_out(commit, project, folder, _parts(config), without=secrets)


def _read(name: str, folder: Path, lots: KnownLots, left_out: tuple[str, ...] = ()) -> Snapshot:
    findings = Findings()
    for path in left_out:
        findings.error(Place(path), "$", "strange-file", "this is no file", "put the file there")
    content = load(folder, findings, lots.read)
    return Snapshot(
        name=name,
        content=content,
        files=dict(_digests(folder, content.config)),
        problems=tuple(
            f"{name}: {_discreet(each)}"
            for each in findings.problems
            if each.severity is Severity.ERROR
        ),
    )


def _discreet(problem: Problem) -> Problem:
    """A problem as a comment may tell it: without ids and files of restricted documents."""
    if problem.path.startswith(_DOCUMENTS):
        return replace(hidden(problem), path=_DOCUMENTS)
    return hidden(problem) if is_restricted(problem.place.file) else problem


def _digests(folder: Path, config: SiteConfig) -> Iterator[tuple[str, str]]:
    for part in dict.fromkeys((_THEMES, _KEYS, config.keys)):
        for path in sorted((folder / part).rglob("*")):
            name = path.relative_to(folder)
            if path.is_file() and _SECRETS not in name.parts:
                told = Path(_THEMES if part == _THEMES else _KEYS, *name.parts[1:])
                yield told.as_posix(), sha256(path.read_bytes()).hexdigest()


def _parts(config: SiteConfig) -> tuple[str, ...]:
    """The folders that a project is made of; a private root may lie outside of it."""
    parts = ("content", _THEMES, _KEYS, config.keys, config.private_root)
    return tuple(part for part in dict.fromkeys(parts) if part and not part.startswith(".."))
