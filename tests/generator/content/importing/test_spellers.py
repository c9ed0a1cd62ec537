"""Cells of other people's tables in our own spelling, or a refusal that says what was lost."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.content.importing.cells import Cell, Figure, Flaw
from generator.content.importing.dates import STYLES, USUAL, day_speller, month_speller
from generator.content.importing.spellers import (
    NumberStyle,
    identifier_speller,
    period_speller,
    quantity_speller,
    range_speller,
    truth,
)
from passport.errors import ValueFormatError


@pytest.mark.parametrize(
    ("cell", "style", "unit", "expected"),
    [
        ("51.2", NumberStyle(), "V", "51.2 V"),
        ("51,20", NumberStyle(","), "V", "51.20 V"),
        ("51,2 V", NumberStyle(","), "V", "51.2 V"),
        ("51200", NumberStyle(".", "mV"), "V", "51.200 V"),
        ("51200\u00a0mV", NumberStyle(), "V", "51.200 V"),
        ("5.12 kWh", NumberStyle(), "kWh", "5.12 kWh"),
        ("5120 Wh", NumberStyle(), "kWh", "5.120 kWh"),
        ("43100", NumberStyle(".", "g"), "kg", "43.100 kg"),
        ("5,12", NumberStyle(",", "kW"), "W", "5120 W"),
        ("0.017 Ohm", NumberStyle(), "mΩ", "17 mΩ"),
        ("17 m\u2126", NumberStyle(), "mΩ", "17 mΩ"),
        ("\u22125 °C", NumberStyle(), "°C", "-5 °C"),
        (Figure("51.2"), NumberStyle(), "V", "51.2 V"),
        (Figure("0.952", percent=True), NumberStyle(), "%", "95.2 %"),
        (Figure("0.952"), NumberStyle(".", "fraction"), "%", "95.2 %"),
        ("", NumberStyle(), "V", ""),
    ],
)
def test_a_quantity_keeps_its_digits(
    cell: Cell, style: NumberStyle, unit: str, expected: str
) -> None:
    assert quantity_speller(style, unit)(cell) == expected


@pytest.mark.parametrize(
    ("cell", "style", "message"),
    [
        ("51,2", NumberStyle(), "has a decimal comma: write it with a point, or say decimal"),
        ("1.234,5", NumberStyle(","), "has a point, and the mapping says that decimals"),
        ("51.2 A", NumberStyle(), "the value is in 'A': give it in one of: V, mV, kV"),
        ("ca. 51", NumberStyle(), "'ca. 51' is not a quantity: write a number in V"),
        (Figure("0.5", percent=True), NumberStyle(), "the value is in '%'"),
        (Flaw("the cell holds the error #REF!", "mend it"), NumberStyle(), "the error #REF!"),
    ],
)
def test_what_is_no_quantity_is_told(cell: Cell, style: NumberStyle, message: str) -> None:
    with pytest.raises(ValueFormatError) as refused:
        quantity_speller(style, "V")(cell)
    assert message in str(refused.value)


def test_ranges_periods_and_truths_are_understood() -> None:
    assert range_speller(NumberStyle(), "°C")("-20 bis 50 °C") == "-20 .. 50 °C"
    assert range_speller(NumberStyle(","), "°C")("-20,5 .. 50") == "-20.5 .. 50 °C"
    assert period_speller(NumberStyle())("10 Jahre") == "10 years"
    assert period_speller(NumberStyle(unit="years"))(Figure("10")) == "10 years"
    assert [truth(cell) for cell in ("ja", "Nein", "x", "maybe")] == [
        "true",
        "false",
        "true",
        "maybe",
    ]


@pytest.mark.parametrize(
    ("cell", "digits", "expected"),
    [
        ("A-0001", 0, "A-0001"),
        (" 00012345 ", 0, "00012345"),
        (Figure("12345"), 8, "00012345"),
        (Figure("12345", shown="00012345"), 0, "00012345"),
    ],
)
def test_an_identifier_stays_what_the_label_says(cell: Cell, digits: int, expected: str) -> None:
    assert identifier_speller(digits)(cell) == expected


@pytest.mark.parametrize(
    ("cell", "digits", "message"),
    [
        (Figure("12345"), 0, "zeros in front may be lost"),
        (Figure("123456789"), 8, "has 9 digits, the mapping says 8"),
        (Figure("9506010000000000"), 0, "digits of it are lost"),
        (Figure("12.5"), 0, "digits of it are lost"),
        ("9.50601E+12", 0, "how a spreadsheet shows a long number"),
        ("11-Nov", 0, "a date that a spreadsheet made of an identifier"),
        ("#NAME?", 0, "an error value of a spreadsheet"),
        (date(2026, 11, 3), 0, "the date 2026-11-03 stands where an identifier should"),
    ],
)
def test_a_damaged_identifier_is_refused(cell: Cell, digits: int, message: str) -> None:
    with pytest.raises(ValueFormatError) as refused:
        identifier_speller(digits)(cell)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "cell",
    ["2026-11-03", "03.11.2026", "3.11.2026", date(2026, 11, 3), "2026-11-03T00:00:00"],
)
def test_a_day_may_be_written_in_several_styles(cell: Cell) -> None:
    assert day_speller(USUAL)(cell) == "2026-11-03"
    assert month_speller(USUAL)(cell) == "2026-11"


@pytest.mark.parametrize(
    "cell", ["11/2026", "2026-11", "Nov 2026", "November 2026", "nov. 2026", "11.2026"]
)
def test_a_month_may_be_written_in_several_styles(cell: str) -> None:
    assert month_speller(USUAL)(cell) == "2026-11"
    with pytest.raises(ValueFormatError, match="has no day"):
        day_speller(USUAL)(cell)


@pytest.mark.parametrize("cell", ["Mrz 2026", "März 2026", "Mar 2026"])
def test_months_have_names_in_two_languages(cell: str) -> None:
    assert month_speller(USUAL)(cell) == "2026-03"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("03/11/2026", "in no style that the mapping accepts"),
        ("03.11.26", "in no style that the mapping accepts"),
        ("31.02.2026", "is no day of the calendar"),
        ("13/2026", "is no day of the calendar"),
        ("Foo 2026", "names no month"),
        (Figure("46329"), "how a spreadsheet counts days (probably 2026-11-03)"),
    ],
)
def test_a_date_that_two_people_read_differently_is_refused(cell: Cell, message: str) -> None:
    with pytest.raises(ValueFormatError) as refused:
        day_speller(USUAL)(cell)
    assert message in str(refused.value)


def test_an_ambiguous_style_counts_where_it_is_named() -> None:
    assert day_speller(("dd/mm/yyyy",))("03/11/2026") == "2026-11-03"
    assert day_speller(("mm/dd/yyyy",))("03/11/2026") == "2026-03-11"
    with pytest.raises(ValueFormatError, match="doesn't accept"):
        day_speller(("dd/mm/yyyy",))(date(2026, 11, 3))


_WRITTEN = {
    "yyyy-mm-dd": "%Y-%m-%d",
    "dd.mm.yyyy": "%d.%m.%Y",
    "dd/mm/yyyy": "%d/%m/%Y",
    "mm/dd/yyyy": "%m/%d/%Y",
}


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.sampled_from(sorted(_WRITTEN)))
def test_each_style_reads_what_it_writes(day: date, style: str) -> None:
    assert style in STYLES
    assert day_speller((style,))(day.strftime(_WRITTEN[style])) == day.isoformat()
