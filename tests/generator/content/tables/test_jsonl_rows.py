"""Rows of JSON Lines: what is read, and for each bad line its message, line and column."""

import io
import json
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.content.tables.columns import Column, ColumnSet, identifier_text
from generator.content.tables.jsonl_rows import read_jsonl
from generator.content.tables.rows import MOST_LISTED, Row
from passport.problems import Findings, Place
from passport.values import parse_integer

SERIAL = Column(name="serial", parse=identifier_text, required=True, identifier=True)
CYCLES = Column(name="cycles", parse=parse_integer)
NOTE = Column(name="note", parse=str)
COLUMNS = ColumnSet((SERIAL, CYCLES, NOTE))


def read(content: str | bytes) -> tuple[list[Row], Findings]:
    findings = Findings()
    data = content if isinstance(content, bytes) else content.encode()
    return list(read_jsonl(io.BytesIO(data), "e.jsonl", COLUMNS, findings)), findings


def test_rows_have_typed_values() -> None:
    rows, findings = read(
        '{"serial": "A-1", "cycles": 6000, "note": "zwölf \\"x\\" \\u00e4"}\n'
        '{"note": "", "cycles": "12", "serial": "A-2"}\n'
    )
    assert findings.problems == ()
    assert [row.values for row in rows] == [("A-1", 6000, 'zwölf "x" ä'), ("A-2", 12, None)]
    assert all(type(row[SERIAL]) is str for row in rows)


def test_numbers_keep_their_digits() -> None:
    rows, findings = read(
        '{"serial": "A", "note": 51.20}\n{"serial": "B", "note": 10000000000000001}'
    )
    assert findings.problems == ()
    assert [row.get(NOTE) for row in rows] == ["51.20", "10000000000000001"]
    assert all(type(row.get(NOTE)) is str for row in rows)


def test_a_row_knows_the_places_of_its_cells() -> None:
    row = read('{"note": "ü \\"serial\\": {", "serial" : "A-1"}\n')[0][0]
    assert row.place() == Place("e.jsonl", 1)
    assert row.place("note") == Place("e.jsonl", 1, 2)
    assert row.place("serial") == Place("e.jsonl", 1, 29)
    assert row.place("cycles") == Place("e.jsonl", 1, 1)


_SHAPE = "stands where a text or a number should: write a text in double quotes or a number"
_OBJECT = "write one object in braces: {…}"


class Bad(NamedTuple):
    content: str | bytes
    told: str


