"""Checking lives: each battery's events are read, folded and held against all else, one by one.

Only counts and public parts of a life stay in memory. What comes out is problems, and for each
model how many of its batteries state which data points of point 4.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from generator.content.load import Content
from passport.applicability import REQUIRED_FROM
from passport.checks.context import CheckContext, LivesOfModel
from passport.checks.lives import LifeContent, Linked, asked_for, links_agree
from passport.checks.table import check_life
from passport.identifiers import DppId, ProductUri
from passport.life.events import STATUS_POINT
from passport.life.life import Life
from passport.model import Battery
from passport.problems import Findings, Problem


@dataclass(slots=True)
class _Tally:
    """What the batteries of one model state."""

    due: int = 0
    stated_by_due: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)

    def count(self, life: Life, *, is_due: bool) -> None:
        keys = [
            element.point.key
            for element in life.condition.elements
            if element.point.key != STATUS_POINT or life.condition.history
        ]
        self.due += is_due
        self.stated.update(keys)
        if is_due:
            self.stated_by_due.update({*keys, STATUS_POINT})


def check_lives(
    content: Content, context: CheckContext, guidance: str, findings: Findings
) -> Mapping[str, LivesOfModel]:
    """Fold and check every life that has events or owes values; problems go to `findings`."""
    tallies = {slug: _Tally() for slug in context.models}
    asked = {slug: asked_for(model, guidance) for slug, model in context.models.items()}
    lives = content.lives(context.as_of)
    told = content.events.batteries
    unknown = set(told)
    linked: dict[ProductUri, Linked] = {}
    for model, battery, uri in content.identified(_may_have_lives(content, context)):
        name = str(DppId.of(uri.key))
        unknown.discard(name)
        is_due = _is_due(battery, context)
        if name not in told and not is_due:
            continue
        life = lives.of(model, battery, findings)
        tallies[model.slug].count(life, is_due=is_due)
        findings.extend(check_life(LifeContent(life=life, asked=asked[model.slug]), context))
        if name in told and (life.public.successors or life.public.predecessors):
            linked[uri] = Linked(uri, life.public, content.events.place(name))
    findings.extend(links_agree(linked))
    findings.extend(_unknown_batteries(unknown, content, context))
    return {slug: _summed(tally) for slug, tally in tallies.items()}


def _may_have_lives(content: Content, context: CheckContext) -> Iterable[Battery]:
    if content.events.batteries:
        return content.batteries
    return (battery for battery in content.batteries if _is_due(battery, context))


def _is_due(battery: Battery, context: CheckContext) -> bool:
    placed = battery.placed_on_market
    return placed is not None and REQUIRED_FROM <= placed <= context.as_of


def _unknown_batteries(
    unknown: set[str], content: Content, context: CheckContext
) -> Iterator[Problem]:
    if context.unread_models:
        return
    for name in sorted(unknown - {""}):
        yield Problem(
            content.events.place(name),
            "battery",
            "unknown-battery",
            "no battery of this project has this dppId",
            "copy it from `cellfolio list`, or add the battery to a lot",
        )


def _summed(tally: _Tally) -> LivesOfModel:
    return LivesOfModel(
        due=tally.due,
        stated_by_due=tuple(tally.stated_by_due.items()),
        stated=tuple(tally.stated.items()),
    )
