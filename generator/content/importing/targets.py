"""Targets: what a mapped column becomes, and how a cell turns into its text.

A target is a column of a lot or a data point of a model. The registry and the lot's own columns
say what kind of value that is; the mapping says how the table writes it. A spelling is always
tried on the strict parser that will read the content later.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from generator.content.elements import ABOUT_TEXTS, Shape, parse_about, parse_single
from generator.content.importing.cells import Cell, text_of
from generator.content.importing.dates import day_speller, month_speller
from generator.content.importing.mapping import ColumnRule
from generator.content.importing.sheets import Header
from generator.content.importing.spellers import (
    NumberStyle,
    Spell,
    identifier_speller,
    period_speller,
    quantity_speller,
    range_speller,
    remembering,
    translating,
    truth,
)
from generator.content.importing.units import accepted, is_convertible
from generator.content.tables.columns import Column, ColumnSet
from generator.content.yaml.near_misses import instead_of
from passport.errors import ConfigError, PassportError, ValueFormatError
from passport.quoting import quoted
from passport.registry import DataPoint, registry
from passport.values import YearMonth, parse_date, parse_language

SERIAL = "serial"
MODEL = "model"
PLANT = "plant"
_NOT_IN_FILES = {
    "derived": "it is worked out from other content",
    "operator": "it stands in content/operators",
    "batteries": "it is a column of lots",
    "events": "it belongs to one battery and changes: write it to content/events",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column goes: its header and its position, which is -1 for a value that is fixed.

    `read` returns the text for content, "" for an empty cell. It raises a `PassportError` for a
    cell that the content's own parser would refuse.
    """

    name: str
    header: str
    position: int
    read: Callable[[Cell], str]


@dataclass(frozen=True, slots=True)
class PointTarget(Target):
    """A data point of a model, or with `member` a part of it.

    `member` is a field of a record, a language of a text, or what is known about the value; `type`
    is that of the cell.
    """

    point: DataPoint
    member: str
    type: str


def battery_target(rule: ColumnRule, columns: ColumnSet, header: Header) -> Target:
    """Return the target of a column of a lot.

    Raises `ConfigError` for an unknown one and for a header that stands twice.
    """
    if rule.to not in columns.positions:
        message = f"{quoted(rule.to)} is no column of a lot"
        raise ConfigError(message, instead_of(rule.to, columns.names))
    column = columns.columns[columns.positions[rule.to]]
    spell = translating(_battery_speller(column, rule), rule.values)
    read = _checked(spell, column.parse)
    read = read if column.identifier else remembering(read)
    return Target(rule.to, *_column(rule, header), read)


def name_target(rule: ColumnRule, header: Header) -> Target:
    """Return the target of a column that names a model or a plant, in the table's own words."""
    return Target(rule.to, *_column(rule, header), translating(text_of, rule.values))


def fixed_battery_target(name: str, text: str, columns: ColumnSet) -> str:
    """Return a fixed value of a lot's column; raises `ConfigError` when it can't be one."""
    if name not in columns.positions:
        message = f"fixed: {quoted(name)} is no column of a lot"
        raise ConfigError(message, instead_of(name, columns.names))
    try:
        columns.columns[columns.positions[name]].parse(text)
    except PassportError as error:
        raise ConfigError(f"fixed.{name}: {error.message}", error.remedy) from error
    return text


def _battery_speller(column: Column[object], rule: ColumnRule) -> Spell:
    if column.identifier:
        return identifier_speller(rule.digits)
    if column.parse == YearMonth.parse:
        return month_speller(rule.dates)
    if column.parse == parse_date:
        return day_speller(rule.dates)
    return text_of


