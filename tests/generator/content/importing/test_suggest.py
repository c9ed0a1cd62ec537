"""A mapping that was guessed: right for usual headers in two languages, and ready to import."""

import tomllib
from pathlib import Path

import pytest

from generator.content.importing.suggest import suggest_mapping
from tests.generator.content.importing.plain_rows import imported
from tests.small_project import write, write_model, write_project
from tests.workbooks import DELIVERIES, write_workbook


def test_a_list_of_deliveries_is_recognised(tmp_path: Path) -> None:
    rows = [(1, "A-1", "rack", "north", "11/2026", "07.12.2026")]
    source = write_workbook(tmp_path / "deliveries.xlsx", rows, DELIVERIES)
    assert suggest_mapping(source) == (
        "# Guessed from the header of deliveries.xlsx; check each line before you import with it.\n"
        "header_row = 4\n\n[columns]\n"
        '# "No." = ""  # nothing of ours is called like this\n'
        '"Seriennummer" = "serial"\n'
        '"Artikel" = "model"\n'
        '"Werk" = "plant"\n'
        '"Herstellung" = "manufactured"\n'
        '"Lieferdatum" = "placed_on_market"\n'
        '# "Bemerkung" = ""  # nothing of ours is called like this\n'
    )


def test_a_suggestion_imports_as_it_stands(tmp_path: Path) -> None:
    folder = write_project(tmp_path)
    write_model(folder, "rack", "51.2")
    rows = [(1, "A-1", "rack", "North works", "11/2026", "07.12.2026")]
    source = write_workbook(folder / "deliveries.xlsx", rows, DELIVERIES)
    write(folder, "map.toml", suggest_mapping(source))
    assert imported(folder, source).added == 1


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Modell;Nennspannung [mV];Masse (g)", {"unit": "mV", "to": "nominal_voltage"}),
        ("Model;Nominal voltage in V;Mass", "nominal_voltage"),
        ("model;nominal_voltage;mass", "nominal_voltage"),
    ],
)
def test_a_data_sheet_is_recognised(tmp_path: Path, header: str, expected: object) -> None:
    source = write(tmp_path, "sheet.csv", f"{header}\nrack;51,2;43\n")
    mapping = tomllib.loads(suggest_mapping(source))
    voltage = header.split(";")[1]
    assert mapping["columns"][voltage] == expected
    assert mapping["decimal"] == ","


def test_what_is_missing_and_what_counts_is_said(tmp_path: Path) -> None:
    source = write(tmp_path, "list.csv", "Serial no.,Qty\nA-1,5\n")
    text = suggest_mapping(source)
    assert '# "Qty" = ""  # the column' in text
    assert "# model = " in text
    assert tomllib.loads(text)["columns"] == {"Serial no.": "serial"}
