"""The registry of data points: everything that a passport may hold, as data.

Each data point has one content key, one access group, one level, one type and one legal basis
(Annex XIII and Annex VI of Regulation (EU) 2023/1542, the Commission's guidance 1.0 and
2.0, DIN DKE SPEC 99100). The tables lie in `passport/data`; this is the only module of `passport`
that reads a file. It knows what a value must look like, not where an operator wrote it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Group(StrEnum):
    """The points of Annex XIII, which decide who may read."""

    PUBLIC = "xiii-1"
    INTEREST_MODEL = "xiii-2"
    AUTHORITY = "xiii-3"
    INTEREST_BATTERY = "xiii-4"


class Level(StrEnum):
    """Whether a value belongs to a battery model or to one battery."""

    MODEL = "model"
    BATTERY = "battery"


class Requirement(StrEnum):
    """What guidance asks of a category: mandatory, conditional, pending, optional, or nothing."""

    MANDATORY = "M"
    CONDITIONAL = "C"
    PENDING = "P"
    OPTIONAL = "O"
    VOLUNTARY = "v"
    NONE = "-"


class Category(StrEnum):
    """Battery categories that need a passport (Art. 77(1))."""

    EV = "ev"
    LMT = "lmt"
    INDUSTRIAL = "industrial"


GUIDANCE_VERSIONS = ("1.0", "2.0")


def camel_case(key: str) -> str:
    """A key as JSON names it: `rated_capacity` becomes `ratedCapacity`."""
    first, *rest = key.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


@dataclass(frozen=True, slots=True)
class Translated:
    """A label or a help text of the registry, (language, text) pairs; English is always there."""

    texts: tuple[tuple[str, str], ...]

    def text(self, language: str) -> str:
        """Return the text in `language`, in English when there is none."""
        found = dict(self.texts)
        return found.get(language, found["en"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One named part of a record."""

    name: str
    type: str
    unit: str
    codes: str
    required: bool
    label: Translated


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPoint:
    """One row of the registry.

    `number` is the Commission's, with a letter where Annex XIII lists parts, "" when the guidance
    has none. `source` names where content holds the value. `requirements` maps a guidance version
    to what it asks of each category; `pending` says why guidance does not ask for it yet.
    """

    key: str
    number: str
    clause: str
    spec: tuple[int, ...]
    group: Group
    level: Level
    section: str
    source: str
    by_plant: bool
    update: str
    type: str
    unit: str
    codes: str
    fields: tuple[Field, ...]
    requirements: tuple[tuple[str, tuple[tuple[Category, Requirement], ...]], ...]
    duplicate_of: tuple[str, ...]
    applies: tuple[str, ...]
    pending: Translated | None
    label: Translated
    help: Translated

    @property
    def member(self) -> str:
        """The name in JSON: the key in camel case."""
        return camel_case(self.key)

    @property
    def is_public(self) -> bool:
        """Whether anyone may read it."""
        return self.group is Group.PUBLIC

    def requirement(self, category: Category, guidance: str) -> Requirement:
        """What `guidance` (a version) asks of this data point for a category."""
        return dict(dict(self.requirements)[guidance])[category]

    def field(self, name: str) -> Field:
        """Return a record's field; raises KeyError for a name that it does not have."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code with its label and what rules need to know of it (`contains`)."""

    code: str
    label: Translated
    contains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registry:
    """All data points in the order of the tables, and the code lists."""

    data_points: tuple[DataPoint, ...]
    code_lists: Mapping[str, Mapping[str, CodeEntry]]
    by_key: Mapping[str, DataPoint]

    def from_source(self, source: str) -> tuple[DataPoint, ...]:
        """The data points that one content file holds."""
        return tuple(point for point in self.data_points if point.source == source)


SECTIONS = (
    "general",
    "labels",
    "carbon",
    "due-diligence",
    "materials",
    "circularity",
    "performance",
    "condition",
)
_TABLES = (
    "general",
    "labels",
    "carbon",
    "due_diligence",
    "materials",
    "circularity",
    "performance",
    "restricted",
    "condition",
)


@cache
def registry() -> Registry:
    """Return the registry that this release ships."""
    folder = files("passport") / "data"
    points: list[DataPoint] = []
    for table in _TABLES:
        text = (folder / "datapoints" / f"{table}.toml").read_text(encoding="utf-8")
        points += [_data_point(row) for row in tomllib.loads(text)["data_point"]]
    lists = tomllib.loads((folder / "codelists.toml").read_text(encoding="utf-8"))
    return Registry(
        data_points=tuple(points),
        code_lists={name: _code_list(rows) for name, rows in lists.items()},
        by_key={point.key: point for point in points},
    )


def _data_point(row: dict[str, object]) -> DataPoint:
    return DataPoint(
        key=_text(row, "key"),
        number=_text(row, "number"),
        clause=_text(row, "clause"),
        spec=tuple(int(str(item)) for item in _items(row, "spec")),
        group=Group(_text(row, "group")),
        level=Level(_text(row, "level")),
        section=_text(row, "section"),
        source=_text(row, "source"),
        by_plant=bool(row.get("by_plant")),
        update=_text(row, "update"),
        type=_text(row, "type"),
        unit=_text(row, "unit"),
        codes=_text(row, "codes"),
        fields=tuple(_field(item) for item in _rows(row, "field")),
        requirements=_requirements(row),
        duplicate_of=tuple(str(item) for item in _items(row, "duplicate_of")),
        applies=tuple(str(item) for item in _items(row, "applies")),
        pending=_translated(row, "pending") if "pending" in row else None,
        label=_translated(row, "label"),
        help=_translated(row, "help"),
    )


def _requirements(
    row: dict[str, object],
) -> tuple[tuple[str, tuple[tuple[Category, Requirement], ...]], ...]:
    """Guidance 2.0 differs from 1.0 in a few rows only; the table writes just those twice."""
    first = _table(row, "requirement")
    second = _table(row, "requirement_2") or first
    return tuple(
        (version, tuple((category, Requirement(str(asked[category]))) for category in Category))
        for version, asked in zip(GUIDANCE_VERSIONS, (first, second), strict=True)
    )


def _field(row: dict[str, object]) -> Field:
    return Field(
        name=_text(row, "name"),
        type=_text(row, "type"),
        unit=_text(row, "unit"),
        codes=_text(row, "codes"),
        required=bool(row.get("required")),
        label=_translated(row, "label"),
    )


def _code_list(rows: dict[str, dict[str, object]]) -> Mapping[str, CodeEntry]:
    return {
        code: CodeEntry(
            code,
            _translated(row, "label"),
            tuple(str(item) for item in _items(row, "contains")),
        )
        for code, row in rows.items()
    }


def _text(row: dict[str, object], name: str) -> str:
    return str(row.get(name, ""))


def _table(row: dict[str, object], name: str) -> dict[str, object]:
    found = row.get(name, {})
    assert isinstance(found, dict), f"{name} in the registry is not a table"
    return found


def _items(row: dict[str, object], name: str) -> list[object]:
    found = row.get(name, [])
    assert isinstance(found, list), f"{name} in the registry is not a list"
    return found


def _rows(row: dict[str, object], name: str) -> list[dict[str, object]]:
    return [item for item in _items(row, name) if isinstance(item, dict)]


def _translated(row: dict[str, object], name: str) -> Translated:
    return Translated(tuple((k, str(v)) for k, v in _table(row, name).items()))
