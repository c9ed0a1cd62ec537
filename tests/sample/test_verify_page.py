"""The scripts of docs/verify.md, as they stand there: on the sample, and after one flipped byte."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.foreign_node import FOLDER, NODE
from tests.sample.conftest import ROOT, Sample

PAGE = (ROOT / "docs/verify.md").read_text("utf-8")
SCRIPTS = dict(re.findall(r"<!-- file: (\S+) -->\n```[a-z]+\n(.*?)```\n", PAGE, re.DOTALL))
HOST = "id.example.com"
RUNNERS = {".mjs": str(NODE), ".py": sys.executable, ".sh": "sh"}

PASSPORT = "dpp/01_09506000134352_21_T48L2611-0001/passport.json"
OTHER = "dpp/01_09506000134352_21_T48L2611-0002/passport.json"
COVERED = [
    ("passports.mjs", PASSPORT),
    ("passports.mjs", "manifest/index.json"),
    ("passports.py", PASSPORT),
    ("log.mjs", ".well-known/did.jsonl"),
    ("log.py", ".well-known/did.jsonl"),
    ("manifest.sh", "manifest/0.json"),
    ("manifest.sh", "01/09506000134352/21/T48L2611-0001.html"),
    ("manifest.sh", "404.html"),
    ("manifest.sh", PASSPORT),
]
"""Each script, and a file whose change it must notice."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts, saved where their libraries are found."""
    folder = tmp_path_factory.mktemp("scripts")
    for name, text in SCRIPTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "node_modules").symlink_to(FOLDER / "node_modules", target_is_directory=True)
    return folder


@pytest.fixture
def site(sample: Sample, tmp_path: Path) -> Path:
    """A copy of the sample, to be damaged."""
    return Path(shutil.copytree(sample.site, tmp_path / "site"))


def run(script: Path, site: Path, host: str = HOST) -> "subprocess.CompletedProcess[str]":
    words = [RUNNERS[script.suffix], str(script), str(site), host]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_sample_is_genuine(name: str, folder: Path, sample: Sample) -> None:
    done = run(folder / name, sample.site)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "genuine" in done.stdout
    assert "REFUSED" not in done.stdout


@pytest.mark.parametrize("name", ["passports.mjs", "passports.py"])
def test_every_passport_is_judged(name: str, folder: Path, sample: Sample) -> None:
    judged = run(folder / name, sample.site).stdout

    assert judged.count(f"genuine: https://{HOST}/") == len(sample.passports)


@pytest.mark.parametrize(("name", "file"), COVERED)
def test_a_flipped_byte_is_refused(name: str, file: str, folder: Path, site: Path) -> None:
    content = bytearray((site / file).read_bytes())
    content[len(content) // 2] ^= 1
    (site / file).write_bytes(content)

    assert run(folder / name, site).returncode != 0


@pytest.mark.parametrize("name", ["passports.mjs", "passports.py"])
def test_a_passport_in_the_place_of_another_is_refused(name: str, folder: Path, site: Path) -> None:
    shutil.copy(site / OTHER, site / PASSPORT)

    done = run(folder / name, site)

    assert done.returncode == 1
    assert "belongs elsewhere" in done.stdout


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name != "manifest.sh"])
def test_another_host_than_expected_is_refused(name: str, folder: Path, sample: Sample) -> None:
    assert run(folder / name, sample.site, "id.example.org").returncode != 0


@pytest.mark.parametrize("name", ["passports.mjs", "passports.py", "log.mjs", "log.py"])
def test_the_files_of_one_battery_are_enough(
    name: str, folder: Path, sample: Sample, tmp_path: Path
) -> None:
    for path in (".well-known/did.json", ".well-known/did.jsonl", PASSPORT):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sample.site / path, tmp_path / path)

    assert run(folder / name, tmp_path).returncode == 0

    shutil.rmtree(tmp_path / "dpp")
    assert run(folder / name, tmp_path).returncode == (1 if name.startswith("passports") else 0)


def test_every_script_is_tried_with_a_flipped_byte() -> None:
    assert {name for name, _ in COVERED} == set(SCRIPTS)


def test_the_page_names_the_versions_that_are_tested() -> None:
    npm = json.loads((FOLDER / "package.json").read_text("utf-8"))["dependencies"]
    pip = (ROOT / "requirements/test.txt").read_text("utf-8")

    named = re.findall(r"(?<= )(@?[a-z][a-z0-9/-]*)@([0-9.]+)", PAGE)
    pinned = re.findall(r"pip install (\S+)", PAGE)

    assert len(named) == 4
    assert [(name, npm[name]) for name, _ in named] == named
    assert len(pinned) == 2
    assert [line for line in pinned if f"\n{line} " not in pip] == []
