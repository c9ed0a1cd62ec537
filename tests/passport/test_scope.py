"""Scope: the worked cases of Art. 77(1), each with its arithmetic and its words."""

from datetime import date
from decimal import Decimal

import pytest

from passport.model import BatteryModel, Conditions, Energy
from passport.registry import Category
from passport.scope import Need, is_outside, judge, stationary_changes
from passport.values import Quantity
from tests.nouns import element, model, rated, scope

BEFORE, FROM = date(2027, 2, 17), date(2027, 2, 18)
TODAY = date(2026, 11, 22)

BLOCK = model("block-12v", elements=rated("12", "100"), placed_as="block", bms=False)
CABINET = model("cabinet", elements=rated("480", "100"), placed_as="cabinet", bms=False)
MODULE = model("module", elements=rated("48", "100"), placed_as="module")
RACK = model("rack", elements=rated("51.2", "100"))
TINY = rated("36", "1")


def why(battery_model: BatteryModel, placed: date | None = FROM) -> tuple[str, str]:
    result = judge(battery_model, placed, TODAY)
    return result.need.value, result.why.in_language("en")[1]


@pytest.mark.requirement("R1.2")
def test_block_of_1_2_kwh_sold_singly_is_outside() -> None:
    assert why(BLOCK) == ("no", "an industrial battery of 1.2 kWh; passports start above 2 kWh")
    assert is_outside(BLOCK)
    assert str(BLOCK.energy) == "12 V x 100 Ah = 1.2 kWh"


@pytest.mark.requirement("R1.1", "R1.2")
def test_forty_blocks_sold_as_one_cabinet_are_one_battery() -> None:
    part = model("block-12v", elements=rated("12", "100"), decision=scope(part_of=("cabinet",)))
    assert why(CABINET) == ("yes", "an industrial battery of 48 kWh, above 2 kWh")
    assert why(part) == (
        "no",
        "reaches the market only as part of cabinet, whose passport covers it",
    )


@pytest.mark.requirement("R1.2")
def test_modules_of_4_8_kwh_sold_singly_need_one_each() -> None:
    decision = scope(part_of=("cabinet",), also_sold_singly=True)
    spare = model("module", elements=rated("48", "100"), decision=decision)
    inside = model("module", elements=rated("48", "100"), decision=scope(part_of=("cabinet",)))
    assert why(MODULE) == why(spare) == ("yes", "an industrial battery of 4.8 kWh, above 2 kWh")
    assert is_outside(inside)
    assert not is_outside(spare)


@pytest.mark.parametrize("category", [Category.EV, Category.LMT])
def test_vehicle_batteries_are_in_scope_at_any_capacity(category: Category) -> None:
    small = model(category=category, elements=TINY, stationary=False)
    unknown = model(category=category, stationary=False)
    assert why(small)[0] == why(unknown)[0] == "yes"
    assert why(small)[1].endswith("need one at any capacity")


@pytest.mark.parametrize(
    ("ampere_hours", "need"), [("40", Need.YES), ("39", Need.NO), ("39.0625", Need.NO)]
)
@pytest.mark.requirement("R1.6")
def test_exactly_two_kwh_is_outside(ampere_hours: str, need: Need) -> None:
    assert judge(model(elements=rated("51.2", ampere_hours)), FROM, TODAY).need is need


@pytest.mark.requirement("R1.3")
def test_one_model_lies_on_both_sides_of_the_date() -> None:
    assert why(RACK, BEFORE) == (
        "no",
        "placed on the market on 2027-02-17, before 18 February 2027",
    )
    assert why(RACK, FROM)[0] == "yes"
    assert not judge(RACK, BEFORE, TODAY).outside


def test_model_without_a_date_is_judged_as_of_a_day() -> None:
    assert judge(RACK, None, TODAY).need is Need.NOT_YET
    assert judge(RACK, None, FROM).need is Need.YES
    assert why(RACK, None)[1].endswith("required from 18 February 2027")


def test_industrial_battery_without_capacity_is_undecided() -> None:
    half = model(elements=rated("51.2", "100")[:1])
    assert judge(half, FROM, TODAY).need is Need.UNDECIDED
    assert half.energy is None
    assert not is_outside(half)


@pytest.mark.requirement("R1.1")
def test_arithmetic_shows_the_rate() -> None:
    voltage, _ = rated("51.2", "100")
    at_rate = Conditions(c_rate=Quantity(Decimal("0.2"), "C"))
    capacity = element("rated_capacity", Quantity(Decimal(100), "Ah"), conditions=at_rate)
    assert str(model(elements=(voltage, capacity)).energy) == (
        "51.2 V x 100 Ah at 0.2 C = 5.12 kWh"
    )


@pytest.mark.parametrize(
    ("volts", "ampere_hours", "kwh"),
    [("51.2", "100", "5.12"), ("480", "100", "48"), ("400.0", "250", "100"), ("36", "1", "0.036")],
)
def test_kwh_has_no_needless_digits(volts: str, ampere_hours: str, kwh: str) -> None:
    energy = Energy(
        voltage=Quantity(Decimal(volts), "V"),
        capacity=Quantity(Decimal(ampere_hours), "Ah"),
        rate=None,
    )
    assert f"{energy.kwh:f}" == kwh


@pytest.mark.requirement("R1.3")
def test_own_use_is_put_into_service() -> None:
    own = model(elements=rated("51.2", "100"), decision=scope(market_route="own-use"))
    assert judge(own, FROM, TODAY).put_into_service
    assert not judge(RACK, FROM, TODAY).put_into_service


def test_reasons_are_told_in_german_too() -> None:
    _, german = judge(BLOCK, FROM, TODAY).why.in_language("de")
    assert german == "eine Industriebatterie mit 1,2 kWh; Pässe gelten ab mehr als 2 kWh"


@pytest.mark.requirement("R1.5")
def test_stationary_decides_over_the_state_of_health() -> None:
    changes = stationary_changes(RACK, "1.0", TODAY)
    assert changes
    assert all(change.point.group == "xiii-4" for change in changes)
    assert "Annex XIII 4(b)" in {change.point.clause.partition(";")[0] for change in changes}
    for change in changes:
        assert change.stationary.state != change.otherwise.state


def test_stationary_changes_nothing_for_vehicles() -> None:
    assert stationary_changes(model(category=Category.EV), "1.0", TODAY) == ()


def test_how_a_model_is_decided_now_does_not_change_the_comparison() -> None:
    mobile = model("rack", elements=rated("51.2", "100"), stationary=False)
    assert stationary_changes(mobile, "1.0", TODAY) == stationary_changes(RACK, "1.0", TODAY)
