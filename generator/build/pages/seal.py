"""The seal: a fine line pattern drawn from a passport's digest, in the manner of a guilloche.

Decoration, and said to be so on the page: the same digest always gives the same lines, but whoever
can change a page can draw any. What proves a passport is its signature. No spec; the drawing is a
few curves turned around one point, so that it stays light (a few hundred bytes).
"""

import hashlib

from markupsafe import Markup

_TURNS = (120, 60, 30, 15)
"""Three copies, then each turn doubles them: 24 around the circle."""
_OUTER, _MIDDLE = 48, 27


def seal_svg(digest: str) -> Markup:
    """Draw the seal of a document's digest (any text): an SVG element that says nothing."""
    numbers = hashlib.sha256(digest.encode()).digest()
    curves = Markup("").join(
        _curve(radius, numbers[4 * place : 4 * place + 4])
        for place, radius in enumerate((_OUTER, _MIDDLE))
    )
    return Markup(
        '<svg class="seal" viewBox="-50 -50 100 100" aria-hidden="true"><defs>{}</defs>'
        '<use href="#s{}"/></svg>'
    ).format(_turned(curves), len(_TURNS))


def _curve(radius: int, numbers: bytes) -> Markup:
    """A closed curve from a rim to beyond the middle; four bytes shape its shoulders and waist."""
    shoulder, waist, far, width = (number / 255 for number in numbers)
    end = round(radius * (0.15 + 0.5 * far))
    out, belly = round(radius * (0.3 + 0.9 * shoulder)), round(radius * (0.1 + 0.8 * width))
    low = round(radius * (0.2 + 0.6 * waist))
    return Markup('<path d="M0-{0}C{1}-{0} {2}-{3} 0 {4}S-{1}-{0} 0-{0}z"/>').format(
        radius, out, belly, low, end
    )


def _turned(curves: Markup) -> Markup:
    first, *others = _TURNS
    again = Markup('<use href="#s0" transform="rotate({})"/>')
    drawn = Markup('<g id="s0">{}</g><g id="s1"><use href="#s0"/>{}{}</g>').format(
        curves, again.format(first), again.format(2 * first)
    )
    for number, turn in enumerate(others, 1):
        drawn += Markup(
            '<g id="s{1}"><use href="#s{0}"/><use href="#s{0}" transform="rotate({2})"/></g>'
        ).format(number, number + 1, turn)
    return drawn
