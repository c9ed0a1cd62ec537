"""`cellfolio scope`: which batteries need a passport, with the arithmetic and who reviewed it."""

import json
import textwrap
from collections import Counter
from datetime import date, datetime

import click

from generator.cli.listing import FORMATS, Listing
from generator.cli.main import Workspace
from generator.cli.reading import read_content
from generator.content.load import Content
from generator.content.revision import read_revision
from passport.applicability import REQUIRED_FROM, Outcome, State
from passport.duties import DUTIES
from passport.errors import ConfigError
from passport.model import Battery, BatteryModel
from passport.registry import GUIDANCE_VERSIONS
from passport.scope import ScopeResult, StationaryChange, judge, stationary_changes

_MODEL = ("model",)
_BATTERY = ("model", "battery", "installation")
_JUDGED = (
    "category",
    "placed_as",
    "capacity_kwh",
    "arithmetic",
    "stationary",
    "placing",
    "date",
    "market_route",
    "passport",
    "clause",
    "why",
    "still_applies",
    "rationale",
    "industrial_use",
    "stationary_reason",
    "reviewer",
    "reviewed_on",
    "voluntary",
)
_STOCK = ("batteries_before", "batteries_from", "batteries_undated")
_SHORT = ("category", "placed_as", "arithmetic", "placing", "date", "market_route", "passport")
_REVIEW = ("reviewer", "reviewed_on", "voluntary")
_WIDTH = 100


@click.command()
@click.option("--batteries", is_flag=True, help="Judge each battery by its date.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge what has no date by this.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--explain", metavar="SLUG", help="List the data points that `stationary` decides over."
)
@click.option(
    "--guidance",
    type=click.Choice(GUIDANCE_VERSIONS),
    help="Version of the Commission's guidance for --explain; default: the one in cellfolio.toml.",
)
@click.pass_obj
def command(
    workspace: Workspace,
    as_of: datetime | None,
    form: str,
    explain: str | None,
    guidance: str | None,
    *,
    batteries: bool,
) -> None:
    """Say which batteries need a passport, and why.

    One row a model, or a battery (Art. 77(1)): its kWh with the arithmetic, the decision that was
    recorded, and who reviewed it. The batteries of a model are counted on both sides of 18 February
    2027.

    \b
    Example: cellfolio scope --batteries --as-of 2027-02-18
    """
    day = (as_of or read_revision(workspace.project).time).date()
    content, error = read_content(workspace.project)
    if explain is not None:
        model = _named(content, explain)
        click.echo(_explained(model, guidance or content.config.guidance, day, form), nl=False)
    else:
        click.echo(_table(content, day, form, batteries=batteries), nl=False)
    if error:
        raise error


def _table(content: Content, as_of: date, form: str, *, batteries: bool) -> str:
    listing = _batteries(content, as_of) if batteries else _models(content, as_of)
    if form != "text":
        return listing.render(form)
    return _text_of_batteries(listing) if batteries else _text_of_models(listing, content)


def _named(content: Content, slug: str) -> BatteryModel:
    for model in content.models:
        if model.slug == slug:
            return model
    known = ", ".join(model.slug for model in content.models) or "none yet"
    raise ConfigError(f"there is no model {slug!r}", f"name one of: {known}")


def _models(content: Content, as_of: date) -> Listing:
    stock = Counter((battery.model, _side(battery)) for battery in content.batteries)
    rows = [
        (
            model.slug,
            *_judged(judge(model, None, as_of)),
            *(str(stock[model.slug, side]) for side in _STOCK),
        )
        for model in content.models
    ]
    return Listing(noun="models", columns=(*_MODEL, *_JUDGED, *_STOCK), rows=rows)


def _batteries(content: Content, as_of: date) -> Listing:
    models = {model.slug: model for model in content.models}
    days = {(battery.model, battery.placed_on_market) for battery in content.batteries}
    judged = {
        (slug, day): _judged(judge(models[slug], day, as_of))
        for slug, day in days
        if slug in models
    }
    rows = [
        (battery.model, str(battery.serial), battery.installation)
        + judged[battery.model, battery.placed_on_market]
        for battery in content.batteries
        if battery.model in models
    ]
    return Listing(noun="batteries", columns=(*_BATTERY, *_JUDGED), rows=rows)


