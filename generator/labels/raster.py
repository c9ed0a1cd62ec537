"""Labels as pictures of dots, through Pillow: PNG, what ZPL prints, what decoders look at.

The only module that imports Pillow (extra `labels`). The code's edges lie on dots, since layout
puts them there; text is softened in PNG, and plain dots where a printer knows black and white only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from generator.labels.colours import Colour, Colours
from generator.labels.drawing import Drawing, Modules, Shape, Words, blocks, in_dots
from generator.labels.symbol import Symbol
from passport.errors import HostError

try:
    from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
except ImportError as error:
    raise HostError("labels need pillow", "install it: pip install 'cellfolio[labels]'") from error

Picture: TypeAlias = Image.Image

_PIXELS = 4
"""Pixels a module in pictures for decoders."""
_BLUR = 0.35
"""Standard deviation of the blur, in modules: a lens a little out of focus, ink that spreads."""
_DAMAGE = 0.05
"""Share of the code that a scratch takes away."""
_SPARSE = 3
"""Of so many dots in both directions, one belongs to a watermark in black and white."""


@dataclass(frozen=True, slots=True)
class Faces:
    """The font files of text, plain and bold."""

    plain: Path
    bold: Path

    def font(self, *, bold: bool, size: float) -> ImageFont.FreeTypeFont:
        """Return one of them at a size in dots."""
        return _font(self.bold if bold else self.plain, round(size, 2))


@lru_cache(maxsize=64)
def _font(path: Path, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def png(drawing: Drawing, colours: Colours, faces: Faces, dpi: int) -> bytes:
    """Write a label as PNG that knows its size; grey where it is black on white."""
    picture = painted(drawing, colours, faces, dpi)
    if colours.is_black_on_white:
        picture = picture.convert("L")
    out = BytesIO()
    picture.save(out, "PNG", dpi=(dpi, dpi), optimize=False)
    return out.getvalue()


def painted(drawing: Drawing, colours: Colours, faces: Faces, dpi: int) -> Picture:
    """Paint a label in its colours."""
    picture = _empty(drawing, dpi, "RGB", colours.paper.rgb)
    brush = ImageDraw.Draw(picture)
    for part in drawing.parts:
        mark = isinstance(part, Words) and part.is_watermark
        _paint(brush, part, faces, dpi, (colours.watermark if mark else colours.ink).rgb)
    return picture


def in_black_and_white(drawing: Drawing, faces: Faces, dpi: int) -> Picture:
    """Paint a label in dots that are there or not, 1 for ink; a watermark is a pattern of dots."""
    picture = _empty(drawing, dpi, "1", 0)
    for part in drawing.parts:
        layer = picture
        if is_mark := isinstance(part, Words) and part.is_watermark:
            layer = _empty(drawing, dpi, "1", 0)
        brush = ImageDraw.Draw(layer)
        brush.fontmode = "1"
        _paint(brush, part, faces, dpi, 1)
        if is_mark:
            picture = ImageChops.logical_and(layer, _sparse(layer.size))
    return picture


def rows_of(picture: Picture) -> Iterator[bytes]:
    """The rows of a picture in black and white, eight dots a byte, the first in its highest bit."""
    content, width = picture.tobytes(), (picture.width + 7) // 8
    yield from (content[at : at + width] for at in range(0, len(content), width))


def views(symbol: Symbol, colours: Colours, quiet_zone: int) -> dict[str, Picture]:
    """The code as a camera may meet it: clean, out of focus, damaged; dark around its zone."""
    clean = _symbol(symbol, colours, quiet_zone)
    damaged = clean.copy()
    side = round((_DAMAGE**0.5) * symbol.modules)
    left = quiet_zone + 1 + symbol.modules // 2 - side // 2
    hole = (
        left * _PIXELS,
        left * _PIXELS,
        (left + side) * _PIXELS - 1,
        (left + side) * _PIXELS - 1,
    )
    ImageDraw.Draw(damaged).rectangle(hole, fill=_grey(colours.paper))
    blurred = clean.filter(ImageFilter.GaussianBlur(_BLUR * _PIXELS))
    return {"clean": clean, "blurred": blurred, "damaged": damaged}


def _symbol(symbol: Symbol, colours: Colours, quiet_zone: int) -> Picture:
    ground, ink = _grey(colours.paper), _grey(colours.ink)
    side = symbol.modules + 2 * quiet_zone
    picture = Image.new("L", (side + 2, side + 2), min(ground, ink))
    picture.paste(ground, (1, 1, side + 1, side + 1))
    modules = bytes(ink if dark else ground for row in symbol.rows for dark in row)
    code = Image.frombytes("L", (symbol.modules,) * 2, modules)
    picture.paste(code, (quiet_zone + 1, quiet_zone + 1))
    return picture.resize(((side + 2) * _PIXELS,) * 2, Image.Resampling.NEAREST)


def _grey(colour: Colour) -> int:
    return Image.new("RGB", (1, 1), colour.rgb).convert("L").tobytes()[0]


def _empty(drawing: Drawing, dpi: int, mode: str, ground: tuple[int, int, int] | int) -> Picture:
    size = round(in_dots(drawing.width, dpi)), round(in_dots(drawing.height, dpi))
    return Image.new(mode, size, ground)


@lru_cache(maxsize=1)  # labels of a run are of one size
def _sparse(size: tuple[int, int]) -> Picture:
    picture = Image.new("1", size, 0)
    for x in range(0, size[0], _SPARSE):
        for y in range(0, size[1], _SPARSE):
            picture.putpixel((x, y), 1)
    return picture


def _paint(
    brush: ImageDraw.ImageDraw,
    part: Modules | Shape | Words,
    faces: Faces,
    dpi: int,
    ink: tuple[int, int, int] | int,
) -> None:
    match part:
        case Modules():
            left, top = (round(in_dots(length, dpi)) for length in (part.x, part.y))
            dots = in_dots(part.module, dpi)
            for x, y, width, height in blocks(part.rows):
                first = round(left + x * dots), round(top + y * dots)
                last = round(left + (x + width) * dots) - 1, round(top + (y + height) * dots) - 1
                brush.rectangle((*first, *last), fill=ink)
        case Shape(polygons):
            for polygon in polygons:
                brush.polygon([(in_dots(x, dpi), in_dots(y, dpi)) for x, y in polygon], fill=ink)
        case Words():
            at = in_dots(part.x, dpi), in_dots(part.y, dpi)
            font = faces.font(bold=part.bold, size=in_dots(part.size, dpi))
            brush.text(at, part.text, font=font, fill=ink, anchor="ls")
