"""Rows of typed values that know where they stand, and the problems of one table.

What CSV and JSONL have in common. A row keeps its own text, so that the column of a cell is
searched for only when a problem is told. This module knows neither format.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from generator.content.tables.columns import Column, ColumnSet, spreadsheet_damage
from passport.errors import PassportError
from passport.problems import Findings, Place
from passport.quoting import quoted

T = TypeVar("T")

MOST_LISTED = 1000
"""Problems listed of one file; a wrong column in a million rows needs no million lines."""


class Layout(Protocol):
    """Where the cells of a row stand in its text."""

    def locate(self, text: str, column: str) -> tuple[int, int]:
        """Return (lines below the row's first, column from 1); (0, 1) when there is no cell."""


@dataclass(frozen=True, slots=True)
class Table:
    """The file that rows come from."""

    file: str
    columns: ColumnSet
    layout: Layout


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `values` in the order of the column set, None where a cell is empty."""

    table: Table
    line: int
    text: str
    values: tuple[object, ...]

    def __getitem__(self, column: Column[T]) -> T:
        """Return a value; KeyError when the cell is empty, which a required one never is."""
        value = self.get(column)
        if value is None:
            raise KeyError(column.name)
        return value

    def get(self, column: Column[T]) -> T | None:
        """Return a value, or None when the cell is empty."""
        return self.values[self.table.columns.positions[column.name]]  # type: ignore[return-value]

    def place(self, column: str = "") -> Place:
        """Return where the cell of a column stands, by its name; without one, the row."""
        if not column:
            return Place(self.table.file, self.line)
        return cell_place(self.table, self.line, self.text, column)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell."""

    column: str
    rule: str
    message: str
    remedy: str


@dataclass(slots=True)
class TableFindings:
    """Problems of one file, up to a number that a person can read.

    Reading on is of no use when it is `full`: that many errors are listed, and one that says so.
    """

    file: str
    findings: Findings
    errors: int = 0
    warnings: int = 0

    @property
    def full(self) -> bool:
        """Whether errors were left out."""
        return self.errors > MOST_LISTED

    def error(self, place: Place, path: str, rule: str, message: str, remedy: str) -> None:
        """Note an error, unless the list is full."""
        self.errors += 1
        if self.errors <= MOST_LISTED:
            self.findings.error(place, _shown(path), rule, message, remedy)
        elif self.errors == MOST_LISTED + 1:
            self.findings.error(place, "$", *_rest("errors"))

    def warning(self, place: Place, path: str, rule: str, message: str, remedy: str) -> None:
        """Note a warning, unless there were too many."""
        self.warnings += 1
        if self.warnings <= MOST_LISTED:
            self.findings.warning(place, path, rule, message, remedy)
        elif self.warnings == MOST_LISTED + 1:
            self.findings.warning(place, "$", *_rest("warnings"))

    def blank_row(self, line: int) -> None:
        """Note that rows without content start at a line."""
        place = Place(self.file, line)
        self.warning(place, "$", "blank-row", "there is nothing in this row", "delete it")


def typed_row(
    table: Table, line: int, text: str, cells: Sequence[str], told: TableFindings
) -> Row | None:
    """Parse cells, given in the order of the column set; None when something in them is wrong."""
    values, faults = _typed_values(table.columns.columns, cells)
    if not faults:
        return Row(table, line, text, values)
    for fault in faults:
        tell(fault, table, line, text, told)
    return None


def tell(fault: Fault, table: Table, line: int, text: str, told: TableFindings) -> None:
    """Note what is wrong with a cell of a row."""
    place = cell_place(table, line, text, fault.column)
    told.error(place, fault.column, fault.rule, fault.message, fault.remedy)


def cell_place(table: Table, line: int, text: str, column: str) -> Place:
    """Return the place of a cell in a row that starts at `line`."""
    below, position = table.layout.locate(text, column)
    return Place(table.file, line + below, position)


def _shown(path: str) -> str:
    """Return the name of a column, which may be one that somebody made up, fit for a terminal."""
    return path if path.isprintable() and path else quoted(path)


def _rest(noun: str) -> tuple[str, str, str]:
    message = f"{MOST_LISTED} {noun} of this file are listed, the rest is not"
    return "too-many-problems", message, "mend these, then check again"


def _typed_values(
    columns: Sequence[Column[object]], cells: Sequence[str]
) -> tuple[tuple[object, ...], list[Fault]]:
    values: list[object] = []
    faults: list[Fault] = []
    for column, cell in zip(columns, cells, strict=True):
        value = None
        fault = _fault(column, cell)
        if fault:
            faults.append(fault)
        elif cell:
            try:
                value = column.parse(cell)
            except PassportError as error:
                faults.append(Fault(column.name, "value-format", error.message, error.remedy))
        values.append(value)
    return tuple(values), faults


def _fault(column: Column[object], cell: str) -> Fault | None:
    """Return what is wrong with a cell whatever its type."""
    if not cell:
        if column.required:
            message, remedy = f"{column.name} is missing", "fill it in, every row needs it"
            return Fault(column.name, "missing-value", message, remedy)
        return None
    if cell != cell.strip():
        message = f"{quoted(cell)} has white space around it"
        return Fault(column.name, "outer-white-space", message, "remove it")
    damage = spreadsheet_damage(cell) if column.identifier else None
    if damage:
        return Fault(column.name, "spreadsheet-damage", damage.message, damage.remedy)
    return None
