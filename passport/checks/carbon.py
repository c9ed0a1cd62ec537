"""Carbon footprint: the shares of the life-cycle stages make the whole (Art. 7(1))."""

from collections.abc import Iterator
from decimal import Decimal

from passport.checks.context import CheckContext
from passport.checks.flaws import Flaw
from passport.model import BatteryModel, Element
from passport.values import Quantity, Record

_TOTAL = "per_functional_unit"
_STAGES = ("raw_material", "main_production", "distribution", "end_of_life")


def stages_make_the_total(element: Element, _: BatteryModel, __: CheckContext) -> Iterator[Flaw]:
    """The four stages add up to the footprint, but for what rounding may hide."""
    if element.point.key != "carbon_footprint" or not isinstance(element.value, Record):
        return
    total, *stages = (element.value.get(name) for name in (_TOTAL, *_STAGES))
    numbers = [stage.number for stage in stages if isinstance(stage, Quantity)]
    if not isinstance(total, Quantity) or len(numbers) < len(_STAGES):
        return
    added = sum(numbers, Decimal(0))
    if abs(added - total.number) > _rounding([total.number, *numbers]):
        yield Flaw(
            rule="carbon-sum",
            below=f".{_TOTAL}",
            value=f"{added:f}",
            message=f"the stages add up to {{value}}, not to {_TOTAL}",
            remedy="mend the stage or the total that is wrong",
        )


def _rounding(numbers: list[Decimal]) -> Decimal:
    """How far rounded figures may be off together: half of each one's last digit."""
    return sum((Decimal(5).scaleb(_exponent(number) - 1) for number in numbers), Decimal(0))


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
