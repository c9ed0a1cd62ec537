"""References: whoever and whatever content names must exist."""

from collections.abc import Iterator

from passport.checks.context import CheckContext, problem
from passport.model import Battery, BatteryModel
from passport.problems import Problem


def operators_exist(model: BatteryModel, context: CheckContext) -> Iterator[Problem]:
    """The manufacturer and the responsible operator are among the operators."""
    for member in ("manufacturer", "operator"):
        slug: str = getattr(model, member)
        if slug and slug not in context.operators:
            yield problem(
                model.place,
                f"$.{member}",
                "unknown-operator",
                f"there is no operator {slug!r}",
                f"add content/operators/{slug}.yaml, or name one of {_known(context)}",
            )


def plants_exist(model: BatteryModel, context: CheckContext) -> Iterator[Problem]:
    """Each plant of a model, and each that values are given for, is one of its manufacturer's."""
    maker = context.operators.get(model.manufacturer)
    if maker is None:
        return
    known = tuple(plant.slug for plant in maker.plants)
    for slug in dict.fromkeys((*model.plants, *(slug for slug, _ in model.by_plant))):
        if slug not in known:
            yield problem(
                model.place,
                "$.plants",
                "unknown-plant",
                f"{model.manufacturer} has no plant {slug!r}",
                f"add it to content/operators/{model.manufacturer}.yaml, or name one of its plants",
                clause="Annex VI A (3)",
            )


def battery_references(
    battery: Battery, models: dict[str, BatteryModel], context: CheckContext
) -> Iterator[Problem]:
    """A battery's model exists, and its plant is one of the model's."""
    model = models.get(battery.model)
    if model is None:
        yield problem(
            battery.place,
            "model",
            "unknown-model",
            f"there is no model {battery.model!r}",
            f"add content/models/{battery.model}, or name one of {', '.join(models) or 'none yet'}",
        )
    elif battery.plant not in model.plants:
        yield problem(
            battery.place,
            "plant",
            "unknown-plant",
            f"{battery.model} is not made in {battery.plant!r}",
            f"name one of its plants: {', '.join(model.plants)}",
            clause="Annex VI A (3)",
        )


def _known(context: CheckContext) -> str:
    return ", ".join(context.operators) or "none yet"
