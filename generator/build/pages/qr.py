"""The QR code of a product URI, as SVG.

ISO/IEC 18004 through segno: level Q (a scratch costs more than the nominal 25 %), never raised
behind our back, opaque white with a quiet zone of 4 modules so that it reads in dark mode too.
"""

from functools import lru_cache
from io import BytesIO

import segno
from markupsafe import Markup

QUIET_ZONE = 4


def qr_svg(text: str, label: str) -> Markup:
    """Return the code as an SVG element that scales with its box; `label` names it to readers."""
    head, body = _drawing(text)
    return Markup('<svg role="img" {}>{}{}').format(
        head, Markup("<title>{}</title>").format(label), body
    )


@lru_cache(maxsize=16)  # a battery's pages in several languages follow each other
def _drawing(text: str) -> tuple[Markup, Markup]:
    """Return the attributes of the drawing and what is in it."""
    code = segno.make_qr(text, error="q", boost_error=False)
    out = BytesIO()
    code.save(
        out,
        kind="svg",
        border=QUIET_ZONE,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
        xmldecl=False,
        svgns=False,
        omitsize=True,
        nl=False,
    )
    attributes, _, body = out.getvalue().decode("utf-8").removeprefix("<svg ").partition(">")
    return Markup(attributes), Markup(body)  # noqa: S704 (all of it is segno's own)
