"""Performance and durability: figures that must agree with each other (Annex XIII 1(g) to (p))."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from passport.checks.context import CheckContext, elements_of, problem
from passport.model import BatteryModel, Element
from passport.problems import Problem
from passport.values import Quantity, Range, Record

_VOLTAGES = ("minimum_voltage", "nominal_voltage", "maximum_voltage")


def voltages_ascend(model: BatteryModel, _: CheckContext) -> Iterator[Problem]:
    """Minimum, nominal and maximum voltage ascend."""
    found = {element.point.key: element for element in elements_of(model)}
    present = [found[key] for key in _VOLTAGES if key in found]
    for lower, upper in pairwise(present):
        low, high = _number(lower), _number(upper)
        if low is not None and high is not None and low >= high:
            yield problem(
                upper.place,
                f"$.{upper.point.key}",
                "voltage-order",
                f"{upper.value} is not above {lower.point.key} of {lower.value}",
                "minimum, nominal and maximum voltage must ascend: mend the wrong one",
                clause=upper.point.clause,
            )


def percentages_are_shares(model: BatteryModel, _: CheckContext) -> Iterator[Problem]:
    """No percentage is below 0 or above 100."""
    for element in elements_of(model):
        for name, number in _percentages(element.value):
            if not 0 <= number <= 100:
                yield problem(
                    element.place,
                    f"$.{element.point.key}{name}",
                    "percentage",
                    f"{number:f} % is outside 0 to 100 %",
                    "mend the figure, or its unit",
                    clause=element.point.clause,
                )


def _percentages(value: object) -> Iterator[tuple[str, Decimal]]:
    match value:
        case Quantity(number, "%"):
            yield "", number
        case Range(low, high, "%"):
            yield from (("", low), ("", high))
        case Record(fields):
            for name, part in fields:
                yield from ((f".{name}{rest}", number) for rest, number in _percentages(part))
        case tuple():
            for index, part in enumerate(value):
                yield from ((f"[{index}]{rest}", number) for rest, number in _percentages(part))


def _number(element: Element) -> Decimal | None:
    return element.value.number if isinstance(element.value, Quantity) else None
