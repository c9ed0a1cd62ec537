"""`cellfolio labels`: labels of batteries, gated, checked before print, in five formats.

What draws and reads them is loaded once they are asked for, so that help needs no extra.
"""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from generator.cli.copies import at_option
from generator.cli.main import Workspace
from generator.cli.selection import Filters, filters_of, selecting
from generator.labels.drawing import FORMATS

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_RUN = "generator.cli.label_run"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelOrder:
    """Which labels are asked for, and how; `margin` and `gap` are millimetres as typed."""

    project: Path
    chosen: Filters
    form: str
    out: Path
    design: str | None
    font: Path | None
    bold_font: Path | None
    margin: str
    gap: str
    draft: bool
    copies: tuple[str, ...]
    as_json: bool


@click.command()
@selecting
@click.option("--format", "form", type=click.Choice(FORMATS), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--design", help="A design of content/labels.yaml; default: 66 x 40 mm at 300 dpi.")
@click.option("--font", type=_FILE, help="A TrueType font; default: Bitstream Vera.")
@click.option("--bold-font", type=_FILE, help="Its bold one.")
@click.option("--margin", default="5", metavar="MM", help="Edge of a sheet.", show_default=True)
@click.option("--gap", default="0", metavar="MM", help="Between labels.", show_default=True)
@click.option("--draft", is_flag=True, help="Print DRAFT across, skip the gates, ask no site.")
@at_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def command(  # noqa: PLR0913 (click passes each option)
    workspace: Workspace,
    /,
    *,
    form: str,
    out: Path,
    design: str | None,
    font: Path | None,
    bold_font: Path | None,
    margin: str,
    gap: str,
    copies: tuple[str, ...],
    draft: bool,
    as_json: bool,
    **selection: Any,  # noqa: ANN401 (what `selecting` adds)
) -> None:
    """Print labels of batteries, all or those that filters and WORDS choose.

    One file a battery as svg, png or zpl; A4 sheets with cut marks as pdf-sheet; a table for print
    shops as csv. What a label needs is checked first: contrast, quiet zone, whole dots, size for
    the reading distance, size of text and symbols, and two decoders that read the code clean,
    blurred and damaged. With anything refused, nothing is written.

    A label lasts, so content must be fit for release as for `deploy`, and each battery's URL must
    answer and verify. --draft skips that, for looking and for trying with phones.

    \b
    Example: cellfolio labels --draft --format pdf-sheet --out labels
    Example: cellfolio labels --lot 2026-11-t48 --design rack-front --format zpl --out labels
    """
    order = LabelOrder(
        project=workspace.project,
        chosen=filters_of(**selection),
        form=form,
        out=out,
        design=design,
        font=font,
        bold_font=bold_font,
        margin=margin,
        gap=gap,
        draft=draft,
        copies=copies,
        as_json=as_json,
    )
    importlib.import_module(_RUN).print_labels(order)
