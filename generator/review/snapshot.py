"""A project as it stood: a folder, or a revision that Git has, laid out where it can be read.

What is compared are typed contents, so a file that was reflowed or reordered is no change. A
revision is taken out of Git into a folder of its own; nothing of the checkout is touched.
"""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.content.config import CONFIG_NAME
from generator.content.load import Content, load
from generator.content.revision import read_revision
from passport.errors import ConfigError
from passport.problems import Findings
from passport.quoting import quoted

WORKING_TREE = "."
"""The project's folder as it is now, committed or not."""
_PARTS = (CONFIG_NAME, "content", "themes", "keys")
_SECRETS = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one side of a comparison says.

    `files` maps the files of themes and keys to digests. `reason` is the commit's, "" for a folder.
    """

    name: str
    content: Content
    files: dict[str, str]
    day: date
    reason: str


@contextmanager
def snapshot_of(source: str, project: Path) -> Iterator[Snapshot]:
    """Read a revision of this project, or another folder; `ConfigError` for what is neither."""
    if (Path(source) / CONFIG_NAME).is_file() or source == WORKING_TREE:
        folder = project if source == WORKING_TREE else Path(source)
        yield _read(source, folder, folder)
        return
    with TemporaryDirectory(prefix="cellfolio-") as scratch:
        folder = Path(scratch) / "project"
        _take_out(_commit(source, project), project, folder)
        yield _read(source, folder, project)


def _read(name: str, folder: Path, project: Path) -> Snapshot:
    content = load(folder, Findings())
    revision = read_revision(project)
    return Snapshot(
        name=name,
        content=content,
        files=dict(_digests(folder)),
        day=revision.time.date(),
        reason=_reason(name, project),
    )


def _reason(name: str, project: Path) -> str:
    if name == WORKING_TREE:
        return ""
    form = "--format=%(trailers:key=Passport-Reason,valueonly)"
    told = _git(project, "show", "-s", form, name, "--")
    return told.decode().strip() if told else ""


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for part in ("themes", "keys"):
        for path in sorted((folder / part).rglob("*")):
            name = path.relative_to(folder)
            if path.is_file() and _SECRETS not in name.parts:
                yield name.as_posix(), sha256(path.read_bytes()).hexdigest()


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


def _take_out(commit: str, project: Path, folder: Path) -> None:
    """Lay out the project's own folder, which need not be the top of its repository."""
    prefix = (_git(project, "rev-parse", "--show-prefix") or b"").decode().strip()
    tree = f"{commit}:{prefix}"
    there = [
        part for part in _PARTS if _git(project, "cat-file", "-e", f"{tree}{part}") is not None
    ]
    if CONFIG_NAME not in there:
        raise ConfigError(f"revision {commit[:12]} has no {CONFIG_NAME}", "name a later one")
    archive = _git(project, "archive", "--format=tar", tree, *there)
    if archive is None:
        raise ConfigError(f"Git can't give out revision {commit[:12]}", "run git fsck")
    folder.mkdir()
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")


def _git(project: Path, *words: str) -> bytes | None:
    try:
        done = subprocess.run(["git", "-C", str(project), *words], capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None
