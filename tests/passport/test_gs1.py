"""GTIN, serial number and GIAI: vectors, and what a message tells a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.errors import IdentifierError
from passport.gs1 import CHARACTER_SET_82, Giai, Gtin, SerialNumber, check_digit
from tests.vectors import Vector, expected, load_vectors


@pytest.mark.parametrize("vector", load_vectors("identifiers", "gtin"), ids=lambda v: v.name)
def test_gtin(vector: Vector) -> None:
    assert isinstance(vector.input, str)
    with expected(vector):
        assert str(Gtin(vector.input)) == vector.ok


@pytest.mark.parametrize("vector", load_vectors("identifiers", "serial"), ids=lambda v: v.name)
def test_serial(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    with expected(vector):
        assert str(SerialNumber(**vector.input)) == vector.ok


@pytest.mark.parametrize("vector", load_vectors("identifiers", "giai"), ids=lambda v: v.name)
def test_giai(vector: Vector) -> None:
    assert isinstance(vector.input, str)
    with expected(vector):
        assert str(Giai(vector.input)) == vector.ok


def test_character_set_has_82_characters() -> None:
    assert len(CHARACTER_SET_82) == 82


@given(st.text("0123456789", min_size=13, max_size=13).filter(lambda text: text.strip("0")))
def test_a_gtin_made_with_its_check_digit_is_read_back(digits: str) -> None:
    text = digits + check_digit(digits)
    assert str(Gtin(text)) == text


def test_message_and_remedy_of_a_wrong_check_digit() -> None:
    with pytest.raises(IdentifierError) as caught:
        Gtin("09506000134351")
    assert caught.value.message == (
        "the check digit of GTIN 09506000134351 is 1, but its other digits give 2"
    )
    assert caught.value.remedy == (
        "compare all digits with the label; if those are right, write 09506000134352"
    )


def test_message_and_remedy_of_a_serial_outside_the_plain_set() -> None:
    with pytest.raises(IdentifierError) as caught:
        SerialNumber("A.1")
    assert caught.value.message == "serial 'A.1' holds '.' (U+002E)"
    assert caught.value.remedy == (
        "use 0-9, A-Z and hyphens, or set allow_any_serial in cellfolio.toml"
    )


def test_serials_are_equal_however_they_were_let_in() -> None:
    assert SerialNumber("A1") == SerialNumber("A1", allow_any=True)
