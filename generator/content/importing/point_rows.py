"""Rows of data points: each row of a table gives values of one model, or of one of its plants.

Knows data points and models; not what their files say already.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from generator.content.importing.cells import Cell
from generator.content.importing.mapping import ColumnRule
from generator.content.importing.run import Run
from generator.content.importing.targets import (
    MODEL,
    PLANT,
    PointTarget,
    Target,
    listed,
    name_target,
    point_target,
)
from passport.errors import ConfigError, PassportError, ValueFormatError
from passport.problems import Place

_NAMES = (MODEL, PLANT)


@dataclass(frozen=True, slots=True)
class PointValue:
    """A value for a data point: from which cell, for which model and plant, in our spelling."""

    place: Place
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


@dataclass(slots=True)
class PointRows:
    """Reads the rows of one table."""

    run: Run
    _points: tuple[PointTarget, ...] = ()
    _names: dict[str, Target] = field(default_factory=dict)
    _fixed: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        mapping, header = self.run.job.mapping, self.run.header
        self._fixed = dict(mapping.fixed)
        self._names = {
            rule.to: name_target(rule, header) for rule in mapping.rules if rule.to in _NAMES
        }
        rules = [rule for rule in mapping.rules if rule.to not in _NAMES]
        fixed = [ColumnRule(header=name, to=name) for name in self._fixed if name not in _NAMES]
        self._points = (
            *(point_target(rule, header) for rule in rules),
            *(point_target(rule) for rule in fixed),
        )
        if MODEL not in mapping.targets:
            remedy = 'map a column to it, or write [fixed] model = "…"'
            raise ConfigError("the mapping gives no model", remedy)

    def read(self) -> Iterator[PointValue]:
        """Yield the values of the rows in which nothing is wrong."""
        for line, cells in self.run.rows():
            before = self.run.told.errors
            values = tuple(self._row(line, cells))
            if self.run.told.errors > before:
                self.run.report.refused += 1
            else:
                yield from values

    def _row(self, line: int, cells: Sequence[Cell]) -> Iterator[PointValue]:
        catalogue = self.run.catalogue
        model = self._name(line, cells, MODEL, catalogue.model)
        if not model:
            return
        plant = self._name(line, cells, PLANT, lambda name: catalogue.plant(model, name))
        for each in self._points:
            place = Place(self.run.file, line, each.position + 1)
            cell = self._fixed[each.header] if each.position < 0 else cells[each.position]
            try:
                text = each.read(cell)
            except PassportError as error:
                self._tell(place, each.header, error)
                continue
            if text:
                by_plant = plant if each.point.by_plant else ""
                yield PointValue(place, model, by_plant, each, text)

    def _name(
        self, line: int, cells: Sequence[Cell], name: str, known: Callable[[str], str]
    ) -> str:
        """Return a model or plant by one of its names, "" when there is none or a wrong one."""
        target = self._names.get(name)
        position = target.position if target else 0
        try:
            text = target.read(cells[position]) if target else self._fixed.get(name, "")
            if not text and name == MODEL:
                raise ValueFormatError("model is missing", "fill it in, every row needs it")
            return known(text) if text else ""
        except PassportError as error:
            self._tell(Place(self.run.file, line, position + 1), name, error)
            return ""

    def _tell(self, place: Place, header: str, error: PassportError) -> None:
        self.run.told.error(place, header, "value-format", error.message, error.remedy)
