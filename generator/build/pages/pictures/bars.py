"""Bars: amounts of one kind below each other, each under its name and its number.

They begin at zero and share one scale. An amount may be made of two parts, which follow each other
in one bar; the second is an outline. A limit is a line across the bar, said below it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

from generator.build.pages.language import Phrase
from generator.build.pages.pictures.svg import (
    LINE,
    NO_BREAK,
    TOP,
    Figure,
    bar,
    leader,
    paragraph,
    picture,
    span,
)

FULL, OPEN, LIMIT = "■", "□", "┃"
"""What a first part, a second one and a limit look like, for the words about them."""
_WHOLE = Decimal(100)
_PLUS = escape(f"{NO_BREAK}+{NO_BREAK}")


@dataclass(frozen=True, slots=True)
class Amount:
    """A part of a bar: what it measures, and how that is written."""

    number: Decimal
    figure: Figure


@dataclass(frozen=True, slots=True)
class Limit:
    """What an amount is held against."""

    number: Decimal
    said: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A named amount in one part or two."""

    name: Phrase
    parts: tuple[Amount, ...]
    limit: Limit | None = None

    @property
    def end(self) -> Decimal:
        """How far it reaches, its limit included."""
        total = sum((part.number for part in self.parts), Decimal(0))
        return max(total, self.limit.number) if self.limit else total


def bars(
    name: str,
    caption: Phrase,
    member: str,
    amounts: tuple[Bar, ...],
    notes: Iterable[Phrase] = (),
) -> Markup:
    """Draw amounts, and below them notes on how to read the picture; "" where all are zero."""
    longest = max((each.end for each in amounts), default=Decimal(0))
    if longest <= 0:
        return Markup()
    y, marks = TOP, []
    for each in amounts:
        drawn, y = _bar(each, _WHOLE / longest, y)
        marks.append(drawn)
    for note in notes:
        written, y = paragraph(note, y)
        marks.append(written)
    return picture(name, caption, y - 1, marks, member)


def _bar(amount: Bar, scale: Decimal, base: Decimal) -> tuple[Markup, Decimal]:
    """Draw a bar below its name, whose base is `base`; returns it and the base of the next one."""
    numbers = str(_PLUS).join(part.figure.text for part in amount.parts)
    spans = _PLUS.join(span(part.figure) for part in amount.parts)
    said, y = paragraph(amount.name, base, numbers, spans)
    top = y - LINE + Decimal("0.5")
    marks, x = [said], Decimal(0)
    for part, kind in zip(amount.parts, ("", "open"), strict=False):
        marks.append(bar(x, top, part.number * scale, kind))
        x += part.number * scale
    below = top + 2
    if amount.limit:
        edge = amount.limit.number * scale
        marks.append(leader(edge, top - Decimal("0.2"), top + 1))
        sign = Phrase(f"{LIMIT} {amount.limit.said}", amount.limit.said.language)
        written, below = paragraph(sign, below)
        marks.append(written)
        below += Decimal("0.5")
    return Markup("\n").join(marks), below
