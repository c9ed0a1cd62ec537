"""Lives: who holds a battery, whom it is linked to, and which values its events owe.

Spec: requirements 7; Art. 77(7), Annex XIII point 4(a). What can't have happened to one battery is
for `passport.life.life`; here a life is held against operators, its model and other lives. Messages
name no battery status and no value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter

from passport import scope
from passport.applicability import REQUIRED_FROM, State, is_certain, without_value
from passport.checks.context import CheckContext
from passport.identifiers import ProductUri
from passport.life.events import Event, ResponsibilityChange, Waste
from passport.life.life import DueValues, Life, PublicLife, due_points
from passport.model import BatteryModel
from passport.problems import Place, Problem, Severity

WASTE_HOLDERS = ("producer", "producer-responsibility-organisation", "waste-operator")
"""Who may hold a waste battery's passport (Art. 77(7))."""

_SECOND_LIFE = "Art. 77(7)"


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeContent:
    """The life of one battery; `asked` are the keys of `asked_for` its model."""

    life: Life
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """The public life of a battery and where its first event stands, for links between sites."""

    uri: ProductUri
    life: PublicLife
    place: Place


def asked_for(model: BatteryModel, guidance: str) -> tuple[str, ...]:
    """The keys of point 4(a) that guidance surely asks of a model's batteries."""
    if scope.is_outside(model):
        return ()
    return tuple(
        point.key
        for point in due_points()
        if is_certain(point, model, guidance)
        and without_value(point, model, guidance, date.max).state is not State.NOT_APPLICABLE
    )


def holders_exist(content: LifeContent, context: CheckContext) -> Iterator[Problem]:
    """Whoever an event names as responsible is an operator, and may hold waste if it is that."""
    for event in content.life.condition.history:
        match event.what:
            case ResponsibilityChange(holder, _) if holder not in context.operators:
                yield _unknown_holder(event, holder)
            case Waste(holder, _) if holder not in context.operators:
                yield _unknown_holder(event, holder)
            case Waste(holder, _):
                if not context.operators[holder].holds(WASTE_HOLDERS, event.time.day):
                    yield Problem(
                        event.place,
                        "holder",
                        "no-waste-holder",
                        f"{holder} was not recorded then as one who takes waste batteries",
                        f"mend its roles ({', '.join(WASTE_HOLDERS)}), or name another operator",
                        clause=_SECOND_LIFE,
                    )


def values_are_due(content: LifeContent, context: CheckContext) -> Iterator[Problem]:
    """Values of point 4(a) are stated at placing on the market and with each new status.

    Of batteries that need no passport by their date only those with events are told, as warnings.
    """
    life = content.life
    placed = life.public.placed_on_market
    needs_one = placed is not None and placed >= REQUIRED_FROM
    if not (needs_one or life.condition.history):
        return
    for due in life.due:
        lacking = [key for key in content.asked if key not in due.stated]
        if lacking:
            is_late = needs_one and due.moment.day >= REQUIRED_FROM
            yield _lacking(due, lacking, Severity.ERROR if is_late else Severity.WARNING)


def links_agree(lives: Mapping[ProductUri, Linked]) -> Iterator[Problem]:
    """Links between passports of one site stand on both sides, and never lead back.

    What another site says can't be read here; whoever verifies a passport there sees it.
    """
    for linked in lives.values():
        for uri in linked.life.successors:
            yield from _answered(linked, uri, lives, "successor")
        for uri in linked.life.predecessors:
            yield from _answered(linked, uri, lives, "predecessors")
    yield from _cycles(lives)


def _answered(
    linked: Linked, uri: ProductUri, lives: Mapping[ProductUri, Linked], path: str
) -> Iterator[Problem]:
    if uri.base_url != linked.uri.base_url:
        return
    other = lives.get(uri)
    back = () if other is None else _back_links(other.life, path)
    if linked.uri not in back:
        kind = "predecessor" if path == "successor" else "successor"
        yield Problem(
            linked.place,
            path,
            "one-sided-link",
            f"{uri} does not link back",
            f"add an event of the kind {kind} to that battery, or mend the link",
            clause=_SECOND_LIFE,
            severity=Severity.WARNING,
        )


def _back_links(life: PublicLife, path: str) -> tuple[ProductUri, ...]:
    return life.predecessors if path == "successor" else life.successors


def _cycles(lives: Mapping[ProductUri, Linked]) -> Iterator[Problem]:
    follows: dict[str, set[str]] = {}
    for linked in lives.values():
        follows.setdefault(str(linked.uri), set()).update(map(str, linked.life.predecessors))
        for uri in linked.life.successors:
            follows.setdefault(str(uri), set()).add(str(linked.uri))
    try:
        TopologicalSorter(follows).prepare()
    except CycleError as error:
        members = [str(uri) for uri in error.args[1]]
        places = [linked.place for linked in lives.values() if str(linked.uri) in members]
        yield Problem(
            min(places),
            "successor",
            "link-cycle",
            f"a battery is its own ancestor: {' -> '.join(reversed(members))}",
            "withdraw the link that is wrong with a correction",
            clause=_SECOND_LIFE,
        )


def _lacking(due: DueValues, lacking: list[str], severity: Severity) -> Problem:
    moment = due.moment
    return Problem(
        moment.place,
        "kind" if moment.place.file.endswith(".jsonl") else "serial",
        "values-due",
        f"values of point 4(a) that are due here are not stated: {', '.join(lacking)}",
        "add an event of the kind measurement; what can't be found goes into not_determined",
        clause="Annex XIII 4(a)",
        severity=severity,
    )


def _unknown_holder(event: Event, holder: str) -> Problem:
    return Problem(
        event.place,
        "holder",
        "unknown-operator",
        f"there is no operator {holder!r}",
        f"add content/operators/{holder}.yaml, or name another",
    )
