"""Dates as people write them: a closed list of styles, of which a mapping accepts some.

A style in which two readers may see two days (03/11/2026) is only accepted where the mapping names
it. Knows texts and date cells, not which column they stand in.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from generator.content.importing.cells import Cell, Figure, text_of
from passport.errors import ValueFormatError
from passport.quoting import quoted

Parts = tuple[int, int, int | None]
"""Year, month and day; the day is None where a style has none."""

CELL = "cell"
_MONTH_NAMES = (
    ("january", "januar", "jänner"),
    ("february", "februar"),
    ("march", "märz", "maerz", "mrz"),
    ("april",),
    ("may", "mai"),
    ("june", "juni"),
    ("july", "juli"),
    ("august",),
    ("september",),
    ("october", "oktober"),
    ("november",),
    ("december", "dezember"),
)
_EPOCH = date(1899, 12, 30)  # day 0 of a workbook, as Excel counts from March 1900 on
_DAY_NUMBERS = range(20_000, 80_000)  # 1954 to 2119


@dataclass(frozen=True, slots=True)
class _Style:
    pattern: re.Pattern[str]
    order: str
    """What the groups hold: y, m (number), n (name), d."""


def _style(pattern: str, order: str) -> _Style:
    return _Style(re.compile(pattern, re.ASCII if "n" not in order else 0), order)


_STYLES: Mapping[str, _Style] = {
    "yyyy-mm-dd": _style(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]00:00(?::00)?)?", "ymd"),
    "yyyy-mm": _style(r"(\d{4})-(\d\d)", "ym"),
    "dd.mm.yyyy": _style(r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})", "dmy"),
    "mm/yyyy": _style(r"(\d\d?)[/.](\d{4})", "my"),
    "mon yyyy": _style(r"([^\W\d_]{3,9})\.?[ -](\d{4})", "ny"),
    "dd/mm/yyyy": _style(r"(\d\d?)/(\d\d?)/(\d{4})", "dmy"),
    "mm/dd/yyyy": _style(r"(\d\d?)/(\d\d?)/(\d{4})", "mdy"),
}
STYLES = (*_STYLES, CELL)
"""The names of all styles; `cell` is a date cell of a workbook."""

USUAL = ("yyyy-mm-dd", "yyyy-mm", "dd.mm.yyyy", "mm/yyyy", "mon yyyy", CELL)
"""The styles that nobody can misread."""


def day_speller(styles: tuple[str, ...]) -> Callable[[Cell], str]:
    """Return what writes a cell as `2026-11-03`; it raises `ValueFormatError`."""

    def spell(cell: Cell) -> str:
        if not (found := _parts(cell, styles)):
            return ""
        year, month, day = found
        if day is None:
            message = f"{quoted(text_of(cell))} has no day"
            raise ValueFormatError(message, "write the whole date")
        return f"{year:04d}-{month:02d}-{day:02d}"

    return spell


def month_speller(styles: tuple[str, ...]) -> Callable[[Cell], str]:
    """Return what writes a cell as `2026-11`; a day is left out. Raises `ValueFormatError`."""

    def spell(cell: Cell) -> str:
        found = _parts(cell, styles)
        return f"{found[0]:04d}-{found[1]:02d}" if found else ""

    return spell


def _parts(cell: Cell, styles: tuple[str, ...]) -> Parts | None:
    if isinstance(cell, date):
        if CELL not in styles:
            message = f"{cell.isoformat()} is a date cell, which the mapping doesn't accept"
            raise ValueFormatError(message, f"add {CELL!r} to its dates")
        return cell.year, cell.month, cell.day
    text = text_of(cell)
    if not text:
        return None
    for name in styles:
        found = _STYLES[name].pattern.fullmatch(text) if name != CELL else None
        if found:
            return _checked(_ordered(_STYLES[name].order, found.groups(), text), text)
    raise _no_style(cell, text, styles)


def _ordered(order: str, groups: Iterable[str], text: str) -> Parts:
    parts = dict(zip(order, groups, strict=True))
    month = _month_number(parts["n"], text) if "n" in parts else int(parts["m"])
    return int(parts["y"]), month, int(parts["d"]) if "d" in parts else None


def _month_number(name: str, text: str) -> int:
    folded = name.casefold()
    for number, names in enumerate(_MONTH_NAMES, 1):
        if any(full.startswith(folded) for full in names):
            return number
    raise ValueFormatError(f"{quoted(text)} names no month", "write the month's number")


def _checked(parts: Parts, text: str) -> Parts:
    year, month, day = parts
    try:
        date(year, month, day or 1)
    except ValueError:
        raise ValueFormatError(
            f"{quoted(text)} is no day of the calendar", "compare it with its source"
        ) from None
    return parts


def _no_style(cell: Cell, text: str, styles: tuple[str, ...]) -> ValueFormatError:
    if isinstance(cell, Figure) and text.isdecimal() and int(text) in _DAY_NUMBERS:
        meant = _EPOCH + timedelta(days=int(text))
        return ValueFormatError(
            f"{text} is how a spreadsheet counts days (probably {meant.isoformat()})",
            "format the column as a date",
        )
    return ValueFormatError(
        f"{quoted(text)} is written in no style that the mapping accepts",
        f"write it as one of: {', '.join(styles)}; or name its style under dates",
    )
