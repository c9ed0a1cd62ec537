"""Battery rows: each row of a table becomes the cells of a lot, or problems with row and column.

Knows columns, models and plants; not what the lot has already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from generator.content.columns import ColumnSet
from generator.content.importing.catalogue import Catalogue
from generator.content.importing.cells import Cell, text_of
from generator.content.importing.job import ImportJob, Table
from generator.content.importing.report import Tally
from generator.content.importing.sheets import is_blank
from generator.content.importing.staging import StagedRow
from generator.content.importing.targets import (
    MODEL,
    PLANT,
    Target,
    battery_target,
    fixed_battery_target,
)
from passport.errors import ConfigError, PassportError
from passport.problems import Place
from passport.unit import refused_column

SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class _Bound:
    """A mapped column: where it stands in the table and in a lot's row."""

    position: int
    header: str
    target: Target
    index: int


@dataclass(slots=True)
class BatteryRows:
    """Reads the rows of one table. Afterwards `used` says which columns held a value."""

    job: ImportJob
    table: Table
    columns: ColumnSet
    catalogue: Catalogue
    tally: Tally
    used: set[str] = field(default_factory=set)
    _bound: tuple[_Bound, ...] = ()
    _fixed: tuple[str, ...] = ()
    _counts: tuple[tuple[int, str, PassportError], ...] = ()
    _lengths: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = self.columns.names
        self._bound = tuple(
            _Bound(
                self.table.header.position(rule.header),
                self.table.header.names[self.table.header.position(rule.header)],
                battery_target(rule, self.columns),
                names.index(rule.to),
            )
            for rule in self.job.mapping.rules
        )
        fixed = {
            name: fixed_battery_target(name, text, self.columns)
            for name, text in self.job.mapping.fixed
        }
        self._fixed = tuple(fixed.get(name, "") for name in names)
        self._counts = tuple(self._refused_columns())
        for name in (SERIAL, MODEL):
            if name not in self.job.mapping.targets:
                remedy = 'map a column to it, or write [fixed] model = "…" for all rows'
                raise ConfigError(f"the mapping gives no {name}", remedy)

    @property
    def emptying(self) -> frozenset[str]:
        """The columns in which an empty cell empties what a lot has."""
        return frozenset(bound.target.name for bound in self._bound if not bound.target.skip_blank)

    def read(self) -> Iterator[StagedRow]:
        """Yield the rows in which nothing is wrong; cells stand in the order of the columns."""
        for line, cells in self.table.rows:
            if is_blank(cells):
                self.tally.blank += 1
                continue
            row = self._row(line, cells)
            if row is not None:
                yield StagedRow(line, row)
            else:
                self.tally.refused += 1
                if self.tally.told.full and not self.job.skip_wrong:
                    return
        self._warn_of_lengths()

    def place(self, line: int, column: str) -> Place:
        """Return where the cell of a lot's column stands in the table."""
        found = (bound.position for bound in self._bound if bound.target.name == column)
        return Place(self.job.file, line, next(found, 0) + 1)

    def refuse(self, line: int, column: str, rule: str, message: str, remedy: str) -> None:
        """Note what is wrong with a row, at the cell of a lot's column."""
        header = (bound.header for bound in self._bound if bound.target.name == column)
        shown = next(header, column)
        self.tally.told.error(self.place(line, column), shown, rule, message, remedy)

    def _row(self, line: int, cells: Sequence[Cell]) -> tuple[str, ...] | None:
        values = list(self._fixed)
        before = self.tally.told.errors
        wrong: set[str] = set()
        for bound in self._bound:
            cell = cells[bound.position] if bound.position < len(cells) else ""
            try:
                if text := bound.target.read(cell):
                    values[bound.index] = text
            except PassportError as error:
                wrong.add(bound.target.name)
                self._tell(line, bound.target.name, error)
        self._check_one_battery(line, cells)
        self._check_key(line, values, wrong)
        self._resolve(line, values)
        if self.tally.told.errors > before:
            return None
        self._note(line, values)
        return tuple(values)

    def _check_key(self, line: int, values: Sequence[str], wrong: set[str]) -> None:
        for name in (SERIAL, MODEL):
            if not values[self.columns.positions[name]] and name not in wrong:
                message, remedy = f"{name} is missing", "fill it in, every row needs it"
                self.refuse(line, name, "missing-value", message, remedy)

    def _resolve(self, line: int, values: list[str]) -> None:
        """Turn names of models and plants into slugs."""
        model, plant = self.columns.positions[MODEL], self.columns.positions[PLANT]
        column = MODEL
        try:
            if values[model]:
                values[model] = self.catalogue.model(values[model])
                column = PLANT
                if values[plant]:
                    values[plant] = self.catalogue.plant(values[model], values[plant])
        except PassportError as error:
            self._tell(line, column, error)

    def _note(self, line: int, values: Sequence[str]) -> None:
        for name, value in zip(self.columns.names, values, strict=True):
            if value:
                self.used.add(name)
        serial = values[self.columns.positions[SERIAL]]
        if serial.isdecimal():
            self._lengths.setdefault(len(serial), line)

    def _refused_columns(self) -> Iterator[tuple[int, str, PassportError]]:
        mapped = {bound.position for bound in self._bound}
        for position, name in enumerate(self.table.header.names):
            error = refused_column(name) if position not in mapped else None
            if error is not None:
                yield position, name, error

    def _check_one_battery(self, line: int, cells: Sequence[Cell]) -> None:
        """A column of quantities may stay where each row says 1, as sites may (Art. 77(1))."""
        for position, name, error in self._counts:
            text = text_of(cells[position]) if position < len(cells) else ""
            if text.isdecimal() and text != "1":
                place = Place(self.job.file, line, position + 1)
                self.tally.told.error(place, name, "several", error.message, error.remedy)

    def _tell(self, line: int, column: str, error: PassportError) -> None:
        self.refuse(line, column, "value-format", error.message, error.remedy)

    def _warn_of_lengths(self) -> None:
        if len(self._lengths) > 1:
            short, long = min(self._lengths), max(self._lengths)
            self.tally.told.warning(
                self.place(self._lengths[short], SERIAL),
                SERIAL,
                "lengths",
                f"serials of digits only have {short} to {long} digits",
                "compare this one with its label: a spreadsheet may have cut zeros in front",
            )
