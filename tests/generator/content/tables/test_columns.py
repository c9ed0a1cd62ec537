"""Columns: the parsers any table can use, and what spreadsheets do to identifiers."""

import pytest

from generator.content.tables.columns import (
    Column,
    ColumnSet,
    identifier_text,
    spreadsheet_damage,
)
from passport.errors import ValueFormatError

SERIAL = Column(name="serial", parse=identifier_text, required=True, identifier=True)
NOTE = Column(name="note", parse=str)


def test_a_column_set_knows_names_and_positions() -> None:
    columns = ColumnSet((SERIAL, NOTE))
    assert columns.names == ("serial", "note")
    assert columns.required == ("serial",)
    assert columns.positions == {"serial": 0, "note": 1}


@pytest.mark.parametrize("columns", [(), (NOTE, NOTE)], ids=["none", "one twice"])
def test_a_table_needs_columns_with_names_of_their_own(columns: tuple[Column[str], ...]) -> None:
    with pytest.raises(ValueError, match="each with a name of its own"):
        ColumnSet(columns)


@pytest.mark.parametrize("cell", ["A-1", "0123456", "9506000134352", "5E-10", "12E45", "#A1-b"])
def test_identifiers_as_typed(cell: str) -> None:
    assert identifier_text(cell) == cell
    assert spreadsheet_damage(cell) is None


@pytest.mark.parametrize("cell", ["A 1", "Ä1", "A\u00a01", "A\n1"])
def test_no_identifiers(cell: str) -> None:
    with pytest.raises(ValueFormatError, match="is not an identifier: use letters, digits"):
        identifier_text(cell)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            "9.50601E+12",
            "'9.50601E+12' is how a spreadsheet shows a long number; digits of it are lost",
        ),
        ("1,23E+05", "'1,23E+05' is how a spreadsheet shows a long number; digits of it are lost"),
        ("1e+15", "'1e+15' is how a spreadsheet shows a long number; digits of it are lost"),
        ("3-Mar", "'3-Mar' is a date that a spreadsheet made of an identifier"),
        ("03. Mrz", "'03. Mrz' is a date that a spreadsheet made of an identifier"),
        ("Dec-01", "'Dec-01' is a date that a spreadsheet made of an identifier"),
        ("########", "'########' is an error value of a spreadsheet"),
        ("#N/A", "'#N/A' is an error value of a spreadsheet"),
        ("#NAME?", "'#NAME?' is an error value of a spreadsheet"),
        ("#DIV/0!", "'#DIV/0!' is an error value of a spreadsheet"),
    ],
)
def test_damage(cell: str, message: str) -> None:
    damage = spreadsheet_damage(cell)
    assert damage is not None
    assert damage.message == message
    assert damage.remedy.endswith("export again")
