"""A value before and after in one line: shares, parts, entries, long texts."""

from decimal import Decimal

import pytest

from generator.review.value_change import shown_pair
from passport.model import Element, NotApplicable
from passport.problems import Place
from passport.registry import registry
from passport.values import Quantity, Record, Text, Value


def _element(key: str, value: Value | NotApplicable, **about: object) -> Element:
    point = registry().by_key[key]
    return Element(point=point, value=value, place=Place("a.yaml"), **about)  # type: ignore[arg-type]


def _told(key: str, old: object, new: object) -> tuple[str, str, str]:
    return shown_pair(_element(key, old), _element(key, new))  # type: ignore[arg-type]


def _kg(number: str, unit: str = "kg") -> Quantity:
    return Quantity(Decimal(number), unit)


def _per_kwh(number: str) -> Quantity:
    return _kg(number, "kgCO2e/kWh")


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ("50", "51", "+2.0 %"),
        ("50", "49.5", "-1.0 %"),
        ("50", "50.01", "less than 0.1 %"),
        ("50.0", "50.00", "less than 0.1 %"),
        ("0", "5", ""),
        ("-20", "-10", "+50.0 %"),
        ("0.000001", "99999999999999999999999999", "+1e+32 times"),
    ],
)
def test_shares(old: str, new: str, note: str) -> None:
    assert _told("mass", _kg(old), _kg(new)) == (f"{old} kg", f"{new} kg", note)


def test_another_unit_is_no_share() -> None:
    assert _told("mass", _kg("1"), _kg("1000", "g")) == ("1 kg", "1000 g", "unit kg became g")


def test_of_a_record_the_first_part_is_told_and_others_are_named() -> None:
    old = Record((("per_functional_unit", _per_kwh("0.0257")), ("raw_material", _per_kwh("0.017"))))
    new = Record((("per_functional_unit", _per_kwh("0.0254")), ("raw_material", _per_kwh("0.016"))))
    assert _told("carbon_footprint", old, new) == (
        "Whole life cycle: 0.0257 kgCO2e/kWh",
        "0.0254 kgCO2e/kWh",
        "-1.2 %; also Raw material acquisition and pre-processing",
    )


def test_a_part_that_came_or_went() -> None:
    whole = ("per_functional_unit", _per_kwh("0.0257"))
    raw = ("raw_material", _per_kwh("0.017"))
    told = "Raw material acquisition and pre-processing: 0.017 kgCO2e/kWh"
    assert _told("carbon_footprint", Record((whole,)), Record((whole, raw)))[:2] == ("", told)
    assert _told("carbon_footprint", Record((whole, raw)), Record((whole,)))[:2] == (told, "")


def test_a_long_text_shows_where_it_parts() -> None:
    begin = "The battery must be collected and treated as the law of the country has it, always. "
    old, new = (Text((("en", begin + end),)) for end in ("Ask us.", "Ask the maker."))
    was, now, _ = _told("collection_and_treatment", old, new)
    assert was.endswith("Ask us.")
    assert now.endswith("Ask the maker.")
    assert was.startswith("…")


def test_what_a_line_cannot_show_is_said() -> None:
    old, new = (Text((("en", "Same"), ("de", end))) for end in ("Gleich", "Anders"))
    assert _told("collection_and_treatment", old, new) == (
        "",
        "",
        "changed in a file or in another language",
    )


def test_why_there_is_none() -> None:
    none = NotApplicable(Text((("en", "None is given."),)))
    assert _told("mass", _kg("1"), none) == ("1 kg", "not applicable: None is given.", "")
    assert shown_pair(None, _element("mass", _kg("1"))) == ("", "1 kg", "added")
    assert shown_pair(_element("mass", _kg("1")), None) == ("1 kg", "", "removed")


def test_what_is_known_about_a_value() -> None:
    old, new = (_element("mass", _kg("1"), basis=basis) for basis in ("declared", "measured"))
    assert shown_pair(old, new) == ("", "", "basis changed, the value did not")
