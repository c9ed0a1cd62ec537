"""Importing batteries: what the report says, what the lot holds, and that twice is once."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from generator.content.importing.report import ImportReport
from passport.errors import ConfigError, HostError
from tests.generator.content.importing.plain_rows import HEAD, PLAIN, imported
from tests.small_project import write, write_lot, write_model, write_project
from tests.workbooks import DELIVERIES, write_workbook

HERE = Path(__file__).parent


def of_rows(project: Path, rows: str, **flags: bool) -> ImportReport:
    """Import these rows of a plain CSV."""
    return imported(project, write(project, "new.csv", HEAD + rows), "plain.toml", **flags)


def lot(project: Path) -> str:
    return (project / "content/batteries/dec.csv").read_text("utf-8")


def told(report: ImportReport, folder: Path) -> list[str]:
    return [str(problem).replace(f"{folder.as_posix()}/", "") for problem in report.problems]


@pytest.fixture
def workbook(project: Path) -> Path:
    """As a person would make it: titles, numbers for serials, several styles, a blank row."""
    rows = (
        (1, 12345, "rack", "Werk Leipzig", "11/2026", date(2026, 12, 7), "urgent"),
        (2, "00012346", "9506000134352", "North works", "Nov 2026", "08.12.2026"),
        (),
        (3, 12347, 9506000134352, "north", date(2026, 11, 3), "2026-12-09"),
    )
    return write_workbook(project / "deliveries.xlsx", rows, DELIVERIES)


def test_a_workbook_as_a_person_makes_it_is_imported(project: Path, workbook: Path) -> None:
    report = imported(project, workbook)
    assert lot(project) == (
        f"{HEAD}"
        "00012345,rack,north,2026-11,2026-12-07\n"
        "00012346,rack,north,2026-11,2026-12-08\n"
        "00012347,rack,north,2026-11,2026-12-09\n"
    )
    assert (report.header_row, report.unmapped) == (4, ("No.", "Bemerkung"))
    assert [str(change) for change in report.changes] == [
        "row 5: 00012345 (rack): added",
        "row 6: 00012346 (rack): added",
        "row 8: 00012347 (rack): added",
    ]
    assert (report.added, report.blank, report.refused, report.written) == (3, 1, 0, True)


def test_importing_twice_changes_nothing(project: Path, workbook: Path) -> None:
    imported(project, workbook)
    path = project / "content/batteries/dec.csv"
    before = path.stat().st_mtime_ns, path.read_bytes()
    report = imported(project, workbook)
    assert (report.added, report.changed, report.unchanged, report.written) == (0, 0, 3, False)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_a_dry_run_reports_and_writes_nothing(project: Path, workbook: Path) -> None:
    report = imported(project, workbook, dry_run=True)
    assert (report.added, report.written, report.accepted) == (3, False, True)
    assert not (project / "content/batteries").exists()


def test_damage_is_told_by_row_and_column_and_nothing_is_written(project: Path) -> None:
    rows = (
        (1, 123456789, "rack", "north", "11/2026", "07.12.2026"),
        (2, 95060100000000000, "rack", "north", "11/2026", 46329),
        (3, date(2026, 11, 3), "rock", "Wien", "13/2026", "07.12.26"),
        (4, '=B5&"-1"', "rack", "Wien", "11/2026", "#N/A"),
        (5, "9.50601E+12", "rack", "north", "11/2026", ""),
    )
    source = write_workbook(project / "bad.xlsx", rows, DELIVERIES)
    report = imported(project, source)
    assert told(report, project) == (HERE / "damaged.txt").read_text("utf-8").splitlines()
    assert (report.refused, report.added, report.accepted, report.written) == (5, 0, False, False)
    assert list((project / "content").rglob("*dec*")) == []


def test_wrong_rows_can_be_skipped(project: Path) -> None:
    rows = ((1, 12345, "rack", "north", "11/2026", ""), (2, 1.5, "rack", "north", "11/2026", ""))
    source = write_workbook(project / "some.xlsx", rows, DELIVERIES)
    assert not imported(project, source).written
    report = imported(project, source, skip_wrong=True)
    assert (report.added, report.refused, report.written) == (1, 1, True)
    assert lot(project) == "serial,model,plant,manufactured\n00012345,rack,north,2026-11\n"


def test_zeros_that_the_workbook_shows_are_kept(project: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["serial", "model", "plant", "manufactured", "placed_on_market"])
    sheet.append([42, "rack", "north", "2026-11", None])
    sheet["A2"].number_format = "000000"
    book.save(project / "shown.xlsx")
    imported(project, project / "shown.xlsx", "plain.toml")
    assert lot(project).splitlines()[1] == "000042,rack,north,2026-11"


def test_existing_rows_keep_their_order_and_their_bytes(project: Path) -> None:
    write(
        project,
        "content/batteries/dec.csv",
        "serial,placed_on_market,model,plant,manufactured\n"
        'C-3,,"rack",north,2026-11\nA-1,,rack,north,2026-11\nB-2,,rack,north,2026-11\n',
    )
    report = of_rows(
        project,
        "B-2,rack,north,2026-11,2026-12-07\nD-4,rack,north,2026-11,\n"
        "A-1,rack,,,\nC-3,rack,north,2026-11,\n",
    )
    assert lot(project) == (
        "serial,placed_on_market,model,plant,manufactured\n"
        'C-3,,"rack",north,2026-11\nA-1,,rack,north,2026-11\nB-2,2026-12-07,rack,north,2026-11\n'
        "D-4,,rack,north,2026-11\n"
    )
    assert [str(change) for change in report.changes] == [
        "row 2: B-2 (rack): changed: placed_on_market 2026-12-07",
        "row 3: D-4 (rack): added",
    ]
    assert report.unchanged == 2


def test_a_column_that_the_lot_lacks_is_added_to_every_row(project: Path) -> None:
    head = "serial,model,plant,manufactured\n"
    write(project, "content/batteries/dec.csv", f"{head}A-1,rack,north,2026-11\n")
    of_rows(project, "B-2,rack,north,2026-11,2026-12-07\n")
    assert lot(project) == (f"{HEAD}A-1,rack,north,2026-11,\nB-2,rack,north,2026-11,2026-12-07\n")


def test_an_empty_cell_says_nothing(project: Path) -> None:
    write(project, "content/batteries/dec.csv", f"{HEAD}A-1,rack,north,2026-11,2026-12-07\n")
    assert of_rows(project, "A-1,rack,north,2026-11,\n").unchanged == 1


def test_what_cannot_be_one_battery_once_is_refused(project: Path) -> None:
    write_lot(project, "X-1,rack,,")
    source = write(
        project,
        "new.csv",
        "serial,model,plant,manufactured,placed_on_market,Menge\n"
        "A-1,rack,north,2026-11,,1\nA-1,rack,north,2026-11,,1\nA-1,rack,north,2026-10,,1\n"
        "X-1,rack,north,2026-11,,\nB-1,rack,north,2026-11,,5\nB-2,rack,,2026-11,,1\n",
    )
    report = imported(project, source, "plain.toml")
    assert told(report, project) == [
        (
            "new.csv:4:1: serial: the battery stands in row 2 too, with other values: keep the "
            "row that is right"
        ),
        (
            "new.csv:5:1: serial: the battery stands in content/batteries/lot.csv, line 2: import"
            " it with --into lot, or remove it there"
        ),
        (
            "new.csv:6:6: Menge: the column 'Menge' counts batteries: Art. 77(1): one passport "
            "for each battery placed on the market; list the batteries"
        ),
        (
            "new.csv:7:3: plant: plant is missing, and the lot doesn't have this battery yet: "
            "fill it in, every battery needs it"
        ),
    ]
    assert (report.added, report.repeated, report.refused) == (1, 1, 4)


def test_serials_of_different_lengths_are_worth_a_look(project: Path) -> None:
    report = of_rows(project, "0012,rack,north,2026-11,\n13,rack,north,2026-11,\n")
    assert told(report, project) == [
        (
            "new.csv:3:1: serial: serials of digits only have 2 to 4 digits: compare this one "
            "with its label: a spreadsheet may have cut zeros in front"
        ),
    ]
    assert report.written


def test_a_lot_with_errors_is_not_imported_into(project: Path) -> None:
    text = "serial,model,plant,manufactured\nA-1,rack,north,soon\n"
    write(project, "content/batteries/dec.csv", text)
    report = of_rows(project, "B-2,rack,north,2026-11,\n", skip_wrong=True)
    assert (report.accepted, lot(project)) == (False, text)
    assert report.problems[0].place.file == "content/batteries/dec.csv"


@pytest.mark.parametrize(
    ("separator", "end", "encoding"),
    [
        (";", "\n", "utf-8"),
        ("\t", "\n", "utf-16"),
        ("\t", "\n", "utf-16-be"),
        (",", "\r\n", "utf-8-sig"),
    ],
)
def test_csv_is_read_as_spreadsheets_write_it(
    project: Path, separator: str, end: str, encoding: str
) -> None:
    content = f"{HEAD}A,rack,north,11/2026,\n".replace(",", separator).replace("\n", end)
    (project / "new.csv").write_bytes(content.encode(encoding))
    imported(project, project / "new.csv", "plain.toml")
    assert lot(project) == "serial,model,plant,manufactured\nA,rack,north,2026-11\n"


def test_json_lines_keep_the_digits_of_numbers(project: Path) -> None:
    source = write(
        project,
        "new.jsonl",
        '{"serial": "A", "model": "rack", "plant": "north", "manufactured": "2026-11"}\n\n'
        '{"serial": 12, "model": "rack", "plant": "north", "manufactured": "2026-11"}\n',
    )
    report = imported(project, source, "plain.toml")
    assert told(report, project)[0].startswith(
        "new.jsonl:3:1: serial: the number 12 stands where an identifier should"
    )
    assert report.added == 1


def test_fixed_values_stand_for_columns(project: Path) -> None:
    write(
        project,
        "fixed.toml",
        '[columns]\nNr = "serial"\n[fixed]\nmodel = "rack"\nplant = "north"\n'
        'manufactured = "2026-11"\n',
    )
    imported(project, write(project, "new.csv", "Nr\nA-1\n"), "fixed.toml")
    assert lot(project) == "serial,model,plant,manufactured\nA-1,rack,north,2026-11\n"


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("", "there is no [columns]"),
        ('[columns]\nserial = "serial"\nplant = "modle"\n', "'modle' is no column of a lot"),
        ('[columns]\nserial = "serail"\n', "the mapping gives no serial"),
        ('[columns]\nserial = "serial"\n', "the mapping gives no model"),
        ('[columns]\nSN = "serial"\nmodel = "model"\n', "has no column 'sn'; it has 'serial'"),
        ('[columns]\nserial = { to = "serial", unti = "V" }\n', "'unti' is not known here"),
        ('[columns]\nserial = "serial"\nmodel = "serial"\n', "the target 'serial' is mapped twice"),
        ('dates = ["03/11/2026"]\n[columns]\nserial = "serial"\n', "is no style of dates"),
        (
            '[columns]\nserial = "serial"\nmodel = "model"\n[fixed]\nplaced_on_market = "soon"\n',
            "fixed.placed_on_market: 'soon' is not a date",
        ),
        ("[columns\n", "mend the file's TOML syntax"),
        ('separator = "::"\n[columns]\nserial = "serial"\n', "separator = '::' is not one mark"),
        ('\ufeff[columns]\nserial = "serial"\n', "wrong.toml:1:1: the file starts with a byte-"),
    ],
)
def test_a_wrong_mapping_is_told(project: Path, mapping: str, message: str) -> None:
    write(project, "wrong.toml", mapping)
    source = write(project, "new.csv", f"{HEAD}A-1,rack,north,2026-11,\n")
    with pytest.raises(ConfigError) as refused:
        imported(project, source, "wrong.toml")
    assert message in str(refused.value)


@pytest.mark.parametrize("name", ["", "../lot", "a/b", ".lot"])
def test_a_lot_needs_a_plain_name(project: Path, name: str) -> None:
    source = write(project, "new.csv", f"{HEAD}A-1,rack,north,2026-11,\n")
    with pytest.raises(ConfigError, match="--into"):
        imported(project, source, "plain.toml", into=name)


def test_without_openpyxl_the_remedy_is_told(
    project: Path, workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(HostError) as refused:
        imported(project, workbook)
    assert "pip install cellfolio[excel]" in str(refused.value)


def broken(workbook: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Damage one part of a workbook, which stays a sound archive."""
    with zipfile.ZipFile(workbook) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(workbook, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, change(content) if part == name else content)


