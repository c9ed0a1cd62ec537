"""Two people build one commit on machines that have nothing in common: every byte is the same.

What differs: folder, clone, user (where the tests run as root), umask, time zone, locale and hash
seed.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.sample.conftest import ROOT

NOBODY = 65534
ROOMS = ("passport", "generator", "broker", "browser", "themes", "content", "cellfolio.toml")
BUILD = "import sys; from generator.cli.main import main; main()"
COMMITTED = {
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@maker.example",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_COMMITTER_EMAIL": "somebody@maker.example",
    "GIT_AUTHOR_DATE": "2026-11-22T12:00:00+05:30",
    "GIT_COMMITTER_DATE": "2026-11-22T12:00:00+05:30",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with a clone of the project."""

    clone: Path
    umask: int
    becoming: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    def build(self) -> dict[str, bytes]:
        """Build with the code and the content of this clone; return the site's files."""
        plain = {"PATH": os.environ["PATH"], "HOME": str(self.clone)}
        done = subprocess.run(
            [*self.becoming, sys.executable, "-c", BUILD, "build"],
            cwd=self.clone,
            env=plain | self.environment,
            umask=self.umask,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        site = self.clone / "site"
        found = (path for path in site.rglob("*") if path.is_file())
        return {path.relative_to(site).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def commit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it is, committed in a repository of its own."""
    project = tmp_path_factory.mktemp("commit")
    for name in ROOMS:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, project / name, ignore=ignored)
        else:
            shutil.copy(source, project / name)
    (project / ".gitignore").write_text("__pycache__/\n/site/\n/.site.*\n")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Everything"]):
        subprocess.run(["git", *words], cwd=project, check=True, env=os.environ | COMMITTED)
    return project


def clone(commit: Path, folder: Path) -> Path:
    subprocess.run(["git", "clone", "-q", "--no-local", str(commit), str(folder)], check=True)
    return folder


def becoming_nobody() -> tuple[str, ...]:
    """Return the words that run a program as another user; none where that can't be.

    Root only may become somebody else, who then needs to read this Python, wherever it lies.
    """
    ids = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    reading = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return ()
    for words in (ids, (*ids, *reading)):
        runs = [*words, sys.executable, "-c", "import nacl, jinja2, yaml"]
        if subprocess.run(runs, check=False, capture_output=True).returncode == 0:
            return words
    return ()


def test_two_people_build_the_same_bytes(commit: Path, tmp_path: Path) -> None:
    here = Person(
        clone=clone(commit, tmp_path / "here"),
        umask=0o022,
        environment={"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    )
    # Not below pytest's folder, which is its user's alone.
    with TemporaryDirectory(prefix="ganz woanders ä ") as folder:
        there = Person(
            clone=clone(commit, Path(folder) / "a clone"),
            umask=0o077,
            becoming=becoming_nobody(),
            environment={
                "TZ": "Pacific/Kiritimati",
                "LANG": "tr_TR.UTF-8",
                "LC_ALL": "C.UTF-8",
                "PYTHONHASHSEED": "4711",
            },
        )
        if there.becoming:
            for path in (Path(folder), *Path(folder).rglob("*")):
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        ours, theirs = here.build(), there.build()

    assert ours.keys() == theirs.keys()
    assert [path for path in ours if ours[path] != theirs[path]] == []
    assert len(ours) > 200
    assert b'"2026-11-22T06:30:00Z"' in ours["manifest/index.json"]
