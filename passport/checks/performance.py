"""Performance and durability: figures that must agree with each other (Annex XIII 1(g) to (p))."""

from collections.abc import Iterator
from itertools import pairwise

from passport.checks.context import CheckContext, ModelContent
from passport.model import BatteryModel, Element
from passport.problems import Problem
from passport.values import Quantity

_VOLTAGES = ("minimum_voltage", "nominal_voltage", "maximum_voltage")
_EFFICIENCIES = ("round_trip_efficiency_half_life", "initial_round_trip_efficiency")


def voltages_ascend(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """Minimum, nominal and maximum voltage ascend."""
    for (lower, low), (upper, high) in pairwise(_quantities(content.model, _VOLTAGES)):
        if low.number >= high.number:
            yield Problem(
                upper.place,
                f"$.{upper.point.key}",
                "voltage-order",
                f"{high} is not above {lower.point.key} of {low}",
                "minimum, nominal and maximum voltage must ascend: mend the wrong one",
                clause=upper.point.clause,
            )


def efficiency_does_not_grow(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """Round-trip efficiency at half of the cycle life is not above the initial one."""
    for (late, after), (initial, before) in pairwise(_quantities(content.model, _EFFICIENCIES)):
        if after.number > before.number:
            yield Problem(
                late.place,
                f"$.{late.point.key}",
                "efficiency-order",
                f"{after} is above {initial.point.key} of {before}",
                "efficiency falls with use: mend the wrong one",
                clause=late.point.clause,
            )


def _quantities(model: BatteryModel, keys: tuple[str, ...]) -> list[tuple[Element, Quantity]]:
    found = {element.point.key: element for element in model.elements}
    present = [(found[key], found[key].value) for key in keys if key in found]
    return [(element, value) for element, value in present if isinstance(value, Quantity)]
