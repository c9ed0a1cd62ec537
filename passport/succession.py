"""Legal transitions: how a battery's status may change, who holds it then, and who follows whom.

Spec: requirements 7; Art. 77(7). Another status than waste needs a new passport that is linked to
the original; waste keeps its passport and gets a new holder. Rules like those of `life_rules.py`.
"""

from collections.abc import Iterator

from passport.course import WASTE, Course
from passport.events import (
    Event,
    Predecessor,
    Recycled,
    ResponsibilityChange,
    StatusChange,
    Successor,
    Waste,
    status_after,
)
from passport.life_faults import EventRule, Fault, line_of
from passport.problems import Severity

_SECOND_LIFE = "Art. 77(7)"
_FOR_WASTE_TOO = ("preparation-for-re-use", "preparation-for-repurposing", "remanufacturing")


def _lawful_status(event: Event, course: Course) -> Iterator[Fault]:
    """A status changes by an operation of Art. 77(7) and a new passport, or by becoming waste."""
    what = event.what
    if not isinstance(what, StatusChange):
        return
    if what.status.code == WASTE:
        remedy = "write an event of the kind waste with holder and evidence instead"
        yield _unlawful("a battery becomes waste with a new holder", remedy)
    elif what.operation is None or what.status.code != status_after(what.operation):
        yield _unlawful(
            "no operation of the Regulation leads to this status here",
            "name in operation the one that does; a new passport must follow",
        )
    else:
        yield from _fits_waste(what.operation.code, course)


def _fits_waste(operation: str, course: Course) -> Iterator[Fault]:
    if course.waste and operation not in _FOR_WASTE_TOO:
        yield _unlawful(
            "this operation is one on batteries that are not waste, and this one is",
            f"name one of {', '.join(_FOR_WASTE_TOO)}",
        )


def _unlawful(message: str, remedy: str) -> Fault:
    return Fault(
        path="status", rule="status-jump", message=message, remedy=remedy, clause=_SECOND_LIFE
    )


def _waste_has_a_holder(event: Event, course: Course) -> Iterator[Fault]:
    if not isinstance(event.what, Waste):
        return
    if course.waste:
        yield Fault(
            path="kind",
            rule="waste-twice",
            message="the battery became waste before",
            remedy="keep one of the two; write responsibility-change for a further holder",
        )
    if not event.what.holder or not event.what.evidence:
        yield Fault(
            path="holder",
            rule="waste-without-holder",
            message="nobody is named who holds the waste battery now, with evidence",
            remedy="name a producer, its organisation or a waste operator in holder, and evidence",
            clause=_SECOND_LIFE,
        )


def _moves_to_another(event: Event, course: Course) -> Iterator[Fault]:
    if isinstance(event.what, ResponsibilityChange) and event.what.holder == course.holder:
        yield Fault(
            path="holder",
            rule="same-holder",
            message=f"{course.holder} is responsible already",
            remedy="name the new one, or leave the event out",
            severity=Severity.WARNING,
        )


def _successors_agree(event: Event, course: Course) -> Iterator[Fault]:
    what = event.what
    if not isinstance(what, Successor):
        return
    if what.uri == course.beginning.uri:
        yield _own_relative("successor")
    known = [each.what for each in course.successors if isinstance(each.what, Successor)]
    if any(each.uri == what.uri for each in known):
        yield Fault(
            path="successor",
            rule="successor-twice",
            message="this successor is named already",
            remedy="keep one of the two",
            clause=_SECOND_LIFE,
        )
    operations = {each.operation for each in known}
    changed = course.status_at.what if course.status_at else None
    if isinstance(changed, StatusChange) and changed.operation:
        operations.add(changed.operation)
    if operations - {what.operation}:
        yield Fault(
            path="operation",
            rule="successors-contradict",
            message="an earlier event names another operation for the battery's next life",
            remedy="one operation ends a life: mend the wrong one, or withdraw it",
            clause=_SECOND_LIFE,
        )
    elif not known:
        yield from _fits_waste(what.operation.code, course)


def _made_from_others(event: Event, course: Course) -> Iterator[Fault]:
    what = event.what
    if not isinstance(what, Predecessor):
        return
    if course.beginning.uri in what.uris:
        yield _own_relative("predecessors")
    if len(set(what.uris)) < len(what.uris):
        yield Fault(
            path="predecessors",
            rule="predecessor-twice",
            message="a predecessor is named twice",
            remedy="name each once",
            clause=_SECOND_LIFE,
        )
    if course.predecessors:
        yield Fault(
            path="kind",
            rule="made-twice",
            message=f"another event names its predecessors ({line_of(course.predecessors)})",
            remedy="name all of them in one event",
            clause=_SECOND_LIFE,
        )
    if course.placed and event.time.day > course.placed:
        yield Fault(
            path="time",
            rule="made-after-placing",
            message=f"it was placed on the market on {course.placed}, before it was made",
            remedy="write the day on which the operation was finished",
            clause=_SECOND_LIFE,
        )


def _own_relative(path: str) -> Fault:
    return Fault(
        path=path,
        rule="own-relative",
        message="a battery is named as its own predecessor or successor",
        remedy="name the other passport's product URI",
        clause=_SECOND_LIFE,
    )


def _recycled_as_waste(event: Event, course: Course) -> Iterator[Fault]:
    if isinstance(event.what, Recycled) and not course.waste and not course.was_replaced:
        yield Fault(
            path="kind",
            rule="recycled-without-waste",
            message="no event tells who held the battery as waste before it was recycled",
            remedy="add the event of the kind waste with holder and evidence",
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
