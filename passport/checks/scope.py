"""Scope: decisions under Art. 77(1) that a person must record, and what contradicts them."""

from collections.abc import Iterator, Mapping

from passport.checks.context import CheckContext, problem
from passport.model import Battery, BatteryModel
from passport.problems import Problem, Severity
from passport.registry import Category
from passport.scope import is_outside


def scope_is_reviewed(model: BatteryModel, _: CheckContext) -> Iterator[Problem]:
    """A scope decision names who reviewed it and when; the day is not in the future."""
    scope, place = model.scope, model.scope.place or model.place
    if not scope.reviewer or scope.reviewed_on is None:
        yield problem(
            place,
            "$.scope",
            "unreviewed-scope",
            "nobody has reviewed this scope decision",
            "let a second person judge it, then add reviewer and reviewed_on",
            clause="Art. 77(1)",
            severity=Severity.WARNING,
        )


def review_is_past(model: BatteryModel, context: CheckContext) -> Iterator[Problem]:
    """A review lies before the day that the check is made for."""
    scope = model.scope
    if scope.reviewed_on and scope.reviewed_on > context.as_of:
        yield problem(
            scope.place or model.place,
            "$.scope.reviewed_on",
            "future-review",
            f"the review of {scope.reviewed_on.isoformat()} has not happened yet",
            "write the day on which it was made",
            clause="Art. 77(1)",
        )


def decisions_are_recorded(model: BatteryModel, _: CheckContext) -> Iterator[Problem]:
    """Industrial use, stationary or not, and the market route stand there with a reason."""
    scope = model.scope
    asked = (
        ("market_route", "how the battery reaches the EU market", "Art. 77(1)"),
        *(_INDUSTRIAL if model.traits.category is Category.INDUSTRIAL else ()),
    )
    for name, what, clause in asked:
        if not getattr(scope, name):
            yield problem(
                scope.place or model.place,
                f"$.scope.{name}",
                "unrecorded-decision",
                f"{what} is not recorded",
                f"add a line {name}: to scope",
                clause=clause,
                severity=Severity.WARNING,
            )


_INDUSTRIAL = (
    ("industrial_use", "why the battery is industrial and not portable", "Art. 3(1)(13)"),
    ("stationary_reason", "why stationary is true or false", "Art. 3(1)(15)"),
)


def wholes_exist(
    models: Mapping[str, BatteryModel],
) -> Iterator[Problem]:
    """What a model is said to be a part of is another model."""
    for model in models.values():
        for slug in model.scope.part_of:
            if slug not in models or slug == model.slug:
                others = ", ".join(sorted(models.keys() - {model.slug})) or "none yet"
                yield problem(
                    model.scope.place or model.place,
                    "$.scope.part_of",
                    "unknown-whole",
                    f"there is no other model {slug!r}",
                    f"add content/models/{slug}, or name one of {others}",
                    clause="Art. 77(1)",
                )


def battery_is_unit(
    battery: Battery, models: Mapping[str, BatteryModel], judged: set[str]
) -> Iterator[Problem]:
    """A model outside the passport is told at its first battery; `judged` holds models seen."""
    model = models.get(battery.model)
    if model is None or model.slug in judged:
        return
    judged.add(model.slug)
    if is_outside(model) and not model.scope.voluntary:
        yield _no_unit(battery, model)


def _no_unit(battery: Battery, model: BatteryModel) -> Problem:
    scope = model.scope
    if scope.part_of and not scope.also_sold_singly:
        return problem(
            battery.place,
            "model",
            "part-listed",
            f"{model.slug} reaches the market only as part of {', '.join(scope.part_of)}",
            "list the batteries that it is built into, or write also_sold_singly: true",
            clause="Art. 77(1)",
        )
    return problem(
        battery.place,
        "model",
        "outside-passport",
        f"{model.slug} is outside the passport, so its batteries get none",
        "its model has an information page; for full passports write voluntary: true in its scope",
        clause="Art. 77(1)",
        severity=Severity.WARNING,
    )