BAD = {
    "duplicate key": Bad(
        '{"serial": "A", "cycles": 1, "serial": "B"}',
        "1:30: serial: the name 'serial' stands here again: keep one of the two",
    ),
    "duplicate key, once escaped": Bad(
        '{"serial": "A", "s\\u0065rial": "B"}',
        "1:17: serial: the name 'serial' stands here again: keep one of the two",
    ),
    "unknown key": Bad(
        '{"serial": "A", "cycle": 1}',
        "1:17: cycle: 'cycle' is not a known name: "
        "write cycles if that is what was meant, otherwise remove it",
    ),
    "unknown key that writes to the terminal": Bad(
        '{"serial": "A", "\\u001b[2K": 1}',
        "1:17: '\\x1b[2K': '\\x1b[2K' is not a known name: "
        "remove it, or use one of: serial, cycles, note",
    ),
    "NaN": Bad(
        '{"note": "NaN", "serial": "A", "cycles": NaN}',
        "1:42: $: NaN is not a number: leave the entry out",
    ),
    "Infinity": Bad(
        '{"serial": "A", "cycles": -Infinity}',
        "1:27: $: -Infinity is not a number: leave the entry out",
    ),
    "two objects": Bad(
        '{"serial": "A"} {"serial": "B"}',
        "1:17: $: there is more after the end of the object: write one object a line",
    ),
    "list": Bad('["A"]', f"1:1: $: the line is not an object: {_OBJECT}"),
    "number": Bad("12", f"1:1: $: the line is not an object: {_OBJECT}"),
    "nested deep": Bad("[" * 60_000, f"1:1: $: the line is nested too deep: {_OBJECT}"),
    "object as a value": Bad(
        '{"serial": "A", "note": {"a": 1}}', f"1:17: note: an object {_SHAPE}"
    ),
    "list as a value": Bad('{"serial": "A", "note": ["a"]}', f"1:17: note: a list {_SHAPE}"),
    "truth value": Bad('{"serial": "A", "note": true}', f"1:17: note: true {_SHAPE}"),
    "null": Bad(
        '{"serial": "A", "note": null}', "1:17: note: null is no value: leave the entry out"
    ),
    "number as identifier": Bad(
        '{"serial": 123456}',
        "1:2: serial: the number 123456 stands where an identifier should: "
        'put it in quotes: "123456"',
    ),
    "exponent": Bad(
        '{"serial": "A", "cycles": 6E3}',
        "1:17: cycles: 6E3 is a power of ten, which loses digits: write all digits",
    ),
    "serial cut by a spreadsheet": Bad(
        '{"serial": "9.50601E+12"}',
        "1:2: serial: '9.50601E+12' is how a spreadsheet shows a long number; digits of it are "
        "lost: format the column as text, enter the numbers again from their source, export again",
    ),
    "missing value": Bad(
        '{"note": "x"}',
        "1:1: serial: serial is missing: fill it in, every row needs it",
    ),
    "value of the wrong form": Bad(
        '{"note": "ä", "cycles": "many", "serial": "A"}',
        "1:15: cycles: 'many' is not a whole number: write digits only, like 6000",
    ),
    "white space": Bad(
        '{"serial": " A"}', "1:2: serial: ' A' has white space around it: remove it"
    ),
    "trailing comma": Bad(
        '{"serial": "A",}',
        "1:16: $: a name in double quotes should stand here: "
        'write "name": "value", without a comma after the last one',
    ),
    "single quotes": Bad(
        "{'serial': 'A'}",
        "1:2: $: a name in double quotes should stand here: "
        'write "name": "value", without a comma after the last one',
    ),
    "no colon": Bad('{"serial" "A"}', '1:11: $: a colon should stand here: write "name": "value"'),
    "leading zero": Bad(
        '{"serial": "A", "cycles": 012}',
        "1:28: $: a comma or the closing brace should stand here: "
        "separate entries by commas, and put what is no plain number in double quotes",
    ),
    "bare text": Bad(
        '{"serial": A-1}',
        "1:12: $: a value should stand here: write a text in double quotes or a number",
    ),
    "unclosed quote": Bad(
        '{"serial": "A}',
        "1:12: $: the quote that opens here doesn't close: add the closing quote",
    ),
    "tab in a text": Bad(
        '{"serial": "A\tB"}',
        "1:14: $: a control character stands between quotes: "
        "write \\t for a tab, \\n for a new line",
    ),
    "unknown escape": Bad(
        '{"serial": "A\\x"}',
        "1:14: $: this backslash starts no known escape: write the backslash twice",
    ),
    "escaped control character": Bad(
        '{"serial": "A", "note": "x\\u0000"}',
        "1:17: note: an escape stands for U+0000 (control character): remove the escape",
    ),
    "half a character": Bad(
        '{"serial": "A", "note": "\\ud83d"}',
        "1:17: note: an escape stands for U+D83D (control character): remove the escape",
    ),
    "byte-order mark": Bad(
        b'\xef\xbb\xbf{"serial": "A"}',
        "1:1: $: the file starts with a byte-order mark: "
        "save the file again as UTF-8 without byte-order mark",
    ),
    "UTF-16": Bad(
        '{"serial": "A"}'.encode("utf-16-le"),
        "1:1: $: the file is UTF-16 or UTF-32, not UTF-8: "
        "save the file again as UTF-8 without byte-order mark",
    ),
    "empty file": Bad("", "1:1: $: there is nothing in the file: add rows or delete the file"),
    "blank lines, told once a run": Bad(
        '\n \n{"serial": "A"}\n',
        "1:1: $: there is nothing in this row: delete it",
    ),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_bad(bad: Bad) -> None:
    _, findings = read(bad.content)
    expected = [f"e.jsonl:{line}" for line in bad.told.splitlines()]
    assert [str(problem) for problem in findings.problems] == expected


def test_all_problems_of_a_line_are_told_and_the_other_lines_are_read() -> None:
    rows, findings = read('{"serial": 1, "cycle": 2, "note": null}\n{"serial": "B"}\n')
    assert [problem.path for problem in findings.problems] == ["serial", "cycle", "note"]
    assert [row[SERIAL] for row in rows] == ["B"]


def test_problems_of_one_file_end_somewhere() -> None:
    _, findings = read("x\n" * 3 * MOST_LISTED)
    assert len(findings.problems) == MOST_LISTED + 1
    assert findings.problems[-1].place == Place("e.jsonl", MOST_LISTED + 1, 1)


VALUES = st.one_of(st.text('a"\\{}:,é\n', min_size=1, max_size=9).map(str.strip), st.integers())


@given(st.lists(st.tuples(st.text("AZ09-", min_size=1), VALUES), min_size=1, max_size=5))
def test_what_a_json_writer_writes_is_read(cells: list[tuple[str, str | int]]) -> None:
    lines = [json.dumps({"note": note, "serial": serial}) for serial, note in cells]
    rows, findings = read("\n".join(lines))
    assert findings.problems == ()
    assert [(row[SERIAL], row.get(NOTE)) for row in rows] == [
        (serial, str(note) or None) for serial, note in cells
    ]


@given(st.text('{}[]":,\\un0serialNaN1e \n\r', max_size=40))
def test_any_text_is_read_or_told_at_a_place_that_exists(content: str) -> None:
    rows, findings = read(content)
    assert rows or findings.problems
    lines = content.split("\n")
    for problem in findings.problems:
        assert problem.place.column <= len(lines[problem.place.line - 1]) + 1
