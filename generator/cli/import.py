# ruff: noqa: N999 - the command is called so
"""`cellfolio import`: tables that other programs made, into content.

The report says what each row of the table does. Nothing is written when a row is wrong, or in a
dry run.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from generator.cli.check_formats import problem_json
from generator.cli.main import Workspace
from generator.content.importing.mapping import read_mapping
from generator.content.importing.report import MOST_CHANGES, ImportReport
from generator.content.importing.run import ImportJob
from generator.content.importing.suggest import suggest_mapping
from generator.content.importing.table import import_table
from passport.errors import ConfigError, ContentError


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--map", "mapping", type=click.Path(path_type=Path), help="The mapping file (docs/import.md)."
)
@click.option("--into", default="", metavar="LOT", help="The lot that batteries go into.")
@click.option("--sheet", default="", metavar="NAME", help="The sheet of a workbook.")
@click.option("--dry-run", is_flag=True, help="Report only; write nothing.")
@click.option("--skip-wrong", is_flag=True, help="Import the other rows when some are wrong.")
@click.option("--suggest", is_flag=True, help="Print a mapping guessed from the headers.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def command(  # noqa: PLR0913 (one an option)
    workspace: Workspace,
    file: Path,
    mapping: Path | None,
    into: str,
    sheet: str,
    *,
    dry_run: bool,
    skip_wrong: bool,
    suggest: bool,
    as_json: bool,
) -> None:
    """Import batteries or data points from a CSV, Excel or JSONL file.

    A mapping file says which column is what. Problems name file, row and column of the table.
    Importing the same table again changes nothing.

    \b
    Example: cellfolio import deliveries.xlsx --map deliveries.toml --into 2026-12-t48 --dry-run
    """
    if suggest:
        click.echo(suggest_mapping(file, sheet), nl=False)
        return
    if mapping is None:
        message = "there is no --map"
        raise ConfigError(message, "let --suggest print a mapping to start from, then name it")
    job = ImportJob(
        project=workspace.project,
        source=file,
        mapping=read_mapping(mapping),
        lot=into,
        sheet=sheet,
        dry_run=dry_run,
        skip_wrong=skip_wrong,
    )
    report = import_table(job)
    click.echo(_json(report) if as_json else "\n".join(_lines(report)))
    if not report.accepted:
        raise ContentError(report.errors)


def _lines(report: ImportReport) -> Iterator[str]:
    sheet = f", sheet {report.sheet!r}" if report.sheet else ""
    yield f"{report.source}{sheet}: header in row {report.header_row}"
    if report.unmapped:
        yield f"columns left out: {', '.join(report.unmapped)}"
    yield from (f"  {change}" for change in report.changes)
    if report.added + report.changed > len(report.changes):
        yield f"  … the first {MOST_CHANGES} are listed"
    yield from map(str, report.problems)
    yield _counts(report)
    yield _outcome(report)


def _counts(report: ImportReport) -> str:
    parts = [
        f"{report.added} added",
        f"{report.changed} changed",
        f"{report.unchanged} unchanged",
        f"{report.refused} refused",
    ]
    parts += [f"{report.repeated} repeated"] if report.repeated else []
    parts += [f"{report.blank} blank"] if report.blank else []
    return ", ".join(parts)


def _outcome(report: ImportReport) -> str:
    files = ", ".join(report.targets)
    if report.written:
        return f"written: {files}"
    if not report.accepted:
        return "nothing written: mend the rows, or leave them out with --skip-wrong"
    if report.added + report.changed:
        return f"dry run, nothing written: {files}"
    return "nothing to write: content has all of it"


def _json(report: ImportReport) -> str:
    members = asdict(report)
    members["problems"] = [problem_json(problem) for problem in report.problems]
    return json.dumps(members, ensure_ascii=False)
