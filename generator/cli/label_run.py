"""A run of labels as `cellfolio labels` is asked for one: from its options to its report.

Loaded when labels are printed, since what draws and reads them needs the extra `labels`. What a
label looks like and must hold isn't known here.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.build.pages.theme import find_theme
from generator.cli.labels import LabelOrder
from generator.cli.reading import read_content
from generator.cli.report import problems_on_stderr
from generator.cli.selection import BatteryRow, battery_rows
from generator.content.labels import parse_length
from generator.content.load import Content
from generator.content.revision import read_revision
from generator.content.yaml.near_misses import instead_of
from generator.labels.colours import Colours, parse_colour
from generator.labels.content import LabelContent, label_content
from generator.labels.gates import SharedFiles, require_answering, require_proven, require_released
from generator.labels.pdf import Grid, load_fonts
from generator.labels.run import Report, Style, run
from generator.read.sources import Origins, Source, parse_copies
from passport.errors import ConfigError, PublishError, ValueFormatError
from passport.label_design import LabelDesign

_NOTE = (
    "checked is the file, not the print, and no grade is given: try a printed label with phones, "
    "and have a verifier grade it"
)


def print_labels(order: LabelOrder) -> None:
    """Print what is ordered, and a report; `PublishError` if a label can't be printed."""
    content, error = read_content(order.project)
    if error:
        raise error
    rows = tuple(filter(order.chosen.match, battery_rows(content)))
    out = order.out
    if out.resolve().is_relative_to((order.project / "site").resolve()):
        raise ConfigError(f"{out} lies in the site", "name a folder that is not published")
    style = _style(content, order)
    with problems_on_stderr():
        contents = _contents(content, rows, style, order)
        report = run(contents, style, order.form, _grid(style.design, order), out)
    told = _json(style, order.form, out, report) if order.as_json else _text(style, out, report)
    click.echo(told)
    if report.refused:
        raise PublishError(
            f"{report.refused} of {_count(report.labels)} can't be printed; nothing was written",
            "mend what the report names",
        )


def _style(content: Content, order: LabelOrder) -> Style:
    design = _design(content.labels, order.design)
    tokens = find_theme(order.project, content.config.theme).colours("light")
    return Style(
        design=design,
        colours=Colours(parse_colour(design.ink, tokens), parse_colour(design.paper, tokens)),
        fonts=load_fonts(order.font, order.bold_font),
        draft=order.draft,
    )


def _grid(design: LabelDesign, order: LabelOrder) -> Grid:
    return Grid(
        width=design.width,
        height=design.height,
        margin=_length("--margin", order.margin),
        gap=_length("--gap", order.gap),
        dpi=design.dpi,
    )


def _design(designs: tuple[LabelDesign, ...], name: str | None) -> LabelDesign:
    if not name:
        return LabelDesign()
    named = {design.name: design for design in designs}
    if name not in named:
        raise ConfigError(
            f"content/labels.yaml has no design {name!r}",
            instead_of(name, tuple(named)) if named else "write one there",
        )
    return named[name]


def _length(option: str, text: str) -> float:
    if text in ("0", "0.0"):
        return 0.0
    try:
        return parse_length(f"{text.strip().removesuffix('mm').strip()} mm")
    except ValueFormatError as error:
        raise ConfigError(
            f"{option} {text!r} is no length in millimetres", f"write it as in {option} 2.5"
        ) from error


def _contents(
    content: Content, rows: tuple[BatteryRow, ...], style: Style, order: LabelOrder
) -> Iterator[LabelContent]:
    """What labels say; past the gates, unless they are drafts."""
    if not rows:
        raise ConfigError("no battery is selected", "look with `cellfolio list` which there are")
    if style.draft:
        return _labels(content, rows)
    if style.design.name:
        require_proven(style.design)
    as_of = read_revision(order.project).time.date()
    released = require_released(order.project, [row.battery for row in rows], as_of)
    return _answering(
        _labels(released, rows), str(content.config.base_url), parse_copies(order.copies)
    )


def _labels(content: Content, rows: tuple[BatteryRow, ...]) -> Iterator[LabelContent]:
    makers = {operator.slug: operator for operator in content.operators}
    for row in rows:
        maker = makers.get(row.model.manufacturer)
        yield label_content(content.config.base_url, row.model, maker, row.battery)


def _answering(
    contents: Iterator[LabelContent], origin: str, copies: Mapping[str, Source]
) -> Iterator[LabelContent]:
    origins = Origins({**copies, origin: SharedFiles(Origins(copies).source(origin))})
    now = datetime.now(UTC)
    for content in contents:
        require_answering(content.uri, origins, now)
        yield content


def _json(style: Style, form: str, out: Path, report: Report) -> str:
    design = style.design
    told = {
        "labels": report.labels,
        "refused": report.refused,
        "format": form,
        "out": str(out),
        "draft": style.draft,
        "design": {
            "name": design.name,
            "width": design.width,
            "height": design.height,
            "dpi": design.dpi,
            "level": design.level,
            "readingDistance": design.reading_distance,
        },
        "checks": [
            {"check": each.check, "worst": each.figure, "needed": each.needed, "holds": each.holds}
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
    return json.dumps(told)


def _text(style: Style, out: Path, report: Report) -> str:
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
        draft = "drafts of " if style.draft else ""
        lines.append(f"{draft}{_count(report.labels)} in {out}; worst figures above")
        if not style.draft and not style.design.name:
            lines.append("no design of content/labels.yaml: no phone test is on record")
    return "\n".join((*lines, _NOTE))


def _count(labels: int) -> str:
    return f"{labels} label{'' if labels == 1 else 's'}"
