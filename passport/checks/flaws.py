"""Flaws: what an element check finds, told so that restricted values stay out of sight.

A check of one element does not know who reads its message. It puts the offending value in a field
of its own; the value is shown for public data points only, and named by its data point otherwise.
"""

from dataclasses import dataclass

from passport.checks.context import Stated
from passport.problems import Problem, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing wrong with an element.

    `below` is where in the value, as in `[0].cas`; `message` says `{value}` where `value` belongs
    and holds no other part of what was stated. `remedy` holds none at all.
    """

    rule: str
    message: str
    remedy: str
    value: str = ""
    below: str = ""
    severity: Severity = Severity.ERROR


def told(flaw: Flaw, about: Stated) -> Problem:
    """Turn a flaw into a problem at the place of its element."""
    point = about.element.point
    shown = flaw.value if point.is_public else "a value (not shown: restricted)"
    return Problem(
        place=about.element.place,
        path=f"{about.path}{flaw.below}",
        rule=flaw.rule,
        message=flaw.message.replace("{value}", shown),
        remedy=flaw.remedy,
        severity=flaw.severity,
        clause=point.clause,
    )
