"""Which data points a passport must hold: five outcomes for each (requirements 3).

A data point is provided, missing, not yet required, not applicable (with a reason), or a
duplicate of another. What decides is the category's row in a version of the Commission's
guidance, the rules that the registry names, the date, and what the operator states. Rules look
at a model's traits and chemistry only. Knows neither where values are gathered from nor what a
missing one means for a build: `completeness.py` does.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from passport.model import BatteryModel, Element, NotApplicable
from passport.registry import Category, DataPoint, Requirement, registry
from passport.values import Code, Text

REQUIRED_FROM = date(2027, 2, 18)
"""Art. 77(1): passports are required from 18 February 2027."""


class State(StrEnum):
    """The five outcomes."""

    PROVIDED = "provided"
    MISSING = "missing"
    NOT_YET_REQUIRED = "not yet required"
    NOT_APPLICABLE = "not applicable"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one data point; `reason` says why there is no value.

    `certain` is False where guidance makes the data point conditional and nothing known decides
    the condition: the operator has to.
    """

    point: DataPoint
    state: State
    reason: Text
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on a model. `holds` answers None when content can't decide it."""

    holds: Callable[[BatteryModel], bool | None]
    otherwise: tuple[str, str]
    """Why a data point does not apply when the rule fails, in English and German."""


def chemistry_contains(model: BatteryModel, metal: str) -> bool | None:
    """Whether the model's chemistry holds a metal; None while the chemistry is missing."""
    chemistry = model.value("chemistry")
    if not isinstance(chemistry, Code):
        return None
    return metal in registry().code_lists["chemistry"][chemistry.code].contains


def _metal(metal: str, german: str) -> Rule:
    return Rule(
        lambda model: chemistry_contains(model, metal),
        (f"this chemistry holds no {metal}", f"diese Zellchemie enthält kein {german}"),
    )


def _trait(name: str, english: str, german: str, *, wanted: bool = True) -> Rule:
    return Rule(lambda model: getattr(model.traits, name) is wanted, (english, german))


def _category(category: Category, english: str, german: str, *, wanted: bool = True) -> Rule:
    return Rule(lambda model: (model.traits.category is category) is wanted, (english, german))


def _over_two_kwh(model: BatteryModel) -> bool | None:
    return None if model.energy is None else model.energy.kwh > 2


def _article_14(model: BatteryModel) -> bool:
    """Art. 14: batteries with a management system in LMT, EV and stationary storage."""
    traits = model.traits
    return traits.bms and (traits.stationary or traits.category is not Category.INDUSTRIAL)


def _article_10(model: BatteryModel) -> bool | None:
    if model.traits.category is not Category.INDUSTRIAL:
        return True
    return model.traits.rechargeable and _over_two_kwh(model)


RULES: Mapping[str, Rule] = {
    "rechargeable": _trait("rechargeable", "not rechargeable", "nicht wiederaufladbar"),
    "bms": _trait(
        "bms", "no battery management system records it", "kein Batteriemanagementsystem erfasst es"
    ),
    "not_bms": _trait(
        "bms", "it has a battery management system", "es gibt ein Managementsystem", wanted=False
    ),
    "stationary": _trait(
        "stationary",
        "not a stationary battery energy storage system",
        "kein stationäres Batterie-Energiespeichersystem",
    ),
    "not_standby": _trait(
        "standby",
        "standby use: years on float charge bound its life, not cycles",
        "Bereitschaftsbetrieb: Jahre in Erhaltungsladung begrenzen die Lebensdauer, nicht Zyklen",
        wanted=False,
    ),
    "lifetime_in_cycles": _trait(
        "standby",
        "standby use: its life is not expressed in cycles",
        "Bereitschaftsbetrieb: die Lebensdauer wird nicht in Zyklen angegeben",
        wanted=False,
    ),
    "ev": _category(
        Category.EV,
        "asked of electric vehicle batteries only",
        "nur bei Batterien für Elektrofahrzeuge",
    ),
    "not_ev": _category(
        Category.EV,
        "not asked of electric vehicle batteries",
        "nicht bei Batterien für Elektrofahrzeuge",
        wanted=False,
    ),
    "lmt": _category(
        Category.LMT,
        "asked of batteries of light means of transport only",
        "nur bei Batterien für leichte Verkehrsmittel",
    ),
    "lithium": _metal("lithium", "Lithium"),
    "cobalt": _metal("cobalt", "Kobalt"),
    "nickel": _metal("nickel", "Nickel"),
    "lead_acid": _metal("lead", "Blei"),
    "cadmium_or_lead": Rule(
        lambda model: chemistry_contains(model, "lead") or chemistry_contains(model, "cadmium"),
        (
            "this chemistry holds neither cadmium nor lead",
            "diese Zellchemie enthält weder Cadmium noch Blei",
        ),
    ),
    "energy_storage_internal": Rule(
        lambda model: model.traits.storage != "external",
        ("it has exclusively external storage", "ausschließlich externe Speicherung"),
    ),
    "warranty_given": Rule(
        lambda model: None,
        ("no warranty for the calendar life", "keine Garantie auf die Lebensdauer"),
    ),
    "over_2_kwh": Rule(
        _over_two_kwh, ("its capacity is 2 kWh or less", "die Kapazität liegt bei höchstens 2 kWh")
    ),
    "art_14": Rule(
        _article_14,
        ("Art. 14 asks no state of health of it", "Art. 14 verlangt hier keinen Alterungszustand"),
    ),
    "art_10": Rule(_article_10, ("Art. 10 does not cover it", "von Art. 10 nicht erfasst")),
}

