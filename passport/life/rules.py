"""What can't have happened: rules between an event and all that came before it.

Spec: requirements 7; Art. 77(8). Each rule is one function in a table and sees the course before
its event; `succession.py` has those of the legal transitions. A message names neither values nor
what kind of restricted event it is about: it is printed in logs, and whoever may open the file
finds the line.
"""

from collections.abc import Iterator

from passport.life.course import Course, bounds_of, hours_of, last_incident
from passport.life.events import (
    Event,
    Histogram,
    Kind,
    Measurement,
    PlacedOnMarket,
    PutIntoService,
    Repair,
)
from passport.life.succession import SUCCESSION_RULES, EventRule
from passport.problems import Problem, Severity
from passport.values import Quantity

_SECOND_LIFE, _CESSATION = "Art. 77(7)", "Art. 77(8)"
_BEFORE_PLACING = (
    Kind.PREDECESSOR,
    Kind.PLACED_ON_MARKET,
    Kind.MEASUREMENT,
    Kind.NEGATIVE_EVENT,
    Kind.CORRECTION,
)
_AFTER_SUCCESSOR = (
    Kind.SUCCESSOR,
    Kind.RESPONSIBILITY_CHANGE,
    Kind.RECYCLED,
    Kind.CORRECTION,
)
_COUNTERS = (
    "full_cycles",
    "energy_throughput",
    "capacity_throughput",
    "time_above_temperature_limit",
    "time_below_temperature_limit",
    "charging_time_above_temperature_limit",
    "charging_time_below_temperature_limit",
)


def broken_rules(event: Event, course: Course) -> Iterator[Problem]:
    """Tell everything that speaks against an event, at its line."""
    for rule in RULES:
        yield from rule(event, course)


def _after_manufacture(event: Event, course: Course) -> Iterator[Problem]:
    made = course.beginning.manufactured
    if (event.time.day.year, event.time.day.month) < (made.year, made.month):
        yield Problem(
            event.place,
            "time",
            "before-manufacture",
            f"this lies before the battery was manufactured in {made}",
            "mend time here, or manufactured in the battery's row",
        )


def _after_placing(event: Event, course: Course) -> Iterator[Problem]:
    if event.kind in _BEFORE_PLACING or course.placed is None:
        return
    if event.time.day < course.placed:
        yield Problem(
            event.place,
            "time",
            "before-placing",
            f"this lies before the battery was placed on the market on {course.placed}",
            "mend time here, or placed_on_market in the battery's row",
        )


def _before_cessation(event: Event, course: Course) -> Iterator[Problem]:
    if course.ceased:
        yield Problem(
            event.place,
            "time",
            "after-recycling",
            f"nothing happens to a battery after it was recycled ({course.ceased.line})",
            "mend time, or withdraw the event that is wrong with a correction",
            clause=_CESSATION,
        )


def _before_succession(event: Event, course: Course) -> Iterator[Problem]:
    if course.was_replaced and not course.ceased and event.kind not in _AFTER_SUCCESSOR:
        yield Problem(
            event.place,
            "time",
            "after-successor",
            "a new passport continues this one: what happens to the battery belongs there",
            "write the event for the successor's battery, or mend time",
            clause=_SECOND_LIFE,
        )


def _told_once(event: Event, course: Course) -> Iterator[Problem]:
    for earlier in reversed(course.taken):
        if earlier.time.day != event.time.day:
            return
        if (earlier.time, earlier.what) == (event.time, event.what):
            yield Problem(
                event.place,
                "kind",
                "duplicate-event",
                f"this event is told already ({earlier.line})",
                "keep one of the two",
            )


