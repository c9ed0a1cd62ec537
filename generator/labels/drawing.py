"""Drawings: what a label shows, in millimetres from its upper left corner.

Four primitives in one ink on one ground; each format has a writer of its own that knows no more
than these. Spec of the symbol: ISO/IEC 18004, by way of `generator.labels.symbol`.
"""

from dataclasses import dataclass
from typing import TypeAlias

FORMATS = ("svg", "png", "pdf-sheet", "zpl", "csv")
MM_PER_INCH = 25.4
POINTS_PER_INCH = 72

Point: TypeAlias = tuple[float, float]
Rows: TypeAlias = tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Modules:
    """A square symbol without its quiet zone: `module` is the side of one module."""

    x: float
    y: float
    module: float
    rows: Rows

    @property
    def side(self) -> float:
        """The side of the whole symbol, in millimetres."""
        return self.module * len(self.rows)


@dataclass(frozen=True, slots=True)
class Shape:
    """Polygons, each of them filled."""

    polygons: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One line of text: where it begins on its base line, its size and its width as set."""

    x: float
    y: float
    size: float
    width: float
    text: str
    bold: bool = False
    is_watermark: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One label; what stands first lies below."""

    width: float
    height: float
    title: str
    parts: tuple[Modules | Shape | Words, ...]


def in_dots(length: float, dpi: int) -> float:
    """Millimetres as dots of a printer."""
    return length * dpi / MM_PER_INCH


def in_mm(dots: float, dpi: int) -> float:
    """Dots of a printer as millimetres."""
    return dots * MM_PER_INCH / dpi


def blocks(rows: Rows) -> tuple[tuple[int, int, int, int], ...]:
    """Rectangles (x, y, width, height) of dark modules, equal runs of rows below each other joined.

    Fewer rectangles, and fewer seams for a viewer that softens edges.
    """
    done: list[tuple[int, int, int, int]] = []
    open_: dict[tuple[int, int], int] = {}
    for y, row in enumerate((*rows, ())):
        runs = frozenset(_runs(row))
        for x, width in [run for run in open_ if run not in runs]:
            top = open_.pop((x, width))
            done.append((x, top, width, y - top))
        for run in runs:
            open_.setdefault(run, y)
    return tuple(sorted(done, key=lambda block: (block[1], block[0])))


def _runs(row: tuple[bool, ...]) -> tuple[tuple[int, int], ...]:
    found, start = [], -1
    for x, dark in enumerate((*row, False)):
        if dark and start < 0:
            start = x
        elif not dark and start >= 0:
            found.append((start, x - start))
            start = -1
    return tuple(found)
