"""A project as it stood: a folder, or a revision that Git has, laid out where it can be read.

What is compared are typed contents, so a file that was reflowed or reordered is no change. A
revision is copied out of Git blob by blob into a folder of its own: no attribute of the repository
can hide a file from reviewers, and nothing of the checkout is touched.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from generator.content.config import CONFIG_NAME, SiteConfig, read_config
from generator.content.discretion import hidden, is_restricted
from generator.content.known_lots import KnownLots
from generator.content.load import Content, load
from passport.errors import ConfigError
from passport.problems import Findings, Problem, Severity
from passport.quoting import quoted

WORKING_TREE = "."
"""The project's folder as it is now, committed or not."""
_THEMES, _KEYS = "themes", "keys"
_SECRETS = "private"
_DOCUMENTS = "$.documents"
_FILE_MODES = (b"100644", b"100755")


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
    if source == WORKING_TREE or (Path(source) / CONFIG_NAME).is_file():
        yield _read(source, project if source == WORKING_TREE else Path(source), lots)
        return
    with TemporaryDirectory(prefix="cellfolio-") as scratch:
        folder = Path(scratch) / "project"
        commit = _commit(source, project)
        if not _take_out(commit, project, folder, (CONFIG_NAME,)):
            raise ConfigError(f"revision {commit[:12]} has no {CONFIG_NAME}", "name a later one")
        _take_out(commit, project, folder, _parts(read_config(folder)))
        yield _read(source, folder, lots)


def _read(name: str, folder: Path, lots: KnownLots) -> Snapshot:
    findings = Findings()
    content = load(folder, findings, lots.read)
    return Snapshot(
        name=name,
        content=content,
        files=dict(_digests(folder, content.config)),
        problems=tuple(
            str(_discreet(each)) for each in findings.problems if each.severity is Severity.ERROR
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


def _commit(revision: str, project: Path) -> str:
    found = None
    if not revision.startswith("-"):
        found = _git(project, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if found is None:
        raise ConfigError(
            f"{quoted(revision)} is neither a project's folder nor a revision that Git knows",
            "name two of these, such as HEAD~1 and HEAD",
        )
    return found.decode().strip()


def _take_out(commit: str, project: Path, folder: Path, parts: tuple[str, ...]) -> bool:
    """Lay out parts of the project's own folder, which need not be the top of its repository.

    Return whether there are any.
    """
    blobs = dict(_listed(commit, project, parts))
    with TemporaryFile() as wanted:
        wanted.write(b"".join(blob + b"\n" for blob in blobs.values()))
        wanted.seek(0)
        words = ["git", "-C", str(project), "cat-file", "--batch"]
        with subprocess.Popen(words, stdin=wanted, stdout=subprocess.PIPE) as git:
            assert git.stdout is not None, "it is a pipe"
            for name in blobs:
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(_blob(git.stdout, name))
    return bool(blobs)


def _blob(answers: IO[bytes], name: str) -> bytes:
    """Read the next answer of `git cat-file --batch`: `<object> blob <size>`, then the bytes."""
    size = answers.readline().rsplit(b" ", 1)[-1].strip()
    if not size.isdigit():
        raise ConfigError(f"Git lacks {name} of that revision", "fetch the whole history")
    return answers.read(int(size) + 1)[:-1]


def _listed(commit: str, project: Path, parts: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield files by their names from the project's folder on, and their blobs."""
    listed = _git(project, "ls-tree", "-r", "-z", commit, "--", *parts) or b""
    for line in filter(None, listed.split(b"\0")):
        about, _, name = line.partition(b"\t")
        mode, _, blob = about.split(b" ")
        if mode in _FILE_MODES and _SECRETS not in PurePosixPath(name.decode()).parts[:2]:
            yield name.decode(), blob


def _git(project: Path, *words: str) -> bytes | None:
    try:
        done = subprocess.run(["git", "-C", str(project), *words], capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
