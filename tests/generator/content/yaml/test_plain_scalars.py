"""Unquoted texts: those that YAML readers disagree about, and those that must stay free."""

import pytest

from generator.content.yaml.plain_scalars import ambiguity

REFUSED = {
    "leading-zero": ["0123456", "09506000134352", "00", "-012", "007.5"],
    "exponent": ["1e3", "1E+12", "9.50601E+12", "1.5e-3", ".5e3", "123e456", "-2E5"],
    "sexagesimal": ["12:30", "190:20:30", "1:05", "12:30:45.5", "10:20:30:40:50:60"],
    "number-base": ["0x1F", "0X1f", "0o17", "0b1", "-0b101"],
    "digit-grouping": ["1_000", "1_000.5", "+1_0", "0._", ".5_0"],
    "leading-plus": ["+5", "+4930123456", "+5.5", "+.5"],
    "bare-point": [".5", "5.", "-.5"],
    "yes-or-no": ["yes", "No", "ON", "off", "y", "N", "True", "TRUE", "False", "FALSE"],
    "null": ["~", "Null", "NULL"],
    "not-a-number": [".inf", "-.Inf", "+.INF", ".nan", ".NaN"],
    "special-text": ["=", "<<"],
    "long-number": ["1234567890123456", "-99999999999999999999"],
}
KEPT = [
    "", "true", "false", "null", "0", "-20", "51.2", "0.5", "-0.75", "6000", "9506000134352",
    "51.2 V", "-20 .. 60 °C", "2027-02-18", "2027-02", "2027-02-18T12:30:00Z", "LFP", "yesterday",
    "none", "nobody", "ABC-1", "1.2.3", "1,5", "1,23E+05", "0123 V", "+49 30 123", "a1e3", "0x",
    "12:3O", "https://id.example.com/", "C#5", "e3", "..", "-", "A_1", "１２:３０",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rule"), [(text, rule) for rule, texts in REFUSED.items() for text in texts]
)
def test_ambiguous(text: str, rule: str) -> None:
    found = ambiguity(text)
    assert found is not None
    assert found.rule == rule
    assert f'"{text}"' in found.remedy


@pytest.mark.parametrize("text", KEPT)
def test_unambiguous(text: str) -> None:
    assert ambiguity(text) is None


@pytest.mark.parametrize(
    ("text", "reading", "remedy"),
    [
        (
            "0123456",
            "an octal number, or one without its zeros, to some programs",
            'write the number without leading zeros, or "0123456" in quotes if it is text',
        ),
        (
            "1e3",
            "a power of ten to some programs, which loses digits",
            'write all digits, or "1e3" in quotes if it is text',
        ),
        ("12:30", "a number to base 60 to some programs", 'put it in quotes: "12:30"'),
        (
            "no",
            "true or false to some programs",
            'write true or false, or "no" in quotes if it is text',
        ),
    ],
)
def test_what_is_said(text: str, reading: str, remedy: str) -> None:
    found = ambiguity(text)
    assert found is not None
    assert (found.reading, found.remedy) == (reading, remedy)
