"""Label sheets as PDF, and the fonts of all formats, through reportlab (extra `labels`).

The only module that imports reportlab, which ships the default font too: Bitstream Vera, for the
languages of Western Europe. Sheets are A4 with cut marks; a file ends after a number of pages, so
that a run of any length needs the memory of one file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from generator.labels.colours import Colour, Colours
from generator.labels.drawing import (
    MM_PER_INCH,
    POINTS_PER_INCH,
    Drawing,
    Modules,
    Point,
    Shape,
    Words,
    blocks,
    in_dots,
    in_mm,
)
from generator.labels.raster import Faces
from passport.errors import ConfigError, HostError

try:
    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont
    from reportlab.pdfgen.canvas import Canvas
except ImportError as error:
    raise HostError(
        "labels need reportlab", "install it: pip install 'cellfolio[labels]'"
    ) from error

A4 = (210.0, 297.0)
PAGES = 50
"""Pages of one file."""
_MARK, _OFF = 2.5, 0.5
"""Length of a cut mark and its distance from labels, in millimetres."""
_HAIRLINE = 0.1
_POINTS = POINTS_PER_INCH / MM_PER_INCH


@dataclass(frozen=True, slots=True)
class Fonts:
    """The two fonts of a label, registered for PDF; its widths are those of all formats."""

    faces: Faces
    plain: str
    bold: str

    def width(self, text: str, *, bold: bool) -> float:
        """The width of a line, in sizes of its type."""
        return float(pdfmetrics.stringWidth(text, self.bold if bold else self.plain, 1))

    def missing(self, text: str) -> str:
        """The characters of a text that one of the fonts lacks."""
        fonts = [pdfmetrics.getFont(name) for name in (self.plain, self.bold)]
        known = [font.face.charToGlyph for font in fonts if isinstance(font, TTFont)]
        return "".join(sorted({c for c in text if not all(ord(c) in glyphs for glyphs in known)}))


def load_fonts(plain: Path | None, bold: Path | None) -> Fonts:
    """Load TrueType fonts, the default ones where none is named; `ConfigError` for other files."""
    shipped = Path(reportlab.__file__).parent / "fonts"
    faces = Faces(plain or shipped / "Vera.ttf", bold or plain or shipped / "VeraBd.ttf")
    return Fonts(faces, _registered(faces.plain), _registered(faces.bold))


def _registered(path: Path) -> str:
    # Named by content: the same file twice, or another of the same name, is no matter.
    name = f"label-{sha256(path.read_bytes()).hexdigest()[:16]}"
    if name not in pdfmetrics.getRegisteredFontNames():
        try:
            pdfmetrics.registerFont(TTFont(name, str(path)))
        except TTFError as error:
            raise ConfigError(f"{path} is no TrueType font: {error}", "name a .ttf file") from error
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """How labels stand on a sheet: A4, millimetres, everything on dots of the printer."""

    width: float
    height: float
    margin: float
    gap: float
    dpi: int

    @property
    def columns(self) -> int:
        """Labels side by side."""
        return self._fitting(A4[0], self.width)

    @property
    def rows(self) -> int:
        """Labels one below the other."""
        return self._fitting(A4[1], self.height)

    def _fitting(self, paper: float, side: float) -> int:
        return int((paper - 2 * self.margin + self.gap + 1e-6) // (side + self.gap))

    def places(self) -> Iterator[tuple[float, float]]:
        """Upper left corners of labels, row by row, the grid in the middle of the sheet."""
        step_x, step_y = self.width + self.gap, self.height + self.gap
        left = (A4[0] - self.columns * step_x + self.gap) / 2
        top = (A4[1] - self.rows * step_y + self.gap) / 2
        for row in range(self.rows):
            for column in range(self.columns):
                yield self._dot(left + column * step_x), self._dot(top + row * step_y)

    def _dot(self, length: float) -> float:
        return in_mm(round(in_dots(length, self.dpi)), self.dpi)


@dataclass(slots=True)
class SheetWriter:
    """Writes sheets into `labels-001.pdf` and so on, label by label."""

    folder: Path
    grid: Grid
    colours: Colours
    fonts: Fonts
    note: str
    """A line at the foot of each sheet."""
    files: int = 0
    _places: tuple[tuple[float, float], ...] = ()
    _label: int = 0
    _page: int = 0
    _canvas: Canvas | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._places = tuple(self.grid.places())
        if not self._places:
            raise ConfigError(
                f"a label of {self.grid.width:g} x {self.grid.height:g} mm has no room on A4"
                f" with a margin of {self.grid.margin:g} mm",
                "make the margin or the label smaller, or print to png or zpl",
            )

    def add(self, drawing: Drawing) -> None:
        """Draw the next label."""
        if self._label == len(self._places):
            self._end_page()
        if self._canvas is None:
            self._canvas = self._open()
        if self._label == 0:
            self._foot(self._canvas)
            self._cut_marks(self._canvas)
        x, y = self._places[self._label]
        _draw(self._canvas, drawing, (x, y), self.colours, self.fonts)
        self._label += 1

    def close(self) -> None:
        """Finish the last file."""
        if self._canvas is not None:
            self._canvas.showPage()
            self._canvas.save()
            self._canvas = None

    def _open(self) -> Canvas:
        self.files += 1
        size = A4[0] * _POINTS, A4[1] * _POINTS
        path = self.folder / f"labels-{self.files:03}.pdf"
        # Invariant: no time and no random id, the same labels give the same bytes.
        canvas = Canvas(str(path), pagesize=size, pageCompression=1, invariant=1)
        canvas.setTitle("Battery labels")
        return canvas

    def _end_page(self) -> None:
        assert self._canvas is not None
        self._label, self._page = 0, self._page + 1
        if self._page % PAGES == 0:
            self.close()
        else:
            self._canvas.showPage()

    def _foot(self, canvas: Canvas) -> None:
        canvas.setFillGray(0.35)
        canvas.setFont(self.fonts.plain, 6)
        canvas.drawCentredString(
            A4[0] / 2 * _POINTS, 3.2 * _POINTS, f"{self.note} · {self._page + 1}"
        )

    def _cut_marks(self, canvas: Canvas) -> None:
        """Where to cut, at the edges of the grid: outside of all labels."""
        canvas.setStrokeGray(0.5)
        canvas.setLineWidth(_HAIRLINE * _POINTS)
        grid = self.grid
        tops = sorted({edge for _, y in self._places for edge in (y, y + grid.height)})
        lefts = sorted({edge for x, _ in self._places for edge in (x, x + grid.width)})
        for at in lefts:
            _line(canvas, at, tops[0] - _OFF, at, tops[0] - _OFF - _MARK)
            _line(canvas, at, tops[-1] + _OFF, at, tops[-1] + _OFF + _MARK)
        for at in tops:
            _line(canvas, lefts[0] - _OFF, at, lefts[0] - _OFF - _MARK, at)
            _line(canvas, lefts[-1] + _OFF, at, lefts[-1] + _OFF + _MARK, at)


def _line(canvas: Canvas, x1: float, y1: float, x2: float, y2: float) -> None:
    canvas.line(x1 * _POINTS, (A4[1] - y1) * _POINTS, x2 * _POINTS, (A4[1] - y2) * _POINTS)


def _draw(
    canvas: Canvas, drawing: Drawing, place: tuple[float, float], colours: Colours, fonts: Fonts
) -> None:
    """Draw a label with its upper left corner at a place of the sheet."""
    canvas.saveState()
    canvas.translate(place[0] * _POINTS, (A4[1] - place[1]) * _POINTS)
    canvas.scale(_POINTS, _POINTS)
    if colours.paper.rgb != (255, 255, 255):
        _fill(canvas, colours.paper)
        canvas.rect(0, -drawing.height, drawing.width, drawing.height, stroke=0, fill=1)
    for part in drawing.parts:
        is_mark = isinstance(part, Words) and part.is_watermark
        _fill(canvas, colours.watermark if is_mark else colours.ink)
        _draw_part(canvas, part, fonts)
    canvas.restoreState()


def _draw_part(canvas: Canvas, part: Modules | Shape | Words, fonts: Fonts) -> None:
    match part:
        case Modules(module=side):
            path = canvas.beginPath()
            for x, y, width, height in blocks(part.rows):
                below = part.y + (y + height) * side
                path.rect(part.x + x * side, -below, width * side, height * side)
            canvas.drawPath(path, stroke=0, fill=1)
        case Shape(polygons):
            for polygon in polygons:
                _outline(canvas, polygon)
        case Words():
            canvas.setFont(fonts.bold if part.bold else fonts.plain, part.size)
            canvas.drawString(part.x, -part.y, part.text)


def _outline(canvas: Canvas, polygon: tuple[Point, ...]) -> None:
    path = canvas.beginPath()
    path.moveTo(polygon[0][0], -polygon[0][1])
    for x, y in polygon[1:]:
        path.lineTo(x, -y)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _fill(canvas: Canvas, colour: Colour) -> None:
    if colour.red == colour.green == colour.blue:
        canvas.setFillGray(colour.red / 255)  # black ink alone, not four inks that must fit
    else:
        canvas.setFillColorRGB(*(channel / 255 for channel in colour.rgb))
