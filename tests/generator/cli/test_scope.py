"""`cellfolio scope`: the worked cases as a table, for people and for programs."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli import CommandLine, Run
from tests.small_project import write_lot, write_model, write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Block, cabinet and module of the worked cases, and a rack battery with four batteries."""
    folder = write_project(tmp_path)
    part = "part_of: cabinet\nalso_sold_singly: true"
    write_model(folder, "block", "12", placed_as="block", scope=part)
    write_model(folder, "cabinet", "480", number=1, placed_as="cabinet")
    write_model(folder, "module", "48", number=2, placed_as="module")
    write_model(folder, "rack", "51.2", number=3, scope="voluntary: false")
    write_lot(
        folder,
        "R001,rack,2027-02-17,Site 7",
        "R002,rack,2027-02-18,Site 7",
        "R003,rack,,",
        "C001,cabinet,2027-03-01,",
    )
    return folder


def table(done: Run) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(done.out))
    return {row.get("battery") or row["model"]: row for row in rows}


@pytest.mark.requirement("R1.1", "R1.3")
def test_models_with_arithmetic_and_reviewer(run: CommandLine, project: Path) -> None:
    done = run("--project", project, "scope", "--as-of", "2027-02-18", "--format", "csv")
    rows = table(done)
    assert done.code == 0
    assert {slug: (row["arithmetic"], row["passport"]) for slug, row in rows.items()} == {
        "block": ("12 V x 100 Ah = 1.2 kWh", "no"),
        "cabinet": ("480 V x 100 Ah = 48 kWh", "yes"),
        "module": ("48 V x 100 Ah = 4.8 kWh", "yes"),
        "rack": ("51.2 V x 100 Ah = 5.12 kWh", "yes"),
    }
    rack = rows["rack"]
    reviewed = [rack[column] for column in ("reviewer", "reviewed_on", "voluntary")]
    assert reviewed == ["Second Person", "2026-10-14", "no"]
    decided = [rack[column] for column in ("clause", "rationale", "market_route")]
    assert decided == ["Art. 77(1)", "as sold", "made-in-eu"]
    stock = [rack[f"batteries_{side}"] for side in ("before", "from", "undated")]
    assert stock == ["1", "1", "1"]


def test_models_before_the_date_are_not_yet_asked(run: CommandLine, project: Path) -> None:
    done = run("--project", project, "scope", "--as-of", "2027-02-17", "--format", "csv")
    assert [row["passport"] for row in table(done).values()] == ["no", *["not yet"] * 3]


@pytest.mark.requirement("R1.3", "R1.8")
def test_each_battery_is_judged_by_its_own_date(run: CommandLine, project: Path) -> None:
    words = ("scope", "--batteries", "--as-of", "2026-11-22", "--format", "csv")
    rows = table(run("--project", project, *words))
    assert {serial: (row["date"], row["passport"]) for serial, row in rows.items()} == {
        "R001": ("2027-02-17", "no"),
        "R002": ("2027-02-18", "yes"),
        "R003": ("", "not yet"),
        "C001": ("2027-03-01", "yes"),
    }
    assert rows["R001"]["installation"] == "Site 7"
    assert rows["R001"]["why"] == "placed on the market on 2027-02-17, before 18 February 2027"


def test_text_tells_the_reasons(run: CommandLine, project: Path) -> None:
    done = run("--project", project, "scope", "--as-of", "2027-02-18")
    head, *rows = done.out.partition("\n\n")[0].splitlines()
    assert head.startswith("model    category    placed as  arithmetic")
    assert [row.split()[0] for row in rows] == ["block", "cabinet", "module", "rack"]
    assert (
        "  Art. 77(1): an industrial battery of 1.2 kWh; passports start above 2 kWh." in done.out
    )
    assert "  Stationary or not: feeds a site's equipment\n" in done.out
    assert done.out.count("  Still applies: a label with the general information") == 1


def test_json_has_the_columns_of_csv(run: CommandLine, project: Path) -> None:
    words = ("--project", project, "scope", "--as-of", "2027-02-18", "--format")
    listed = json.loads(run(*words, "json").out)["models"]
    assert listed == list(table(run(*words, "csv")).values())


@pytest.mark.requirement("R1.5")
def test_explain_lists_what_stationary_decides_over(run: CommandLine, project: Path) -> None:
    done = run("--project", project, "scope", "--explain", "rack", "--format", "json")
    told = json.loads(done.out)
    assert (told["model"], told["stationary"]) == ("rack", True)
    assert told["reason"] == "feeds a site's equipment"
    changed = {change["data_point"]: change["if_not"] for change in told["changes"]}
    why = "not applicable: Art. 14 asks no state of health of it"
    assert changed["remaining_capacity"] == why
    text = run("--project", project, "scope", "--explain", "rack").out
    head = "rack: stationary is true: feeds a site's equipment\n\nnumber  data point"
    assert text.startswith(head)
    assert "remaining_capacity" in text


def test_explain_of_an_unknown_model_is_a_usage_error(run: CommandLine, project: Path) -> None:
    told = "there is no model 'block-24v': name one of: block, cabinet, module, rack\n"
    run.fails_saying(f"cellfolio: {told}", "--project", project, "scope", "--explain", "block-24v")


@pytest.mark.requirement("R1.7")
def test_what_cannot_be_read_is_told_beside_the_table(run: CommandLine, project: Path) -> None:
    write_lot(project, "A001-A050,rack,,")
    done = run("--project", project, "scope", "--as-of", "2027-02-18")
    assert done.code == 1
    assert done.out.startswith("model")
    assert done.err.splitlines()[0] == (
        "content/batteries/lot.csv:2:1: serial: 'A001-A050' is a range of serial numbers:"
        " Art. 77(1): one passport for each battery placed on the market; list the batteries"
    )


@pytest.mark.requirement("R1.6")
def test_telecom_and_ups_batteries_are_decided_by_date_and_capacity(
    run: CommandLine, tmp_path: Path
) -> None:
    folder = write_project(tmp_path)
    write_model(folder, "data-centre-ups", "512", number=0, placed_as="cabinet")
    write_model(folder, "telecom-site", "51.2", number=1)
    write_model(folder, "building-ups", "480", number=2, placed_as="cabinet")
    write_model(folder, "small-ups", "12", number=3)
    decided = {}
    for day in ("2027-02-17", "2027-02-18"):
        done = run("--project", folder, "scope", "--as-of", day, "--format", "csv")
        decided[day] = {slug: row["passport"] for slug, row in table(done).items()}
    above = ("data-centre-ups", "telecom-site", "building-ups")
    assert decided["2027-02-17"] == dict.fromkeys(above, "not yet") | {"small-ups": "no"}
    assert decided["2027-02-18"] == dict.fromkeys(above, "yes") | {"small-ups": "no"}
