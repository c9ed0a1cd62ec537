"""The life of a battery: its events folded into what holds now, public and restricted apart.

Spec: requirements 7; Art. 77(7), (8), Annex XIII point 4. `PublicLife` is all that a passport, a
page, a list of versions or a tombstone may know; it has no member for the battery's status, its
condition or what happened to it. `BatteryCondition` holds those and goes to sealing only. Folding
does not depend on the order in which events were written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from passport.identifiers import DppId, ProductUri
from passport.life.course import Beginning, Course, StatusMoment
from passport.life.events import (
    Correction,
    Event,
    Kind,
    Moment,
    Predecessor,
    StatusChange,
    Successor,
)
from passport.life.rules import broken_rules
from passport.model import Element
from passport.problems import Findings, Problem, Severity
from passport.registry import DataPoint, Group, registry


class PassportStatus(StrEnum):
    """The passport's own status (`dppStatus`), which anyone may know."""

    CURRENT = "current"
    REPLACED = "replaced"
    CEASED = "ceased"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLife:
    """What anyone may know of a battery's life.

    `holder` is the slug of the operator responsible now. `changed_on` is the day of the last event
    that changed any of this, None when there was none.
    """

    passport_status: PassportStatus
    holder: str
    placed_on_market: date | None
    predecessors: tuple[ProductUri, ...] = ()
    successors: tuple[ProductUri, ...] = ()
    ceased_on: date | None = None
    changed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryCondition:
    """Point 4 of one battery, for the group `xiii-4`; nothing that renders or logs takes it.

    `elements` are in the registry's order, `status` is a code of `battery_status`, `history` are
    the events that count, in their order.
    """

    battery: DppId
    status: str
    elements: tuple[Element, ...]
    history: tuple[Event, ...]
    changed_on: date | None

    @property
    def group(self) -> Group:
        """The point of Annex XIII that it belongs to."""
        return Group.INTEREST_BATTERY


@dataclass(frozen=True, slots=True)
class DueValues:
    """A moment at which point 4(a) asks for values, and the keys that were stated for it."""

    moment: StatusMoment
    stated: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Everything that events say of one battery."""

    public: PublicLife
    condition: BatteryCondition
    due: tuple[DueValues, ...]


def fold(events: Iterable[Event], beginning: Beginning, as_of: date, findings: Findings) -> Life:
    """Fold the events of one battery; what can't have happened is noted and left out.

    Only what happened by `as_of` counts. Without events the row alone speaks: a current passport
    of an original battery.
    """
    ordered = tuple(_in_order(events))
    course = Course.of(beginning, _placing(ordered))
    for event in _counting(ordered, course, as_of, findings):
        problems = tuple(broken_rules(event, course))
        findings.extend(problems)
        if all(each.severity is not Severity.ERROR for each in problems):
            course.take(event)
    findings.extend(_unfinished(course))
    return Life(public=_public(course), condition=_condition(course), due=_due(course, as_of))


def due_points() -> tuple[DataPoint, ...]:
    """The data points of point 4(a), due at placing on the market and with each new status."""
    return tuple(p for p in registry().data_points if p.clause.startswith("Annex XIII 4(a)"))


def _placing(events: Iterable[Event]) -> date | None:
    """The day that events tell of placing on the market, known before the first of them."""
    return next((each.time.day for each in events if each.kind is Kind.PLACED_ON_MARKET), None)


def _in_order(events: Iterable[Event]) -> Iterator[Event]:
    """By day; within a day by the clock if every event has one, else as lives go."""
    ordered = sorted(events, key=lambda event: event.time.day)
    for _, group in groupby(ordered, key=lambda event: event.time.day):
        of_day = list(group)
        has_clocks = all(event.time.clock for event in of_day)
        yield from sorted(of_day, key=lambda event: _in_a_day(event, has_clocks=has_clocks))


def _in_a_day(event: Event, *, has_clocks: bool) -> tuple[str, int, str, str]:
    clock = event.time.clock
    return clock if has_clocks else "", _ORDER[event.kind], clock, repr(event.what)


_ORDER = {kind: number for number, kind in enumerate(Kind)}


def _counting(
    events: Iterable[Event], course: Course, as_of: date, findings: Findings
) -> Iterator[Event]:
    """The events that happened and were not withdrawn, corrections applied and kept."""
    happened = []
    for event in events:
        if event.time.day > as_of:
            findings.error(
                event.place,
                "time",
                "future-event",
                f"this has not happened yet on {as_of}",
                "mend time, or write the event once it has happened",
            )
        else:
            happened.append(event)
    withdrawn = _withdrawn(happened, course, findings)
    yield from (event for event in happened if (event.kind, event.time) not in withdrawn)


def _withdrawn(
    happened: list[Event], course: Course, findings: Findings
) -> frozenset[tuple[Kind, Moment]]:
    """Kind and moment of what corrections withdraw; a correction itself can't be withdrawn."""
    withdrawn = set()
    for number, event in enumerate(happened):
        if not isinstance(event.what, Correction):
            continue
        wrong = (event.what.withdraws, event.what.at)
        before = {(each.kind, each.time) for each in happened[:number]}
        if wrong in before and event.what.withdraws is not Kind.CORRECTION:
            withdrawn.add(wrong)
            course.changed(event.what.withdraws, event.time.day)
        else:
            findings.error(
                event.place,
                "at",
                "nothing-to-withdraw",
                f"no event of this kind and moment comes before: {event.what.at}",
                "write kind and time of the wrong event exactly as they stand in its line",
            )
    return frozenset(withdrawn)


