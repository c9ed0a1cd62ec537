"""Labels as SVG, in millimetres: one path for the code, outlines for symbols, text as text.

Each line carries the width that it was set in, so that another font than the design's keeps the
layout; a print shop turns text into outlines before it prints. SVG 1.1, opaque ground.
"""

from html import escape

from generator.labels.colours import Colours
from generator.labels.drawing import Drawing, Modules, Shape, Words, blocks

_FAMILY = "Noto Sans, DejaVu Sans, Bitstream Vera Sans, Verdana, sans-serif"


def svg(drawing: Drawing, colours: Colours) -> bytes:
    """Write a label."""
    width, height = _number(drawing.width), _number(drawing.height)
    parts = "\n".join(_part(part, colours) for part in drawing.parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm"'
        f' viewBox="0 0 {width} {height}">\n'
        f"<title>{escape(drawing.title)}</title>\n"
        f'<rect width="{width}" height="{height}" fill="{colours.paper.hex}"/>\n'
        f'<g fill="{colours.ink.hex}" font-family="{_FAMILY}">\n{parts}\n</g>\n</svg>\n'
    ).encode()


def _part(part: Modules | Shape | Words, colours: Colours) -> str:
    match part:
        case Modules():
            path = "".join(f"M{x} {y}h{w}v{h}h-{w}z" for x, y, w, h in blocks(part.rows))
            place = f"translate({_number(part.x)} {_number(part.y)}) scale({_number(part.module)})"
            return f'<path shape-rendering="crispEdges" transform="{place}" d="{path}"/>'
        case Shape(polygons):
            return f'<path d="{"".join(map(_outline, polygons))}"/>'
        case Words():
            return _words(part, colours)


def _outline(polygon: tuple[tuple[float, float], ...]) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in polygon) + "z"


def _words(words: Words, colours: Colours) -> str:
    weight = ' font-weight="bold"' if words.bold else ""
    fill = f' fill="{colours.watermark.hex}"' if words.is_watermark else ""
    return (
        f'<text x="{_number(words.x)}" y="{_number(words.y)}" font-size="{_number(words.size)}"'
        f' textLength="{_number(words.width)}" lengthAdjust="spacingAndGlyphs"{weight}{fill}>'
        f"{escape(words.text)}</text>"
    )


def _number(value: float) -> str:
    """Micrometres are enough for lengths, but a module's scale is multiplied by its count."""
    return f"{value:.5f}".rstrip("0").rstrip(".")
