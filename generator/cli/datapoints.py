"""`cellfolio datapoints`: the registry, printed and filtered."""

import json
from collections.abc import Iterable

import click

from passport.registry import GUIDANCE_VERSIONS, SECTIONS, Category, DataPoint, Group, registry


@click.command()
@click.argument("words", nargs=-1)
@click.option("--group", type=click.Choice([group.value for group in Group]), help="Who may read.")
@click.option("--level", type=click.Choice(["model", "battery"]), help="What it belongs to.")
@click.option("--section", type=click.Choice(SECTIONS), help="Section of the page.")
@click.option("--source", help="Content file that holds it, like performance or restricted/xiii-2.")
@click.option("--language", default="en", help="Language of labels; default: en.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    words: tuple[str, ...],
    group: str | None,
    level: str | None,
    section: str | None,
    source: str | None,
    language: str,
    *,
    as_json: bool,
) -> None:
    """List the data points of battery passports.

    WORDS narrow the list: numbers of the guidance, content keys, or words of labels.

    \b
    Example: cellfolio datapoints voltage --group xiii-1
    """
    wanted = {"group": group, "level": level, "section": section, "source": source}
    points = [
        point
        for point in registry().data_points
        if all(value is None or getattr(point, name) == value for name, value in wanted.items())
        and _matches(point, words, language)
    ]
    if as_json:
        rows = [data_point_json(point) for point in points]
        click.echo(json.dumps({"data_points": rows}, ensure_ascii=False))
    else:
        _print_table(points, language)


def _matches(point: DataPoint, words: tuple[str, ...], language: str) -> bool:
    text = f"{point.key} {point.label.text(language)}".casefold()
    return not words or any(word == point.number or word.casefold() in text for word in words)


def _print_table(points: Iterable[DataPoint], language: str) -> None:
    head = ("no.", "key", "unit", "group", "level", "EV LMT IND", "label", "clause")
    rows = [head, *(_row(point, language) for point in points)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    click.echo(f"{len(rows) - 1} data points")


def _row(point: DataPoint, language: str) -> tuple[str, ...]:
    asked = "   ".join(point.requirement(category, GUIDANCE_VERSIONS[0]) for category in Category)
    return (
        point.number or "-",
        point.key,
        point.unit or point.type,
        point.group,
        point.level,
        asked,
        point.label.text(language),
        point.clause,
    )


def data_point_json(point: DataPoint) -> dict[str, object]:
    """A data point as `--json` prints it; requirements by guidance version and category."""
    return {
        "number": point.number,
        "key": point.key,
        "member": point.member,
        "clause": point.clause,
        "spec": list(point.spec),
        "group": point.group,
        "level": point.level,
        "section": point.section,
        "source": point.source,
        "update": point.update,
        "type": point.type,
        "unit": point.unit,
        "codes": point.codes,
        "requirements": {
            version: {
                category.value: point.requirement(category, version).value for category in Category
            }
            for version in GUIDANCE_VERSIONS
        },
        "label": dict(point.label.texts),
        "help": dict(point.help.texts),
    }
