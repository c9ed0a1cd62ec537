"""Checks before print: figures of a label against what readers and the law ask for.

Computed from the drawing, so they hold for the file, never for the print: a grade of ISO/IEC 15415
takes a calibrated verifier and the label itself, and none is claimed here. What each figure rests
on: symbol contrast of the best class of ISO/IEC 15415; the quiet zone of ISO/IEC 18004; whole dots,
since a printer rounds edges, module by module; a module that phones resolve close by; the usual
rule of thumb of a code at least a tenth of the distance wide, which is in no standard.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.labels.colours import Colours
from generator.labels.decoders import DECODERS, readers_of
from generator.labels.drawing import in_mm
from generator.labels.layout import LEAST_TEXT, Laid
from generator.labels.marks import LEAST_BIN, LEAST_CE
from generator.labels.raster import views
from generator.labels.symbol import QUIET_ZONE
from passport.label_design import LabelDesign

LEAST_CONTRAST = 0.70
LEAST_MODULE = 0.33
"""Side of a module in millimetres that phones resolve close by."""
DISTANCE_RATIO = 10
"""How many times its width a code may be away."""
_TOLERANCE = 0.01
_EPSILON = 1e-6
_LARGER = "make the label larger, or leave out text or symbols"
_VIEWS = {
    "clean": "print it larger, or choose higher error correction",
    "blurred": "print it larger, or choose higher error correction",
    "damaged": "choose higher error correction: level q or h",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One check of a label: the figure found, what is needed, and by how much it holds.

    `margin` is below 0 where the check fails; of several labels the least is the worst.
    """

    check: str
    figure: str
    needed: str
    margin: float
    remedy: str

    @property
    def holds(self) -> bool:
        """Whether the label passes."""
        return self.margin >= -_EPSILON


def measure(laid: Laid, design: LabelDesign, colours: Colours) -> tuple[Measured, ...]:
    """Run all checks on one label."""
    drawn = (*_colours(colours), *_code(laid, design), *_legible(laid))
    return (*drawn, *_decoded(laid, design, colours))


def worst(found: Iterable[Measured]) -> dict[str, Measured]:
    """The least margin of each check, in the order of the checks."""
    least: dict[str, Measured] = {}
    for each in found:
        if each.check not in least or each.margin < least[each.check].margin:
            least[each.check] = each
    return least


def _colours(colours: Colours) -> Iterator[Measured]:
    yield Measured(
        check="opaque",
        figure=f"{colours.opacity:.0%} opaque",
        needed="100 %",
        margin=colours.opacity - 1,
        remedy="print ink and ground opaque: what lies below shows through, and no code is left",
    )
    yield Measured(
        check="dark on light",
        figure=f"{colours.contrast:+.0%} from ink to ground",
        needed="a ground lighter than the ink",
        margin=colours.contrast,
        remedy="swap ink and paper: many readers see no code that is light on dark",
    )
    yield Measured(
        check="contrast",
        figure=f"{abs(colours.contrast):.0%}",
        needed=f"at least {LEAST_CONTRAST:.0%}, in white and in red light",
        margin=abs(colours.contrast) - LEAST_CONTRAST,
        remedy="choose a darker ink without red, or a lighter ground",
    )


def _code(laid: Laid, design: LabelDesign) -> Iterator[Measured]:
    yield Measured(
        check="quiet zone",
        figure=f"{laid.quiet:.1f} modules",
        needed=f"at least {QUIET_ZONE}",
        margin=laid.quiet - QUIET_ZONE + _TOLERANCE,
        remedy="leave the zone at 4, and make the module smaller or the label larger",
    )
    whole = max(1, round(laid.dots))
    off = abs(laid.dots - round(laid.dots)) if laid.dots >= 1 else 1.0
    near = " or ".join(f"{in_mm(n, design.dpi):.3f} mm" for n in _nearest(laid.dots, whole))
    yield Measured(
        check="whole dots",
        figure=f"{laid.dots:.2f} dots a module at {design.dpi} dpi",
        needed="a whole number",
        margin=_TOLERANCE * max(1.0, laid.dots) - off,
        remedy=f"choose a module of {near}",
    )
    yield _module(laid, design)


def _nearest(dots: float, whole: int) -> tuple[int, ...]:
    return tuple(sorted({max(1, int(dots)), max(1, int(dots) + 1)})) if dots >= 1 else (whole,)


def _module(laid: Laid, design: LabelDesign) -> Measured:
    by_distance = design.reading_distance / DISTANCE_RATIO / laid.symbol.modules
    least = max(LEAST_MODULE, by_distance)
    return Measured(
        check="module size",
        figure=f"{laid.module:.3f} mm",
        needed=f"at least {least:.3f} mm to be read from {design.reading_distance:g} mm",
        margin=laid.module - least,
        remedy="make the label or the module larger, or the reading distance shorter",
    )


def _legible(laid: Laid) -> Iterator[Measured]:
    yield Measured(
        check="room",
        figure=f"{laid.below:.2f} mm of text below the edge" if laid.below else "all is inside",
        needed="all of it inside",
        margin=-laid.below,
        remedy=_LARGER,
    )
    sizes = (
        ("text", laid.smallest_text, LEAST_TEXT, "type of {:.2f} mm"),
        ("CE marking", laid.ce, LEAST_CE, "{:.2f} mm high"),
        ("separate collection", laid.bin, LEAST_BIN, "{:.2f} mm wide"),
    )
    for check, found, least, figure in sizes:
        if found is not None:
            yield Measured(
                check=check,
                figure=figure.format(found),
                needed=f"at least {least:g} mm",
                margin=found - least,
                remedy=_LARGER,
            )


def _decoded(laid: Laid, design: LabelDesign, colours: Colours) -> Iterator[Measured]:
    pictures = views(laid.symbol, colours, design.quiet_zone)
    for name, remedy in _VIEWS.items():
        readers = readers_of(pictures[name], laid.symbol.text)
        yield Measured(
            check=f"read {name}",
            figure=f"read by {' and '.join(readers) or 'no decoder'}",
            needed=f"by {' and '.join(DECODERS)}",
            margin=len(readers) - len(DECODERS),
            remedy=remedy,
        )
