"""A run of labels: battery by battery drawn, checked and written, in one of five formats.

Everything goes to a folder beside the target first and is moved there when the last label has
passed: a run that is refused leaves nothing that could be printed by mistake. One label at a time
is in memory.
"""

import csv
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from generator.labels.checks import Measured, measure, worst
from generator.labels.colours import Colours
from generator.labels.content import LabelContent
from generator.labels.layout import Laid, lay_out
from generator.labels.pdf import Fonts, Grid, SheetWriter
from generator.labels.raster import in_black_and_white, png, rows_of
from generator.labels.svg import svg
from generator.labels.symbol import symbol_of
from generator.labels.zpl import zpl
from passport.errors import ConfigError
from passport.label_design import LabelDesign, LabelText
from passport.quoting import quoted

MOST_REFUSED = 20
"""Refusals told of one run."""
_COLUMNS = (
    "serial",
    "product_uri",
    "identifier",
    "model",
    "maker",
    "symbols",
    "qr_version",
    "error_correction",
    "module_mm",
    "dots_per_module",
    "dpi",
    "width_mm",
    "height_mm",
    "draft",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A label that may not be printed, and the check that it fails."""

    serial: str
    measured: Measured


@dataclass(slots=True, kw_only=True)
class Report:
    """What a run found: how many labels, the worst figure of each check, and what was refused."""

    labels: int = 0
    refused: int = 0
    checks: dict[str, Measured] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def take(self, serial: str, found: tuple[Measured, ...]) -> bool:
        """Note one label's figures; return whether it passed."""
        self.labels += 1
        self.checks = worst((*self.checks.values(), *found))
        failed = [each for each in found if not each.holds]
        self.refused += bool(failed)
        if self.refused <= MOST_REFUSED:
            self.refusals += [Refusal(serial=serial, measured=each) for each in failed]
        return not failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Everything that labels of a run have in common."""

    design: LabelDesign
    colours: Colours
    fonts: Fonts
    draft: bool


class Writer(Protocol):
    """Takes labels one by one."""

    def add(self, content: LabelContent, laid: Laid) -> None:
        """Write the next label."""

    def close(self) -> None:
        """Finish."""


@dataclass(frozen=True, slots=True)
class _Files:
    """One file a label."""

    folder: Path
    form: str
    style: Style

    def add(self, content: LabelContent, laid: Laid) -> None:
        path = self.folder / f"{content.name}.{self.form}"
        path.write_bytes(self._bytes(content, laid))

    def close(self) -> None:
        pass

    def _bytes(self, content: LabelContent, laid: Laid) -> bytes:
        style, faces = self.style, self.style.fonts.faces
        match self.form:
            case "svg":
                return svg(laid.drawing, style.colours)
            case "png":
                return png(laid.drawing, style.colours, faces, style.design.dpi)
            case _:
                picture = in_black_and_white(laid.drawing, faces, style.design.dpi)
                return zpl(rows_of(picture), picture.width, str(content.uri))


@dataclass(frozen=True, slots=True)
class _Sheets:
    """Sheets of paper."""

    sheets: SheetWriter

    def add(self, _: LabelContent, laid: Laid) -> None:
        self.sheets.add(laid.drawing)

    def close(self) -> None:
        self.sheets.close()


@dataclass(slots=True)
class _Table:
    """One row a label, for print shops and marking lines."""

    style: Style
    file: IO[str]

    def __post_init__(self) -> None:
        csv.writer(self.file, lineterminator="\n").writerow(_COLUMNS)

    def add(self, content: LabelContent, laid: Laid) -> None:
        design = self.style.design
        row = (
            str(content.battery.serial),
            str(content.uri),
            content.line(LabelText.IDENTIFIER).replace(" ", ""),
            content.line(LabelText.MODEL),
            content.line(LabelText.MAKER),
            " ".join(_symbols(content, design)),
            laid.symbol.version,
            design.level.upper(),
            f"{laid.module:.3f}",
            round(laid.dots),
            design.dpi,
            f"{design.width:g}",
            f"{design.height:g}",
            "DRAFT" if self.style.draft else "",
        )
        csv.writer(self.file, lineterminator="\n").writerow(row)

    def close(self) -> None:
        self.file.close()


def run(contents: Iterable[LabelContent], style: Style, form: str, grid: Grid, out: Path) -> Report:
    """Draw, check and write all labels; with a refusal in the report nothing was written.

    Raises `ConfigError` for text that the fonts lack, for a grid without room, and for colours that
    a format can't print.
    """
    _check_form(style, form)
    report = Report()
    out.parent.mkdir(parents=True, exist_ok=True)
    with _beside(out) as folder:
        with closing(_writer(folder, form, style, grid)) as writer:
            for content in contents:
                laid = _laid(content, style)
                found = measure(laid, style.design, style.colours)
                # Past the first refusal nothing is printed, but all that is wrong is told.
                if report.take(str(content.battery.serial), found) and not report.refused:
                    writer.add(content, laid)
        if not report.refused:
            _move(folder, out)
    return report


def _laid(content: LabelContent, style: Style) -> Laid:
    text = "".join(line for kind, line in content.lines if kind in style.design.texts)
    if missing := style.fonts.missing(text):
        raise ConfigError(
            f"the font {style.fonts.faces.plain.name} has no {quoted(missing)}",
            "name one that has, with --font, such as NotoSans-Regular.ttf",
        )
    symbol = symbol_of(str(content.uri), style.design.level)
    return lay_out(content, style.design, symbol, style.fonts, draft=style.draft)


def _check_form(style: Style, form: str) -> None:
    if form == "zpl" and not style.colours.is_black_on_white and style.colours.opacity == 1:
        raise ConfigError(
            f"zpl prints black dots, not {style.colours.ink.hex} on {style.colours.paper.hex}",
            "choose a design without ink and paper, or png, svg or pdf-sheet",
        )


def _writer(folder: Path, form: str, style: Style, grid: Grid) -> Writer:
    if form == "pdf-sheet":
        name = f"design {style.design.name} · " if style.design.name else ""
        note = f"{name}print at 100 %, without fitting to the page"
        note = f"DRAFT, not for use · {note}" if style.draft else note
        return _Sheets(SheetWriter(folder, grid, style.colours, style.fonts, note))
    if form == "csv":
        return _Table(style, (folder / "labels.csv").open("w", encoding="utf-8", newline=""))
    return _Files(folder, form, style)


def _symbols(content: LabelContent, design: LabelDesign) -> Iterator[str]:
    if design.symbols:
        if content.has_ce:
            yield "CE"
        if content.has_bin:
            yield "separate-collection"
        yield from content.metals


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A folder on the same disk as the target, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _move(folder: Path, out: Path) -> None:
    out.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.replace(out / path.name)
