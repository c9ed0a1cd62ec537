"""The tables of checks, each with what it rests on: a data point, a clause or a rule of ours."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from passport.checks import performance, references
from passport.checks.context import CheckContext
from passport.model import Battery, BatteryModel
from passport.problems import Problem

ModelCheck = Callable[[BatteryModel, CheckContext], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Row:
    """A check and its basis."""

    basis: str
    check: ModelCheck


MODEL_CHECKS = (
    Row("Annex VI A (1)", references.operators_exist),
    Row("Annex VI A (3)", references.plants_exist),
    Row("Annex XIII 1(h)", performance.voltages_ascend),
    Row("units", performance.percentages_are_shares),
)


def check_models(models: Iterable[BatteryModel], context: CheckContext) -> Iterator[Problem]:
    """Run every check on every model."""
    for model in models:
        for row in MODEL_CHECKS:
            yield from row.check(model, context)


def check_batteries(
    batteries: Iterable[Battery], models: Iterable[BatteryModel], context: CheckContext
) -> Iterator[Problem]:
    """Run the checks of batteries."""
    by_slug = {model.slug: model for model in models}
    for battery in batteries:
        yield from references.battery_references(battery, by_slug, context)
