"""Importing batteries: the rows of a table are merged into `content/batteries/<lot>.csv`.

Key is model and serial: what the lot has keeps its line, and its bytes unless a value changes; what
it doesn't have comes behind, in the order of the table. Importing twice changes nothing. The rows
wait on disk (`staging`), the lot is read and written as a stream, so memory doesn't grow with
either; the lot is replaced as a whole or not at all.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from generator.content.batteries import lot_columns
from generator.content.importing.battery_rows import BatteryRows
from generator.content.importing.replacing import replace_lines
from generator.content.importing.report import Edit, ImportReport
from generator.content.importing.run import ImportJob
from generator.content.importing.staging import StagedRow, Staging
from generator.content.importing.targets import MODEL, SERIAL
from generator.content.tables.columns import ColumnSet
from generator.content.tables.formats import SUFFIXES, read_table
from generator.content.tables.rows import Row
from passport.errors import ConfigError
from passport.problems import Findings
from passport.quoting import quoted

FOLDER = "content/batteries"
_LOT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,79}")
_PLAIN = re.compile(r'[^",\r\n]*')


def import_batteries(job: ImportJob) -> ImportReport:
    """Import a table into a lot; raises `ConfigError` when it can't even start."""
    name = lot_file(job.project, job.lot)
    with job.begin() as run, closing(Staging()) as staging:
        columns = lot_columns(allow_any_serial=run.config.allow_any_serial)
        rows = BatteryRows(run, columns)
        for row in rows.read():
            _stage(row, rows, staging)
        merge = _Merge(name, rows, staging)
        merge.refuse_rows_of_other_lots()
        merge.merge()
        return run.finished((name,))


def lot_file(project: Path, lot: str) -> str:
    """Return the path of a lot in the project; raises `ConfigError` for a name that can't be."""
    stem = lot.removesuffix(".csv")
    if not _LOT.fullmatch(stem):
        told = f"{quoted(lot)} is no name of a lot" if lot else "no lot is named"
        raise ConfigError(told, "name one with --into, like 2026-12-t48")
    if (project / FOLDER / f"{stem}.jsonl").exists():
        message = f"{FOLDER}/{stem}.jsonl exists, and only CSV lots are imported into"
        raise ConfigError(message, "name another lot")
    return f"{FOLDER}/{stem}.csv"


def _stage(row: StagedRow, rows: BatteryRows, staging: Staging) -> None:
    earlier = staging.add(_key(row, rows.columns), row)
    if earlier is None:
        return
    if earlier.cells == row.cells:
        rows.run.report.repeated += 1
        return
    rows.run.report.refused += 1
    message = f"the battery stands in row {earlier.line} too, with other values"
    rows.refuse(row.line, SERIAL, "repeated-battery", message, "keep the row that is right")


def _key(row: StagedRow, columns: ColumnSet) -> tuple[str, str]:
    return row.cells[columns.positions[MODEL]], row.cells[columns.positions[SERIAL]]


class _Merge:
    """Merges what is staged with what the lot has."""

    def __init__(self, name: str, rows: BatteryRows, staging: Staging) -> None:
        self._rows, self._staging = rows, staging
        self._run, self._report = rows.run, rows.run.report
        self._name, self._path = name, rows.run.job.project / name
        header = _header_of(self._path)
        wanted = {*rows.used, *rows.columns.required} - set(header)
        new = tuple(column for column in rows.columns.names if column in wanted)
        self._names = (*header, *new)
        self._new = "," * len(new)
        self._from = tuple(rows.columns.positions.get(column, 0) for column in self._names)

    def refuse_rows_of_other_lots(self) -> None:
        """A battery stands in one lot only."""
        for path in sorted((self._run.job.project / FOLDER).glob("*")):
            name = f"{FOLDER}/{path.name}"
            if name == self._name or path.suffix not in SUFFIXES:
                continue
            for row in read_table(path, name, self._rows.columns, Findings()):
                staged = self._staging.take(self._key_of(row))
                if staged is not None:
                    message = f"the battery stands in {name}, line {row.line}"
                    remedy = f"import it with --into {path.stem}, or remove it there"
                    self._refuse(staged, SERIAL, "other-lot", message, remedy)

    def merge(self) -> None:
        """Write the merged lot, unless that must not be or would change nothing."""
        if self._run.job.dry_run:
            for _ in self._lines():
                pass
        else:
            replace_lines(
                self._path,
                self._lines(),
                lambda: self._report.changes_anything and self._run.may_write(),
            )

    def _lines(self) -> Iterator[str]:
        yield _csv_line(self._names)
        if self._path.exists():
            known = Findings()
            for row in read_table(self._path, self._name, self._rows.columns, known):
                yield self._kept(row)
            self._run.findings.extend(known.problems)
            self._run.blocked = known.has_errors
        for staged in self._staging.rest():
            if self._is_complete(staged):
                self._report.add(staged.line, self._subject(staged))
                yield _csv_line([staged.cells[n] for n in self._from])

    def _kept(self, row: Row) -> str:
        """Return the line of a battery that the lot has, changed if the table says so."""
        staged = self._staging.take(self._key_of(row))
        old = ["" if value is None else str(value) for value in row.values]
        edits = () if staged is None else tuple(self._edits(old, staged.cells))
        if staged is not None and not edits:
            self._report.unchanged += 1
        if staged is None or not edits:
            return row.text.removesuffix("\n") + self._new + "\n"
        self._report.change(staged.line, self._subject(staged), edits)
        changed = {edit.name: edit.new for edit in edits}
        cells = zip(self._names, (old[n] for n in self._from), strict=True)
        return _csv_line([changed.get(name, text) for name, text in cells])

    def _edits(self, old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
        """An empty cell of the table says nothing."""
        for name, before, after in zip(self._rows.columns.names, old, new, strict=True):
            if after and before != after:
                yield Edit(name, before, after)

    def _is_complete(self, staged: StagedRow) -> bool:
        for name in self._rows.columns.required:
            if not staged.cells[self._rows.columns.positions[name]]:
                message = f"{name} is missing, and the lot doesn't have this battery yet"
                remedy = "fill it in, every battery needs it"
                self._refuse(staged, name, "missing-value", message, remedy)
                return False
        return True

    def _refuse(self, staged: StagedRow, column: str, rule: str, message: str, remedy: str) -> None:
        self._report.refused += 1
        self._rows.refuse(staged.line, column, rule, message, remedy)

    def _key_of(self, row: Row) -> tuple[str, str]:
        positions = self._rows.columns.positions
        return str(row.values[positions[MODEL]]), str(row.values[positions[SERIAL]])

    def _subject(self, staged: StagedRow) -> str:
        model, serial = _key(staged, self._rows.columns)
        return f"{serial} ({model})"


def _header_of(path: Path) -> tuple[str, ...]:
    """Return a lot's columns; what is wrong with them is told when its rows are read."""
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        return tuple(next(csv.reader(stream), ()))


def _csv_line(cells: Sequence[str]) -> str:
    line = ",".join(cells)
    if _PLAIN.fullmatch(line.replace(",", "")) and line.count(",") == len(cells) - 1:
        return f"{line}\n"
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue()