def _side(battery: Battery) -> str:
    if battery.placed_on_market is None:
        return "batteries_undated"
    return "batteries_from" if battery.placed_on_market >= REQUIRED_FROM else "batteries_before"


def _judged(result: ScopeResult) -> tuple[str, ...]:
    model, decision = result.model, result.model.scope
    return (
        model.traits.category.value,
        model.placed_as,
        f"{result.energy.kwh:f}" if result.energy else "",
        str(result.energy or ""),
        _yes_no(model.traits.stationary),
        "put into service" if result.put_into_service else "placed on the market",
        result.day.isoformat() if result.day else "",
        decision.market_route,
        result.need.value,
        result.clause,
        result.why.in_language("en")[1],
        _duties(result),
        decision.rationale,
        decision.industrial_use,
        decision.stationary_reason,
        decision.reviewer,
        decision.reviewed_on.isoformat() if decision.reviewed_on else "",
        _yes_no(decision.voluntary),
    )


def _duties(result: ScopeResult) -> str:
    """What holds for a battery outside the passport; one inside it has these duties besides."""
    if not result.outside:
        return ""
    return "; ".join(f"{duty.what.in_language('en')[1]} ({duty.clause})" for duty in DUTIES)


def _yes_no(value: bool) -> str:  # noqa: FBT001 (a cell, not a switch)
    return "yes" if value else "no"


def _text_of_models(listing: Listing, content: Content) -> str:
    """A table, and below it the reasons: a line of a terminal is too short for them."""
    table = listing.only((*_MODEL, *_SHORT, *_REVIEW, *_STOCK)).render("text")
    reasons = listing.only(("model", "clause", "why", "still_applies")).rows
    decisions = {model.slug: model.scope for model in content.models}
    return table + "".join(
        _paragraphs(
            slug,
            f"{clause}: {why}.",
            *_labelled("Still applies", duties),
            decisions[slug].rationale,
            *_labelled("Industrial use", decisions[slug].industrial_use),
            *_labelled("Stationary or not", decisions[slug].stationary_reason),
        )
        for slug, clause, why, duties in reasons
    )


def _text_of_batteries(listing: Listing) -> str:
    return listing.only((*_BATTERY, *_SHORT, "why")).render("text")


def _labelled(label: str, text: str) -> tuple[str, ...]:
    return (f"{label}: {text}",) if text else ()


def _paragraphs(title: str, *parts: str) -> str:
    indented = (
        textwrap.fill(part, _WIDTH, initial_indent="  ", subsequent_indent="  ")
        for part in parts
        if part
    )
    return "\n".join(("", title, *indented, ""))


def _explained(model: BatteryModel, guidance: str, as_of: date, form: str) -> str:
    changes = stationary_changes(model, guidance, as_of)
    listing = Listing(
        noun="changes",
        columns=("number", "data_point", "clause", "if_stationary", "if_not"),
        rows=[_change(change) for change in changes],
    )
    if form == "csv":
        return listing.render(form)
    decided, reason = model.traits.stationary, model.scope.stationary_reason
    if form == "json":
        head = {"model": model.slug, "stationary": decided, "reason": reason, "guidance": guidance}
        return json.dumps(head | json.loads(listing.render(form)), ensure_ascii=False) + "\n"
    line = f"{model.slug}: stationary is {str(decided).lower()}: {reason or 'no reason recorded'}"
    if not changes:
        return f"{line}\n\nNo data point depends on it for this category.\n"
    return f"{line}\n\n{listing.render(form)}"


def _change(change: StationaryChange) -> tuple[str, ...]:
    point = change.point
    sides = (_asked(change.stationary), _asked(change.otherwise))
    return (point.number or "-", point.key, point.clause, *sides)


def _asked(outcome: Outcome) -> str:
    if outcome.state is State.MISSING:
        return "asked" if outcome.certain else "asked where it applies"
    reason = outcome.reason.in_language("en")[1]
    return f"{outcome.state.value}: {reason}" if reason else outcome.state.value
