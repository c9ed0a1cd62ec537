"""Tables that commands print: aligned for people, CSV or JSON for programs.

One listing, three forms with the same columns in the same order. Knows texts only; a cell that is
empty stays empty in all forms.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

FORMATS = ("text", "csv", "json")
_WIDEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Rows under named columns; `noun` is the member that holds them in JSON."""

    noun: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def only(self, columns: Sequence[str]) -> "Listing":
        """Return some of the columns."""
        positions = [self.columns.index(column) for column in columns]
        rows = [tuple(row[n] for n in positions) for row in self.rows]
        return Listing(noun=self.noun, columns=tuple(columns), rows=rows)

    def render(self, form: str) -> str:
        """Write the listing in one of `FORMATS`."""
        match form:
            case "csv":
                return self._csv()
            case "json":
                return self._json()
            case _:
                return self._text()

    def _text(self) -> str:
        head = tuple(column.replace("_", " ") for column in self.columns)
        rows = [head, *(tuple(map(_cut, row)) for row in self.rows)]
        widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
        lines = (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        )
        return "".join(f"{line}\n" for line in lines)

    def _csv(self) -> str:
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return stream.getvalue()

    def _json(self) -> str:
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return json.dumps({self.noun: rows}, ensure_ascii=False) + "\n"


def _cut(cell: str) -> str:
    """A long value would push everything behind it off the screen; CSV and JSON have it all."""
    return cell if len(cell) <= _WIDEST else f"{cell[: _WIDEST - 1]}…"
