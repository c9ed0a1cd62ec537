"""References: whoever and whatever content names must exist."""

from collections.abc import Iterable, Iterator

from passport.checks.context import CheckContext, ModelContent
from passport.model import Battery
from passport.problems import Problem


def operators_exist(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """The manufacturer and the responsible operator are among the operators."""
    model = content.model
    for member, slug in (("manufacturer", model.manufacturer), ("operator", model.operator)):
        if slug and slug not in context.operators:
            yield Problem(
                model.place,
                f"$.{member}",
                "unknown-operator",
                f"there is no operator {slug!r}",
                f"add content/operators/{slug}.yaml, or name one of {_known(context.operators)}",
            )


def plants_exist(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """Each plant of a model is one of its manufacturer's."""
    model = content.model
    maker = context.operators.get(model.manufacturer)
    if maker is None:
        return
    known = tuple(plant.slug for plant in maker.plants)
    for index, slug in enumerate(model.plants):
        if slug not in known:
            yield Problem(
                model.place,
                f"$.plants[{index}]",
                "unknown-plant",
                f"{model.manufacturer} has no plant {slug!r}",
                f"add it to {maker.place.file}, or name one of {_known(known)}",
                clause="Annex VI A (3)",
            )


def model_of_battery_exists(battery: Battery, context: CheckContext) -> Iterator[Problem]:
    """A battery is of a model that content describes."""
    if battery.model not in context.models and battery.model not in context.unread_models:
        yield Problem(
            battery.place,
            "model",
            "unknown-model",
            f"there is no model {battery.model!r}",
            f"add content/models/{battery.model}, or name one of {_known(context.models)}",
        )


def plant_of_battery_exists(battery: Battery, context: CheckContext) -> Iterator[Problem]:
    """A battery's plant is one of those that make its model."""
    model = context.models.get(battery.model)
    if model is not None and battery.plant not in model.plants:
        yield Problem(
            battery.place,
            "plant",
            "unknown-plant",
            f"{battery.model} is not made in {battery.plant!r}",
            f"name one of its plants: {_known(model.plants)}",
            clause="Annex VI A (3)",
        )


def _known(names: Iterable[str]) -> str:
    return ", ".join(names) or "none yet"
