"""Rows of a CSV file (RFC 4180): UTF-8, commas, a header, one row a battery.

Most of these files come out of a spreadsheet, so what spreadsheets do to them is told in its own
words: semicolons, byte-order marks, cut numbers. Knows columns, not what their values mean.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from generator.content.tables.columns import ColumnSet, spreadsheet_damage
from generator.content.tables.lines import TextLines
from generator.content.tables.rows import Row, Table, TableFindings, typed_row
from generator.content.yaml.near_misses import instead_of
from passport.problems import Findings, Place
from passport.quoting import quoted

_SAVE_AS_CSV = (
    "save the table again as CSV in UTF-8 without byte-order mark, with LibreOffice or an editor"
    " (Excel writes UTF-16 as Unicode text and adds the mark to CSV UTF-8)"
)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_CELL = re.compile(r'(?:"(?:[^"]|"")*"|[^,"\n]*)[^,\n]*(?:,|\n|\Z)')


class _Record(NamedTuple):
    """The cells of one row as the CSV rules split them, and the text that they stand in."""

    line: int
    text: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """The header: which column each cell of a row belongs to."""

    header: tuple[str, ...]

    def locate(self, text: str, column: str) -> tuple[int, int]:
        """Return where the cell of a column starts."""
        if column not in self.header:
            return 0, 1
        return _position(text, _cell_start(text, self.header.index(column)))


def read_csv(stream: BinaryIO, file: str, columns: ColumnSet, findings: Findings) -> Iterator[Row]:
    """Yield the rows in which nothing is wrong; what is wrong is in `findings`.

    Rows below a header that is wrong are looked at, but not yielded.
    """
    told = TableFindings(file, findings)
    records = _records(TextLines(stream, told, _SAVE_AS_CSV), told)
    header = next(records, None)
    if header is None:
        _report_empty(told)
        return
    if header.line > 1 or _is_no_header(header, columns, told):
        return
    names = tuple(name.strip() for name in header.cells)
    columns = columns.refusing(names)
    sound = _check_header(header, names, columns, told)
    if not sound:
        columns = ColumnSet(tuple(c for c in columns.columns if c.name in names))
    table = Table(file, columns, CsvLayout(names))
    order = tuple(names.index(name) if name in names else -1 for name in columns.names)
    for record in _full_records(records, names, told):
        cells = [record.cells[n] if n >= 0 else "" for n in order]
        row = typed_row(table, record.line, record.text, cells, told)
        if row and sound:
            yield row
        elif told.full:
            return


def _records(lines: TextLines, told: TableFindings) -> Iterator[_Record]:
    reader = csv.reader(lines, strict=True)
    while not told.full:
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            text = lines.take()
            if lines.stopped or not _report_quotes(line, text, told):
                return
            continue
        yield _Record(line, lines.take(), cells)


def _full_records(
    records: Iterator[_Record], names: Sequence[str], told: TableFindings
) -> Iterator[_Record]:
    """Yield the records that have a cell for each column; blank ones are told once a run."""
    after_blank = False
    for record in records:
        blank = not any(cell.strip() for cell in record.cells)
        if blank and not after_blank:
            told.blank_row(record.line)
        after_blank = blank
        if blank:
            continue
        if len(record.cells) != len(names):
            _report_ragged(record, names, told)
        elif '"' not in record.text or not _report_stray_quote(record, names, told):
            yield record


def _report_empty(told: TableFindings) -> None:
    if not told.errors:
        message, remedy = "there is nothing in the file", "add a header and rows, or delete it"
        told.error(Place(told.file), "$", "empty-file", message, remedy)


def _is_no_header(header: _Record, columns: ColumnSet, told: TableFindings) -> bool:
    """Note a first line that can't be a header at all."""
    place = Place(told.file, header.line)
    first = header.cells[0] if header.cells else ""
    separator = next((mark for mark in ";\t|" if mark in first), None)
    if first.startswith("sep="):
        message = "the first line is a spreadsheet's note about the separator"
        remedy = "delete the line, and separate cells by commas"
        told.error(place, "$", "separator", message, remedy)
    elif len(header.cells) == 1 and separator:
        shown = "a tab" if separator == "\t" else quoted(separator)
        message = f"the cells are separated by {shown} instead of commas"
        remedy = "export with commas; Excel takes the list separator of the system's region"
        told.error(place, "$", "separator", message, remedy)
    elif not {name.strip() for name in header.cells} & set(columns.names):
        message = "the first row names no known column"
        remedy = f"start with a header: {','.join(columns.names)}"
        told.error(place, "$", "no-header", message, remedy)
    else:
        return False
    return True


