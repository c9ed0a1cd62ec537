"""`cellfolio labels`: labels of batteries, gated, checked before print, in five formats."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from generator.build.theme import find_theme
from generator.cli.copies import at_option
from generator.cli.main import Workspace
from generator.cli.reading import read_content
from generator.cli.report import problems_on_stderr
from generator.cli.selection import BatteryRow, battery_rows, filters_of, selecting
from generator.content.labels import parse_dpi, parse_length
from generator.content.load import Content
from generator.content.revision import read_revision
from generator.content.spelling import instead_of
from generator.labels.colours import Colours, parse_colour
from generator.labels.content import LabelContent, label_content
from generator.labels.gates import SharedFiles, require_answering, require_proven, require_released
from generator.labels.pdf import Grid, load_fonts
from generator.labels.run import FORMATS, Report, Style, run
from generator.read.sources import Origins, parse_copies
from passport.errors import ConfigError, PublishError, ValueFormatError
from passport.label_design import LEVELS, LabelDesign, LabelText

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NOTE = (
    "checked is the file, not the print, and no grade is given: try a printed label with phones, "
    "and have a verifier grade it"
)
_LOOK = (
    "size",
    "module",
    "dpi",
    "level",
    "quiet_zone",
    "distance",
    "texts",
    "symbols",
    "ink",
    "paper",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run as it was asked for."""

    project: Path
    style: Style
    form: str
    grid: Grid
    out: Path
    copies: tuple[str, ...]


