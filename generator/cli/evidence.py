"""`cellfolio evidence`: which values have evidence, and the register as one table."""

from collections.abc import Iterator

import click

from generator.cli.listing import FORMATS, Listing
from generator.cli.main import Workspace
from generator.cli.reading import read_content
from generator.content.load import Content
from passport.errors import ConfigError
from passport.evidence import EvidenceEntry, EvidenceRow, Result, evidence_rows
from passport.model import NotApplicable
from passport.plain_text import plain_text

_COVERAGE = ("model", "values", "with_evidence", "passed", "failed", "open", "without")
_VALUE = (
    "model",
    "plant",
    "group",
    "number",
    "field",
    "legal_basis",
    "access_group",
    "level",
    "value",
    "unit",
    "type",
)
_PROOF = (
    "evidence",
    "source_system",
    "record",
    "artefact",
    "digest",
    "owner",
    "updater",
    "rule",
    "result",
    "last_validated",
    "trigger",
    "frequency",
)
_HIDDEN = "restricted"
_OF_BATTERIES = "one value a battery"


@click.command()
@click.option("--table", is_flag=True, help="Print the register, one row a value.")
@click.option("--model", "slug", metavar="SLUG", help="Only this model.")
@click.option("--restricted", is_flag=True, help="Show restricted values in the table.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Fail unless every value has evidence that passed.")
@click.pass_context
def command(
    ctx: click.Context,
    slug: str | None,
    form: str,
    *,
    table: bool,
    restricted: bool,
    strict: bool,
) -> None:
    """Say which values have evidence, and print the register.

    For each model, values with and without evidence are counted; --table prints one row a value
    with its source, artefact, owner, validation and renewal.

    \b
    Example: cellfolio evidence --table --format csv
    """
    workspace: Workspace = ctx.obj
    content, error = read_content(workspace.project)
    rows = tuple(_rows(content, slug))
    if table:
        listing = _register(rows, restricted=restricted)
        click.echo(listing.render(form), nl=False)
    else:
        click.echo(_coverage(rows, content, slug).render(form), nl=False)
        if form == "text":
            click.echo(_without(rows), nl=False)
    if error:
        raise error
    unproven = sum(not _has_passed(row) for row in rows)
    if strict and unproven:
        click.echo(
            f"cellfolio: {unproven} of {len(rows)} values lack evidence that passed", err=True
        )
        ctx.exit(1)


def _rows(content: Content, slug: str | None) -> Iterator[EvidenceRow]:
    known = [model.slug for model in content.models]
    if slug is not None and slug not in known:
        raise ConfigError(f"there is no model {slug!r}", f"name one of: {', '.join(known)}")
    registers = {register.model: register for register in content.evidence}
    for model in content.models:
        if slug in (None, model.slug):
            yield from evidence_rows(model, content.restricted, registers[model.slug])


def _coverage(rows: tuple[EvidenceRow, ...], content: Content, slug: str | None) -> Listing:
    slugs = [model.slug for model in content.models if slug in (None, model.slug)]
    return Listing(
        noun="models",
        columns=_COVERAGE,
        rows=[_counts(name, [row for row in rows if row.model == name]) for name in slugs],
    )


def _counts(slug: str, rows: list[EvidenceRow]) -> tuple[str, ...]:
    entries = [row.entry for row in rows if row.entry]
    results = [sum(entry.result is result for entry in entries) for result in Result]
    counts = (len(rows), len(entries), *results, len(rows) - len(entries))
    return (slug, *map(str, counts))


def _without(rows: tuple[EvidenceRow, ...]) -> str:
    lines = []
    for row in rows:
        if row.entry is None and row.element:
            place, clause = row.element.place, row.point.clause
            lines.append(f"{place}: {row.point.key} has no evidence ({clause})\n")
    return "\n" + "".join(lines) if lines else ""


def _register(rows: tuple[EvidenceRow, ...], *, restricted: bool) -> Listing:
    return Listing(
        noun="values",
        columns=(*_VALUE, *_PROOF),
        rows=[(*_value(row, restricted=restricted), *_proof(row.entry)) for row in rows],
    )


def _value(row: EvidenceRow, *, restricted: bool) -> tuple[str, ...]:
    point = row.point
    return (
        row.model,
        row.plant,
        point.section,
        point.number,
        point.label.text("en"),
        point.clause,
        point.group.value,
        point.level.value,
        _shown(row) if point.is_public or restricted else _HIDDEN,
        point.unit,
        point.type,
    )


def _shown(row: EvidenceRow) -> str:
    if row.element is None:
        return _OF_BATTERIES
    value = row.element.value
    return "" if isinstance(value, NotApplicable) else plain_text(row.point, value)


def _proof(entry: EvidenceEntry | None) -> tuple[str, ...]:
    if entry is None:
        return ("",) * len(_PROOF)
    return (
        entry.name,
        entry.source_system,
        entry.record,
        entry.document.file if entry.document else "",
        f"sha256:{entry.document.sha256}" if entry.document else "",
        entry.owner,
        entry.updater,
        entry.rule,
        entry.result.value,
        entry.validated_on.isoformat() if entry.validated_on else "",
        entry.trigger,
        entry.frequency,
    )


def _has_passed(row: EvidenceRow) -> bool:
    return row.entry is not None and row.entry.result is Result.PASSED
