"""`cellfolio show`: which version was current when, and what it refuses to show."""

import json
import re
from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.small_project import write_model
from tests.small_site import FOLDER, PASSPORT, SITE, SmallSite

PRODUCT = "/01/09506000134352/21/A1"
DPP_ID = "01_09506000134352_21_A1"
VOLTS = {"2026-11-18": "51.2", "2026-11-20": "48.0", "2026-11-22": "50.0"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: CommandLine) -> SmallSite:
    """A site with three versions, of the days in `VOLTS`."""
    project = SmallSite(tmp_path / "project", run)
    for day, volts in enumerate(VOLTS.values()):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_795_000_000 + 2 * day * 86_400))
        write_model(project.folder, "rack", volts)
        project.does("build")
    return project


def shown(project: SmallSite, *words: object) -> dict[str, object]:
    return project.does("show", PRODUCT, *words)


def volts(shown: dict[str, object]) -> str:
    subject = shown["subject"]
    assert isinstance(subject, dict)
    return str(subject["nominalVoltage"]["value"])


@pytest.mark.parametrize(
    ("at", "version", "value"),
    [
        ("2026-11-18", 1, "51.2"),
        ("2026-11-19", 1, "51.2"),
        ("2026-11-20", 2, "48.0"),
        ("2026-11-20T00:00:00Z", 1, "51.2"),
        ("2040-01-01", 3, "50.0"),
    ],
)
def test_the_version_of_a_date(project: SmallSite, at: str, version: int, value: str) -> None:
    told = shown(project, "--at", at)
    assert (told["version"], told["latest"], volts(told)) == (version, 3, value)


def test_without_a_date_it_is_the_current_one(project: SmallSite) -> None:
    told = shown(project)
    assert (told["version"], told["validTo"], told["verdict"]) == (3, None, "genuine and current")


def test_versions_follow_each_other_without_a_gap(project: SmallSite) -> None:
    told = [shown(project, "--at", day) for day in VOLTS]
    assert [each["validTo"] for each in told[:-1]] == [each["validFrom"] for each in told[1:]]
    assert told[0]["verdict"] == "genuine, superseded"


@pytest.mark.parametrize("name", [PRODUCT, f"{SITE}{PRODUCT}", DPP_ID])
def test_a_product_by_its_names(project: SmallSite, name: str) -> None:
    told = project.does("show", name)
    assert told["product"] == f"{SITE}{PRODUCT}"


def test_a_table_for_people(project: SmallSite) -> None:
    done = project.run("--project", project.folder, "show", PRODUCT, "--at", "2026-11-20")
    assert done.code == 0
    assert "version  2 of 3" in done.out
    assert re.search(r"Nominal voltage\s+48\.0 V", done.out)
    german = project.run("--project", project.folder, "show", DPP_ID, "--language", "de")
    assert "Nennspannung" in german.out


def test_before_the_first_version_there_is_none(project: SmallSite) -> None:
    code, told = project.fails("show", PRODUCT, "--at", "2026-11-17")
    assert code == 2
    assert "there was no passport" in told
    assert "the first version is of 2026-11-18" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["show", "A1"], "names no product"),
        (["show", PRODUCT, "--at", "yesterday"], "--at: "),
        (["show", "https://id.example.org/01/09506000134352/21/A1"], "id.example.org"),
        (["show", PRODUCT, "--site", "nowhere"], "there is no folder 'nowhere'"),
    ],
)
def test_a_wrong_call(project: SmallSite, words: list[str], told: str) -> None:
    project.fails_saying(told, *words)


def test_a_withdrawn_version_is_shown_and_fails(project: SmallSite) -> None:
    project.withdraws(("A1", 2))
    project.builds()
    done = project.run("--project", project.folder, "show", PRODUCT, "--at", "2026-11-20", "--json")
    assert (done.code, json.loads(done.out)["verdict"]) == (4, "withdrawn")
    assert shown(project, "--at", "2026-11-18")["verdict"] == "genuine, superseded"


def test_a_version_that_was_rewritten(project: SmallSite) -> None:
    path = project.site / FOLDER / "v/1.json"
    path.write_bytes(path.read_bytes().replace(b"51.2", b"52.2"))
    told = "is not what version 2 came after"
    project.fails_saying(told, "show", PRODUCT, "--at", "2026-11-18", code=4)


def test_a_later_version_put_in_the_place_of_an_earlier(project: SmallSite) -> None:
    folder = project.site / FOLDER
    (folder / "v/1.json").write_bytes((folder / "v/2.json").read_bytes())
    assert project.fails("show", PRODUCT, "--at", "2026-11-18")[0] == 4


@pytest.mark.parametrize("old", ["2026-11-20", '"version":2'])
def test_a_history_that_says_something_else(project: SmallSite, old: str) -> None:
    path = project.site / FOLDER / "versions.json"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, {"2026-11-20": "2026-11-19"}.get(old, '"version":4'), 1))
    assert project.fails("show", PRODUCT, "--at", "2026-11-18")[0] == 4


@pytest.mark.parametrize("name", ["versions.json", "v/2.json", "passport.json"])
def test_what_is_missing(project: SmallSite, name: str) -> None:
    (project.site / FOLDER / name).unlink()
    assert project.fails("show", PRODUCT, "--at", "2026-11-18")[0] == 4


def test_an_earlier_version_in_the_place_of_the_current_one(project: SmallSite) -> None:
    """A host that rolls one passport back must roll back its history as well, and the manifest."""
    (project.site / PASSPORT).write_bytes((project.site / FOLDER / "v/2.json").read_bytes())
    project.fails_saying("tells of 3 versions, not 2", "show", PRODUCT, code=4)
