"""Recycled content: the minimum shares of later years (Art. 8(2) and (3)), told ahead of a refusal.

They bind from a date on and do not reach every battery: those of 2031 leave out light means of
transport, all leave out industrial batteries up to 2 kWh or with exclusively external storage.
[check] against the consolidated text before 2031: the Commission may move shares (Art. 8(5)).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from passport.checks.context import CheckContext
from passport.checks.flaws import Flaw
from passport.model import BatteryModel, Element
from passport.problems import Severity
from passport.registry import Category
from passport.values import Quantity, Record

_PARTS = ("pre_consumer", "post_consumer")
_SMALL_KWH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """Shares in percent by data point, from a day on; `lmt` says whether they bind those too."""

    clause: str
    since: date
    lmt: bool
    shares: Mapping[str, int]


MINIMA = (
    Minimum(
        clause="Art. 8(3)",
        since=date(2036, 8, 18),
        lmt=True,
        shares={
            "recycled_cobalt": 26,
            "recycled_lead": 85,
            "recycled_lithium": 12,
            "recycled_nickel": 15,
        },
    ),
    Minimum(
        clause="Art. 8(2)",
        since=date(2031, 8, 18),
        lmt=False,
        shares={
            "recycled_cobalt": 16,
            "recycled_lead": 85,
            "recycled_lithium": 6,
            "recycled_nickel": 6,
        },
    ),
)
"""The latest first."""


def shares_reach_the_minimum(
    element: Element, model: BatteryModel, context: CheckContext
) -> Iterator[Flaw]:
    """From 2031 on, recycled content reaches the share that binds this battery."""
    minimum = minimum_of(model, context.as_of)
    least = minimum.shares.get(element.point.key) if minimum else None
    if minimum is None or least is None or not isinstance(element.value, Record):
        return
    parts = [element.value.get(name) for name in _PARTS]
    total = sum(part.number for part in parts if isinstance(part, Quantity))
    if total < least:
        yield Flaw(
            rule="recycled-minimum",
            value=f"{total:f} %",
            message=f"{{value}} is below the {least} % of {minimum.clause}, which bind since "
            f"{minimum.since.isoformat()}",
            remedy="mend the figure, or have the placing on the market reviewed",
            severity=Severity.WARNING,
        )


def minimum_of(model: BatteryModel, day: date) -> Minimum | None:
    """Return the shares that bind batteries of a model on a day, None while there are none."""
    return next((each for each in _minima(model) if day >= each.since), None)


def next_minimum(model: BatteryModel, day: date) -> Minimum | None:
    """Return the shares that bind on a day, else the first that will; None if none ever does."""
    coming = _minima(model)
    return minimum_of(model, day) or (coming[-1] if coming else None)


def _minima(model: BatteryModel) -> tuple[Minimum, ...]:
    """The shares that reach batteries of a model, the latest first."""
    if model.traits.storage == "external" or _is_small_industrial(model):
        return ()
    is_lmt = model.traits.category is Category.LMT
    return tuple(each for each in MINIMA if each.lmt or not is_lmt)


def _is_small_industrial(model: BatteryModel) -> bool:
    is_industrial = model.traits.category is Category.INDUSTRIAL
    return is_industrial and model.energy is not None and model.energy.kwh <= _SMALL_KWH