def with_entity(xml: bytes) -> bytes:
    start = b'<!DOCTYPE worksheet [<!ENTITY other SYSTEM "map.toml">]>'
    return start + xml.replace(b"00012346", b"&other;")


def with_chart(workbook: Path) -> None:
    book = load_workbook(workbook)
    book.create_chartsheet("Chart")
    book.save(workbook)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "no archive": lambda path: path.write_text("not a workbook"),
    "half of one": lambda path: path.write_bytes(path.read_bytes()[:3000]),
    "broken list of sheets": lambda path: broken(path, "xl/workbook.xml", lambda _: b"<workbook"),
    "half a sheet": lambda path: broken(path, "xl/worksheets/sheet1.xml", lambda xml: xml[:-80]),
    "chart on a sheet of its own": with_chart,
    "text of another file": lambda path: broken(path, "xl/worksheets/sheet1.xml", with_entity),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_is_no_whole_workbook_is_told(
    project: Path, workbook: Path, damage: Callable[[Path], object]
) -> None:
    damage(workbook)
    with pytest.raises(ConfigError, match=r"save it as \.xlsx without a password"):
        imported(project, workbook)
    assert not list(project.glob("content/batteries/*"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", f"{HEAD}A-1,räck,,,\n".encode("cp1252"), "a.csv:2:6: byte 0xE4 is not utf-8"),
        ("a.csv", f'{HEAD}\n"A-1,rack,,,\n'.encode(), "a.csv:3: the row from here on can't be"),
        ("a.jsonl", b'{"serial": "A-1"}\n{"serial": "\xe4"}', "a.jsonl:2:13: byte 0xE4 is not"),
        ("a.jsonl", b'\n{"serial": "A" "B"}', "a.jsonl:2:16: a comma or the closing brace should"),
        ("a.jsonl", b'{"serial": NaN}', "a.jsonl:1:12: NaN is not a number"),
        ("a.jsonl", b'{"serial": "A", "Serial": "B"}', "a.jsonl:1: a name stands there twice"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "save it as .xlsx"),
    ],
)
def test_a_table_that_can_not_be_split_is_told_at_its_line(
    project: Path, name: str, content: bytes, message: str
) -> None:
    (project / name).write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        imported(project, project / name, "plain.toml")
    assert message in str(refused.value)


