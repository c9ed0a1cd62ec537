"""Rows: reading a lot, checking a project and importing a table, against splitting their bytes."""

import csv
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from openpyxl import Workbook, load_workbook

from benchmarks.measure import Measure
from generator.content.batteries import read_lot
from generator.content.check import check
from generator.content.importing.mapping import read_mapping
from generator.content.importing.run import ImportJob
from generator.content.importing.table import import_table
from passport.problems import Findings

PROJECT = Path(__file__).parent.parent
ROWS = 20_000
EXCEL_ROWS = 5_000
_TARGET = "20,000 a second"
_MODEL, _PLANT = "telecom-rack-48v", "leipzig"
_COLUMNS = ("serial", "model", "plant", "manufactured", "placed_on_market")
_LOT = "content/batteries/bench.csv"


def measures(folder: Path) -> Iterator[Measure]:
    """Yield the measures; they work on a copy of the sample in `folder`."""
    project = _project(folder)
    lot = project / _LOT
    source = _write_csv(folder / "bench.csv", ROWS)
    shutil.copy(source, lot)
    yield Measure(
        name="read a lot",
        rows=ROWS,
        target=_TARGET,
        run=lambda: _read(lot),
        floor_name="csv.reader",
        floor=lambda: _split(lot),
    )
    yield Measure(
        name="check a project with it",
        rows=ROWS,
        target=_TARGET,
        run=lambda: _check(project),
        floor_name="csv.reader",
        floor=lambda: _split(lot),
    )
    yield from _imports(project, source, _write_workbook(folder / "bench.xlsx", EXCEL_ROWS))


def _imports(project: Path, source: Path, workbook: Path) -> Iterator[Measure]:
    lot = project / _LOT
    yield Measure(
        name="import CSV into a new lot",
        rows=ROWS,
        target=_TARGET,
        prepare=lambda: lot.unlink(missing_ok=True),
        run=lambda: _import(project, source),
        floor_name="csv.reader",
        floor=lambda: _split(source),
    )
    yield Measure(
        name="import the same CSV again",
        rows=ROWS,
        target=_TARGET,
        run=lambda: _import(project, source),
        floor_name="csv.reader",
        floor=lambda: _split(source),
    )
    yield Measure(
        name="import Excel into a new lot",
        rows=EXCEL_ROWS,
        prepare=lambda: lot.unlink(missing_ok=True),
        run=lambda: _import(project, workbook),
        floor_name="openpyxl, read-only",
        floor=lambda: _cells(workbook),
    )


def _project(folder: Path) -> Path:
    """Copy the sample, without its batteries."""
    project = folder / "project"
    shutil.copytree(PROJECT / "content", project / "content")
    shutil.copy(PROJECT / "cellfolio.toml", project)
    for lot in (project / "content/batteries").iterdir():
        lot.unlink()
    mapping = "[columns]\n" + "".join(f'{name} = "{name}"\n' for name in _COLUMNS)
    (project / "bench.toml").write_text(mapping, encoding="utf-8")
    return project


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    yield _COLUMNS
    for n in range(count):
        yield f"B48-{n:07d}", _MODEL, _PLANT, "2026-11", f"2027-02-{n % 28 + 1:02d}"


def _write_csv(path: Path, count: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(_rows(count))
    return path


def _write_workbook(path: Path, count: int) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("bench")
    for row in _rows(count):
        sheet.append(row)
    book.save(path)
    return path


def _read(lot: Path) -> None:
    findings = Findings()
    count = sum(1 for _ in read_lot(lot, _LOT, findings, allow_any_serial=False))
    _expect(count, ROWS, findings.problems)


def _check(project: Path) -> None:
    checked = check(project, date(2027, 2, 18))
    _expect(len(checked.content.batteries), ROWS, checked.problems)


def _import(project: Path, source: Path) -> None:
    mapping = read_mapping(project / "bench.toml")
    report = import_table(ImportJob(project=project, source=source, mapping=mapping, lot="bench"))
    rows = ROWS if source.suffix == ".csv" else EXCEL_ROWS
    _expect(report.added + report.unchanged, rows, report.problems)


def _split(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        for _ in csv.reader(stream):
            pass


def _cells(path: Path) -> None:
    book = load_workbook(path, read_only=True, data_only=True)
    for _ in book[book.sheetnames[0]].iter_rows(values_only=True):
        pass
    book.close()


def _expect(found: int, wanted: int, problems: object) -> None:
    """A rate of work that wasn't done is worth nothing."""
    if found != wanted:
        raise RuntimeError(f"{found} of {wanted} rows were read: {problems}")
