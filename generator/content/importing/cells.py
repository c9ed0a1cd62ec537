"""Cells: what stands in a table of any format, before anybody knows what it means.

A text stays as it was typed. A number keeps the digits that its program showed or stored; what a
spreadsheet lost, or never worked out, is a `Flaw` that says so. Nothing here knows files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from generator.content.decoding import describe, hidden_in
from generator.content.tables.columns import one_line
from passport.errors import ValueFormatError
from passport.quoting import quoted


@dataclass(frozen=True, slots=True)
class Figure:
    """A number cell: its digits, plain and with a point; `shown` is set where zeros lead.

    A cell that is formatted as a percentage holds a fraction; `percent` tells it.
    """

    digits: str
    shown: str = ""
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Flaw:
    """A cell without a usable value: why, and what to do."""

    message: str
    remedy: str


Cell = str | Figure | date | Flaw
"""An empty cell is ""."""
SheetRow = tuple[int, Sequence[Cell]]
"""The number that a person sees beside a row, and its cells."""


def text_of(cell: Cell) -> str:
    """Return a cell as text without spaces around it; raises `ValueFormatError` for a flaw."""
    match cell:
        case str():
            return _visible(cell.strip())
        case Figure():
            return cell.shown or cell.digits
        case date():
            return cell.isoformat()
        case Flaw():
            raise ValueFormatError(cell.message, cell.remedy)


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    for offset in hidden_in(text):
        message = f"{quoted(text)} holds {describe(text[offset])}"
        raise ValueFormatError(message, "type the cell again without it")
    return one_line(text)
