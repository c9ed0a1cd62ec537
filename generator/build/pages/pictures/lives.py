"""What the timeline of a passport tells: what anyone may know, and of that the dates.

Manufacture as the passport states it, placing on the market, versions, linked passports. Nothing
of Annex XIII point 4 comes here: a plan holds none of it. A passport that ceased has no timeline,
since only its face is left.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from markupsafe import Markup

from generator.build.issue import Issued
from generator.build.pages.language import Language, Phrase, message
from generator.build.pages.pictures.svg import Figure
from generator.build.pages.pictures.timeline import Event, timeline
from generator.build.plan import PassportPlan
from passport.identifiers import ProductUri
from passport.values import YearMonth
from passport.version_history import PastVersion

_MADE = "manufacturing_date"
_MOST_VERSIONS = 6
"""So many at most are drawn, the first among them; `versions.json` has all."""
_Dated = tuple[date, Event]


def battery_timeline(
    plan: PassportPlan, issued: Issued, versions: Sequence[PastVersion], language: Language
) -> Markup:
    """Draw the timeline of a passport; "" where there is but one thing to tell."""
    if not plan.elements:
        return Markup()
    dated = sorted((*_life(plan, language), *_versions(issued, versions, language)), key=_first)
    events = (
        *_linked(language.phrase(message("Earlier passport")), plan.life.predecessors),
        *(event for _, event in dated),
        *_linked(language.phrase(message("Later passport")), plan.life.successors),
    )
    return timeline("timeline", language.phrase(message("Timeline")), events)


def _life(plan: PassportPlan, language: Language) -> Iterator[_Dated]:
    made = next((each for each in plan.elements if each.point.key == _MADE), None)
    if made is not None and isinstance(made.value, YearMonth):
        month = Figure(language.month(made.value), f"{made.point.member}/value")
        first = date(made.value.year, made.value.month, 1)
        yield first, Event(language.label(made.point.label), month)
    placed = plan.life.placed_on_market
    if placed is not None:
        what = language.phrase(message("Placed on the market"))
        yield placed, Event(what, Figure(language.day(placed)))


def _versions(
    issued: Issued, versions: Sequence[PastVersion], language: Language
) -> Iterator[_Dated]:
    begun = [(each.version, each.valid_from.date()) for each in versions]
    begun = begun or [(issued.version, issued.time.date())]
    shown = begun if len(begun) <= _MOST_VERSIONS else [begun[0], *begun[1 - _MOST_VERSIONS :]]
    version = language.phrase("Version")
    for number, day in shown:
        what = Phrase(f"{version} {number}", version.language)
        yield day, Event(what, Figure(language.day(day)))


def _first(dated: _Dated) -> date:
    return dated[0]


def _linked(what: Phrase, products: Iterable[ProductUri]) -> Iterator[Event]:
    for uri in products:
        yield Event(what, Figure(uri.key.segments[-1]))
