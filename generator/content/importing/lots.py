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
from dataclasses import dataclass, field
from pathlib import Path

from generator.content.batteries import lot_columns
from generator.content.columns import ColumnSet
from generator.content.importing.battery_rows import SERIAL, BatteryRows
from generator.content.importing.catalogue import read_catalogue
from generator.content.importing.job import ImportJob
from generator.content.importing.replacing import Replacement, replacing
from generator.content.importing.report import Edit, ImportReport, Tally
from generator.content.importing.staging import StagedRow, Staging
from generator.content.importing.targets import MODEL
from generator.content.rows import Row, TableFindings
from generator.content.tables import read_table
from passport.errors import ConfigError
from passport.problems import Findings
from passport.quoting import quoted

FOLDER = "content/batteries"
_LOT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,79}")
_PLAIN = re.compile(r'[^",\r\n]*')


def import_batteries(job: ImportJob) -> ImportReport:
    """Import a table into a lot; raises `ConfigError` when it can't even start."""
    name = lot_file(job.project, job.lot)
    findings = Findings()
    tally = Tally(TableFindings(job.file, findings))
    columns = lot_columns(allow_any_serial=job.config.allow_any_serial)
    with job.table() as table, Staging() as staging:
        rows = BatteryRows(job, table, columns, read_catalogue(job.project, job.config), tally)
        for row in rows.read():
            _stage(row, rows, staging)
        merge = _Merge(job, name, rows, staging, findings)
        merge.refuse_rows_of_other_lots()
        merge.run()
        return job.report(table, tally, findings, (name,))


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
        rows.tally.repeated += 1
        return
    rows.tally.refused += 1
    message = f"the battery stands in row {earlier.line} too, with other values"
    rows.refuse(row.line, SERIAL, "repeated-battery", message, "keep the row that is right")


def _key(row: StagedRow, columns: ColumnSet) -> tuple[str, str]:
    return row.cells[columns.positions[MODEL]], row.cells[columns.positions[SERIAL]]


@dataclass(slots=True)
class _Merge:
    """Merges what is staged with what the lot has."""

    job: ImportJob
    name: str
    rows: BatteryRows
    staging: Staging
    findings: Findings
    _header: tuple[str, ...] = ()
    _names: tuple[str, ...] = ()
    _from: tuple[int, ...] = field(default=())

    def __post_init__(self) -> None:
        self._header = _header_of(self.job.project / self.name)
        wanted = {*self.rows.used, *self.rows.columns.required}
        new = (name for name in self.rows.columns.names if name in wanted - set(self._header))
        self._names = (*self._header, *new)
        positions = self.rows.columns.positions
        self._from = tuple(positions.get(name, 0) for name in self._names)

    def run(self) -> None:
        """Write the merged lot, unless that must not be or would change nothing."""
        if self.job.dry_run:
            for _ in self._lines():
                pass
            return
        with replacing(self.job.project / self.name) as lot:
            for line in self._lines():
                lot.write(line)
            self._commit(lot)

    def refuse_rows_of_other_lots(self) -> None:
        """A battery stands in one lot only."""
        folder = self.job.project / FOLDER
        others = sorted(p for p in folder.glob("*") if p.suffix in (".csv", ".jsonl"))
        for path in others:
            name = f"{FOLDER}/{path.name}"
            if name == self.name:
                continue
            for row in read_table(path, name, self.rows.columns, Findings()):
                staged = self.staging.take(self._key_of(row))
                if staged is not None:
                    self._refuse_elsewhere(staged, row)

    def _commit(self, lot: Replacement) -> None:
        tally = self.rows.tally
        if tally.changes_anything and self.job.may_write(tally, self.findings):
            lot.commit()

    def _refuse_elsewhere(self, staged: StagedRow, row: Row) -> None:
        self.rows.tally.refused += 1
        place = row.place()
        self.rows.refuse(
            staged.line,
            SERIAL,
            "other-lot",
            f"the battery stands in {place.file}, line {place.line}",
            f"import it with --into {Path(place.file).stem}, or remove it there",
        )

    def _lines(self) -> Iterator[str]:
        yield _csv_line(self._names)
        path = self.job.project / self.name
        if path.exists():
            known = Findings()
            for row in read_table(path, self.name, self.rows.columns, known):
                yield self._kept(row)
            self.findings.extend(known.problems)
            self.rows.tally.blocked = known.has_errors
        for staged in self.staging.rest():
            if self._is_complete(staged):
                serial, model = self._key_shown(staged)
                self.rows.tally.add(staged.line, f"{serial} ({model})")
                yield _csv_line([staged.cells[n] for n in self._from])

    def _kept(self, row: Row) -> str:
        """Return the line of a battery that the lot has, changed if the table says so."""
        staged = self.staging.take(self._key_of(row))
        old = ["" if value is None else str(value) for value in row.values]
        edits = () if staged is None else tuple(self._edits(old, staged.cells))
        if staged is not None and not edits:
            self.rows.tally.unchanged += 1
        if staged is None or not edits:
            return row.text.removesuffix("\n") + "," * self._new_columns + "\n"
        serial, model = self._key_shown(staged)
        self.rows.tally.change(staged.line, f"{serial} ({model})", edits)
        changed = {edit.name: edit.new for edit in edits}
        cells = zip(self._names, (old[n] for n in self._from), strict=True)
        return _csv_line([changed.get(name, text) for name, text in cells])

    def _edits(self, old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
        emptying = self.rows.emptying
        for name, before, after in zip(self.rows.columns.names, old, new, strict=True):
            if before != after and (after or name in emptying):
                yield Edit(name, before, after)

    def _is_complete(self, staged: StagedRow) -> bool:
        for name in self.rows.columns.required:
            if not staged.cells[self.rows.columns.positions[name]]:
                self.rows.tally.refused += 1
                message = f"{name} is missing, and the lot doesn't have this battery yet"
                remedy = "fill it in, every battery needs it"
                self.rows.refuse(staged.line, name, "missing-value", message, remedy)
                return False
        return True

    @property
    def _new_columns(self) -> int:
        return len(self._names) - len(self._header)

    def _key_of(self, row: Row) -> tuple[str, str]:
        positions = self.rows.columns.positions
        return str(row.values[positions[MODEL]]), str(row.values[positions[SERIAL]])

    def _key_shown(self, staged: StagedRow) -> tuple[str, str]:
        model, serial = _key(staged, self.rows.columns)
        return serial, model


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
