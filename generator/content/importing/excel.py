"""Excel workbooks, read row by row with openpyxl (extra `excel`).

A workbook holds values and how they are shown; what it lost is told, not guessed: numbers where
identifiers should be, formulas that were never worked out, error values. Only this module knows
openpyxl, and it is loaded when a workbook is opened.
"""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from generator.content.importing.cells import Cell, Figure, Flaw, SheetRow
from passport.errors import ConfigError, HostError
from passport.quoting import quoted

if TYPE_CHECKING:
    from openpyxl import Workbook

SUFFIXES = (".xlsx", ".xlsm")

_LEADING_ZEROS = re.compile("0{2,}")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CHUNK = 1 << 20
_EMPTY = ""
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError),
    *(SyntaxError, KeyError, IndexError, ValueError, TypeError, AttributeError),
)


class _WorkbookCell(Protocol):
    """What is used of openpyxl's cells."""

    @property
    def value(self) -> object: ...
    @property
    def data_type(self) -> str: ...
    @property
    def number_format(self) -> str: ...


@contextmanager
def excel_rows(path: Path, sheet: str) -> Iterator[Iterator[SheetRow]]:
    """Open a sheet of a workbook, "" for the only one.

    Raises `ConfigError` where it is no workbook or has no such sheet, `HostError` without openpyxl.
    """
    with _opened(path, values=True) as book:
        shown = _cells(path, book, sheet)
        if not _has_formulas(path):
            yield _rows(shown, repeat(()))
            return
        with _opened(path, values=False) as formulas:
            yield _rows(shown, _cells(path, formulas, sheet))


def _cells(path: Path, book: "Workbook", name: str) -> Iterator[tuple[_WorkbookCell, ...]]:
    names = book.sheetnames
    if name not in names and (name or len(names) > 1):
        listed = ", ".join(map(quoted, names))
        told = f"no sheet {quoted(name)}" if name else f"{len(names)} sheets"
        raise ConfigError(f"{path} has {told}", f"name one with --sheet: {listed}")
    sheet = book[name or names[0]]
    sheet.reset_dimensions()
    return _whole(path, sheet.iter_rows())


def _whole(
    path: Path, rows: Iterable[tuple[_WorkbookCell, ...]]
) -> Iterator[tuple[_WorkbookCell, ...]]:
    """Pass on rows; a sheet may break off anywhere."""
    with _readable(path):
        yield from rows


@contextmanager
def _opened(path: Path, *, values: bool) -> Iterator["Workbook"]:
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - an extra, needed for workbooks only
    except ImportError as error:
        raise HostError(
            "reading Excel files needs openpyxl, which is not installed",
            "pip install cellfolio[excel], or save the sheet as CSV",
        ) from error
    with warnings.catch_warnings(), _readable(path):
        warnings.simplefilter("ignore")  # of styles and extensions that don't matter here
        book = load_workbook(path, read_only=True, data_only=values)
    try:
        yield book
    finally:
        book.close()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Tell what openpyxl and its parsers stumble over: a broken archive, XML or reference in it."""
    try:
        yield
    except _BROKEN as error:
        raise ConfigError(
            f"{path} can't be read as an Excel workbook",
            "save it as .xlsx without a password, and without sheets that hold only a chart",
        ) from error


def _has_formulas(path: Path) -> bool:
    """Whether any sheet holds a formula; then the workbook is read twice, side by side."""
    with _readable(path), zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_holds(archive, name) for name in sheets)


def _holds(archive: zipfile.ZipFile, name: str) -> bool:
    tail = b""
    with archive.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            if _FORMULA.search(tail + chunk):
                return True
            tail = chunk[-16:]
    return False


def _rows(
    shown: Iterator[tuple[_WorkbookCell, ...]],
    formulas: Iterator[tuple[_WorkbookCell, ...] | tuple[()]],
) -> Iterator[SheetRow]:
    for number, (cells, sources) in enumerate(zip(shown, formulas, strict=False), 1):
        values = [_cell(cell) for cell in cells]
        for position, source in enumerate(sources):
            if source.data_type == "f" and values[position] == _EMPTY:
                values[position] = Flaw(
                    "the cell holds a formula that was never worked out",
                    "open the workbook in its program, save it, import again",
                )
        yield number, values


def _cell(cell: _WorkbookCell) -> Cell:
    value = cell.value
    match value:
        case None:
            return _EMPTY
        case bool():
            return str(value).lower()
        case int() | float():
            return _figure(value, cell.number_format)
        case datetime():
            return value.date()
        case date():
            return value
        case str() if cell.data_type == "e":
            return Flaw(f"the cell holds the error {value}", "mend the cell in the spreadsheet")
        case str():
            return value
    return Flaw(f"the cell holds a time, {value}", "format the column as text or as a number")


def _figure(value: float, number_format: str) -> Figure:
    """15 digits are what a spreadsheet keeps and shows; more are noise of its arithmetic."""
    digits = f"{value:d}" if isinstance(value, int) else f"{Decimal(f'{value:.15g}'):f}"
    zeros = _LEADING_ZEROS.fullmatch(number_format or "")
    shown = digits.zfill(len(number_format)) if zeros and digits.isdecimal() else ""
    return Figure(digits, shown, percent=(number_format or "").endswith("%"))
