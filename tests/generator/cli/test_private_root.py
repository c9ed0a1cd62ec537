"""The private root: restricted files in a second folder, and a machine that has only the first."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.generator.cli.damage import FOLDER, MODEL, RESTRICTED, SETTINGS, add, swap
from tests.small_site import tree

MINIMAL = Path(__file__).parents[2] / "sites" / "minimal"
DAY = "2027-02-18"
NOT_HERE = "restricted groups of 1 model are not here: kept as they are"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The minimal site, its restricted files in a folder beside it."""
    project = Path(shutil.copytree(MINIMAL, tmp_path / "project"))
    add(SETTINGS, 'private_root = "../private"\n')(project)
    (tmp_path / "private" / FOLDER).mkdir(parents=True)
    (project / FOLDER / "restricted").rename(tmp_path / "private" / FOLDER / "restricted")
    return project


@pytest.fixture
def public_part(site: Path) -> Path:
    """The same project on a machine without the private root."""
    shutil.rmtree(site.parent / "private")
    return site


def test_both_roots_are_one_project(run: CommandLine, site: Path) -> None:
    done = run("--project", site, "check", "--as-of", DAY, "--strict")
    assert (done.code, done.err) == (0, "")
    assert NOT_HERE not in done.out
    assert "2 batteries in 13 files" in done.out
    report = json.loads(run("--project", site, "check", "--as-of", DAY, "--json").out)
    assert report["unseen"] == []
    assert report["models"][0]["counts"]["missing"] == 0


def test_without_the_private_root_it_says_what_it_keeps(
    run: CommandLine, public_part: Path
) -> None:
    done = run("--project", public_part, "check", "--as-of", DAY, "--strict", "--details")
    assert (done.code, done.err) == (0, "")
    assert f"\n{NOT_HERE}\n" in done.out
    row = next(line for line in done.out.splitlines() if "  damage_warnings " in line)
    assert re.split(r"  +", row)[2:] == [
        "missing?",
        "Annex XIII 2(c)",
        "not seen here: the private root that may hold it is not on this machine",
    ]
    told = json.loads(run("--project", public_part, "check", "--as-of", DAY, "--json").out)
    assert told["unseen"] == [{"slug": "rack", "groups": ["xiii-2", "xiii-3"]}]
    assert (told["errors"], told["warnings"]) == (0, 0)


def test_a_build_without_the_private_root_keeps_what_is_sealed(
    run: CommandLine, site: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run("--project", site, "build", "--out", out).code == 0
    before = tree(out)
    shutil.rmtree(site.parent / "private")

    done = run("--project", site, "build", "--out", out)
    assert (done.code, NOT_HERE in done.err) == (0, True)
    assert tree(out) == before
    refused = run("--project", site, "build", "--out", tmp_path / "new")
    assert refused.code == 2
    assert "was never sealed" in refused.err


def test_a_problem_is_told_at_its_place_outside_the_project(run: CommandLine, site: Path) -> None:
    file = f"../private/{RESTRICTED}"
    swap(file, "share: 25.3 %", "share: 125.3 %")(site)
    done = run("--project", site, "check", "--as-of", DAY)
    assert done.code == 1
    assert f"{file}:5:12: $.detailed_composition[0].share: a value (not shown: restricted)" in (
        done.out
    )


def test_what_stands_in_both_roots_is_an_error(run: CommandLine, site: Path) -> None:
    shutil.copytree(site.parent / "private" / FOLDER, site / FOLDER, dirs_exist_ok=True)
    done = run("--project", site, "check")
    assert f"{RESTRICTED}:1:1: $: the private root has this file too: keep one of them" in done.out


@pytest.mark.parametrize(
    ("strange", "why"),
    [
        ("content/operators", "content/ holds models and events here"),
        ("content/models/rock", "the project has no content/models/rock"),
        (f"{FOLDER}performance", "a model has restricted and documents here"),
    ],
)
def test_what_nothing_reads_there_is_an_error(
    run: CommandLine, site: Path, strange: str, why: str
) -> None:
    (site.parent / "private" / strange).mkdir()
    done = run("--project", site, "check")
    told = f"../private/{strange}:1:1: $: nothing reads this: move or rename it: {why}"
    assert done.code == 1
    assert told in done.out


def test_a_published_document_belongs_into_the_project(run: CommandLine, public_part: Path) -> None:
    add(MODEL, "    publish: true\n")(public_part)
    done = run("--project", public_part, "check")
    assert done.code == 1
    assert "$.documents.report.file: there is no file 'restricted/report.pdf'" in done.out


@pytest.mark.parametrize("folder", ["content/private", "site", "../project/../..", "/private", "."])
def test_what_is_restricted_has_a_folder_of_its_own(
    run: CommandLine, site: Path, folder: str
) -> None:
    swap(SETTINGS, '"../private"', f'"{folder}"')(site)
    done = run("--project", site, "check")
    assert (done.code, done.out) == (2, "")
    assert f"cellfolio.toml: private_root = '{folder}' is no place for what is restricted" in (
        done.err
    )
