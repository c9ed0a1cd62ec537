"""The wheel holds what a site needs and nothing else; installed alone, it makes and serves one."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PACKAGES = {"passport", "generator", "broker"}
BESIDE = ("themes", "browser")
"""Folders beside the code in a checkout, inside generator in the wheel."""


@pytest.fixture(scope="session")
def wheel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once, as a release would, but with the back end that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="session")
def wheel(wheel_file: Path) -> Iterator[ZipFile]:
    """Open the wheel."""
    with ZipFile(wheel_file) as archive:
        yield archive


@pytest.fixture(scope="session")
def installed(wheel_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty environment, its needs pinned, and return its programs."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", folder)
    run(*pip, "install", "--quiet", "--require-hashes", "-r", ROOT / "requirements/run.txt")
    run(*pip, "install", "--quiet", "--no-deps", wheel_file)
    return folder / "bin"


def run(*command: object, cwd: Path | None = None) -> str:
    """Run a program with nothing of this checkout in its environment; return what it prints."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=bare_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@contextmanager
def serving(cellfolio: Path, project: Path) -> Iterator[str]:
    """Serve a project's site at a free port, yield its address, and stop."""
    with subprocess.Popen(
        [cellfolio, "serve", "--port", "0"],
        cwd=project,
        env=bare_environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            found = re.search(r"http://\S+(?=/)", server.stdout.readline())
            assert found is not None
            yield found[0]
        finally:
            server.terminate()


def fetch(url: str) -> tuple[int, str, bytes]:
    """Return status, media type and body."""
    try:
        with urlopen(url, timeout=20) as answer:  # noqa: S310 (an address that we just bound)
            return answer.status, answer.headers["Content-Type"], answer.read()
    except HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()


def files_below(folder: str) -> set[str]:
    """Return the paths of a folder of the checkout, relative to it, without caches."""
    base = ROOT / folder
    found = {path.relative_to(base) for path in base.rglob("*") if path.is_file()}
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


def packed_below(wheel: ZipFile, folder: str) -> set[str]:
    """Return the paths that the wheel has below a folder, relative to it."""
    return {
        name.removeprefix(f"{folder}/")
        for name in wheel.namelist()
        if name.startswith(f"{folder}/") and not name.endswith("/")
    }


def metadata_file(wheel: ZipFile, name: str) -> str:
    folder = f"{PROJECT['name']}-{PROJECT['version']}.dist-info"
    return wheel.read(f"{folder}/{name}").decode()


def test_it_has_exactly_the_three_packages(wheel: ZipFile) -> None:
    top = {name.partition("/")[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == PACKAGES


@pytest.mark.parametrize("folder", BESIDE)
def test_it_carries_the_data_beside_the_code(wheel: ZipFile, folder: str) -> None:
    assert packed_below(wheel, f"generator/{folder}") == files_below(folder) != set()


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_it_carries_every_file_of_a_package(wheel: ZipFile, package: str) -> None:
    packed = packed_below(wheel, package)
    own = {name for name in packed if name.partition("/")[0] not in BESIDE}
    assert own == files_below(package) != set()


def test_it_installs_the_command_and_nothing_else(wheel: ZipFile) -> None:
    points = ConfigParser()
    points.read_string(metadata_file(wheel, "entry_points.txt"))
    assert points.sections() == ["console_scripts"]
    assert dict(points["console_scripts"]) == PROJECT["scripts"]


def test_it_carries_its_licence(wheel: ZipFile) -> None:
    assert metadata_file(wheel, "licenses/LICENSE") == (ROOT / "LICENSE").read_text("utf-8")
    assert "License-Expression: Apache-2.0" in metadata_file(wheel, "METADATA").splitlines()


def test_alone_in_an_empty_folder_it_makes_and_serves_a_site(
    wheel: ZipFile, installed: Path, tmp_path: Path
) -> None:
    cellfolio = installed / "cellfolio"
    assert "cellfolio build" in run(cellfolio, "init", cwd=tmp_path)
    run(cellfolio, "check", cwd=tmp_path)
    run(cellfolio, "build", cwd=tmp_path)
    with serving(cellfolio, tmp_path) as origin:
        status, media_type, page = fetch(f"{origin}/01/09506000160481/21/EX26-000001")
        assert (status, media_type) == (200, "text/html; charset=utf-8")
        assert b"EX26-000001" in page
        found = re.search(rb'href="(/assets/[^"]+/site\.css)"', page)
        assert found is not None
        style = fetch(f"{origin}{found[1].decode()}")
        # No folder of the project has it, so the theme was found inside the package.
        packed = wheel.read("generator/themes/default/static/site.css")
        assert style == (200, "text/css; charset=utf-8", packed)
        passport = fetch(f"{origin}/dpp/01_09506000160481_21_EX26-000001/passport.json")
        assert passport[:2] == (200, "application/vc")
        status, media_type, page = fetch(f"{origin}/01/09506000160481/21/EX26-999999")
        assert (status, media_type) == (404, "text/html; charset=utf-8")
        assert b"EX26-000001" not in page


def test_installed_it_is_the_wheel_and_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    program = "import passport, generator, broker; print(passport, generator, broker)"
    assert f"{ROOT}{os.sep}" not in run(installed / "python", "-c", program, cwd=tmp_path)


def test_every_command_of_the_wheel_loads(installed: Path, tmp_path: Path) -> None:
    listed = run(installed / "cellfolio", "--help", cwd=tmp_path).partition("Commands:")[2]
    names = re.findall(r"^  (\S+)", listed, re.MULTILINE)
    assert names
    for name in names:
        assert "Example:" in run(installed / "cellfolio", name, "--help", cwd=tmp_path)


def test_labels_say_which_extra_they_need(installed: Path, tmp_path: Path) -> None:
    """The bare wheel has none of the libraries that draw and read."""
    done = subprocess.run(
        [str(installed / "cellfolio"), "labels", "--draft", "--format", "svg", "--out", "labels"],
        cwd=tmp_path,
        env=bare_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "pip install 'cellfolio[labels]'" in done.stderr
