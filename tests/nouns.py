"""Nouns for tests: a model and what it is made of, with whatever a test changes."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from passport.gs1 import Gtin
from passport.model import BatteryModel, Conditions, Element, ScopeDecision, Traits
from passport.problems import Place
from passport.registry import Category, registry
from passport.values import Quantity, Value

PLACE = Place("content/models/m/model.yaml")


def element(
    key: str, value: Value, *, evidence: str = "", conditions: Conditions | None = None
) -> Element:
    return Element(
        point=registry().by_key[key],
        value=value,
        place=PLACE,
        evidence=evidence,
        conditions=conditions or Conditions(),
    )


def rated(volts: str, ampere_hours: str) -> tuple[Element, ...]:
    return (
        element("nominal_voltage", Quantity(Decimal(volts), "V")),
        element("rated_capacity", Quantity(Decimal(ampere_hours), "Ah")),
    )


def scope(**changes: object) -> ScopeDecision:
    decision = ScopeDecision(
        rationale="as sold",
        reviewer="",
        reviewed_on=None,
        voluntary=False,
    )
    return replace(decision, **changes)  # type: ignore[arg-type]


def model(
    slug: str = "m",
    *,
    category: Category = Category.INDUSTRIAL,
    elements: Iterable[Element] = (),
    placed_as: str = "pack",
    decision: ScopeDecision | None = None,
    **traits: bool,
) -> BatteryModel:
    kinds = {"stationary": True, "rechargeable": True, "bms": True, "standby": False} | traits
    return BatteryModel(
        slug=slug,
        name="Rack battery",
        model_number="RB-1",
        identifier=Gtin("09506000134352"),
        manufacturer="maker",
        operator="maker",
        plants=("north",),
        placed_as=placed_as,
        traits=Traits(category=category, storage="internal", **kinds),
        scope=decision or scope(),
        documents=(),
        elements=tuple(elements),
        by_plant=(),
        prose=None,
        place=PLACE,
    )
