"""Scope: decisions under Art. 77(1) that a person must record, and what contradicts them."""

from collections.abc import Iterator

from passport.checks.context import CheckContext, ModelContent
from passport.model import Battery, BatteryModel
from passport.problems import Place, Problem, Severity
from passport.registry import Category
from passport.scope import is_outside

_CLAUSE = "Art. 77(1)"
_RECORDED = (("market_route", "how the battery reaches the EU market", _CLAUSE),)
_RECORDED_INDUSTRIAL = (
    ("industrial_use", "why the battery is industrial and not portable", "Art. 3(1)(13)"),
    ("stationary_reason", "why stationary is true or false", "Art. 3(1)(15)"),
)


def scope_is_reviewed(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """A scope decision names who reviewed it and when."""
    scope = content.model.scope
    if not scope.reviewer or scope.reviewed_on is None:
        yield Problem(
            _place(content.model),
            "$.scope",
            "unreviewed-scope",
            "nobody has reviewed this scope decision",
            "let a second person judge it, then add reviewer and reviewed_on",
            clause=_CLAUSE,
            severity=Severity.WARNING,
        )


def review_is_past(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """A review is not later than the day that the check is made for."""
    reviewed_on = content.model.scope.reviewed_on
    if reviewed_on and reviewed_on > context.as_of:
        yield Problem(
            _place(content.model),
            "$.scope.reviewed_on",
            "future-review",
            f"the review of {reviewed_on.isoformat()} has not happened yet",
            "write the day on which it was made",
            clause=_CLAUSE,
        )


def decisions_are_recorded(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """Industrial use, stationary or not, and the market route are recorded."""
    model = content.model
    is_industrial = model.traits.category is Category.INDUSTRIAL
    for name, what, clause in _RECORDED + (_RECORDED_INDUSTRIAL if is_industrial else ()):
        if not getattr(model.scope, name):
            yield Problem(
                _place(model),
                f"$.scope.{name}",
                "unrecorded-decision",
                f"{what} is not recorded",
                f"add a line {name}: … to scope",
                clause=clause,
                severity=Severity.WARNING,
            )


def wholes_exist(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """What a model is said to be a part of is another model."""
    model = content.model
    others = sorted(context.models.keys() - {model.slug})
    for slug in model.scope.part_of:
        if slug not in others and slug not in context.unread_models:
            yield Problem(
                _place(model),
                "$.scope.part_of",
                "unknown-whole",
                f"there is no other model {slug!r}",
                f"add content/models/{slug}, or name one of {', '.join(others) or 'none yet'}",
                clause=_CLAUSE,
            )


def batteries_get_passports(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """Batteries of a model outside the passport are listed in vain, unless it volunteers."""
    model = content.model
    if content.has_batteries and _is_unit(model) and is_outside(model) and not _volunteers(model):
        yield Problem(
            _place(model),
            "$.scope",
            "outside-passport",
            f"{model.slug} is outside the passport, so its batteries get none",
            "its model has an information page; for full passports write voluntary: true",
            clause=_CLAUSE,
            severity=Severity.WARNING,
        )


def battery_is_unit(battery: Battery, context: CheckContext) -> Iterator[Problem]:
    """A battery is what reaches the market, not a part of it."""
    model = context.models.get(battery.model)
    if model is None or _is_unit(model):
        return
    yield Problem(
        battery.place,
        "model",
        "part-listed",
        f"{model.slug} reaches the market only as part of {', '.join(model.scope.part_of)}",
        "list the batteries that it is built into, or write also_sold_singly: true",
        clause=_CLAUSE,
    )


def _is_unit(model: BatteryModel) -> bool:
    return not model.scope.part_of or model.scope.also_sold_singly


def _volunteers(model: BatteryModel) -> bool:
    return model.scope.voluntary


def _place(model: BatteryModel) -> Place:
    return model.scope.place or model.place
