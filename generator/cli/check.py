"""`cellfolio check`: everything that is wrong in content, at once."""

import json
from datetime import date, datetime

import click

from generator.cli.main import Workspace
from generator.cli.report import last_line, text_report, wants_colour
from generator.content.check import Checked, check
from generator.content.reports import annotations, check_json, sarif
from generator.content.revision import read_revision
from passport.registry import GUIDANCE_VERSIONS

FORMATS = ("text", "json", "sarif", "github")


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge what is due on this day.")
@click.option(
    "--guidance",
    type=click.Choice(GUIDANCE_VERSIONS),
    help="Version of the Commission's guidance; default: the one in cellfolio.toml.",
)
@click.option("--strict", is_flag=True, help="Let warnings fail the check, as errors do.")
@click.option("--details", is_flag=True, help="List the outcome of each data point.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_context
def command(
    ctx: click.Context,
    as_of: datetime | None,
    guidance: str | None,
    form: str,
    *,
    strict: bool,
    details: bool,
    as_json: bool,
) -> None:
    """Check content and say what must be mended.

    Each problem is told with its file, line and column and what to do about it; for each model,
    data points are counted as provided, missing, not yet required, not applicable or duplicate.

    \b
    Example: cellfolio check --as-of 2027-02-18
    """
    workspace: Workspace = ctx.obj
    day: date = (as_of or read_revision(workspace.project).time).date()
    checked = check(workspace.project, day, guidance or "")
    click.echo(_report(checked, "json" if as_json else form, details=details), nl=False)
    if checked.has_errors or (strict and checked.warnings):
        click.echo(f"cellfolio: the content must be mended: {last_line(checked)}", err=True)
        ctx.exit(1)


def _report(checked: Checked, form: str, *, details: bool) -> str:
    match form:
        case "json":
            return f"{json.dumps(check_json(checked), ensure_ascii=False)}\n"
        case "sarif":
            return f"{json.dumps(sarif(checked.problems), ensure_ascii=False, indent=2)}\n"
        case "github":
            return annotations(checked.problems)
        case _:
            return text_report(checked, details=details, colour=wants_colour())
