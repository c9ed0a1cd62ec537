"""Minimum shares of recycled content: from when on, and for which batteries."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from passport.checks.context import ModelContent
from passport.checks.recycled import minimum_of, next_minimum
from passport.checks.table import check_model
from passport.problems import Severity
from passport.registry import Category
from passport.values import Quantity, Record
from tests.nouns import element, model
from tests.passport.checks.test_scope import context

LITTLE = element(
    "recycled_lithium",
    Record(
        (("pre_consumer", Quantity(Decimal(3), "%")), ("post_consumer", Quantity(Decimal(2), "%")))
    ),
)


@pytest.mark.parametrize(
    ("category", "storage", "day", "clause"),
    [
        (Category.INDUSTRIAL, "internal", date(2031, 8, 17), None),
        (Category.INDUSTRIAL, "internal", date(2031, 8, 18), "Art. 8(2)"),
        (Category.EV, "internal", date(2031, 8, 18), "Art. 8(2)"),
        (Category.LMT, "internal", date(2031, 8, 18), None),
        (Category.LMT, "internal", date(2036, 8, 18), "Art. 8(3)"),
        (Category.INDUSTRIAL, "external", date(2036, 8, 18), None),
    ],
)
@pytest.mark.requirement("R3.8")
def test_shares_bind_from_a_day_and_not_every_battery(
    category: Category, storage: str, day: date, clause: str | None
) -> None:
    one = model(category=category)
    one = replace(one, traits=replace(one.traits, storage=storage))
    found = minimum_of(one, day)
    assert (found.clause if found else None) == clause


def test_before_shares_bind_the_first_that_will_are_known() -> None:
    day = date(2026, 11, 22)
    for category, clause in ((Category.EV, "Art. 8(2)"), (Category.LMT, "Art. 8(3)")):
        found = next_minimum(model(category=category), day)
        assert found is not None
        assert found.clause == clause
    later = next_minimum(model(category=Category.EV), date(2036, 8, 18))
    assert later is not None
    assert later.clause == "Art. 8(3)"


def test_small_industrial_batteries_and_external_storage_are_never_reached() -> None:
    figures = (
        element("rated_capacity", Quantity(Decimal(20), "Ah")),
        element("nominal_voltage", Quantity(Decimal(100), "V")),
    )
    little = model(category=Category.INDUSTRIAL, elements=figures)
    outside = replace(little, traits=replace(little.traits, storage="external"), elements=())
    for one in (little, outside):
        assert next_minimum(one, date(2036, 8, 18)) is None


def test_too_little_is_a_warning_that_says_since_when() -> None:
    one = model(elements=(LITTLE,))
    content = ModelContent(model=one, restricted=(), has_batteries=False)
    day = replace(context(one), as_of=date(2031, 9, 1))
    (found,) = (each for each in check_model(content, day) if each.rule == "recycled-minimum")
    assert found.severity is Severity.WARNING
    assert found.message == "5 % is below the 6 % of Art. 8(2), which bind since 2031-08-18"