def _placed_once(event: Event, course: Course) -> Iterator[Problem]:
    if not isinstance(event.what, PlacedOnMarket):
        return
    row = course.beginning.placed_on_market
    if course.placing:
        yield Problem(
            event.place,
            "kind",
            "placed-twice",
            f"the battery was placed on the market before ({course.placing.line})",
            "a battery is placed on the market once: keep one of the two",
            clause="Art. 77(1)",
        )
    elif row is not None and row != event.time.day:
        yield Problem(
            event.place,
            "time",
            "placed-otherwise",
            f"its row says that it was placed on the market on {row}",
            "make both the same day, or leave the event out",
        )


def _in_service_once(event: Event, course: Course) -> Iterator[Problem]:
    if isinstance(event.what, PutIntoService) and course.service:
        yield Problem(
            event.place,
            "kind",
            "in-service-twice",
            f"the battery was put into service before ({course.service.line})",
            "keep the first of the two",
        )


def _values_agree(event: Event, course: Course) -> Iterator[Problem]:
    """Two measurements of one moment, or a counter that runs backwards."""
    if not isinstance(event.what, Measurement):
        return
    same = {
        element.point.key: element.value
        for earlier in course.taken
        if earlier.time == event.time and isinstance(earlier.what, Measurement)
        for element in earlier.what.elements
    }
    for element in event.what.elements:
        key = element.point.key
        if key in same and same[key] != element.value:
            yield Problem(
                event.place,
                "values",
                "contradictory-values",
                f"{key} is stated otherwise for the same moment",
                "keep the right one, or withdraw both with a correction and measure again",
            )
        earlier = course.values.get(key)
        if key in _COUNTERS and earlier and _falls(earlier.value, element.value):
            yield Problem(
                event.place,
                "values",
                "counter-falls",
                f"{key} is lower than it was before",
                "compare both events: what is counted over a life never falls",
                severity=Severity.WARNING,
            )


def _falls(earlier: object, later: object) -> bool:
    is_pair = isinstance(earlier, Quantity) and isinstance(later, Quantity)
    return is_pair and later.number < earlier.number  # type: ignore[attr-defined]


def _periods_fit(event: Event, course: Course) -> Iterator[Problem]:
    what = event.what
    if not isinstance(what, Histogram):
        return
    if what.begins > event.time.day:
        yield Problem(
            event.place,
            "from",
            "period-backwards",
            "the period begins after it ends",
            "write in from the day on which the record begins, in time the last one",
        )
        return
    overlaps = any(
        begins < event.time.day and what.begins < ends
        for begins, ends in course.periods.get(what.point, ())
    )
    if overlaps:
        yield Problem(
            event.place,
            "from",
            "overlapping-periods",
            "another record covers a part of this period, whose hours would count twice",
            "begin each record where the one before it ended",
        )
    spent = sum(hours_of(record) for record in what.records)
    if spent > ((event.time.day - what.begins).days + 1) * 24:
        yield Problem(
            event.place,
            "classes",
            "too-many-hours",
            "the classes hold more hours than the period has",
            "mend hours, or the period from `from` to `time`",
        )
    yield from _classes_fit(event, what)


def _classes_fit(event: Event, what: Histogram) -> Iterator[Problem]:
    for record in what.records:
        low, high = bounds_of(record)
        if low and high and low.number >= high.number:
            yield Problem(
                event.place,
                "classes",
                "class-backwards",
                "a class ends at or below its lower bound",
                "write the lower bound in lower, the upper in upper",
            )


def _mends_something(event: Event, course: Course) -> Iterator[Problem]:
    if not isinstance(event.what, Repair) or event.what.mends is None:
        return
    if last_incident(course, event.what.mends) is None:
        yield Problem(
            event.place,
            "mends",
            "nothing-to-mend",
            "no earlier event of this code is left to mend",
            "write the negative event first, or leave mends out",
        )


RULES: tuple[EventRule, ...] = (
    _before_cessation,
    _before_succession,
    _after_manufacture,
    _after_placing,
    _told_once,
    _placed_once,
    _in_service_once,
    _values_agree,
    _periods_fit,
    _mends_something,
    *SUCCESSION_RULES,
)