def _unfinished(course: Course) -> Iterator[Problem]:
    changed = course.status_at
    is_waiting = changed is not None and isinstance(changed.what, StatusChange)
    if changed is not None and is_waiting and not course.was_replaced:
        yield Problem(
            changed.place,
            "operation",
            "successor-missing",
            "the battery's next life needs a passport of its own",
            "add an event of the kind successor that links to it",
            clause="Art. 77(7)",
            severity=Severity.WARNING,
        )


def _public(course: Course) -> PublicLife:
    made_from = course.predecessors.what if course.predecessors else None
    links = (event.what for event in course.successors)
    return PublicLife(
        passport_status=_passport_status(course),
        holder=course.holder,
        placed_on_market=course.placed,
        predecessors=made_from.uris if isinstance(made_from, Predecessor) else (),
        successors=tuple(link.uri for link in links if isinstance(link, Successor)),
        ceased_on=course.ceased.time.day if course.ceased else None,
        changed_on=course.public_change,
    )


def _passport_status(course: Course) -> PassportStatus:
    if course.ceased:
        return PassportStatus.CEASED
    return PassportStatus.REPLACED if course.was_replaced else PassportStatus.CURRENT


def _condition(course: Course) -> BatteryCondition:
    return BatteryCondition(
        battery=course.beginning.dpp_id,
        status=course.status,
        elements=course.elements(),
        history=tuple(course.taken),
        changed_on=course.restricted_change,
    )


def _due(course: Course, as_of: date) -> tuple[DueValues, ...]:
    """A statement counts for the moment that it follows and for the one that it leads up to."""
    moments = list(course.moments)
    if course.placed is not None and course.placed <= as_of:
        placing = StatusMoment(course.placed, Kind.PLACED_ON_MARKET, course.beginning.place)
        moments.insert(0, placing)
    days = [date.min, *(moment.day for moment in moments), date.max]
    return tuple(
        DueValues(moment, _stated_between(course, days[number], days[number + 2]))
        for number, moment in enumerate(moments)
    )


def _stated_between(course: Course, after: date, before: date) -> frozenset[str]:
    """Keys stated later than the moment before, and earlier than the moment after."""
    return frozenset(
        key for key, days in course.stated.items() if any(after < day < before for day in days)
    )
