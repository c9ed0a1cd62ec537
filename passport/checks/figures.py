"""Figures: numbers and dates that can't be right whatever the battery is.

Looks at one element at a time. What figures mean for each other is for the modules of their
subjects.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from passport.checks.context import CheckContext
from passport.checks.flaws import Flaw
from passport.model import BatteryModel, Element, leaves
from passport.problems import Severity
from passport.values import Quantity, Range, Value

FIRST_YEAR = 1990
"""Before it, no battery was made that needs a passport: such a date is a slip of the keyboard."""
FAR = timedelta(days=366)

_MAY_EXCEED_100 = ("internal_resistance_increase",)
_POSITIVE = (
    "mass",
    "rated_capacity",
    "certified_usable_energy",
    "minimum_voltage",
    "nominal_voltage",
    "maximum_voltage",
    "original_power",
    "power_limit",
    "power_energy_ratio",
    "expected_cycles",
    "cycle_life_c_rate",
    "internal_resistance",
    "warranty_period",
)
_IDLE_LOW, _IDLE_HIGH = Decimal(-60), Decimal(120)
_MAY_LIE_AHEAD = ("valid_until",)


def percentages_are_shares(element: Element, _: BatteryModel, __: CheckContext) -> Iterator[Flaw]:
    """No percentage is below 0 or above 100."""
    for below, _name, value in (*leaves(element.value), *_charge(element)):
        for number in _percentages(value):
            if number < 0 or (number > 100 and element.point.key not in _MAY_EXCEED_100):
                yield Flaw(
                    rule="percentage",
                    below=below,
                    value=f"{number:f} %",
                    message="{value} is outside 0 to 100 %",
                    remedy="mend the figure, or its unit",
                )


def amounts_are_positive(element: Element, _: BatteryModel, __: CheckContext) -> Iterator[Flaw]:
    """Mass, capacity, power, voltage and the like are above zero."""
    if element.point.key not in _POSITIVE:
        return
    for below, _name, value in leaves(element.value):
        if isinstance(value, Quantity) and value.number <= 0:
            yield Flaw(
                rule="not-positive",
                below=below,
                value=str(value),
                message="{value} is not above zero",
                remedy="give what the battery has, or say not_applicable with the reason",
            )


def idle_temperatures_are_plausible(
    element: Element, _: BatteryModel, __: CheckContext
) -> Iterator[Flaw]:
    """A range of idle temperatures is one of the Earth's surface, in degrees Celsius."""
    found = element.value
    if element.point.key != "idle_temperature" or not isinstance(found, Range):
        return
    if found.low < _IDLE_LOW or found.high > _IDLE_HIGH or found.low == found.high:
        yield Flaw(
            rule="temperature-range",
            value=str(found),
            message="{value} is hardly the range that a battery can be stored in",
            remedy=f"give lowest and highest temperature between {_IDLE_LOW} and {_IDLE_HIGH} °C",
            severity=Severity.WARNING,
        )


def dates_are_plausible(element: Element, _: BatteryModel, context: CheckContext) -> Iterator[Flaw]:
    """No date lies before 1990; only an end of validity lies far ahead."""
    for below, name, value in (*leaves(element.value), *_as_of(element)):
        day = _day(name, value)
        if day is None:
            continue
        ahead = day > context.as_of + FAR and name not in _MAY_LIE_AHEAD
        if day.year < FIRST_YEAR or ahead:
            yield Flaw(
                rule="implausible-date",
                below=below,
                value=str(value),
                message="{value} is far in the future" if ahead else "{value} is long ago",
                remedy="mend the year, if it is mistyped",
                severity=Severity.WARNING,
            )


def _charge(element: Element) -> Iterator[tuple[str, str, Value]]:
    if element.conditions.state_of_charge:
        yield ".conditions.state_of_charge", "state_of_charge", element.conditions.state_of_charge


def _as_of(element: Element) -> Iterator[tuple[str, str, Value]]:
    if element.as_of:
        yield ".as_of", "as_of", element.as_of


def _day(name: str, value: Value) -> date | None:
    if isinstance(value, date):
        return value
    if name == "year" and isinstance(value, int) and 0 < value < 10000:
        return date(value, 1, 1)
    return None


def _percentages(value: Value) -> tuple[Decimal, ...]:
    match value:
        case Quantity(number, "%"):
            return (number,)
        case Range(low, high, "%"):
            return (low, high)
    return ()