@click.command()
@selecting
@click.option("--format", "form", type=click.Choice(FORMATS), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--design", help="A design of content/labels.yaml; it decides about all of the look.")
@click.option("--size", metavar="WxH", help="Millimetres of the label; default: 66x40.")
@click.option("--module", metavar="MM", help="Side of a module; default: the largest with room.")
@click.option("--dpi", metavar="N", help="Dots per inch of the printer; default: 300.")
@click.option("--level", type=click.Choice(LEVELS), help="Error correction; default: q.")
@click.option("--quiet-zone", type=click.IntRange(0, 40), help="Free modules around; default: 4.")
@click.option("--distance", metavar="MM", help="How far away a phone may be; default: 200.")
@click.option(
    "--text",
    "texts",
    type=click.Choice([*LabelText, "none"]),
    multiple=True,
    help="Lines to print; repeatable; default: all.",
)
@click.option("--symbols/--no-symbols", default=None, help="Marking symbols; default: yes.")
@click.option("--ink", help="#rrggbb or a colour of the theme; default: black.")
@click.option("--paper", help="The same, of the ground; default: white.")
@click.option("--font", type=_FILE, help="A TrueType font; default: Bitstream Vera.")
@click.option("--bold-font", type=_FILE, help="Its bold one.")
@click.option("--margin", default="5", metavar="MM", help="Edge of a sheet.", show_default=True)
@click.option("--gap", default="0", metavar="MM", help="Between labels.", show_default=True)
@click.option("--draft", is_flag=True, help="Print DRAFT across, skip the gates, ask no site.")
@at_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def command(
    workspace: Workspace,
    /,
    form: str,
    out: Path,
    copies: tuple[str, ...],
    *,
    as_json: bool,
    **options: Any,  # noqa: ANN401 (one an option, read by name below)
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
    selection = {name: options[name] for name in _SELECTION}
    content, error = read_content(workspace.project)
    if error:
        raise error
    rows = tuple(filter(filters_of(**selection).match, battery_rows(content)))
    job = _job(workspace.project, content, form, out, copies, options)
    with problems_on_stderr():
        contents = _contents(job, content, rows)
        report = run(contents, job.style, form, job.grid, out)
    click.echo(json.dumps(_json(job, report)) if as_json else _text(job, report))
    if report.refused:
        raise PublishError(
            f"{report.refused} of {_count(report.labels)} can't be printed; nothing was written",
            "mend what the report names",
        )


_SELECTION = ("words", "models", "plants", "lots", "installations", "placed_from", "placed_to")


def _job(
    project: Path,
    content: Content,
    form: str,
    out: Path,
    copies: tuple[str, ...],
    options: Mapping[str, Any],
) -> Job:
    if out.resolve().is_relative_to((project / "site").resolve()):
        raise ConfigError(f"{out} lies in the site", "name a folder that is not published")
    design = _design(content, options)
    tokens = find_theme(project, content.config.theme).colours("light")
    colours = Colours(parse_colour(design.ink, tokens), parse_colour(design.paper, tokens))
    fonts = load_fonts(options["font"], options["bold_font"])
    return Job(
        project=project,
        style=Style(design=design, colours=colours, fonts=fonts, draft=options["draft"]),
        form=form,
        grid=Grid(
            width=design.width,
            height=design.height,
            margin=_length("--margin", options["margin"]),
            gap=_length("--gap", options["gap"]),
            dpi=design.dpi,
        ),
        out=out,
        copies=copies,
    )


def _design(content: Content, options: Mapping[str, Any]) -> LabelDesign:
    own = [name for name in _LOOK if options[name] not in (None, ())]
    if not options["design"]:
        return _own_design(options)
    if own:
        option = f"--{own[0].replace('_', '-')}"
        raise ConfigError(f"--design decides about {option}", "leave one of both out")
    designs = {design.name: design for design in content.labels}
    if options["design"] not in designs:
        raise ConfigError(
            f"content/labels.yaml has no design {options['design']!r}",
            instead_of(options["design"], tuple(designs)) if designs else "write one there",
        )
    return designs[options["design"]]


def _own_design(options: Mapping[str, Any]) -> LabelDesign:
    design = LabelDesign()
    width, height = _size(options["size"]) if options["size"] else (design.width, design.height)
    texts = options["texts"] or tuple(design.texts)
    chosen = {
        "module": _optional("--module", options["module"]),
        "dpi": _dpi(options["dpi"]),
        "level": options["level"],
        "quiet_zone": options["quiet_zone"],
        "reading_distance": _optional("--distance", options["distance"]),
        "symbols": options["symbols"],
        "ink": options["ink"],
        "paper": options["paper"],
    }
    given = {name: value for name, value in chosen.items() if value is not None}
    lines = tuple(LabelText(text) for text in texts if text != "none")
    return replace(design, width=width, height=height, texts=lines, **given)


def _size(text: str) -> tuple[float, float]:
    width, _, height = text.lower().partition("x")
    return _length("--size", width), _length("--size", height)


def _optional(option: str, text: str | None) -> float | None:
    return None if text is None else _length(option, text)


def _length(option: str, text: str) -> float:
    if text in ("0", "0.0"):
        return 0.0
    try:
        return parse_length(f"{text.strip().removesuffix('mm').strip()} mm")
    except ValueFormatError as error:
        example = "66x40" if option == "--size" else "0.423"
        raise ConfigError(
            f"{option} {text!r} is no length in millimetres", f"write it as in {option} {example}"
        ) from error


def _dpi(text: str | None) -> int | None:
    try:
        return None if text is None else parse_dpi(text)
    except ValueFormatError as error:
        raise ConfigError(f"--dpi: {error.message}", error.remedy) from error


def _contents(job: Job, content: Content, rows: tuple[BatteryRow, ...]) -> Iterator[LabelContent]:
    if not rows:
        raise ConfigError("no battery is selected", "look with `cellfolio list` which there are")
    if job.style.draft:
        return _labels(content, rows)
    if job.style.design.name:
        require_proven(job.style.design)
    as_of = read_revision(job.project).time.date()
    released = require_released(job.project, [row.battery for row in rows], as_of)
    return _answering(job, _labels(released, rows), str(content.config.base_url))


def _labels(content: Content, rows: tuple[BatteryRow, ...]) -> Iterator[LabelContent]:
    makers = {operator.slug: operator for operator in content.operators}
    for row in rows:
        maker = makers.get(row.model.manufacturer)
        yield label_content(content.config.base_url, row.model, maker, row.battery)


def _answering(job: Job, contents: Iterator[LabelContent], origin: str) -> Iterator[LabelContent]:
    copies = parse_copies(job.copies)
    origins = Origins({**copies, origin: SharedFiles(Origins(copies).source(origin))})
    now = datetime.now(UTC)
    for content in contents:
        require_answering(content.uri, origins, now)
        yield content


def _json(job: Job, report: Report) -> dict[str, object]:
    design = job.style.design
    return {
        "labels": report.labels,
        "refused": report.refused,
        "format": job.form,
        "out": str(job.out),
        "draft": job.style.draft,
        "design": {
            "name": design.name,
            "width": design.width,
            "height": design.height,
            "dpi": design.dpi,
            "level": design.level,
            "readingDistance": design.reading_distance,
        },
        "checks": [
            {
                "check": each.check,
                "worst": each.figure,
                "needed": each.needed,
                "holds": each.holds,
            }
            for each in report.checks.values()
        ],
        "refusals": [
            {
                "serial": refusal.serial,
                "check": refusal.measured.check,
                "figure": refusal.measured.figure,
                "needed": refusal.measured.needed,
                "remedy": refusal.measured.remedy,
            }
            for refusal in report.refusals
        ],
        "note": _NOTE,
    }


def _text(job: Job, report: Report) -> str:
    lines = [
        f"{'ok' if each.holds else 'NO':2}  {each.check:19}  {each.figure}, needed: {each.needed}"
        for each in report.checks.values()
    ]
    lines += [
        f"{refusal.serial}: {refusal.measured.check}: {refusal.measured.figure}, needed:"
        f" {refusal.measured.needed}: {refusal.measured.remedy}"
        for refusal in report.refusals
    ]
    if not report.refused:
        draft = "drafts of " if job.style.draft else ""
        lines.append(f"{draft}{_count(report.labels)} in {job.out}; worst figures above")
        if not job.style.draft and not job.style.design.name:
            lines.append("no design of content/labels.yaml: no phone test is on record")
    return "\n".join((*lines, _NOTE))


def _count(labels: int) -> str:
    return f"{labels} label{'' if labels == 1 else 's'}"
