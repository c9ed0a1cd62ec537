"""Batteries: dates of one row that can't be right.

These run once a battery, so they compare before they build any text.
"""

from collections.abc import Iterator
from datetime import date

from passport.checks.context import CheckContext
from passport.checks.figures import FAR, FIRST_YEAR
from passport.model import Battery
from passport.problems import Problem, Severity
from passport.values import YearMonth


def made_before_placed(battery: Battery, _: CheckContext) -> Iterator[Problem]:
    """A battery is manufactured before it is placed on the market."""
    placed, made = battery.placed_on_market, battery.manufactured
    if placed is not None and (made.year, made.month) > (placed.year, placed.month):
        yield Problem(
            battery.place,
            "manufactured",
            "made-after-placed",
            f"{made} is after placed_on_market of {placed}",
            "mend the wrong one",
            clause="Annex VI A (4)",
        )


def dates_are_plausible(battery: Battery, context: CheckContext) -> Iterator[Problem]:
    """No date is before 1990; none lies more than a year ahead."""
    made, placed = battery.manufactured, battery.placed_on_market
    latest = context.as_of + FAR
    if made.year < FIRST_YEAR or (made.year, made.month) > (latest.year, latest.month):
        yield _implausible(battery, "manufactured", made, ahead=made.year >= FIRST_YEAR)
    if placed is not None and (placed.year < FIRST_YEAR or placed > latest):
        yield _implausible(battery, "placed_on_market", placed, ahead=placed.year >= FIRST_YEAR)


def _implausible(battery: Battery, column: str, found: date | YearMonth, *, ahead: bool) -> Problem:
    return Problem(
        battery.place,
        column,
        "implausible-date",
        f"{found} is {'far in the future' if ahead else 'long ago'}",
        "mend the year, if it is mistyped",
        severity=Severity.WARNING,
    )
