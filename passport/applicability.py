"""Which data points a passport must hold: five outcomes for each (requirements 3).

A data point is provided, missing, not yet required, not applicable (with a reason), or a
duplicate of another. What decides is the category's row in a version of the Commission's
guidance, the rules that the registry names, the date, and what the operator states. Rules look
at a model's traits and chemistry only; wording for people is English here, translated by themes.
"""

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
    return None if model.energy_kwh is None else model.energy_kwh > 2


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
    "cobalt": _metal("cobalt", "Cobalt"),
    "nickel": _metal("nickel", "Nickel"),
    "lead_acid": _metal("lead", "Blei"),
    "cadmium_or_lead": Rule(
        lambda model: chemistry_contains(model, "lead") or chemistry_contains(model, "cadmium"),
        ("this chemistry holds neither cadmium nor lead", "weder Cadmium noch Blei enthalten"),
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


def outcome(
    point: DataPoint, element: Element | None, model: BatteryModel, guidance: str, as_of: date
) -> Outcome:
    """Judge one data point of a model or of one of its batteries."""
    if point.duplicate_of:
        return _outcome(point, State.DUPLICATE, ", ".join(point.duplicate_of))
    if element is not None and isinstance(element.value, NotApplicable):
        return Outcome(point=point, state=State.NOT_APPLICABLE, reason=element.value.reason)
    if element is not None:
        return _outcome(point, State.PROVIDED, "")
    return _without_value(point, model, guidance, as_of)


def _without_value(point: DataPoint, model: BatteryModel, guidance: str, as_of: date) -> Outcome:
    asked = point.requirement(model.traits.category, guidance)
    if asked is Requirement.NONE:
        return _outcome(
            point,
            State.NOT_APPLICABLE,
            "not asked of this category",
            "für diese Kategorie nicht verlangt",
        )
    if asked in (Requirement.OPTIONAL, Requirement.VOLUNTARY):
        return _outcome(
            point, State.NOT_APPLICABLE, "voluntary, and not given", "freiwillig, keine Angabe"
        )
    held = [(name, RULES[name].holds(model)) for name in point.applies]
    for name, holds in held:
        if holds is False:
            return _outcome(point, State.NOT_APPLICABLE, *RULES[name].otherwise)
    if asked is Requirement.PENDING:
        return _outcome(point, State.NOT_YET_REQUIRED, point.pending)
    if as_of < REQUIRED_FROM:
        return _outcome(
            point, State.NOT_YET_REQUIRED, "required from 18 February 2027", "ab 18. Februar 2027"
        )
    decided = asked is Requirement.MANDATORY or bool(held and all(holds for _, holds in held))
    return _outcome(point, State.MISSING, "no value is given", "keine Angabe", certain=decided)


def _outcome(
    point: DataPoint, state: State, english: str, german: str = "", *, certain: bool = True
) -> Outcome:
    texts = (("en", english), ("de", german)) if german else (("en", english),)
    return Outcome(point=point, state=state, reason=Text(texts), certain=certain)
