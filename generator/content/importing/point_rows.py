"""Rows of data points: each row of a table gives values of one model, or of one of its plants.

Knows data points and models; not what their files say already.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from generator.content.importing.catalogue import Catalogue
from generator.content.importing.cells import Cell, text_of
from generator.content.importing.job import ImportJob, Table
from generator.content.importing.mapping import ColumnRule
from generator.content.importing.report import Tally
from generator.content.importing.sheets import is_blank
from generator.content.importing.targets import MODEL, PLANT, PointTarget, listed, point_target
from passport.errors import ConfigError, PassportError, ValueFormatError
from passport.problems import Place

_NAMES = (MODEL, PLANT)


@dataclass(frozen=True, slots=True)
class PointValue:
    """A value for a data point: from which cell, for which model and plant, in our spelling."""

    place: Place
    header: str
    model: str
    plant: str
    target: PointTarget
    text: str

    @property
    def parts(self) -> str | list[str]:
        """The value as its file holds it: a text, or a list of codes."""
        return listed(self.text) if self.target.type == "codes" else self.text

    @property
    def slot(self) -> tuple[str, str, str]:
        """What no two rows may give."""
        return self.model, self.plant, self.target.name


@dataclass(frozen=True, slots=True)
class _Bound:
    """A mapped column: where it stands and what becomes of it."""

    position: int
    header: str
    target: PointTarget


@dataclass(slots=True)
class PointRows:
    """Reads the rows of one table."""

    job: ImportJob
    table: Table
    catalogue: Catalogue
    tally: Tally
    _points: tuple[_Bound, ...] = ()
    _names: dict[str, tuple[int, ColumnRule]] = field(default_factory=dict)
    _fixed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        mapping = self.job.mapping
        self._fixed = dict(mapping.fixed)
        self._names = {
            rule.to: (self._position(rule), rule) for rule in mapping.rules if rule.to in _NAMES
        }
        self._points = (
            *(self._bound(rule) for rule in mapping.rules if rule.to not in _NAMES),
            *(_fixed_point(name) for name in self._fixed if name not in _NAMES),
        )
        if MODEL not in mapping.targets:
            remedy = 'map a column to it, or write [fixed] model = "…"'
            raise ConfigError("the mapping gives no model", remedy)

    def read(self) -> Iterator[PointValue]:
        """Yield the values of the rows in which nothing is wrong."""
        for line, cells in self.table.rows:
            if is_blank(cells):
                self.tally.blank += 1
                continue
            before = self.tally.told.errors
            values = tuple(self._row(line, cells))
            if self.tally.told.errors > before:
                self.tally.refused += 1
            else:
                yield from values

    def _row(self, line: int, cells: Sequence[Cell]) -> Iterator[PointValue]:
        model = self._name(line, cells, MODEL, self.catalogue.model)
        if not model:
            return
        plant = self._name(line, cells, PLANT, lambda name: self.catalogue.plant(model, name))
        for bound in self._points:
            place = Place(self.job.file, line, bound.position + 1)
            text = self._text(place, bound, self._cell(cells, bound))
            if text:
                by_plant = plant if bound.target.point.by_plant else ""
                yield PointValue(place, bound.header, model, by_plant, bound.target, text)

    def _name(
        self, line: int, cells: Sequence[Cell], name: str, known: Callable[[str], str]
    ) -> str:
        """Return a model or plant by one of its names, "" when there is none or a wrong one."""
        position, rule = self._names.get(name, (-1, None))
        place = Place(self.job.file, line, max(position, 0) + 1)
        try:
            text = self._fixed.get(name, "")
            if rule is not None:
                text = text_of(cells[position]) if position < len(cells) else ""
                text = rule.values.get(text, text)
            if not text and name == MODEL:
                raise ValueFormatError("model is missing", "fill it in, every row needs it")
            return known(text) if text else ""
        except PassportError as error:
            self._tell(place, name, error)
            return ""

    def _cell(self, cells: Sequence[Cell], bound: _Bound) -> Cell:
        if bound.position < 0:
            return self._fixed[bound.header]
        return cells[bound.position] if bound.position < len(cells) else ""

    def _text(self, place: Place, bound: _Bound, cell: Cell) -> str:
        try:
            return bound.target.read(cell)
        except PassportError as error:
            self._tell(place, bound.header, error)
            return ""

    def _tell(self, place: Place, header: str, error: PassportError) -> None:
        self.tally.told.error(place, header, "value-format", error.message, error.remedy)

    def _bound(self, rule: ColumnRule) -> _Bound:
        position = self._position(rule)
        return _Bound(position, self.table.header.names[position], point_target(rule))

    def _position(self, rule: ColumnRule) -> int:
        return self.table.header.position(rule.header)


def _fixed_point(name: str) -> _Bound:
    return _Bound(-1, name, point_target(ColumnRule(header=name, to=name)))
