"""Legal transitions: how a battery's status may change, who holds it then, and who follows whom.

Spec: requirements 7; Art. 77(7). Another status than waste needs a new passport that is linked to
the original; waste keeps its passport and gets a new holder. Rules like those of `rules.py`.
"""

from collections.abc import Callable, Iterator

from passport.life.course import WASTE, Course
from passport.life.events import (
    Event,
    Predecessor,
    Recycled,
    ResponsibilityChange,
    StatusChange,
    Successor,
    Waste,
    status_after,
)
from passport.problems import Problem, Severity

_SECOND_LIFE = "Art. 77(7)"
_FOR_WASTE_TOO = ("preparation-for-re-use", "preparation-for-repurposing", "remanufacturing")


EventRule = Callable[[Event, Course], Iterator[Problem]]
"""Tells what speaks against an event; the course is the one before it."""


def _lawful_status(event: Event, course: Course) -> Iterator[Problem]:
    """A status changes by an operation of Art. 77(7) and a new passport, or by becoming waste."""
    what = event.what
    if not isinstance(what, StatusChange):
        return
    if what.status.code == WASTE:
        remedy = "write an event of the kind waste with holder and evidence instead"
        yield _unlawful(event, "a battery becomes waste with a new holder", remedy)
    elif what.operation is None or what.status.code != status_after(what.operation):
        yield _unlawful(
            event,
            "no operation of the Regulation leads to this status here",
            "name in operation the one that does; a new passport must follow",
        )
    else:
        yield from _fits_waste(event, what.operation.code, course)


def _fits_waste(event: Event, operation: str, course: Course) -> Iterator[Problem]:
    if course.waste and operation not in _FOR_WASTE_TOO:
        yield _unlawful(
            event,
            "this operation is one on batteries that are not waste, and this one is",
            f"name one of {', '.join(_FOR_WASTE_TOO)}",
        )


def _unlawful(event: Event, message: str, remedy: str) -> Problem:
    return Problem(event.place, "status", "status-jump", message, remedy, clause=_SECOND_LIFE)


def _waste_has_a_holder(event: Event, course: Course) -> Iterator[Problem]:
    if not isinstance(event.what, Waste):
        return
    if course.waste:
        yield Problem(
            event.place,
            "kind",
            "waste-twice",
            "the battery became waste before",
            "keep one of the two; write responsibility-change for a further holder",
        )
    if not event.what.holder or not event.what.evidence:
        yield Problem(
            event.place,
            "holder",
            "waste-without-holder",
            "nobody is named who holds the waste battery now, with evidence",
            "name a producer, its organisation or a waste operator in holder, and evidence",
            clause=_SECOND_LIFE,
        )


def _moves_to_another(event: Event, course: Course) -> Iterator[Problem]:
    if isinstance(event.what, ResponsibilityChange) and event.what.holder == course.holder:
        yield Problem(
            event.place,
            "holder",
            "same-holder",
            f"{course.holder} is responsible already",
            "name the new one, or leave the event out",
            severity=Severity.WARNING,
        )


def _successors_agree(event: Event, course: Course) -> Iterator[Problem]:
    what = event.what
    if not isinstance(what, Successor):
        return
    if what.uri == course.beginning.uri:
        yield _own_relative(event, "successor")
    known = [each.what for each in course.successors if isinstance(each.what, Successor)]
    if any(each.uri == what.uri for each in known):
        yield Problem(
            event.place,
            "successor",
            "successor-twice",
            "this successor is named already",
            "keep one of the two",
            clause=_SECOND_LIFE,
        )
    operations = {each.operation for each in known}
    changed = course.status_at.what if course.status_at else None
    if isinstance(changed, StatusChange) and changed.operation:
        operations.add(changed.operation)
    if operations - {what.operation}:
        yield Problem(
            event.place,
            "operation",
            "successors-contradict",
            "an earlier event names another operation for the battery's next life",
            "one operation ends a life: mend the wrong one, or withdraw it",
            clause=_SECOND_LIFE,
        )
    elif not known:
        yield from _fits_waste(event, what.operation.code, course)


def _made_from_others(event: Event, course: Course) -> Iterator[Problem]:
    what = event.what
    if not isinstance(what, Predecessor):
        return
    if course.beginning.uri in what.uris:
        yield _own_relative(event, "predecessors")
    if len(set(what.uris)) < len(what.uris):
        yield Problem(
            event.place,
            "predecessors",
            "predecessor-twice",
            "a predecessor is named twice",
            "name each once",
            clause=_SECOND_LIFE,
        )
    if course.predecessors:
        yield Problem(
            event.place,
            "kind",
            "made-twice",
            f"another event names its predecessors ({course.predecessors.line})",
            "name all of them in one event",
            clause=_SECOND_LIFE,
        )
    if course.placed and event.time.day > course.placed:
        yield Problem(
            event.place,
            "time",
            "made-after-placing",
            f"it was placed on the market on {course.placed}, before it was made",
            "write the day on which the operation was finished",
            clause=_SECOND_LIFE,
        )


def _own_relative(event: Event, path: str) -> Problem:
    return Problem(
        event.place,
        path,
        "own-relative",
        "a battery is named as its own predecessor or successor",
        "name the other passport's product URI",
        clause=_SECOND_LIFE,
    )


def _recycled_as_waste(event: Event, course: Course) -> Iterator[Problem]:
    if isinstance(event.what, Recycled) and not course.waste and not course.was_replaced:
        yield Problem(
            event.place,
            "kind",
            "recycled-without-waste",
            "no event tells who held the battery as waste before it was recycled",
            "add the event of the kind waste with holder and evidence",
            clause=_SECOND_LIFE,
            severity=Severity.WARNING,
        )


SUCCESSION_RULES: tuple[EventRule, ...] = (
    _lawful_status,
    _waste_has_a_holder,
    _moves_to_another,
    _successors_agree,
    _made_from_others,
    _recycled_as_waste,
)
