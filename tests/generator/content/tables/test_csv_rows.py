"""Rows of CSV: what is read, and for each bad file its message, line and column."""

import csv
import io
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.content.tables.columns import Column, ColumnSet, identifier_text
from generator.content.tables.csv_rows import read_csv
from generator.content.tables.lines import MAX_LINE_BYTES
from generator.content.tables.rows import MOST_LISTED, Row
from passport.problems import Findings, Place, Severity
from passport.values import YearMonth

SERIAL = Column(name="serial", parse=identifier_text, required=True, identifier=True)
MADE = Column(name="made", parse=YearMonth.parse, required=True)
NOTE = Column(name="note", parse=str)
COLUMNS = ColumnSet((SERIAL, MADE, NOTE))


def read(content: str | bytes) -> tuple[list[Row], Findings]:
    findings = Findings()
    data = content if isinstance(content, bytes) else content.encode()
    return list(read_csv(io.BytesIO(data), "lot.csv", COLUMNS, findings)), findings


def test_rows_have_typed_values_in_the_order_of_the_column_set() -> None:
    rows, findings = read("note,serial,made\nfirst,A-1,2027-02\n,A-2,2027-03\n")
    assert findings.problems == ()
    assert [row.values for row in rows] == [
        ("A-1", YearMonth(2027, 2), "first"),
        ("A-2", YearMonth(2027, 3), None),
    ]


def test_a_row_is_asked_by_column() -> None:
    row = read("serial,made\nA-1,2027-02\n")[0][0]
    assert row[SERIAL] == "A-1"
    assert row[MADE].year == 2027
    assert row.get(NOTE) is None
    with pytest.raises(KeyError, match="note"):
        row[NOTE]


def test_a_row_knows_the_places_of_its_cells() -> None:
    content = 'serial,note,made\nA-1,"ü, ""x""\ny",2027-02\nA-2,,2027-03\n'
    first, second = read(content)[0]
    assert first.place() == Place("lot.csv", 2)
    assert first.place("serial") == Place("lot.csv", 2, 1)
    assert first.place("note") == Place("lot.csv", 2, 5)
    assert first.place("made") == Place("lot.csv", 3, 4)
    assert second.place("made") == Place("lot.csv", 4, 6)


def test_a_cell_that_the_file_lacks_stands_at_its_row() -> None:
    assert read("serial,made\nA-1,2027-02\n")[0][0].place("note") == Place("lot.csv", 2, 1)


def test_quotes_windows_line_ends_and_a_missing_last_line_end() -> None:
    rows, findings = read('serial,made,note\r\n"A-1","2027-02","x ""y"", z\r\nw"\r\nA-2,2027-02,')
    assert findings.problems == ()
    assert [row.get(NOTE) for row in rows] == ['x "y", z\nw', None]


_HEAD = "serial,made,note\n"
_ROW = "A-1,2027-02,\n"
_SAVE = (
    "save the table again as CSV in UTF-8 without byte-order mark, with LibreOffice or an editor"
    " (Excel writes UTF-16 as Unicode text and adds the mark to CSV UTF-8)"
)
_AGAIN = "format the column as text, enter the numbers again from their source, export again"
_SEPARATOR = "export with commas; Excel takes the list separator of the system's region"


class Bad(NamedTuple):
    content: str | bytes
    told: str


