"""Rows of a JSON Lines file: one strict, flat JSON object a line (RFC 8259).

Numbers keep the digits that were typed: a value is the text of its cell, as in CSV. Knows columns,
not what their values mean.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from generator.content.decoding import SAVE_AS_UTF8, describe, hidden_in
from generator.content.tables.columns import Column, ColumnSet
from generator.content.tables.lines import TextLines
from generator.content.tables.rows import Fault, Row, Table, TableFindings, tell, typed_row
from generator.content.yaml.near_misses import instead_of
from passport.problems import Findings, Place
from passport.quoting import quoted

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN|[{}\[\]]')
_COLON = re.compile(r"\s*:")
_OBJECT = "write one object in braces: {…}"

# How a message of Python's JSON reader starts, what it means, what to do.
_SENTENCES = (
    (
        "Expecting property name",
        "a name in double quotes should stand here",
        'write "name": "value", without a comma after the last one',
    ),
    ("Illegal trailing comma", "a comma follows the last entry", "remove the comma"),
    ("Expecting ':'", "a colon should stand here", 'write "name": "value"'),
    (
        "Expecting ','",
        "a comma or the closing brace should stand here",
        "separate entries by commas, and put what is no plain number in double quotes",
    ),
    ("Expecting value", "a value should stand here", "write a text in double quotes or a number"),
    ("Extra data", "there is more after the end of the object", "write one object a line"),
    (
        "Invalid control character",
        "a control character stands between quotes",
        r"write \t for a tab, \n for a new line",
    ),
    ("Invalid \\", "this backslash starts no known escape", "write the backslash twice"),
    ("Unterminated string", "the quote that opens here doesn't close", "add the closing quote"),
)


class Number(str):
    """A JSON number as it was typed."""

    __slots__ = ()


class Members(list[tuple[str, object]]):
    """The members of a JSON object, in their order."""


@dataclass(eq=False)
class LineError(Exception):
    """Why a line is no object: from which column on, the rule that it breaks, what to do."""

    column: int
    rule: str
    message: str
    remedy: str


class _ConstantError(Exception):
    """NaN or Infinity, which JSON doesn't have."""


def _refuse_constant(name: str) -> NoReturn:
    raise _ConstantError(name)


_decode = json.JSONDecoder(
    object_pairs_hook=Members,
    parse_int=Number,
    parse_float=Number,
    parse_constant=_refuse_constant,
).decode


def decode_line(text: str) -> Members:
    """Return the members of the object that a line holds; raises `LineError`."""
    try:
        decoded = _decode(text)
    except json.JSONDecodeError as error:
        raise LineError(error.pos + 1, "syntax", *_sentence(error.msg)) from error
    except _ConstantError as error:
        name = str(error)
        column = next(found.start() + 1 for found in _TOKEN.finditer(text) if found[0] == name)
        message = f"{name} is not a number"
        raise LineError(column, "syntax", message, "leave the entry out") from error
    except RecursionError as error:
        raise LineError(1, "wrong-shape", "the line is nested too deep", _OBJECT) from error
    if not isinstance(decoded, Members):
        raise LineError(1, "wrong-shape", "the line is not an object", _OBJECT)
    return decoded


@dataclass(frozen=True, slots=True)
class JsonLayout:
    """The members of a line stand where their names do."""

    def locate(self, text: str, column: str) -> tuple[int, int]:
        """Return where the name of a member stands."""
        return 0, next((offset + 1 for name, offset in _names(text) if name == column), 1)


def read_jsonl(
    stream: BinaryIO, file: str, columns: ColumnSet, findings: Findings
) -> Iterator[Row]:
    """Yield the rows in which nothing is wrong; what is wrong is in `findings`."""
    told = TableFindings(file, findings)
    table = Table(file, columns, JsonLayout())
    lines = TextLines(stream, told, SAVE_AS_UTF8)
    after_blank = False
    for line in lines:
        text = lines.take().removesuffix("\n")
        blank = line.isspace()
        if blank and not after_blank:
            told.blank_row(lines.number)
        after_blank = blank
        row = None if blank else _row(table, lines.number, text, told)
        if row:
            yield row
        elif told.full:
            return
    if lines.number == 0:
        message, remedy = "there is nothing in the file", "add rows or delete the file"
        told.error(Place(file), "$", "empty-file", message, remedy)


def _row(table: Table, line: int, text: str, told: TableFindings) -> Row | None:
    try:
        members = decode_line(text)
    except LineError as error:
        place = Place(told.file, line, error.column)
        told.error(place, "$", error.rule, error.message, error.remedy)
        return None
    values = dict(members)
    faults = [] if _is_plain(values, members, text, table.columns) else _faults(members, table)
    for fault in faults:
        tell(fault, table, line, text, told)
    if len(values) != len(members):
        _report_duplicates(line, text, told)
        return None
    if faults:
        return None
    cells = [str(values.get(name, "")) for name in table.columns.names]
    return typed_row(table, line, text, cells, told)


def _sentence(message: str) -> tuple[str, str]:
    for start, meaning, remedy in _SENTENCES:
        if message.startswith(start):
            return meaning, remedy
    return message.lower(), "check the JSON of this line"


def _is_plain(values: dict[str, object], members: Members, text: str, columns: ColumnSet) -> bool:
    """Whether there is nothing to look at: known names, each once, texts without escapes."""
    return (
        len(values) == len(members)
        and values.keys() <= columns.positions.keys()
        and "\\u" not in text
        and all(type(value) is str for value in values.values())
    )


def _faults(members: Members, table: Table) -> list[Fault]:
    found = []
    for name, value in members:
        position = table.columns.positions.get(name)
        refused = table.columns.refusal(name) if position is None else None
        if refused:
            found.append(Fault(name, "value-format", refused.message, refused.remedy))
        elif position is None:
            message = f"{quoted(name)} is not a known name"
            found.append(
                Fault(name, "unknown-column", message, instead_of(name, table.columns.names))
            )
        else:
            found += _value_faults(table.columns.columns[position], value)
    return found


def _value_faults(column: Column[object], value: object) -> Iterator[Fault]:
    name = column.name
    match value:
        case Number() if column.identifier:
            message = f"the number {value} stands where an identifier should"
            yield Fault(name, "number-as-identifier", message, f'put it in quotes: "{value}"')
        case Number() if "e" in value.lower():
            message = f"{value} is a power of ten, which loses digits"
            yield Fault(name, "exponent", message, "write all digits")
        case str():
            for offset in hidden_in(value):
                message = f"an escape stands for {describe(value[offset])}"
                yield Fault(name, "hidden-character", message, "remove the escape")
                return
        case None:
            message = "null is no value"
            yield Fault(name, "empty-value", message, "leave the entry out")
        case _:
            message = f"{_shape(value)} stands where a text or a number should"
            remedy = "write a text in double quotes or a number"
            yield Fault(name, "wrong-shape", message, remedy)


def _shape(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "an object" if isinstance(value, Members) else "a list"


def _report_duplicates(line: int, text: str, told: TableFindings) -> None:
    seen: set[str] = set()
    for name, offset in _names(text):
        if name in seen:
            message = f"the name {quoted(name)} stands here again"
            place = Place(told.file, line, offset + 1)
            told.error(place, name, "duplicate-key", message, "keep one of the two")
        seen.add(name)


def _names(text: str) -> Iterator[tuple[str, int]]:
    """Yield the names of the outer object, and where each stands."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "{[":
            depth += 1
        elif token[0] in "}]":
            depth -= 1
        elif depth == 1 and _COLON.match(text, token.end()):
            yield json.loads(token[0]), token.start()
