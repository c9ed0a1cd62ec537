"""Sheets: the rows of a table in a file, whatever its format, and which of them is the header.

Rows are streamed. Knows headers as texts, not what their columns become.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from generator.content.importing.cells import Cell, SheetRow
from generator.content.importing.delimited import SUFFIXES as DELIMITED
from generator.content.importing.delimited import delimited_rows
from generator.content.importing.excel import SUFFIXES as EXCEL
from generator.content.importing.excel import excel_rows
from generator.content.importing.json_objects import json_rows
from generator.content.importing.mapping import normalised
from passport.errors import ConfigError
from passport.quoting import quoted

_SEARCHED = 50
"""Rows among which the header is looked for."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header: the row that it stands in and the texts of its cells."""

    row: int
    names: tuple[str, ...]

    def position(self, name: str) -> int:
        """Return where the column of a (normalised) header stands, -1 when there is none."""
        keys = [normalised(text) for text in self.names]
        if keys.count(name) > 1:
            message = f"the header has {quoted(name)} more than once"
            raise ConfigError(message, "rename one of the columns in the table")
        return keys.index(name) if name in keys else -1


def open_table(
    path: Path,
    sheet: str = "",
    *,
    encoding: str = "",
    separator: str = "",
    wanted: Sequence[str] = (),
) -> AbstractContextManager[Iterator[SheetRow]]:
    """Open a file as a table, by its suffix; raises `ConfigError` for another one.

    `encoding` and `separator` are those of CSV, `wanted` the names that JSON Lines are read for.
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise ConfigError(f"there is no file {path}", "name a CSV, Excel or JSONL file")
    if suffix in EXCEL:
        return excel_rows(path, sheet)
    if sheet:
        raise ConfigError(f"{path} has no sheets", "leave out --sheet")
    if suffix in DELIMITED:
        return delimited_rows(path, encoding, separator)
    if suffix == ".jsonl":
        return json_rows(path, wanted)
    known = ", ".join((*EXCEL, *DELIMITED, ".jsonl"))
    old = "save it as .xlsx" if suffix == ".xls" else f"save it as one of: {known}"
    raise ConfigError(f"tables can't be read from {path.name}", old)


def find_header(
    rows: Iterator[SheetRow], wanted: Sequence[str], row: int | None, path: Path
) -> tuple[Header, Iterator[SheetRow]]:
    """Return the header and the rows below it.

    `row` names it; otherwise it is the row in which most of `wanted` stand. Raises `ConfigError`
    when some are missing there.
    """
    first = list(islice(rows, _SEARCHED if row is None else row))
    headers = [Header(number, _texts(cells)) for number, cells in first]
    if row is not None:
        headers = [header for header in headers if header.row == row]
    found = max(headers, key=lambda header: _known(header, wanted), default=None)
    if found is None or not _known(found, wanted):
        where = f"row {row}" if row is not None else f"the first {_SEARCHED} rows"
        raise ConfigError(
            f"{path}: none of the mapped columns stands in {where}",
            f"compare the headers with the mapping's: {', '.join(wanted)}",
        )
    missing = [name for name in wanted if found.position(name) < 0]
    if missing:
        raise ConfigError(
            f"{path}: the header in row {found.row} has no column {', '.join(map(quoted, missing))}"
            f"; it has {', '.join(quoted(name) for name in found.names if name)}",
            "mend the mapping, or name the right row with header_row",
        )
    below = (entry for entry in first if entry[0] > found.row)
    return found, chain(below, rows)


def guess_header(rows: Iterable[SheetRow]) -> tuple[Header, list[SheetRow]]:
    """Return the first row that looks like a header, and some of the rows below it."""
    first = list(islice(rows, _SEARCHED))
    widest = max((_filled(cells) for _, cells in first), default=0)
    for number, cells in first:
        if _filled(cells) * 2 > widest and all(isinstance(cell, str) for cell in cells):
            header = Header(number, _texts(cells))
            return header, [entry for entry in first if entry[0] > number]
    raise ConfigError("no row looks like a header", "put a name above each column")


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether nothing stands in a row."""
    return not any(cell.strip() if isinstance(cell, str) else True for cell in cells)


def _texts(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()) if isinstance(cell, str) else "" for cell in cells)


def _known(header: Header, wanted: Sequence[str]) -> int:
    names = {normalised(name) for name in header.names}
    return sum(name in names for name in wanted)


def _filled(cells: Sequence[Cell]) -> int:
    return sum(not isinstance(cell, str) or bool(cell.strip()) for cell in cells)
