"""Marking symbols as outlines: separate collection, CE, and what they must measure at least.

Regulation (EU) 2023/1542, Art. 13(4) and (5) with Annex VI Part B, Art. 19 and 20; Regulation (EC)
No 765/2008, Annex II. Drawn here from their geometry. How large a share of the battery's largest
side the bin must take (3 %, up to 5 cm a side) is for whoever designs the label: nothing here knows
that side.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, pi, sin

from generator.labels.drawing import Point, Shape

LEAST_CE = 5.0
"""Height of the CE marking, in millimetres (Regulation (EC) No 765/2008, Annex II)."""
LEAST_BIN = 4.7
"""Side of the bin, in millimetres: a battery with no room for it bears none (Annex VI B)."""
METAL_SHARE = 0.25
"""Least area of Cd or Pb, of that of the bin (Art. 13(5))."""

_STEPS = 48
Polygon = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """An outline in a box of width `aspect` and height 1."""

    aspect: float
    polygons: tuple[Polygon, ...]

    def at(self, x: float, y: float, height: float) -> Shape:
        """Place it with its upper left corner there."""
        return Shape(
            tuple(
                tuple((x + a * height, y + b * height) for a, b in each) for each in self.polygons
            )
        )


def _arc(centre: Point, radius: float, start: float, end: float) -> Polygon:
    """Points along a circle, angles as shares of a full turn, clockwise from the right."""
    x, y = centre
    angles = (2 * pi * (start + (end - start) * n / _STEPS) for n in range(_STEPS + 1))
    return tuple((x + radius * cos(angle), y + radius * sin(angle)) for angle in angles)


def _stroke(start: Point, end: Point, width: float) -> Polygon:
    (x1, y1), (x2, y2) = start, end
    length = hypot(x2 - x1, y2 - y1)
    dx, dy = (y2 - y1) / length * width / 2, (x1 - x2) / length * width / 2
    return (x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy)


def _scaled(polygons: Iterable[Polygon], size: float) -> tuple[Polygon, ...]:
    return tuple(tuple((x / size, y / size) for x, y in each) for each in polygons)


def _ce() -> Mark:
    """Two half rings of radii 10 and 7, 17 apart, on a grid 28 wide and 20 high."""
    overhang = 1 / 28

    def half_ring(x: float) -> Polygon:
        outer = _arc((x, 10), 10, 0.25 - overhang / 2, 0.75 + overhang / 2)
        return (*outer, *reversed(_arc((x, 10), 7, 0.25 - overhang / 2, 0.75 + overhang / 2)))

    tongue = (19.7, 8.5), (26, 8.5), (26, 11.5), (19.7, 11.5)
    return Mark(28 / 20, _scaled((half_ring(10), half_ring(27), tongue), 20))


def _bin() -> Mark:
    """A wheeled bin, crossed out corner to corner, on a grid 20 wide and 24 high."""
    line = 1.0
    body = [(4.4, 6.6), (5.9, 21.0), (13.9, 21.0), (15.6, 6.6)]
    walls = [_stroke(a, b, line) for a, b in pairwise(body)]
    lid = _stroke((3.2, 6.0), (16.8, 6.0), 1.6)
    handle = _stroke((7.6, 4.4), (12.4, 4.4), 1.2)
    posts = _stroke((8.2, 4.4), (8.2, 6.0), 1.0), _stroke((11.8, 4.4), (11.8, 6.0), 1.0)
    grip = _stroke((16.0, 8.6), (17.8, 8.6), 1.6)
    wheel = _arc((13.7, 21.2), 1.9, 0, 1)
    foot = _stroke((5.6, 21.4), (8.0, 21.4), 1.8)
    cross = _stroke((1.2, 1.2), (18.8, 22.8), 1.3), _stroke((18.8, 1.2), (1.2, 22.8), 1.3)
    polygons = (*walls, lid, handle, *posts, grip, wheel, foot, *cross)
    return Mark(20 / 24, _scaled(polygons, 24))


CE = _ce()
BIN = _bin()
