"""Scope: whether a battery needs a passport (Art. 77(1)), and why.

The unit is the battery as placed on the market or put into service, whatever it is built from:
forty blocks sold as one cabinet are one battery. Every judgement comes with its arithmetic and
its clause. What only people can decide (industrial use, `stationary`) is recorded in content and
repeated here, never guessed. This module judges models and dates; it does not read rows.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from passport.applicability import REQUIRED_FROM, Outcome, outcome
from passport.model import BatteryModel, Energy
from passport.registry import Category, DataPoint, registry
from passport.values import Text

THRESHOLD_KWH = Decimal(2)
"""Art. 77(1): industrial batteries need a passport above this capacity, not at it."""

OWN_USE = "own-use"


class Need(StrEnum):
    """Whether a passport is required; `undecided` while the capacity is not known."""

    YES = "yes"
    NO = "no"
    NOT_YET = "not yet"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeResult:
    """One row of the scope table.

    `day` is when this battery was placed on the market or put into service, None where only the
    model was judged. `outside` holds whatever the date: no unit of the model needs a passport.
    `why` and `clause` are ours; the decision in the model's content has reason and reviewer.
    """

    model: BatteryModel
    energy: Energy | None
    day: date | None
    need: Need
    outside: bool
    clause: str
    why: Text

    @property
    def put_into_service(self) -> bool:
        """Whether the battery is first used without a sale (Art. 3(1)): made for own use."""
        return self.model.scope.market_route == OWN_USE


@dataclass(frozen=True, slots=True)
class StationaryChange:
    """A data point that is asked in another way once `stationary` is decided the other way."""

    point: DataPoint
    stationary: Outcome
    otherwise: Outcome


def judge(model: BatteryModel, placed: date | None, as_of: date) -> ScopeResult:
    """Judge one battery by the day it was placed on the market; without one, its model `as_of`."""
    energy = model.energy
    outside = _outside(model, energy)
    if outside:
        clause, why = outside
        need = Need.NO
    elif model.traits.category is Category.INDUSTRIAL and energy is None:
        need, clause, why = Need.UNDECIDED, "Art. 77(1)", _UNKNOWN_CAPACITY
    else:
        need, clause, why = _by_date(model, energy, placed, as_of)
    return ScopeResult(
        model=model,
        energy=energy,
        day=placed,
        need=need,
        outside=outside is not None,
        clause=clause,
        why=why,
    )


def is_outside(model: BatteryModel) -> bool:
    """Whether no unit of a model needs a passport, whenever it is placed on the market."""
    return _outside(model, model.energy) is not None


def stationary_changes(
    model: BatteryModel, guidance: str, as_of: date
) -> tuple[StationaryChange, ...]:
    """Compare what is asked of a model as stationary energy storage (Art. 3(1)(15)) and not.

    Values that content holds are left aside: the question is what would be asked, from the day
    on which passports are required.
    """
    day = max(as_of, REQUIRED_FROM)
    yes, no = (
        replace(model, traits=replace(model.traits, stationary=stationary))
        for stationary in (True, False)
    )
    changes = (
        StationaryChange(
            point,
            outcome(point, None, yes, guidance, day),
            outcome(point, None, no, guidance, day),
        )
        for point in registry().data_points
    )
    return tuple(change for change in changes if _differs(change))


def _differs(change: StationaryChange) -> bool:
    one, other = change.stationary, change.otherwise
    return (one.state, one.reason, one.certain) != (other.state, other.reason, other.certain)


_UNKNOWN_CAPACITY = Text(
    (
        ("en", "the capacity is not known yet: rated capacity or nominal voltage is missing"),
        ("de", "die Kapazität ist noch nicht bekannt: Bemessungskapazität oder Nennspannung fehlt"),
    )
)
_CATEGORY_NAMES = {
    Category.EV: ("electric vehicle batteries", "Batterien für Elektrofahrzeuge"),
    Category.LMT: (
        "batteries of light means of transport",
        "Batterien für leichte Verkehrsmittel",
    ),
}


def _outside(model: BatteryModel, energy: Energy | None) -> tuple[str, Text] | None:
    """Return clause and reason when no unit of the model is a battery that needs a passport."""
    scope = model.scope
    if scope.part_of and not scope.also_sold_singly:
        whole = ", ".join(scope.part_of)
        return "Art. 77(1)", _text(
            f"reaches the market only as part of {whole}, whose passport covers it",
            f"gelangt nur als Teil von {whole} auf den Markt und ist von dessen Pass erfasst",
        )
    if model.traits.category is not Category.INDUSTRIAL or energy is None:
        return None
    if energy.kwh > THRESHOLD_KWH:
        return None
    return "Art. 77(1)", _text(
        f"an industrial battery of {energy.kwh:f} kWh; passports start above 2 kWh",
        f"eine Industriebatterie mit {_german(energy)} kWh; Pässe gelten ab mehr als 2 kWh",
    )


def _by_date(
    model: BatteryModel, energy: Energy | None, placed: date | None, as_of: date
) -> tuple[Need, str, Text]:
    english, german = _kind(model, energy)
    if (placed or as_of) >= REQUIRED_FROM:
        return Need.YES, "Art. 77(1)", _text(english, german)
    if placed is None:
        english += "; required from 18 February 2027"
        german += "; verlangt ab 18. Februar 2027"
        return Need.NOT_YET, "Art. 77(1)", _text(english, german)
    english = f"placed on the market on {placed.isoformat()}, before 18 February 2027"
    german = f"in Verkehr gebracht am {placed.isoformat()}, vor dem 18. Februar 2027"
    return Need.NO, "Art. 77(1)", _text(english, german)


def _kind(model: BatteryModel, energy: Energy | None) -> tuple[str, str]:
    category = model.traits.category
    if category is Category.INDUSTRIAL:
        assert energy is not None, "an industrial battery of unknown capacity is undecided"
        return (
            f"an industrial battery of {energy.kwh:f} kWh, above 2 kWh",
            f"eine Industriebatterie mit {_german(energy)} kWh, mehr als 2 kWh",
        )
    english, german = _CATEGORY_NAMES[category]
    return f"{english} need one at any capacity", f"{german} brauchen einen, gleich wie groß"


def _german(energy: Energy) -> str:
    return f"{energy.kwh:f}".replace(".", ",")


def _text(english: str, german: str) -> Text:
    return Text((("en", english), ("de", german)))
