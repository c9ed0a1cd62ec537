"""Battery rows: each row of a table becomes the cells of a lot, or problems with row and column.

Knows columns, models and plants; not what the lot has already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from generator.content.importing.cells import Cell, text_of
from generator.content.importing.run import Run
from generator.content.importing.staging import StagedRow
from generator.content.importing.targets import (
    MODEL,
    PLANT,
    SERIAL,
    Target,
    battery_target,
    fixed_battery_target,
)
from generator.content.tables.columns import ColumnSet
from passport.errors import ConfigError, PassportError
from passport.problems import Place
from passport.unit import refused_column


@dataclass(slots=True)
class BatteryRows:
    """Reads the rows of one table. Afterwards `used` says which columns held a value."""

    run: Run
    columns: ColumnSet
    used: set[str] = field(default_factory=set)
    _targets: tuple[Target, ...] = ()
    _fixed: tuple[str, ...] = ()
    _counts: tuple[tuple[int, str, PassportError], ...] = ()
    _lengths: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        mapping, header = self.run.job.mapping, self.run.header
        self._targets = tuple(battery_target(rule, self.columns, header) for rule in mapping.rules)
        fixed = {
            name: fixed_battery_target(name, text, self.columns) for name, text in mapping.fixed
        }
        self._fixed = tuple(fixed.get(name, "") for name in self.columns.names)
        self._counts = tuple(self._refused_columns())
        for name in (SERIAL, MODEL):
            if name not in mapping.targets:
                remedy = 'map a column to it, or write [fixed] model = "…" for all rows'
                raise ConfigError(f"the mapping gives no {name}", remedy)

    def read(self) -> Iterator[StagedRow]:
        """Yield the rows in which nothing is wrong; cells stand in the order of the columns."""
        for line, cells in self.run.rows():
            row = self._row(line, cells)
            if row is not None:
                yield StagedRow(line, row)
            else:
                self.run.report.refused += 1
                if self.run.told.full and not self.run.job.skip_wrong:
                    return
        self._warn_of_lengths()

    def refuse(self, line: int, column: str, rule: str, message: str, remedy: str) -> None:
        """Note what is wrong with a row, at the cell of a lot's column."""
        place, shown = self._cell(line, column)
        self.run.told.error(place, shown, rule, message, remedy)

    def _cell(self, line: int, column: str) -> tuple[Place, str]:
        """Return where the cell of a lot's column stands in the table, and its header."""
        for each in self._targets:
            if each.name == column:
                return Place(self.run.file, line, each.position + 1), each.header
        return Place(self.run.file, line), column

    def _row(self, line: int, cells: Sequence[Cell]) -> tuple[str, ...] | None:
        values = list(self._fixed)
        before = self.run.told.errors
        wrong: set[str] = set()
        for each in self._targets:
            try:
                if text := each.read(cells[each.position]):
                    values[self.columns.positions[each.name]] = text
            except PassportError as error:
                wrong.add(each.name)
                self._tell(line, each.name, error)
        self._check_one_battery(line, cells)
        self._check_key(line, values, wrong)
        self._resolve(line, values)
        if self.run.told.errors > before:
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
        column, catalogue = MODEL, self.run.catalogue
        try:
            if values[model]:
                values[model] = catalogue.model(values[model])
                column = PLANT
                if values[plant]:
                    values[plant] = catalogue.plant(values[model], values[plant])
        except PassportError as error:
            self._tell(line, column, error)

    def _note(self, line: int, values: Sequence[str]) -> None:
        pairs = zip(self.columns.names, values, strict=True)
        self.used.update(name for name, value in pairs if value)
        serial = values[self.columns.positions[SERIAL]]
        if serial.isdecimal():
            self._lengths.setdefault(len(serial), line)

    def _refused_columns(self) -> Iterator[tuple[int, str, PassportError]]:
        mapped = {each.position for each in self._targets}
        for position, name in enumerate(self.run.header.names):
            error = refused_column(name) if position not in mapped else None
            if error is not None:
                yield position, name, error

    def _check_one_battery(self, line: int, cells: Sequence[Cell]) -> None:
        """A column of quantities may stay where each row says 1, as sites may (Art. 77(1))."""
        for position, name, error in self._counts:
            place = Place(self.run.file, line, position + 1)
            try:
                text = text_of(cells[position])
                if text.isdecimal() and text != "1":
                    self.run.told.error(place, name, "several", error.message, error.remedy)
            except PassportError as flaw:
                self.run.told.error(place, name, "value-format", flaw.message, flaw.remedy)

    def _tell(self, line: int, column: str, error: PassportError) -> None:
        self.refuse(line, column, "value-format", error.message, error.remedy)

    def _warn_of_lengths(self) -> None:
        if len(self._lengths) > 1:
            short, long = min(self._lengths), max(self._lengths)
            self.run.told.warning(
                self._cell(self._lengths[short], SERIAL)[0],
                SERIAL,
                "lengths",
                f"serials of digits only have {short} to {long} digits",
                "compare this one with its label: a spreadsheet may have cut zeros in front",
            )
