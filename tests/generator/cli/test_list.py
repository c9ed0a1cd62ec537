"""`cellfolio list`: filters, the delivery list, retention, and the way back through an import."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.cli.list import battery_listing
from generator.content.importing.mapping import read_mapping
from generator.content.importing.run import ImportJob
from generator.content.importing.table import import_table
from generator.content.load import load
from passport.problems import Findings
from tests.cli import CommandLine, Run
from tests.small_project import write, write_lot, write_model, write_project

DELIVERY = """\
[columns]
serial = "serial"
model_number = "model"
plant_name = "plant"
manufactured = "manufactured"
placed_on_market = "placed_on_market"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write_project(tmp_path)
    write_model(folder, "rack", "51.2")
    write_model(folder, "cabinet", "480", number=1)
    write_lot(
        folder,
        "R001,rack,2027-02-17,Site 7",
        "R002,rack,2028-02-29,Site 7",
        "R003,rack,,",
        "C001,cabinet,2027-03-01,Site 8",
    )
    return folder


def serials(done: Run) -> list[str]:
    return [row["serial"] for row in csv.DictReader(io.StringIO(done.out))]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["R001", "R002", "R003", "C001"]),
        (("--model", "rack"), ["R001", "R002", "R003"]),
        (("--model", "09506000134369"), ["C001"]),
        (("--model", "rack", "--model", "cabinet"), ["R001", "R002", "R003", "C001"]),
        (("--plant", "North works", "--lot", "lot.csv"), ["R001", "R002", "R003", "C001"]),
        (("--plant", "south"), []),
        (("--lot", "other"), []),
        (("--installation", "Site 7"), ["R001", "R002"]),
        (("--placed-from", "2027-02-18"), ["R002", "C001"]),
        (("--placed-to", "2027-02-17"), ["R001"]),
        (("site 8",), ["C001"]),
        (("r00", "7"), ["R001", "R002"]),
    ],
)
def test_filters_choose(
    run: CommandLine, project: Path, words: tuple[str, ...], expected: list[str]
) -> None:
    assert serials(run("--project", project, "list", "--format", "csv", *words)) == expected


def test_csv_is_the_delivery_list(run: CommandLine, project: Path) -> None:
    done = run("--project", project, "list", "--format", "csv", "--model", "cabinet")
    assert done.out == (
        "serial,product_uri,model_number,gtin,plant_name,manufactured,placed_on_market\n"
        "C001,https://id.example.com/01/09506000134369/21/C001,cabinet,09506000134369,North works,"
        "2026-11,2027-03-01\n"
    )


def test_text_ends_with_a_count(run: CommandLine, project: Path) -> None:
    lines = run("--project", project, "list", "R001").out.splitlines()
    assert lines[0].split() == [
        *("serial", "model", "plant", "manufactured", "placed", "on", "market", "installation"),
        "lot",
    ]
    assert lines[-1] == "1 battery"


@pytest.mark.requirement("R2.10")
def test_retention_adds_three_clocks(run: CommandLine, project: Path) -> None:
    settings = (project / "cellfolio.toml").read_text("utf-8")
    write(project, "cellfolio.toml", f"{settings}retention_years = 25\n")
    done = run("--project", project, "list", "--retention", "--format", "json", "--model", "rack")
    clocks = [
        (row["passport_until"], row["declaration_until"], row["promise_until"])
        for row in json.loads(done.out)["batteries"]
    ]
    assert clocks == [
        ("until recycled", "2037-02-17", "2052-02-17"),
        ("until recycled", "2038-03-01", "2053-03-01"),
        ("until recycled", "", ""),
    ]


@pytest.mark.parametrize("years", ["0", "101", "true", '"10"'])
def test_a_promise_is_a_number_of_years(run: CommandLine, project: Path, years: str) -> None:
    settings = (project / "cellfolio.toml").read_text("utf-8")
    write(project, "cellfolio.toml", f"{settings}retention_years = {years}\n")
    run.fails_saying("write retention_years = 10", "--project", project, "list")


ROWS = st.dictionaries(
    st.from_regex("[A-Z][A-Z0-9]{0,5}(-[0-9]{1,4})?", fullmatch=True),
    st.tuples(st.sampled_from(["rack", "cabinet"]), st.sampled_from(["", "2027-02-18"])),
    min_size=1,
    max_size=8,
)


@given(rows=ROWS)
def test_a_delivery_list_imports_back(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, tuple[str, str]]
) -> None:
    """What is listed for a purchaser is enough to make the same lot, and the same list again."""
    folder = write_project(tmp_path_factory.mktemp("list"))
    write_model(folder, "rack", "51.2")
    write_model(folder, "cabinet", "480", number=1)
    lot = [f"{serial},{model},{day}," for serial, (model, day) in rows.items()]
    write_lot(folder, *lot)
    listed = delivery_list(folder)
    source = write(folder, "delivery.csv", listed)
    mapping = read_mapping(write(folder, "map.toml", DELIVERY))
    (folder / "content/batteries/lot.csv").unlink()
    job = ImportJob(project=folder, source=source, mapping=mapping, lot="lot")
    report = import_table(job)
    assert (report.added, report.refused) == (len(rows), 0)
    assert delivery_list(folder) == listed


def delivery_list(folder: Path) -> str:
    listing = battery_listing(load(folder, Findings()), lambda _: True)
    columns = ("serial", "model_number", "plant_name", "manufactured", "placed_on_market")
    return listing.only(columns).render("csv")
