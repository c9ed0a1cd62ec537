"""A mapping to start from, guessed from a table's headers, in English and German.

A guess is for a person to check: each line is a line of the mapping file, and what was not
recognised stands there as a comment.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from generator.content.importing.cells import Cell, SheetRow
from generator.content.importing.mapping import ColumnRule, normalised
from generator.content.importing.sheets import Header, guess_header, open_table
from generator.content.importing.targets import MODEL, PLANT, SERIAL, point_target
from generator.content.importing.units import is_convertible, symbol
from passport.errors import ConfigError
from passport.registry import DataPoint, registry
from passport.unit import refused_column

_HEADERS = {
    SERIAL: (
        *("serial", "serial number", "serial no", "s/n", "sn", "battery serial"),
        *("seriennummer", "seriennr", "serien nr", "fabriknummer", "fertigungsnummer"),
    ),
    MODEL: (
        *("model", "model number", "type", "product", "article", "article number", "gtin", "ean"),
        *("modell", "modellnummer", "typ", "produkt", "artikel", "artikelnummer", "artikel nr"),
    ),
    PLANT: (
        *("plant", "factory", "site of manufacture", "place of manufacture"),
        *("werk", "fertigungswerk", "herstellungsort", "produktionsstätte", "produktionsort"),
    ),
    "manufactured": (
        *("manufactured", "date of manufacture", "production date", "manufacturing date", "made"),
        *("herstellungsdatum", "produktionsdatum", "fertigungsdatum", "baumonat", "hergestellt"),
        *("herstellung", "herstellmonat", "produziert"),
    ),
    "placed_on_market": (
        *("placed on market", "placed on the market", "delivery date", "delivered", "shipped"),
        *("lieferdatum", "auslieferung", "ausgeliefert", "inverkehrbringen", "in verkehr gebracht"),
    ),
    "giai": ("giai", "asset identifier", "asset id"),
    "installation": ("installation", "anlage", "einbauort"),
}
_UNIT = re.compile(r"\s*(?:[\[(](?P<unit>[^\])]+)[\])]|\s(?:in|/)\s*(?P<bare>\S+))\s*$")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+(\s*\S{1,12})?")
_CLOSE = 0.82


def suggest_mapping(source: Path, sheet: str = "") -> str:
    """Return the text of a mapping file; raises `ConfigError` for a file that can't be read."""
    with open_table(source, sheet) as rows:
        header, sample = guess_header(rows)
    names = [name for name in header.names if name]
    guesses = {name: _battery_column(name) for name in names}
    if SERIAL not in guesses.values():
        guesses = {name: _model_column(name) for name in names}
    lines = [
        f"# Guessed from the header of {source.name}; check each line before you import with it.",
        *_settings(sheet, header, sample),
        "",
        "[columns]",
        *_columns(names, guesses),
        *_missing(guesses.values()),
    ]
    return "\n".join(lines) + "\n"


def _settings(sheet: str, header: Header, sample: Sequence[SheetRow]) -> Iterator[str]:
    if sheet:
        yield f"sheet = {_text(sheet)}"
    if header.row > 1:
        yield f"header_row = {header.row}"
    if any(_has_decimal_comma(cell) for _, cells in sample for cell in cells):
        yield 'decimal = ","'


def _columns(names: Iterable[str], guesses: dict[str, str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        to = guesses[name]
        if not to or to in seen:
            reason = f"another column is {to} already" if to else _unknown(name)
            yield f'# {_text(name)} = ""  # {reason}'
            continue
        seen.add(to)
        unit = _unit_option(name, to)
        yield f"{_text(name)} = " + (
            f"{{ to = {_text(to)}, unit = {_text(unit)} }}" if unit else _text(to)
        )


def _unknown(name: str) -> str:
    refusal = refused_column(name)
    return refusal.message if refusal else "nothing of ours is called like this"


def _missing(found: Iterable[str]) -> Iterator[str]:
    given = set(found)
    required = (MODEL, PLANT, "manufactured") if SERIAL in given else (MODEL,)
    if missing := [name for name in required if name not in given]:
        yield ""
        yield "[fixed]"
        yield from (f'# {name} = ""  # the same for all rows, or map a column' for name in missing)


def _battery_column(header: str) -> str:
    plain = _plain(header)
    by_name = {name: to for to, names in _HEADERS.items() for name in (*names, _plain(to))}
    close = get_close_matches(plain, by_name, n=1, cutoff=_CLOSE)
    return by_name[close[0]] if close else ""


def _model_column(header: str) -> str:
    column = _battery_column(header)
    if column in (MODEL, PLANT):
        return column
    by_name = {name: point.key for point in _points() for name in _names(point)}
    close = get_close_matches(_plain(_UNIT.sub("", header)), by_name, n=1, cutoff=_CLOSE)
    return by_name[close[0]] if close else ""


def _points() -> Iterator[DataPoint]:
    """Those that a column can give."""
    for point in registry().data_points:
        with suppress(ConfigError):
            point_target(ColumnRule(header="", to=point.key))
            yield point


def _names(point: DataPoint) -> Iterator[str]:
    yield _plain(point.key)
    yield from (_plain(text) for _, text in point.label.texts)


def _unit_option(header: str, to: str) -> str:
    point = registry().by_key.get(to)
    found = _UNIT.search(header)
    if point is None or found is None:
        return ""
    unit = symbol(found["unit"] or found["bare"])
    return unit if unit != point.unit and is_convertible(unit, point.unit) else ""


def _has_decimal_comma(cell: Cell) -> bool:
    return isinstance(cell, str) and _DECIMAL_COMMA.fullmatch(cell.strip()) is not None


def _plain(name: str) -> str:
    return re.sub(r"[\s._-]+", " ", normalised(name)).strip()


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
