"""The QR code of a product URI, as SVG.

ISO/IEC 18004 through segno: level Q (a scratch costs more than the nominal 25 %), never raised
behind our back, opaque white with a quiet zone of 4 modules so that it reads in dark mode too.
"""

from io import BytesIO

import segno
from markupsafe import Markup

QUIET_ZONE = 4


def qr_svg(text: str, label: str) -> Markup:
    """Return the code as an SVG element that scales with its box; `label` names it to readers."""
    code = segno.make_qr(text, error="q", boost_error=False)
    out = BytesIO()
    code.save(
        out,
        kind="svg",
        border=QUIET_ZONE,
        dark="#000",
        light="#fff",
        title=label,
        svgclass="qr",
        lineclass=None,
        xmldecl=False,
        svgns=True,
        omitsize=True,
        nl=False,
    )
    svg = out.getvalue().decode("utf-8").replace("<svg ", '<svg role="img" ', 1)
    return Markup(svg)  # noqa: S704 (segno escapes the label, the rest is its own)