BAD = {
    "byte-order mark": Bad(
        b"\xef\xbb\xbf" + (_HEAD + _ROW).encode(),
        f"1:1: $: the file starts with a byte-order mark: {_SAVE}",
    ),
    "UTF-16": Bad(
        (_HEAD + _ROW).encode("utf-16"),
        f"1:1: $: the file is UTF-16 or UTF-32, not UTF-8: {_SAVE}",
    ),
    "Windows-1252": Bad(
        _HEAD.encode() + b"A-1,2027-02,\xc3\xbc\xe4\nA-2,2027-02,\xe4\n",
        "2:14: $: byte 0xE4 is not UTF-8: save the file again as UTF-8 without "
        "byte-order mark; it is probably Windows-1252, which some programs call ANSI",
    ),
    "semicolons": Bad(
        "serial;made;note\nA-1;2027-02;\n",
        f"1:1: $: the cells are separated by ';' instead of commas: {_SEPARATOR}",
    ),
    "tabs": Bad(
        "serial\tmade\nA-1\t2027-02\n",
        f"1:1: $: the cells are separated by a tab instead of commas: {_SEPARATOR}",
    ),
    "note about the separator": Bad(
        "sep=;\nserial;made\n",
        "1:1: $: the first line is a spreadsheet's note about the separator: "
        "delete the line, and separate cells by commas",
    ),
    "no header": Bad(
        "A-1,2027-02,\n",
        "1:1: $: the first row names no known column: start with a header: serial,made,note",
    ),
    "empty file": Bad(
        "", "1:1: $: there is nothing in the file: add a header and rows, or delete it"
    ),
    "unknown column": Bad(
        "serial,made,Notes\nA-1,2027-02,\n",
        "1:13: Notes: 'Notes' is not a known column: "
        "write note if that is what was meant, otherwise remove it",
    ),
    "duplicate column": Bad(
        "serial,made,serial\nA-1,2027-02,\n",
        "1:13: serial: the column 'serial' stands here again: keep one of the two",
    ),
    "missing column": Bad(
        "serial,note\nA-1,\n",
        "1:1: made: there is no column made: add a column with the header made",
    ),
    "column without a name": Bad(
        "serial,made,\nA-1,2027-02,\n",
        "1:13: '': this column has no name: name it or delete the column",
    ),
    "blank in the header": Bad(
        "serial, made\nA-1,2027-02\n",
        "1:8: made: ' made' has white space around it: remove it",
    ),
    "quotes in the header": Bad(
        '"serial"x,made\n' + _ROW,
        "1:9: $: text follows the closing quote of a cell: "
        'put the whole cell in quotes and write each " in it twice',
    ),
    "row too long": Bad(
        _HEAD + "A-1,2027-02,a,b\n",
        "2:15: $: this row has 4 cells, the header has 3: "
        "give each column a cell, and put a cell that holds a comma in quotes",
    ),
    "row too short": Bad(
        _HEAD + "A-1,2027-02\n",
        "2:12: $: this row has 2 cells, the header has 3: "
        "give each column a cell, and put a cell that holds a comma in quotes",
    ),
    "missing value": Bad(
        _HEAD + "A-1,,x\n",
        "2:5: made: made is missing: fill it in, every row needs it",
    ),
    "value of the wrong form": Bad(
        _HEAD + _ROW + "A-2,02/2027,x\n",
        "3:5: made: '02/2027' is not a month: write year and month as 2027-02",
    ),
    "two wrong cells behind characters of other scripts": Bad(
        "note,made,serial\nÄß€𝄞,x,A B\n",
        "2:6: made: 'x' is not a month: write year and month as 2027-02\n"
        "2:8: serial: 'A B' is not an identifier: "
        "use letters, digits and marks of ASCII, without spaces",
    ),
    "white space": Bad(
        _HEAD + "A-1 ,2027-02,\nA-2,\u00a02027-02,\n",
        "2:1: serial: 'A-1 ' has white space around it: remove it\n"
        "3:5: made: '\\xa02027-02' has white space around it: remove it",
    ),
    "serial cut by a spreadsheet": Bad(
        _HEAD + "9.50601E+12,2027-02,\n",
        "2:1: serial: '9.50601E+12' is how a spreadsheet shows a long number; digits of "
        f"it are lost: {_AGAIN}",
    ),
    "serial cut, with a decimal comma in quotes": Bad(
        _HEAD + '"1,23E+05",2027-02,\n',
        "2:1: serial: '1,23E+05' is how a spreadsheet shows a long number; digits of "
        f"it are lost: {_AGAIN}",
    ),
    "serial cut, with a bare decimal comma": Bad(
        _HEAD + "1,23E+05,2027-02,\n",
        "2:1: serial: '1,23E+05' is how a spreadsheet shows a long number; digits of it "
        f"are lost: {_AGAIN}",
    ),
    "text after a quote": Bad(
        _HEAD + 'A-1,2027-02,"ä" b\n' + "A-2,x,\n",
        "2:16: $: text follows the closing quote of a cell: "
        'put the whole cell in quotes and write each " in it twice\n'
        "3:5: made: 'x' is not a month: write year and month as 2027-02",
    ),
    "quote inside a bare cell": Bad(
        _HEAD + 'A-1,2027-02,5" rack\n',
        "2:13: note: '5\" rack' holds a double quote, but is not in quotes: "
        'put the whole cell in quotes and write each " in it twice',
    ),
    "unclosed quote": Bad(
        _HEAD + _ROW + 'A-2,2027-02,"x\nA-3,2027-02,\n',
        "3:13: $: the quote that opens here doesn't close: add the closing quote",
    ),
    "unclosed quote of a long file": Bad(
        _HEAD + 'A-2,2027-02,"x\n' + _ROW * 20_000,
        "2:13: $: the quote that opens here doesn't close: add the closing quote",
    ),
    "invisible character": Bad(
        _HEAD + "A-1,2027-02,x\u200by\n",
        "2:14: $: the invisible character U+200B (zero width space) stands here: "
        "delete it and type what is around it again",
    ),
    "line ends of old systems": Bad(
        (_HEAD + _ROW).replace("\n", "\r"),
        "1:17: $: a carriage return without a line feed stands here: end lines with a line feed",
    ),
    "a line without end": Bad(
        _HEAD + "A" * (MAX_LINE_BYTES + 1),
        "2:1: $: this line is longer than 65536 bytes: end each row with a line feed",
    ),
    "blank rows, told once a run": Bad(
        _HEAD + _ROW + "\n,,\n \n" + _ROW + ",,\n",
        "3:1: $: there is nothing in this row: delete it\n"
        "7:1: $: there is nothing in this row: delete it",
    ),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_bad(bad: Bad) -> None:
    problems = read(bad.content)[1].problems
    assert [str(problem) for problem in problems] == [
        f"lot.csv:{line}" for line in bad.told.splitlines()
    ]


def test_blank_rows_are_warnings_and_the_others_are_read() -> None:
    rows, findings = read(_HEAD + _ROW + "\n" + _ROW)
    assert len(rows) == 2
    assert [problem.severity for problem in findings.problems] == [Severity.WARNING]


def test_a_wrong_row_is_left_out_and_the_others_are_read() -> None:
    rows, findings = read(_HEAD + "A-1,x,\nA-2,2027-02,\n")
    assert [row[SERIAL] for row in rows] == ["A-2"]
    assert findings.has_errors


def test_rows_below_a_wrong_header_are_looked_at_but_not_read() -> None:
    rows, findings = read("serial,mode,made\nA-1,,x\nA-2,,2027-02\n")
    assert rows == []
    assert [problem.rule for problem in findings.problems] == ["unknown-column", "value-format"]


def test_an_error_elsewhere_hides_no_empty_file() -> None:
    findings = Findings()
    findings.error(Place("other.csv"), "$", "syntax", "something is wrong", "mend it")
    list(read_csv(io.BytesIO(b""), "lot.csv", COLUMNS, findings))
    assert [problem.rule for problem in findings.problems] == ["empty-file", "syntax"]


@pytest.mark.parametrize("row", ["A-1,x,\n", "A-1\n", 'A-1,2027-02,"a"b\n'])
def test_problems_of_one_file_end_somewhere(row: str) -> None:
    _, findings = read(_HEAD + row * 3 * MOST_LISTED)
    *listed, last = findings.problems
    assert len(listed) == MOST_LISTED
    assert str(last) == (
        "lot.csv:1002:"
        f"{last.place.column}: $: 1000 errors of this file are listed, the rest is not: "
        "mend these, then check again"
    )


def test_warnings_end_too_but_rows_are_read_on() -> None:
    rows, findings = read(_HEAD + (_ROW + "\n") * 2 * MOST_LISTED)
    assert len(rows) == 2 * MOST_LISTED
    assert len(findings.problems) == MOST_LISTED + 1
    assert not findings.has_errors


@given(
    st.lists(
        st.tuples(st.text("AZ09-", min_size=1, max_size=9), st.text('a",;\n é', max_size=9)),
        min_size=1,
        max_size=5,
    )
)
def test_what_a_csv_writer_writes_is_read(cells: list[tuple[str, str]]) -> None:
    expected = [(serial, note.strip() or None) for serial, note in cells]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["serial", "made", "note"])
    writer.writerows([serial, "2027-02", note or ""] for serial, note in expected)
    rows, findings = read(stream.getvalue())
    assert findings.problems == ()
    assert [(row[SERIAL], row.get(NOTE)) for row in rows] == expected


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    rows, findings = read(_HEAD.encode() + data)
    assert findings.problems or len(rows) <= data.count(b"\n") + 1


@given(st.text('A1,"\n\r;é \t', max_size=40))
def test_any_cells_are_read_or_told_at_a_place_that_exists(content: str) -> None:
    _, findings = read(_HEAD + content)
    lines = (_HEAD + content).split("\n")
    for problem in findings.problems:
        assert problem.place.line <= len(lines)
        assert problem.place.column <= len(lines[problem.place.line - 1]) + 1
