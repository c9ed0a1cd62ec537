"""Workbooks as people make them: titles over merged cells, damage, and whatever a test adds."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

DELIVERIES = ("No.", "Seriennummer", "Artikel", "Werk", "Herstellung", "Lieferdatum", "Bemerkung")
"""The header of a list of deliveries."""

MAPPING = """\
[columns]
"Seriennummer" = { to = "serial", digits = 8 }
"Artikel" = "model"
"Werk" = { to = "plant", values = { "Werk Leipzig" = "north" } }
"Herstellung" = "manufactured"
"Lieferdatum" = "placed_on_market"
"""


def write_workbook(path: Path, rows: Iterable[Sequence[object]], header: Sequence[str]) -> Path:
    """Write a workbook with two merged title rows, a blank one, the header and rows from 5 on."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Lieferungen"
    sheet.append(["Maker GmbH, deliveries of December"])
    sheet.append(["as of 22.11.2026"])
    for row in ("1", "2"):
        sheet.merge_cells(f"A{row}:G{row}")
    sheet.append([])
    sheet.append(list(header))
    for cells in rows:
        sheet.append(list(cells))
    book.save(path)
    return path
