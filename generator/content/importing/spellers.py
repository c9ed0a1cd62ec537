"""Spellings: a cell of someone's table becomes the text that content would hold.

One speller a kind of value: it returns our own spelling, "" for an empty cell, or raises
`ValueFormatError`. Whether the text is then a serial number or a code is for the parser of its
column or data point.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from generator.content.importing.cells import Cell, Figure, text_of
from generator.content.importing.units import accepted, convert, is_convertible, symbol
from generator.content.tables.columns import spreadsheet_damage
from passport.errors import ValueFormatError
from passport.quoting import quoted
from passport.values import parse_decimal

Spell = Callable[[Cell], str]

_LONGEST_NUMBER = 40
_EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
_MEASURE = re.compile(r"(?P<number>[-+\u2212]?[0-9][0-9.,]*)\s*(?P<unit>[^0-9\s].*)?")
_RANGE = re.compile(
    r"(?P<low>[-\u2212]?[0-9][0-9.,]*)\s*(?P<unit>[^0-9\s.…-]\S*)?"
    r"\s*(?:\.\.\.?|…|–|\bto\b|\bbis\b)\s*(?P<high>[-\u2212+]?[0-9].*)"
)
_PERIODS = {
    **dict.fromkeys(("years", "year", "yr", "y", "a", "jahre", "jahr", "j"), "years"),
    **dict.fromkeys(("months", "month", "monate", "monat", "mo"), "months"),
}
_TRUTH = {
    **dict.fromkeys(("true", "yes", "ja", "wahr", "x", "1"), "true"),
    **dict.fromkeys(("false", "no", "nein", "falsch", "0"), "false"),
}


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How numbers of a column are written: their decimal mark, and their unit where none is."""

    decimal: str = "."
    unit: str = ""


def identifier_speller(digits: int) -> Spell:
    """Return the speller of identifiers; numbers get zeros in front up to `digits`, if not 0."""

    def spell(cell: Cell) -> str:
        if isinstance(cell, Figure):
            return _identifier_number(cell, digits)
        if isinstance(cell, date):
            raise ValueFormatError(
                f"the date {cell.isoformat()} stands where an identifier should",
                "a spreadsheet made it of an identifier: format the column as text, enter it again",
            )
        text = text_of(cell)
        damage = spreadsheet_damage(text) if text else None
        if damage:
            raise damage
        return text

    return spell


def _identifier_number(cell: Figure, digits: int) -> str:
    again = "format the column as text and enter the identifiers again from their source"
    plain = cell.digits
    if not plain.isdecimal() or len(plain) > _EXACT_DIGITS:
        shown = plain[:_LONGEST_NUMBER]
        message = f"the number {shown} stands where an identifier should; digits of it are lost"
        raise ValueFormatError(message, again)
    if cell.shown:
        return cell.shown
    if not digits:
        raise ValueFormatError(
            f"the number {plain} stands where an identifier should; zeros in front may be lost",
            f"{again}, or say in the mapping how many digits they have, like digits = 8",
        )
    if len(plain) > digits:
        message = f"{plain} has {len(plain)} digits, the mapping says {digits}"
        raise ValueFormatError(message, "compare it with the label, or mend digits in the mapping")
    return plain.zfill(digits)


def quantity_speller(style: NumberStyle, unit: str) -> Spell:
    """Return the speller of quantities in `unit`: `51,2` or `51200 mV` becomes `51.2 V`."""

    def spell(cell: Cell) -> str:
        if isinstance(cell, Figure):
            return _measure_text(_figure(cell), "%" if cell.percent else style.unit or unit, unit)
        text = text_of(cell)
        if not text:
            return ""
        found = _MEASURE.fullmatch(text)
        if not found:
            raise ValueFormatError(f"{quoted(text)} is not a quantity", f"write a number in {unit}")
        given = symbol(found["unit"] or "") or style.unit or unit
        return _measure_text(_number(found["number"], style.decimal), given, unit)

    return spell


def range_speller(style: NumberStyle, unit: str) -> Spell:
    """Return the speller of ranges: `-20 bis 60 °C` becomes `-20 .. 60 °C`."""
    bound = quantity_speller(style, unit)

    def spell(cell: Cell) -> str:
        text = text_of(cell)
        if not text:
            return ""
        found = _RANGE.fullmatch(text)
        if not found:
            remedy = f"write it as -20 .. 60 {unit}"
            raise ValueFormatError(f"{quoted(text)} is not a range", remedy)
        low, high = bound(f"{found['low']} {found['unit'] or ''}".strip()), bound(found["high"])
        return f"{low.removesuffix(unit).strip()} .. {high}"

    return spell


def period_speller(style: NumberStyle) -> Spell:
    """Return the speller of periods: `10 Jahre` becomes `10 years`."""

    def spell(cell: Cell) -> str:
        text = text_of(cell)
        if not text:
            return ""
        number, _, given = text.partition(" ")
        unit = _PERIODS.get((given or style.unit).strip().casefold())
        if unit is None:
            remedy = 'write 10 years or 24 months, or say unit = "years" in the mapping'
            raise ValueFormatError(f"{quoted(text)} is not a period", remedy)
        return f"{number} {unit}"

    return spell


def truth(cell: Cell) -> str:
    """Write yes and no, in English and German, as `true` and `false`; else the text as it is."""
    text = text_of(cell)
    return _TRUTH.get(text.casefold(), text)


def translating(spell: Spell, values: Mapping[str, str]) -> Spell:
    """Return a speller that first looks the cell's text up in `values`."""

    def looked_up(cell: Cell) -> str:
        found = values.get(text_of(cell))
        return spell(cell) if found is None else found

    return looked_up if values else spell


def remembering(spell: Spell) -> Spell:
    """Return a speller that works out a cell that comes again only once."""
    return lru_cache(maxsize=4096)(spell)


def _measure_text(number: Decimal, given: str, unit: str) -> str:
    if not is_convertible(given, unit):
        known = ", ".join(accepted(unit))
        raise ValueFormatError(f"the value is in {quoted(given)}", f"give it in one of: {known}")
    return f"{convert(number, given, unit):f} {unit}"


def _figure(cell: Figure) -> Decimal:
    number = Decimal(cell.digits)
    return number.scaleb(2) if cell.percent else number


def _number(text: str, decimal: str) -> Decimal:
    plain = text.replace("\u2212", "-").removeprefix("+")
    if len(plain) > _LONGEST_NUMBER:
        raise ValueFormatError(f"{quoted(text)} has too many digits", "round it")
    if decimal == ",":
        if "." in plain:
            message = f"{quoted(text)} has a point, and the mapping says that decimals have a comma"
            raise ValueFormatError(message, "write it without points between thousands")
        plain = plain.replace(",", ".")
    elif re.fullmatch("-?[0-9]+,[0-9]+", plain):
        remedy = 'write it with a point, or say decimal = "," in the mapping'
        raise ValueFormatError(f"{quoted(text)} has a decimal comma", remedy)
    return parse_decimal(plain)
