"""Print docs/datapoints.md: the registry as tables; `make docs` keeps the file up to date."""

from collections import Counter
from collections.abc import Iterable, Iterator

import click

from passport.applicability import guidance_counts
from passport.registry import (
    GUIDANCE_VERSIONS,
    SECTIONS,
    Category,
    DataPoint,
    Requirement,
    registry,
)

INTRODUCTION = """\
# Data points

Made by `make docs` from `passport/data/datapoints/`, which `cellfolio datapoints` prints and
filters. Numbers are those of the Commission's guidance on data points by category; its version 2.0
is known from one third-party transcription only, so take that column as unconfirmed. A letter after
a number marks one part of a data point that the Regulation lists in parts. What has no number comes
from DIN DKE SPEC 99100 and is voluntary. Clauses are of Regulation (EU) 2023/1542.

**Who reads**: `xiii-1` everybody; `xiii-2` and `xiii-4` persons with a legitimate interest, the
first for models, the other for batteries; `xiii-2` and `xiii-3` authorities.

**What is asked** in the columns 1.0 and 2.0, of batteries for electric vehicles, for light means of
transport, and of industrial ones, in this order: M mandatory, C conditional, P pending an act or a
date, O optional, v voluntary, - nothing.

**In**: the file below `content/models/<model>/` that holds it (`.yaml`), or where else it comes
from: an `operator`, a row of `batteries`, their `events`, or `derived` by a build.
"""
TITLES = {
    "general": "General",
    "labels": "Labels, symbols and conformity",
    "carbon": "Carbon footprint",
    "due-diligence": "Due diligence",
    "materials": "Materials and composition",
    "circularity": "Circularity",
    "performance": "Performance and durability",
    "condition": "Condition of the battery",
}
_CATEGORIES = {
    Category.EV: "electric vehicles",
    Category.LMT: "light means of transport",
    Category.INDUSTRIAL: "industrial",
}
_NUMBERED = (
    Requirement.MANDATORY,
    Requirement.CONDITIONAL,
    Requirement.PENDING,
    Requirement.OPTIONAL,
    Requirement.NONE,
)


def pages() -> Iterator[str]:
    """Yield the sections of docs/datapoints.md."""
    yield INTRODUCTION
    yield f"## How many the guidance asks for\n\n{_table(*_counts())}"
    for section in SECTIONS:
        points = [point for point in registry().data_points if point.section == section]
        yield f"## {TITLES[section]}\n\n{_table(*_rows(points))}"


def _counts() -> Iterator[tuple[str, ...]]:
    yield "guidance", "category", *_NUMBERED, "together"
    for version in GUIDANCE_VERSIONS:
        for category in Category:
            counts = Counter(guidance_counts(category, version))
            numbers = (str(counts[requirement]) for requirement in _NUMBERED)
            yield version, _CATEGORIES[category], *numbers, str(counts.total())


def _rows(points: Iterable[DataPoint]) -> Iterator[tuple[str, ...]]:
    yield (
        "no.",
        "data point",
        "unit or type",
        "who reads",
        "level",
        *GUIDANCE_VERSIONS,
        "clause",
        "in",
    )
    for point in points:
        yield (
            point.number or "-",
            f"{point.label.text('en')} `{point.key}`",
            _type(point),
            point.group.value,
            point.level.value,
            *(_asked(point, version) for version in GUIDANCE_VERSIONS),
            point.clause,
            f"`{point.source}`",
        )


def _type(point: DataPoint) -> str:
    if point.unit:
        return f"range, {point.unit}" if point.type == "range" else point.unit
    if point.codes:
        return f"{point.type} of {point.codes.replace('_', ' ')}"
    if point.fields:
        return f"{point.type}: {', '.join(field.name for field in point.fields)}"
    return point.type


def _asked(point: DataPoint, version: str) -> str:
    return " ".join(point.requirement(category, version) for category in Category)


def _table(head: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    lines = (f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)
    return "\n".join((f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines, ""))


if __name__ == "__main__":
    click.echo("\n".join(pages()), nl=False)
