"""The mapping file (TOML): which column of someone's table becomes what of ours.

`[columns]` maps a header to a battery column or a data point, alone or with options; `[fixed]`
gives what is the same for all rows. `docs/import.md` explains every member. This module knows the
file's members, not what the columns hold.
"""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from pathlib import Path

from generator.content.importing.dates import STYLES, USUAL
from generator.content.importing.units import symbol
from generator.content.toml_file import read_toml
from generator.content.yaml.near_misses import instead_of
from passport.errors import ConfigError
from passport.quoting import quoted

_MEMBERS = (
    "columns",
    "fixed",
    "sheet",
    "header_row",
    "decimal",
    "dates",
    "encoding",
    "separator",
)
_OPTIONS = ("to", "unit", "decimal", "dates", "values", "digits")
_DECIMALS = (".", ",")
_NO_SEPARATORS = ("\n", "\r", '"')
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRule:
    """One column of the table: its header, what it becomes, and how its cells are written."""

    header: str
    to: str
    unit: str = ""
    decimal: str = "."
    dates: tuple[str, ...] = USUAL
    values: Map[str, str] = field(default_factory=dict)
    digits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A whole mapping. `header_row` is None where the header must be looked for."""

    rules: tuple[ColumnRule, ...]
    fixed: tuple[tuple[str, str], ...]
    sheet: str
    header_row: int | None
    encoding: str
    separator: str

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers of the columns that are read."""
        return tuple(rule.header for rule in self.rules)

    @property
    def targets(self) -> tuple[str, ...]:
        """What the mapping gives values for."""
        return *(rule.to for rule in self.rules), *(name for name, _ in self.fixed)


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file; raises `ConfigError` naming the member that is wrong."""
    if not path.is_file():
        remedy = "let `cellfolio import --suggest FILE` write one to start from"
        raise ConfigError(f"there is no file {path}", remedy)
    return _Reader(str(path), read_toml(path, str(path))).mapping()


def normalised(header: str) -> str:
    """Return a header as headers are compared: without case and line breaks."""
    return " ".join(header.split()).casefold()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads members; `where` starts each message."""

    where: str
    members: Map[str, object]

    def mapping(self) -> Mapping:
        self._only(_MEMBERS)
        columns = self._table("columns")
        rules = tuple(self._rule(header, value) for header, value in columns.members.items())
        if not rules:
            raise ConfigError(f"{self.where}: there is no [columns]", 'add "Header" = "serial"')
        mapping = Mapping(
            rules=rules,
            fixed=tuple(self._table("fixed").texts().items()),
            sheet=self._text("sheet"),
            header_row=self._whole("header_row") or None,
            encoding=self._text("encoding"),
            separator=self._separator(),
        )
        self._refuse_twice(mapping)
        return mapping

    def _rule(self, header: str, value: object) -> ColumnRule:
        where = f"{self.where}: columns.{quoted(header)}"
        options = {"to": value} if isinstance(value, str) else value
        if not isinstance(options, dict):
            raise ConfigError(f"{where} is neither a name nor a table", 'write { to = "serial" }')
        reader = _Reader(where, options)
        reader._only(_OPTIONS)
        if not reader._text("to"):
            raise ConfigError(f"{where} doesn't say what it becomes", 'add to = "serial"')
        return ColumnRule(
            header=normalised(header),
            to=reader._text("to"),
            unit=symbol(reader._text("unit")),
            decimal=reader._decimal() or self._decimal() or ".",
            dates=reader._dates() or self._dates() or USUAL,
            values=reader._table("values").texts(),
            digits=reader._whole("digits", _MOST_DIGITS),
        )

    def texts(self) -> dict[str, str]:
        return {name: self._text(name) for name in self.members}

    def _only(self, names: tuple[str, ...]) -> None:
        for name in self.members:
            if name not in names:
                message = f"{self.where}: {quoted(name)} is not known here"
                raise ConfigError(message, instead_of(name, names))

    def _table(self, name: str) -> "_Reader":
        value = self.members.get(name, {})
        if not isinstance(value, dict):
            raise ConfigError(f"{self.where}: {name} is not a table", f"write [{name}]")
        return _Reader(f"{self.where}: {name}", value)

    def _text(self, name: str) -> str:
        value = self.members.get(name, "")
        if not isinstance(value, str):
            message = f"{self.where}: {name} = {value!r} is not a text"
            raise ConfigError(message, f'write {name} = "{value}"')
        return value

    def _whole(self, name: str, most: int = 1_000_000) -> int:
        value = self.members.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            message = f"{self.where}: {name} = {value!r} is no whole number up to {most}"
            raise ConfigError(message, f"write {name} = 4")
        return value

    def _decimal(self) -> str:
        value = self._text("decimal")
        if value and value not in _DECIMALS:
            message = f"{self.where}: decimal = {quoted(value)} is no decimal mark"
            raise ConfigError(message, 'write "." or ","')
        return value

    def _separator(self) -> str:
        value = self._text("separator")
        if len(value) > 1 or value in _NO_SEPARATORS:
            message = f"{self.where}: separator = {quoted(value)} is not one mark"
            raise ConfigError(message, 'write ";" or leave it out')
        return value

    def _dates(self) -> tuple[str, ...]:
        value = self.members.get("dates", [])
        names = value if isinstance(value, list) else [value]
        for name in names:
            if name not in STYLES:
                message = f"{self.where}: {name!r} is no style of dates"
                raise ConfigError(message, f"use some of: {', '.join(STYLES)}")
        if {"dd/mm/yyyy", "mm/dd/yyyy"} <= set(names):
            message = f"{self.where}: dates can't be both dd/mm/yyyy and mm/dd/yyyy"
            raise ConfigError(message, "keep the one that the table uses")
        return tuple(names)

    def _refuse_twice(self, mapping: Mapping) -> None:
        for kind, names in (("column", mapping.headers), ("target", mapping.targets)):
            twice = next((name for n, name in enumerate(names) if name in names[:n]), None)
            if twice is not None:
                message = f"{self.where}: the {kind} {quoted(twice)} is mapped twice"
                raise ConfigError(message, "keep one of the two")
