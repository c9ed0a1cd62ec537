"""The wheel holds what a site needs and nothing else."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PACKAGES = {"passport", "generator", "broker"}
BESIDE = ("themes", "browser")
"""Folders beside the code in a checkout, inside generator in the wheel."""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZipFile]:
    """Build the wheel once, as a release would, but with the back end that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.iterdir()
    with ZipFile(built) as archive:
        yield archive


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