_BEFORE = ("required from 18 February 2027", "ab 18. Februar 2027 verlangt")
_MISSING = ("required, but no value is given", "verlangt, aber keine Angabe")
_UNDECIDED = (
    "no value is given; whether one is required depends on what content does not say",
    "keine Angabe; ob eine verlangt ist, hängt von etwas ab, das die Inhalte nicht sagen",
)


def outcome(
    point: DataPoint, element: Element | None, model: BatteryModel, guidance: str, as_of: date
) -> Outcome:
    """Judge one data point of a model or of one of its batteries."""
    if point.duplicate_of:
        return said(point, State.DUPLICATE, ", ".join(point.duplicate_of))
    if element is not None and isinstance(element.value, NotApplicable):
        return Outcome(point=point, state=State.NOT_APPLICABLE, reason=element.value.reason)
    if element is not None:
        return said(point, State.PROVIDED, "")
    return without_value(point, model, guidance, as_of)


def without_value(point: DataPoint, model: BatteryModel, guidance: str, as_of: date) -> Outcome:
    """Judge a data point that nobody states."""
    asked = point.requirement(model.traits.category, guidance)
    if reason := _not_asked(asked):
        return said(point, State.NOT_APPLICABLE, *reason)
    if rule := excluding_rule(point, model):
        return said(point, State.NOT_APPLICABLE, *RULES[rule].otherwise)
    if asked is Requirement.PENDING and point.pending:
        reason_pending = Text(point.pending.texts)
        return Outcome(point=point, state=State.NOT_YET_REQUIRED, reason=reason_pending)
    if point.source == "events":
        return _from_events(point)
    if as_of < REQUIRED_FROM:
        return said(point, State.NOT_YET_REQUIRED, *_BEFORE)
    certain = is_certain(point, model, guidance)
    return said(point, State.MISSING, *(_MISSING if certain else _UNDECIDED), certain=certain)


def excluding_rule(point: DataPoint, model: BatteryModel) -> str:
    """Name the first rule that says that a data point does not apply to a model, or ""."""
    return next((name for name in point.applies if RULES[name].holds(model) is False), "")


def is_certain(point: DataPoint, model: BatteryModel, guidance: str) -> bool:
    """Whether guidance asks for a data point and everything it depends on is known to hold.

    A conditional data point without a rule stays undecided, and so does one that only arises in
    use (`update` is periodic): nothing here says that the battery was put into service.
    """
    asked = point.requirement(model.traits.category, guidance)
    holds = [RULES[name].holds(model) for name in point.applies]
    if asked is Requirement.MANDATORY:
        known = all(holds)
    else:
        known = asked is Requirement.CONDITIONAL and bool(holds) and all(holds)
    return known and point.update != "periodic"


def guidance_counts(category: Category, version: str) -> dict[Requirement, int]:
    """How many of the guidance's 71 data points have each requirement, for a category.

    Parts with a letter (43a to 43f) count as the one data point that the guidance numbers.
    """
    numbered = {
        point.number.rstrip("abcdef"): point.requirement(category, version)
        for point in registry().data_points
        if point.number
    }
    return dict(Counter(numbered.values()))


def said(
    point: DataPoint, state: State, english: str, german: str = "", *, certain: bool = True
) -> Outcome:
    """Make an outcome whose reason is ours, in English and German."""
    texts = (("en", english), ("de", german)) if german else (("en", english),)
    return Outcome(point=point, state=state, reason=Text(texts), certain=certain)


def _from_events(point: DataPoint) -> Outcome:
    """What changes in use is stated by events, which content can't hold yet."""
    return said(
        point,
        State.NOT_YET_REQUIRED,
        "values come with the events of each battery",
        "Werte kommen mit den Ereignissen jeder Batterie",
    )


def _not_asked(asked: Requirement) -> tuple[str, str] | None:
    if asked is Requirement.NONE:
        return "not asked of this category", "für diese Kategorie nicht verlangt"
    if asked in (Requirement.OPTIONAL, Requirement.VOLUNTARY):
        return "voluntary, and not given", "freiwillig, keine Angabe"
    return None
