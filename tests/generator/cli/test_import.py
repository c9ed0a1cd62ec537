"""`cellfolio import`: the report as a person reads it, exit codes, and one JSON object."""

import json
from datetime import date
from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.small_project import write, write_model, write_project
from tests.workbooks import DELIVERIES, MAPPING, write_workbook

ROWS = (
    (1, 12345, "rack", "Werk Leipzig", "11/2026", date(2026, 12, 7), "urgent"),
    (2, "00012346", "rack", "north", "Nov 2026", "08.12.2026"),
    (),
    (3, "00012347", "rack", "north", "2026-11", "09.12.2026"),
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_project(tmp_path)
    write_model(folder, "rack", "51.2")
    write(folder, "map.toml", MAPPING)
    write(
        folder,
        "content/batteries/dec.csv",
        "serial,model,plant,manufactured,placed_on_market\n00012347,rack,north,2026-11,\n",
    )
    write_workbook(folder / "list.xlsx", ROWS, DELIVERIES)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("project")
def test_the_report_names_every_row(run: CommandLine) -> None:
    done = run("import", "list.xlsx", "--map", "map.toml", "--into", "dec", "--dry-run")
    assert done.code == 0
    assert done.out.splitlines() == [
        "list.xlsx: header in row 4",
        "columns left out: No., Bemerkung",
        "  row 5: 00012345 (rack): added",
        "  row 6: 00012346 (rack): added",
        "  row 8: 00012347 (rack): changed: placed_on_market 2026-12-09",
        "2 added, 1 changed, 0 unchanged, 0 refused, 1 blank",
        "dry run, nothing written: content/batteries/dec.csv",
    ]


@pytest.mark.usefixtures("project")
def test_importing_writes_once(run: CommandLine) -> None:
    words = ("import", "list.xlsx", "--map", "map.toml", "--into", "dec")
    assert run(*words).out.splitlines()[-1] == "written: content/batteries/dec.csv"
    before = Path("content/batteries/dec.csv").read_bytes()
    assert run(*words).out.splitlines()[-2:] == [
        "0 added, 0 changed, 3 unchanged, 0 refused, 1 blank",
        "nothing to write: content has all of it",
    ]
    assert Path("content/batteries/dec.csv").read_bytes() == before


def test_wrong_rows_end_with_exit_code_1(run: CommandLine, project: Path) -> None:
    rows = (*ROWS, (4, "A/1", "rack", "north", "soon"))
    write_workbook(project / "list.xlsx", rows, DELIVERIES)
    words = ("import", "list.xlsx", "--map", "map.toml", "--into", "dec")
    done = run(*words)
    assert done.code == 1
    assert done.out.splitlines()[-1].startswith("nothing written: mend the rows")
    assert "list.xlsx:9:5: Herstellung: 'soon' is written in no style" in done.out
    skipped = run(*words, "--skip-wrong", "--json")
    report = json.loads(skipped.out)
    assert (skipped.code, report["added"], report["refused"], report["written"]) == (0, 2, 1, True)
    places = [(each["file"], each["line"], each["column"]) for each in report["problems"]]
    assert places == [("list.xlsx", 9, 2), ("list.xlsx", 9, 5)]


@pytest.mark.usefixtures("project")
def test_a_mapping_is_suggested_or_asked_for(run: CommandLine) -> None:
    assert '"Seriennummer" = "serial"' in run("import", "list.xlsx", "--suggest").out
    run.fails_saying("--suggest", "import", "list.xlsx", "--into", "dec")


@pytest.mark.usefixtures("project")
def test_a_missing_file_is_a_matter_of_usage(run: CommandLine) -> None:
    assert run("import", "none.csv", "--map", "map.toml", "--into", "dec").code == 2
    assert run("import", "list.xlsx", "--map", "none.toml", "--into", "dec").code == 2
