"""Colours of a label and their contrast as a reader of codes sees it.

Reflectance stands in for what a verifier measures (ISO/IEC 15415): of the sheet's colours, not of
print on a surface. Red light counts too, since many scanners shine it: to them a red code is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from generator.build.pages.tokens import linear
from generator.content.yaml.near_misses import instead_of
from passport.errors import ConfigError

_HEX = re.compile("#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})?")
_NAMES = {"black": "#000000", "white": "#ffffff", "transparent": "#ffffff00"}


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green, blue and opacity, 0 to 255 each."""

    red: int
    green: int
    blue: int
    alpha: int = 255

    @property
    def hex(self) -> str:
        """As in CSS, opacity left out."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def rgb(self) -> tuple[int, int, int]:
        """The three channels."""
        return self.red, self.green, self.blue

    @property
    def reflectances(self) -> tuple[float, float]:
        """Shares of white and of red light that come back, 0 to 1."""
        red, green, blue = (linear(channel / 255) for channel in self.rgb)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue, red

    def towards(self, other: "Colour", share: float) -> "Colour":
        """A mix with another colour."""
        pairs = zip(self.rgb, other.rgb, strict=True)
        return Colour(*(round(mine + (theirs - mine) * share) for mine, theirs in pairs))


@dataclass(frozen=True, slots=True)
class Colours:
    """What is printed with, and on what."""

    ink: Colour = Colour(0, 0, 0)
    paper: Colour = Colour(255, 255, 255)

    @property
    def contrast(self) -> float:
        """Symbol contrast in the worse light, -1 to 1; below 0 the code is light on dark."""
        pairs = zip(self.paper.reflectances, self.ink.reflectances, strict=True)
        return min(paper - ink for paper, ink in pairs)

    @property
    def opacity(self) -> float:
        """How much of the ground hides what lies below, 0 to 1."""
        return min(self.ink.alpha, self.paper.alpha) / 255

    @property
    def watermark(self) -> Colour:
        """What DRAFT is written in."""
        return self.paper.towards(self.ink, 0.14)

    @property
    def is_black_on_white(self) -> bool:
        """Whether a printer without colours gives just these."""
        return (self.ink.rgb, self.paper.rgb) == ((0, 0, 0), (255, 255, 255))


def parse_colour(text: str, tokens: Mapping[str, str]) -> Colour:
    """Read `#rrggbb`, `#rrggbbaa`, black, white, transparent or a design token of the theme."""
    named = {**tokens, **_NAMES}
    found = _HEX.fullmatch(named.get(text, text))
    if found is None:
        remedy = instead_of(text, tuple(named)) if text.isalpha() else "write it as #1b1d21"
        raise ConfigError(f"{text!r} is no colour", remedy)
    channels = (int(channel, 16) for channel in found.groups("ff"))
    return Colour(*channels)