def test_what_stands_behind_the_last_column_is_no_longer_in_its_place(project: Path) -> None:
    report = of_rows(project, "A-1,rack,north,2026-11,,,\nA-2,rack,no,rth,11,x\n")
    assert told(report, project) == [
        (
            "new.csv:3:6: $: this row has 6 cells, the header has 5: put a cell that holds the "
            "separator in quotes"
        )
    ]
    assert (report.added, report.refused, report.written) == (1, 1, False)


def test_an_interrupted_import_leaves_the_lot_as_it_was(
    project: Path, workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, "content/batteries/dec.csv", f"{HEAD}A-1,rack,north,2026-11,\n")
    before = lot(project)

    def fail(_: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="full"):
        imported(project, workbook)
    assert lot(project) == before
    assert [path.name for path in (project / "content/batteries").iterdir()] == ["dec.csv"]


SERIALS = st.text("ABCXYZ0123456789-", min_size=1, max_size=12)


@given(st.data())
def test_importing_is_an_upsert(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever two tables hold, the lot has each battery once, the later values, in first order."""
    folder = write_project(tmp_path_factory.mktemp("upsert"))
    write_model(folder, "rack", "51.2")
    write(folder, "plain.toml", PLAIN)
    expected: dict[str, str] = {}
    serials = st.lists(SERIALS.filter(lambda s: not s.isdecimal() and s[0].isalpha()), unique=True)
    for name in ("one.csv", "two.csv"):
        wanted = {s: f"2026-12-{data.draw(st.integers(1, 28)):02d}" for s in data.draw(serials)}
        rows = "".join(f"{s},rack,north,2026-11,{day}\n" for s, day in wanted.items())
        report = imported(folder, write(folder, name, HEAD + rows), "plain.toml", skip_wrong=True)
        refused = {problem.place.line for problem in report.errors}
        expected |= {s: day for n, (s, day) in enumerate(wanted.items(), 2) if n not in refused}
    path = folder / "content/batteries/dec.csv"
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8") if path.exists() else ""))
    found = [(row["serial"], row["placed_on_market"]) for row in rows]
    assert found == list(expected.items())
