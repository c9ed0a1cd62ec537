"""A ruler: where on a scale a battery works, and what values of it stand there.

The scale is a thin line, the window a bar on it. Each value is said on a line of its own, so that
near ones don't meet: above the scale from the highest down, others below it.
"""

from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from markupsafe import Markup

from generator.build.pages.language import Phrase
from generator.build.pages.pictures.svg import (
    LINE,
    PERCENT_A_LETTER,
    TOP,
    Figure,
    bar,
    leader,
    named,
    picture,
    plain,
    text,
)

_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something said of a place on the scale, in percent of it; `figure` is a value, if it is."""

    at: Decimal
    name: Phrase
    figure: Figure | None = None

    @property
    def width(self) -> Decimal:
        """How much of a phone's width its text takes, in percent."""
        letters = len(self.name.text) + (1 + len(self.figure.text) if self.figure else 0)
        return min(letters * PERCENT_A_LETTER, _WHOLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The window, from and to percent of the scale, and the flags on both sides of it."""

    window: tuple[Decimal, Decimal]
    above: tuple[Flag, ...]
    below: tuple[Flag, ...]


def ruler(name: str, caption: Phrase, scale: Scale, member: str = "") -> Markup:
    """Draw a scale with its flags."""
    middle = TOP + len(scale.above) * LINE - Decimal("0.5")
    start, end = scale.window
    axis = Markup('<line x2="100%" y1="{0}em" y2="{0}em"/>').format(plain(middle))
    window = bar(start, middle - Decimal("0.5"), end - start)
    above = (
        _flag(flag, TOP + line * LINE, middle + Decimal("0.5"))
        for line, flag in enumerate(scale.above)
    )
    first = middle + LINE + Decimal("0.5")
    below = (_flag(flag, first + line * LINE, middle) for line, flag in enumerate(scale.below))
    height = first + Decimal("0.5") + max(0, len(scale.below) - 1) * LINE
    return picture(name, caption, height, chain(above, (axis, window), below), member)


def _flag(flag: Flag, base: Decimal, scale: Decimal) -> Markup:
    """Write a flag's text and draw its pole, from text above or below to the scale."""
    x, anchor = _place(flag)
    near = base + Decimal("0.3") if base < scale else base - 1
    pole = leader(flag.at, min(near, scale), max(near, scale), "pole")
    if flag.figure is None:
        return pole + text(flag.name, base, x, anchor)
    if not flag.name.text:
        return pole + text(flag.figure, base, x, anchor)
    return pole + named(flag.name, flag.figure, base, x, anchor)


def _place(flag: Flag) -> tuple[Decimal, str]:
    """Where a text stands: ending at its pole, else beginning there, else as far right as fits."""
    if flag.at >= flag.width:
        return flag.at, "end"
    return min(flag.at, _WHOLE - flag.width), ""
