"""netlify.toml's own command, run as the host runs it: in a fresh clone, with nothing installed."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.browser.served_site import serving
from tests.small_site import tree

ROOT = Path(__file__).parent.parent


def run(folder: Path, environment: dict[str, str], *words: object) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=540,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A Python that has pip and nothing else."""
    folder = tmp_path_factory.mktemp("python")
    run(folder, dict(os.environ), sys.executable, "-m", "venv", folder)
    kept = {n: v for n, v in os.environ.items() if n != "URL" and not n.startswith("PYTHON")}
    return {**kept, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """What the host clones, built by its command."""
    folder = tmp_path_factory.mktemp("netlify") / "clone"
    run(ROOT, environment, "git", "clone", "--quiet", "--no-local", ROOT, folder)
    run(folder, environment, "bash", "-c", command(folder))
    return folder


def command(folder: Path) -> str:
    settings = tomllib.loads((folder / "netlify.toml").read_text("utf-8"))
    told: str = settings["build"]["command"]
    return told


def site_of(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in tree(folder).items() if name != ".gitignore"}


def test_the_host_s_command_yields_the_bytes_of_a_plain_build(
    clone: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    run(clone, environment, "cellfolio", "build", "--out", tmp_path / "plain")
    assert site_of(clone / "site") == site_of(tmp_path / "plain")


def test_the_site_that_was_published_is_restored_before_the_next_is_built(
    clone: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    again = tmp_path / "again"
    run(tmp_path, environment, "git", "clone", "--quiet", clone, again)
    last = command(again).rpartition("&&")[2]  # what comes before installs what is installed
    with serving(clone / "site") as address:
        run(again, {**environment, "URL": address}, "bash", "-c", last)
    assert site_of(again / "site") == site_of(clone / "site")
