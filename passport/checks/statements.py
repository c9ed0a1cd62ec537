"""Statements: a data point is stated once, where it applies, for plants that the model has."""

from collections.abc import Iterator

from passport.applicability import RULES, excluding_rule
from passport.checks.context import CheckContext, ModelContent
from passport.checks.flaws import Flaw
from passport.model import BatteryModel, Element, NotApplicable
from passport.problems import Problem

_NEVER_BEYOND = (
    "ev",
    "lmt",
    "rechargeable",
    "lithium",
    "cobalt",
    "nickel",
    "lead_acid",
)
"""Rules that a value contradicts. Others, like standby use, only free from a duty."""


def values_fit_the_model(element: Element, model: BatteryModel, _: CheckContext) -> Iterator[Flaw]:
    """No value is given for what such a battery does not have, as SOCE outside of EV."""
    rule = excluding_rule(element.point, model)
    if rule in _NEVER_BEYOND and not isinstance(element.value, NotApplicable):
        yield Flaw(
            rule="value-not-applicable",
            message=f"a value is given that does not apply: {RULES[rule].otherwise[0]}",
            remedy="remove it, or mend what the model says about itself",
        )


def stated_once(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """A data point stands either for all plants or plant by plant."""
    common = {element.point.key: element for element in content.model.elements}
    for plant, elements in content.model.by_plant:
        for element in elements:
            key = element.point.key
            if key in common:
                yield Problem(
                    element.place,
                    f"$.plants.{plant}.{key}",
                    "stated-twice",
                    f"{key} is stated for all plants at line {common[key].place.line} already",
                    f"keep it there, or state it for each plant: {', '.join(content.model.plants)}",
                    clause=element.point.clause,
                )


def plant_parts_are_of_the_model(content: ModelContent, _: CheckContext) -> Iterator[Problem]:
    """Values by plant are given for plants that make the model."""
    model = content.model
    for plant, elements in model.by_plant:
        for file in sorted({element.place.file for element in elements}):
            if plant in model.plants:
                continue
            first = next(element for element in elements if element.place.file == file)
            yield Problem(
                first.place,
                f"$.plants.{plant}",
                "plant-not-of-model",
                f"the model is not made in {plant!r}",
                f"add it to plants in model.yaml, or use one of: {', '.join(model.plants)}",
                clause="Annex VI A (3)",
            )
