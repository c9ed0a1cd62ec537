"""Materials: check digits of substances, and symbols that follow from the chemistry."""

import pytest

from passport.checks.materials import is_cas_number, is_ec_number


@pytest.mark.parametrize("text", ["7439-92-1", "96-49-1", "21324-40-3", "7440-43-9", "1313-13-9"])
def test_cas_numbers(text: str) -> None:
    assert is_cas_number(text)


@pytest.mark.parametrize(
    "text",
    ["7439-92-2", "7493-92-1", "7439921", "7439-92-1 ", "7-92-1", "", "7439–92–1", "٧٤٣٩-92-1"],
)
def test_what_is_no_cas_number(text: str) -> None:
    assert not is_cas_number(text)


@pytest.mark.parametrize("text", ["231-100-4", "202-510-0", "244-334-7", "210-478-4", "231-152-8"])
def test_ec_numbers(text: str) -> None:
    assert is_ec_number(text)


@pytest.mark.parametrize("text", ["231-100-5", "213-100-4", "2311004", "231-100-X", "231-100-10"])
def test_what_is_no_ec_number(text: str) -> None:
    assert not is_ec_number(text)


def test_a_wrong_check_digit_is_always_noticed() -> None:
    for check, number in ((is_cas_number, "7439-92-1"), (is_ec_number, "231-100-4")):
        assert [n for n in range(10) if check(f"{number[:-1]}{n}")] == [int(number[-1])]


def test_any_wrong_digit_of_an_ec_number_is_noticed() -> None:
    number = "231-100-4"
    for place, digit in enumerate(number):
        for other in set("0123456789") - {digit} if digit.isdigit() else ():
            assert not is_ec_number(number[:place] + other + number[place + 1 :])
