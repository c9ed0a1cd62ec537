"""How long a passport and the papers behind it must be kept: three clocks that delete nothing.

Regulation (EU) 2023/1542: the passport lasts until the battery has been recycled (Art. 77(8)), the
EU declaration of conformity and the technical file ten years after placing on the market
(Art. 38). The third clock is the operator's own promise. Knows dates only.
"""

from dataclasses import dataclass
from datetime import date

DECLARATION_YEARS = 10

UNTIL_RECYCLED = "until recycled"


@dataclass(frozen=True, slots=True)
class Retention:
    """The dates of one battery; None while its placing on the market has no date."""

    declaration_until: date | None
    promise_until: date | None


def retention(placed_on_market: date | None, promised_years: int) -> Retention:
    """Work out the clocks of a battery."""
    if placed_on_market is None:
        return Retention(None, None)
    return Retention(
        _years_after(placed_on_market, DECLARATION_YEARS),
        _years_after(placed_on_market, promised_years),
    )


def _years_after(day: date, years: int) -> date:
    """A period that begins on 29 February ends on 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
