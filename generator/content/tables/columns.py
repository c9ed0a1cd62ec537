"""Columns of a table: their names, whether a row needs them, and how a cell becomes a value.

A reader of rows gets a `ColumnSet` and knows nothing else about what the rows mean. Here are the
two parsers that any table can use; those of serials, months and plants live with their nouns.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from passport.errors import PassportError, ValueFormatError
from passport.quoting import quoted

T_co = TypeVar("T_co", covariant=True)

_MONTHS = "Jan|Feb|Mar|Mär|Mrz|Apr|May|Mai|Jun|Jul|Aug|Sep|Oct|Okt|Nov|Dec|Dez"
_NUMBER_CUT = re.compile(r"[0-9]([.,][0-9]+)?[Ee]\+[0-9]+")
_DAY_MADE = re.compile(rf"[0-9]{{1,2}}(-|\. )({_MONTHS})|({_MONTHS})-[0-9]{{2}}")
_CELL_ERROR = re.compile(r"#(#+|[A-Z0-9/]+[!?]?)")


def _nothing(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[T_co]):
    """One column. `parse` gets a text that is not empty and has no spaces around it.

    It returns the value or raises `ValueFormatError` (or another `PassportError`). A column of
    `identifier`s is also watched for what spreadsheets do to numbers.
    """

    name: str
    parse: Callable[[str], T_co]
    required: bool = False
    identifier: bool = False


@dataclass(frozen=True, slots=True)
class ColumnSet:
    """The columns that a table may have, in the order of a row's values.

    `refusal` returns what is wrong with a column of another name, where more can be said than
    that it isn't known; readers then tell it of each row that has a value there.
    """

    columns: tuple[Column[object], ...]
    refusal: Callable[[str], PassportError | None] = _nothing
    positions: dict[str, int] = field(init=False, repr=False, compare=False)
    """Where the value of a column stands in a row, by the column's name."""

    def __post_init__(self) -> None:
        positions = {column.name: n for n, column in enumerate(self.columns)}
        if not positions or len(positions) != len(self.columns):
            raise ValueError("a table needs columns, each with a name of its own")
        object.__setattr__(self, "positions", positions)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all columns."""
        return tuple(self.positions)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns that no row may leave empty."""
        return tuple(column.name for column in self.columns if column.required)

    def refusing(self, names: Iterable[str]) -> "ColumnSet":
        """Return these columns and those of `names` that are refused, whose cells don't parse."""
        errors = {name: self.refusal(name) for name in names if name not in self.positions}
        refused = (Column(name=name, parse=_raiser(e)) for name, e in errors.items() if e)
        return ColumnSet((*self.columns, *refused), self.refusal)


def one_line(cell: str) -> str:
    """Take a cell of one line as it is; raises `ValueFormatError` for another."""
    if any(mark in cell for mark in "\t\n\r"):
        raise ValueFormatError(f"{quoted(cell)} has several lines", "write it on one line")
    return cell


def identifier_text(cell: str) -> str:
    """Take a cell of printable ASCII without spaces; raises `ValueFormatError` for another."""
    if cell.isascii() and cell.isprintable() and " " not in cell:
        return cell
    raise ValueFormatError(
        f"{quoted(cell)} is not an identifier",
        "use letters, digits and marks of ASCII, without spaces",
    )


def spreadsheet_damage(cell: str) -> ValueFormatError | None:
    """Return what a spreadsheet probably did to an identifier, or None."""
    if _NUMBER_CUT.fullmatch(cell):
        return ValueFormatError(
            f"{quoted(cell)} is how a spreadsheet shows a long number; digits of it are lost",
            "format the column as text, enter the numbers again from their source, export again",
        )
    if _DAY_MADE.fullmatch(cell):
        return ValueFormatError(
            f"{quoted(cell)} is a date that a spreadsheet made of an identifier",
            "format the column as text, enter the identifiers again, export again",
        )
    if _CELL_ERROR.fullmatch(cell):
        return ValueFormatError(
            f"{quoted(cell)} is an error value of a spreadsheet",
            "mend the cell in the spreadsheet, export again",
        )
    return None


def _raiser(error: PassportError) -> Callable[[str], object]:
    def refuse(_: str) -> object:
        raise error

    return refuse