def point_target(rule: ColumnRule, header: Header | None = None) -> PointTarget:
    """Return the target of a data point, like `nominal_voltage` or `internal_resistance.pack`.

    Without a header its value is fixed. Raises `ConfigError` for an unknown one, for one whose
    value doesn't fit into a cell and for a header that stands twice.
    """
    key, _, member = rule.to.partition(".")
    point = registry().by_key.get(key)
    if point is None:
        message = f"{quoted(key)} is no data point and no column of a lot"
        raise ConfigError(message, instead_of(key, registry().by_key))
    if point.source in _NOT_IN_FILES:
        message = f"{key} can't be imported: {_NOT_IN_FILES[point.source]}"
        raise ConfigError(message, "leave the column out")
    shape = _shape(point, member)
    spell, parse = _point_reading(rule, shape, member)
    read = _checked(translating(spell, rule.values), parse)
    if not point.is_public:
        read = _discreet(read, shape)
    return PointTarget(rule.to, *_column(rule, header), read, point, member, shape.type)


def _column(rule: ColumnRule, header: Header | None) -> tuple[str, int]:
    if header is None:
        return rule.to, -1
    position = header.position(rule.header)
    return header.names[position], position


def _shape(point: DataPoint, member: str) -> Shape:
    """Return what the cell must hold."""
    if not member:
        if point.type in ("record", "records", "documents", "document"):
            fields = ", ".join(f"{point.key}.{field.name}" for field in point.fields)
            remedy = f"name a part: {fields}" if point.type == "record" else "write it in its file"
            raise ConfigError(f"{point.key} doesn't fit into one cell", remedy)
        return point
    if member in ABOUT_TEXTS:
        return replace(point, type="about", unit="", codes="")
    if point.type == "text":
        return replace(point, type="string")
    names = tuple(field.name for field in point.fields) if point.type == "record" else ()
    if member not in names:
        message = f"{point.key} has no part {quoted(member)}"
        raise ConfigError(message, instead_of(member, (*names, *ABOUT_TEXTS)))
    field = point.field(member)
    if field.type in ("document", "documents", "codes"):
        raise ConfigError(f"{point.key}.{member} doesn't fit into one cell", "write it in its file")
    return field


def _point_reading(
    rule: ColumnRule, shape: Shape, member: str
) -> tuple[Spell, Callable[[str], object]]:
    if shape.type == "about":
        spell = day_speller(rule.dates) if member == "as_of" else text_of
        return spell, lambda text: parse_about(member, text)
    if isinstance(shape, DataPoint) and member:
        parse_language(member)
    if shape.type == "codes":
        single = replace(shape, type="code")
        return text_of, lambda text: [parse_single(single, part) for part in listed(text)]
    if shape.type == "text":
        return text_of, str
    return _point_speller(rule, shape), lambda text: parse_single(shape, text)


def listed(text: str) -> list[str]:
    """Return the parts of a cell that lists codes."""
    parts = (part.strip() for part in text.replace(";", ",").split(","))
    return [part for part in parts if part]


def _point_speller(rule: ColumnRule, shape: Shape) -> Spell:
    style = NumberStyle(rule.decimal, rule.unit)
    if shape.type in ("quantity", "range") and rule.unit:
        _check_unit(rule, shape.unit)
    match shape.type:
        case "quantity":
            return quantity_speller(style, shape.unit)
        case "range":
            return range_speller(style, shape.unit)
        case "period":
            return period_speller(style)
        case "date":
            return day_speller(rule.dates)
        case "month":
            return month_speller(rule.dates)
        case "boolean":
            return truth
    return text_of


def _check_unit(rule: ColumnRule, unit: str) -> None:
    if not is_convertible(rule.unit, unit):
        message = f"{rule.to} is given in {unit}, which {quoted(rule.unit)} can't be converted to"
        raise ConfigError(message, f"use one of: {', '.join(accepted(unit))}")


def _checked(spell: Spell, parse: Callable[[str], object]) -> Callable[[Cell], str]:
    def read(cell: Cell) -> str:
        text = spell(cell)
        if text:
            parse(text)
        return text

    return read


def _discreet(read: Callable[[Cell], str], shape: Shape) -> Callable[[Cell], str]:
    """Tell what is wrong with a restricted value without showing it (DESIGN 6)."""
    kind = f"{shape.type} in {shape.unit}" if shape.unit else shape.type

    def guarded(cell: Cell) -> str:
        try:
            return read(cell)
        except PassportError:
            raise ValueFormatError(
                f"the cell holds no {kind} (restricted, so it is not shown)",
                "compare it with the other rows",
            ) from None

    return guarded
