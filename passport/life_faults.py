"""How a life's rules say what is wrong with an event, and the faults that need no course.

A fault names a member of the event's line; where the line stands is added when it is told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from passport.course import Course
from passport.events import Correction, Event
from passport.problems import Place, Problem, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with an event; `path` is the member that a person should look at."""

    path: str
    rule: str
    message: str
    remedy: str
    clause: str = ""
    severity: Severity = Severity.ERROR


EventRule = Callable[[Event, Course], Iterator[Fault]]
"""Tells what speaks against an event; the course is the one before it."""


def told(fault: Fault, place: Place) -> Problem:
    """Turn a fault into a problem at a place."""
    return Problem(
        place=place,
        path=fault.path,
        rule=fault.rule,
        message=fault.message,
        remedy=fault.remedy,
        severity=fault.severity,
        clause=fault.clause,
    )


def is_in_future(event: Event, as_of: date) -> bool:
    """Whether an event lies after the day that content is judged on."""
    return event.time.day > as_of


def future(event: Event, as_of: date) -> Problem:
    """Tell that an event has not happened yet."""
    fault = Fault(
        path="time",
        rule="future-event",
        message=f"this has not happened yet on {as_of}",
        remedy="mend time, or write the event once it has happened",
    )
    return told(fault, event.place)


def withdraws_nothing(event: Event, correction: Correction) -> Problem:
    """Tell that a correction names no event that came before it."""
    fault = Fault(
        path="at",
        rule="nothing-to-withdraw",
        message=f"no event of this kind and moment comes before: {correction.at}",
        remedy="write kind and time of the wrong event exactly as they stand in its line",
    )
    return told(fault, event.place)


def line_of(event: Event) -> str:
    """Say where an event stands, within a message about another."""
    return f"{event.place.file}:{event.place.line}"
