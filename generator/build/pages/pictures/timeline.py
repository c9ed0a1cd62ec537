"""The public timeline of a battery: an upright line, and on it what happened, the first on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from generator.build.pages.language import Phrase
from generator.build.pages.pictures.svg import LINE, TOP, Figure, picture, plain

_INDENT = Decimal("1.5")
_EVENT = 2 * LINE + Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Event:
    """What happened and when; `when` says something else of it where no date is known."""

    what: Phrase
    when: Figure


def timeline(name: str, caption: Phrase, events: Sequence[Event]) -> Markup:
    """Draw events; "" for fewer than two, which need no picture."""
    if len(events) < 2:
        return Markup()
    last = TOP + (len(events) - 1) * _EVENT
    rule = Markup('<line x1=".5em" x2=".5em" y1="{}em" y2="{}em"/>').format(
        plain(TOP - Decimal("0.5")), plain(last - Decimal("0.5"))
    )
    marks = (_event(event, TOP + place * _EVENT) for place, event in enumerate(events))
    return picture(name, caption, last + LINE + Decimal("0.5"), (rule, *marks))


def _event(event: Event, base: Decimal) -> Markup:
    member = Markup(' data-member="{}"').format(event.when.member) if event.when.member else ""
    language = Markup(' lang="{}"').format(event.what.language) if event.what.language else ""
    return Markup(
        '<circle cx=".5em" cy="{}em" r=".3em"/><text x="{indent}em" y="{}em"{}>{}</text>\n'
        '<text x="{indent}em" y="{}em"{}>{}</text>'
    ).format(
        plain(base - Decimal("0.5")),
        plain(base),
        language,
        event.what.text,
        plain(base + LINE),
        member,
        event.when.text,
        indent=plain(_INDENT),
    )
