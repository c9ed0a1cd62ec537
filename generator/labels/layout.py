"""Layout: a label's content and design become a drawing, and figures to be checked.

The code stands first: left of the text on wide labels, above it on others. Text keeps out of the
quiet zone and shrinks until it fits; whether what comes out is large enough is for
`generator.labels.checks`. Type and space follow one scale, from the size of the label.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import Protocol

from generator.labels.content import LabelContent
from generator.labels.drawing import Drawing, Modules, Shape, Words, in_dots, in_mm
from generator.labels.marks import BIN, CE, LEAST_CE, METAL_SHARE
from generator.labels.symbol import Symbol
from passport.label_design import LabelDesign, LabelText

LEAST_TEXT = 1.6
"""Size of type in millimetres that people read; its capitals are 1.2 mm high."""
_EDGE = 1.0
_MARGIN = 2.2
_LEADING = 1.24
_ASCENT, _DESCENT = 0.78, 0.24
_CAPITAL = 0.73
"""Height of capitals, of the size of the type; Noto Sans, DejaVu and Vera differ by 2 %."""
_WHOLE = 0.01
"""What a length may lack, in dots, for being typed with three decimals."""
_WIDE = 1.45
_SIZES = {
    LabelText.MAKER: 2.1,
    LabelText.MODEL: 3.3,
    LabelText.SERIAL: 2.7,
    LabelText.IDENTIFIER: 2.0,
    LabelText.ADDRESS: 2.0,
}
_SMALLER = 2.1
_BOLD = (LabelText.MODEL, LabelText.SERIAL)
_BIN_HEIGHT = 10.0
_CE_SHARE = 0.56


class Metrics(Protocol):
    """Widths of text."""

    def width(self, text: str, *, bold: bool) -> float:
        """The width of a line, in sizes of its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A drawing and what came of the design in it; lengths in millimetres, None where absent.

    `dots` is one module at the design's resolution, `quiet` the free modules around the code,
    `below` how far text runs out of the label.
    """

    drawing: Drawing
    symbol: Symbol
    module: float
    dots: float
    quiet: float
    smallest_text: float | None
    below: float
    ce: float | None
    bin: float | None


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class _Layout:
    content: LabelContent
    design: LabelDesign
    symbol: Symbol
    metrics: Metrics

    @property
    def is_wide(self) -> bool:
        return self.design.width >= _WIDE * self.design.height

    @property
    def scale(self) -> float:
        design = self.design
        sides = (
            (design.width / 66, design.height / 40)
            if self.is_wide
            else (design.width / 32, design.height / 62)
        )
        return min(2.5, max(0.7, min(sides)))

    @property
    def texts(self) -> list[tuple[LabelText, str]]:
        return [line for line in self.content.lines if line[0] in self.design.texts]

    @property
    def has_marks(self) -> bool:
        content = self.content
        return self.design.symbols and (content.has_bin or content.has_ce or bool(content.metals))

    @property
    def is_bare(self) -> bool:
        return not self.texts and not self.has_marks

    def module(self) -> float:
        """The side of a module: as designed, in whole dots if it nearly is; else the largest."""
        design = self.design
        if design.module is not None:
            dots = in_dots(design.module, design.dpi)
            is_whole = abs(dots - round(dots)) <= _WHOLE * max(1.0, dots)
            return in_mm(round(dots), design.dpi) if is_whole and round(dots) else design.module
        room = self._room() / (self.symbol.modules + 2 * design.quiet_zone)
        return in_mm(max(1, floor(in_dots(room, design.dpi) + 1e-6)), design.dpi)

    def _room(self) -> float:
        width, height = self.design.width - 2 * _EDGE, self.design.height - 2 * _EDGE
        if self.is_bare:
            return min(width, height)
        return min(height, 0.55 * width) if self.is_wide else min(width, 0.6 * height)

    def modules(self, module: float) -> Modules:
        """The code where it stands, on whole dots."""
        quiet = self.design.quiet_zone * module
        whole = module * self.symbol.modules + 2 * quiet
        width, height = self.design.width, self.design.height
        free_x, free_y = (width - whole) / 2, (height - whole) / 2
        left = free_x if self.is_bare or not self.is_wide else min(_EDGE, free_y)
        top = free_y if self.is_bare or self.is_wide else min(_EDGE, free_x)
        return Modules(
            x=self._snapped(left + quiet),
            y=self._snapped(top + quiet),
            module=module,
            rows=self.symbol.rows,
        )

    def _snapped(self, length: float) -> float:
        return in_mm(ceil(in_dots(length, self.design.dpi) - 1e-6), self.design.dpi)

    def box(self, code: Modules) -> _Box:
        """Where text and symbols go."""
        design, quiet = self.design, self.design.quiet_zone * code.module
        right, bottom = design.width - _MARGIN, design.height - _MARGIN
        if self.is_wide:
            return _Box(code.x + code.side + quiet, _MARGIN + 0.3, right, bottom)
        return _Box(_MARGIN, code.y + code.side + quiet, right, bottom)

    def lines(self, box: _Box) -> Iterator[Words]:
        """Text from the top down, each line as large as its kind and the box allow."""
        top, before = box.top, LabelText.MAKER
        seen: set[LabelText] = set()
        for kind, text in self.texts:
            bold = kind in _BOLD and kind not in seen
            plain = _SMALLER if kind in seen and kind is LabelText.MODEL else _SIZES[kind]
            size = max(LEAST_TEXT, plain * self.scale)
            ems = self.metrics.width(text, bold=bold)
            size = min(size, box.width / ems) if ems and box.width > 0 else size
            if seen and kind is not before and kind in (LabelText.SERIAL, LabelText.IDENTIFIER):
                top += 0.7 * self.scale
            yield Words(
                x=box.left,
                y=top + _ASCENT * size,
                size=size,
                width=ems * size,
                text=text,
                bold=bold,
            )
            top, before = top + _LEADING * size, kind
            seen.add(kind)

    def marks(self, box: _Box) -> Iterator[tuple[str, float, Shape | Words]]:
        """Symbols along the bottom of the box: name, height or width as measured, and outline."""
        content, left = self.content, box.left
        below = self._metal_size(1.0) * _LEADING
        tall = max(0.0, min(_BIN_HEIGHT * self.scale, box.height / (1 + below)))
        if content.has_ce:
            # The marking may not be smaller, so that a label without room is seen and refused.
            height = min(max(LEAST_CE, _CE_SHARE * tall), max(box.height, 0.0))
            yield "ce", height, CE.at(left, box.bottom - height, height)
            left += CE.aspect * height + 0.25 * tall
        if content.has_bin or content.metals:
            yield "bin", BIN.aspect * tall, BIN.at(left, box.bottom - tall * (1 + below), tall)
        if content.metals:
            metals = self._metals(left, box.bottom, tall)
            yield "metal", metals.size, metals

    def _metals(self, left: float, bottom: float, tall: float) -> Words:
        size, text = self._metal_size(tall), " ".join(self.content.metals)
        width = self.metrics.width(text, bold=True) * size
        x = left + (BIN.aspect * tall - width) / 2
        return Words(x=x, y=bottom, size=size, width=width, text=text, bold=True)

    def _metal_size(self, tall: float) -> float:
        """Type in which each chemical symbol covers a quarter of the bin (Art. 13(5))."""
        if not self.content.metals:
            return 0.0
        width = min(self.metrics.width(metal, bold=True) for metal in self.content.metals)
        return sqrt(METAL_SHARE * BIN.aspect * tall * tall / (width * _CAPITAL))


def lay_out(
    content: LabelContent, design: LabelDesign, symbol: Symbol, metrics: Metrics, *, draft: bool
) -> Laid:
    """Draw a label."""
    layout = _Layout(content, design, symbol, metrics)
    module = layout.module()
    code = layout.modules(module)
    box = layout.box(code)
    words = tuple(layout.lines(box))
    foot = words[-1].y + words[-1].size * _DESCENT if words else box.top
    after = foot + (0.4 * words[-1].size if words else 0.0)
    rest = _Box(box.left, after, box.right, box.bottom)
    marks = tuple(layout.marks(rest)) if layout.has_marks else ()
    sizes = {name: size for name, size, _ in marks}
    watermark = (_watermark(design, metrics),) if draft else ()
    return Laid(
        drawing=Drawing(
            width=design.width,
            height=design.height,
            title=str(content.uri),
            parts=(*watermark, code, *words, *(part for _, _, part in marks)),
        ),
        symbol=symbol,
        module=module,
        dots=in_dots(module, design.dpi),
        quiet=_quiet(code, design) / module,
        smallest_text=min((word.size for word in words), default=None),
        below=max(0.0, foot - (design.height - _EDGE)),
        ce=sizes.get("ce"),
        bin=sizes.get("bin"),
    )


def _quiet(code: Modules, design: LabelDesign) -> float:
    """Free width around the code: to the edge of the label, or to what stands beside it."""
    right, bottom = code.x + code.side, code.y + code.side
    edges = (code.x, code.y, design.width - right, design.height - bottom)
    return min(*edges, design.quiet_zone * code.module)


def _watermark(design: LabelDesign, metrics: Metrics) -> Words:
    ems = metrics.width("DRAFT", bold=True)
    size = min(0.96 * design.width / ems, 0.9 * design.height / _CAPITAL)
    return Words(
        x=(design.width - ems * size) / 2,
        y=(design.height + _CAPITAL * size) / 2,
        size=size,
        width=ems * size,
        text="DRAFT",
        bold=True,
        is_watermark=True,
    )