def _check_header(
    header: _Record, names: Sequence[str], columns: ColumnSet, told: TableFindings
) -> bool:
    """Note each wrong name; returns whether the header is sound."""
    sound = True
    for n, cell in enumerate(header.cells):
        fault = _name_fault(n, cell, names, columns)
        if fault:
            rule, message, remedy = fault
            told.error(_place(told, header, n), names[n], rule, message, remedy)
            sound = False
    for name in columns.required:
        if name not in names:
            message, remedy = f"there is no column {name}", f"add a column with the header {name}"
            told.error(Place(told.file, header.line), name, "missing-column", message, remedy)
            sound = False
    return sound


def _name_fault(
    n: int, cell: str, names: Sequence[str], columns: ColumnSet
) -> tuple[str, str, str] | None:
    name = names[n]
    if not name:
        return "empty-column-name", "this column has no name", "name it or delete the column"
    if name in names[:n]:
        message = f"the column {quoted(name)} stands here again"
        return "duplicate-column", message, "keep one of the two"
    if name not in columns.positions:
        message = f"{quoted(name)} is not a known column"
        return "unknown-column", message, instead_of(name, columns.names)
    if name != cell:
        return "outer-white-space", f"{quoted(cell)} has white space around it", "remove it"
    return None


def _report_ragged(record: _Record, names: Sequence[str], told: TableFindings) -> None:
    found, width = len(record.cells), len(names)
    for n, parts in enumerate(zip(names, record.cells, record.cells[1:], strict=False)):
        damage = spreadsheet_damage(",".join(parts[1:])) if found > width else None
        if damage:
            place = _place(told, record, n)
            told.error(place, parts[0], "spreadsheet-damage", damage.message, damage.remedy)
            return
    message = f"this row has {found} cells, the header has {width}"
    remedy = "give each column a cell, and put a cell that holds a comma in quotes"
    told.error(_place(told, record, min(width, found)), "$", "ragged-row", message, remedy)


def _report_stray_quote(record: _Record, names: Sequence[str], told: TableFindings) -> bool:
    """Note a cell that holds a quote but isn't in quotes, which readers take differently."""
    for n, cell in enumerate(record.cells):
        if '"' in cell and record.text[_cell_start(record.text, n)] != '"':
            message = f"{quoted(cell)} holds a double quote, but is not in quotes"
            remedy = 'put the whole cell in quotes and write each " in it twice'
            told.error(_place(told, record, n), names[n], "quotes", message, remedy)
            return True
    return False


def _report_quotes(line: int, text: str, told: TableFindings) -> bool:
    """Note what is wrong with the quotes of a row; returns whether reading on makes sense."""
    start = 0
    while start < len(text):
        inside = _QUOTED.match(text, start)
        if inside and text[inside.end()] not in ",\n":
            below, column = _position(text, inside.end())
            message = "text follows the closing quote of a cell"
            remedy = 'put the whole cell in quotes and write each " in it twice'
            told.error(Place(told.file, line + below, column), "$", "quotes", message, remedy)
            return True
        if text[start] == '"' and not inside:
            break
        start = _end(text, start)
    below, column = _position(text, start) if start < len(text) else (0, 1)
    message, remedy = "the quote that opens here doesn't close", "add the closing quote"
    told.error(Place(told.file, line + below, column), "$", "quotes", message, remedy)
    return False


def _place(told: TableFindings, record: _Record, n: int) -> Place:
    below, column = _position(record.text, _cell_start(record.text, n))
    return Place(told.file, record.line + below, column)


def _cell_start(text: str, n: int) -> int:
    """Return where cell `n` starts; behind the last one it is the end of the row."""
    start = 0
    for _ in range(n):
        end = _end(text, start)
        if text[end - 1 : end] != ",":
            return len(text) - 1
        start = end
    return start


def _end(text: str, start: int) -> int:
    cell = _CELL.match(text, start)
    assert cell is not None, "the pattern also fits an empty text"
    return cell.end()


def _position(text: str, offset: int) -> tuple[int, int]:
    """Return (lines below the first, column from 1) of an offset."""
    return text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset)
