"""`cellfolio check`: everything that is wrong in content, at once."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import click

from generator.cli.check_formats import annotations, check_json, sarif
from generator.cli.main import Workspace
from generator.cli.report import last_line, text_report, wants_colour
from generator.content.check import Checked, check
from generator.content.config import SiteConfig
from generator.content.revision import read_revision
from generator.content.staged import Staged, read_staged
from generator.keys.choose import DEMO, check_told
from generator.keys.folder import KeyFolder
from generator.review.unexplained import unexplained
from passport.did.webvh import verify_did_log
from passport.problems import Problem
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
@click.option("--changed", is_flag=True, help="Tell and count problems of staged files only.")
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
    changed: bool,
    details: bool,
    as_json: bool,
) -> None:
    """Check content and say what must be mended.

    Each problem is told with its file, line and column and what to do about it; for each model,
    data points are counted as provided, missing, not yet required, not applicable or duplicate. A
    last commit that changes what the law looks at without a Passport-Reason is warned of.

    With --changed, as a hook before a commit, everything is checked but problems of files that are
    not staged are only counted.

    \b
    Example: cellfolio check --as-of 2027-02-18
    Example: cellfolio check --changed
    """
    workspace: Workspace = ctx.obj
    day: date = (as_of or read_revision(workspace.project).time).date()
    staged = read_staged(workspace.project) if changed else None
    if staged is not None and not staged.files:
        click.echo("cellfolio: nothing of this project is staged", err=True)
        return
    checked = check(workspace.project, day, guidance or "")
    _check_told(workspace.project, checked.content.config)
    if staged is None:
        reasons = tuple(unexplained(workspace.project, day))
        checked = replace(checked, problems=(*checked.problems, *reasons))
    else:
        checked = _of_staged(checked, staged)
    form = "json" if as_json else form
    click.echo(_report(checked, form, workspace.project, details=details), nl=False)
    if checked.has_errors or (strict and checked.warnings):
        click.echo(f"cellfolio: the content must be mended: {last_line(checked)}", err=True)
        ctx.exit(1)


def _of_staged(checked: Checked, staged: Staged) -> Checked:
    for name in staged.edited_since:
        click.echo(
            f"cellfolio: {name} was edited since it was staged; the file is checked", err=True
        )
    told = tuple(each for each in checked.problems if each.place.file in staged.files)
    if others := len(checked.problems) - len(told):
        click.echo(f"cellfolio: files that are not staged have {others} more", err=True)
    return replace(checked, problems=told)


def _check_told(project: Path, config: SiteConfig) -> None:
    """Hold the DID log to the settings; whoever has made no keys yet has told nobody anything."""
    folder = KeyFolder(project / config.keys)
    if config.keys != DEMO and folder.has_keys():
        log = verify_did_log(folder.read().log, now=datetime.now(UTC))
        check_told(log, config.base_url, config.brokers)


def _report(checked: Checked, form: str, project: Path, *, details: bool) -> str:
    match form:
        case "json":
            return f"{json.dumps(check_json(checked), ensure_ascii=False)}\n"
        case "sarif":
            problems = _seen_from_here(checked.problems, project)
            return f"{json.dumps(sarif(problems), ensure_ascii=False, indent=2)}\n"
        case "github":
            return annotations(_seen_from_here(checked.problems, project))
        case _:
            return text_report(checked, details=details, colour=wants_colour())


def _seen_from_here(problems: Iterable[Problem], project: Path) -> Iterator[Problem]:
    """Name files from the working folder, which in CI is the repository that shows them."""
    here = Path.cwd()
    folder = project.resolve()
    inside = folder.relative_to(here) if folder.is_relative_to(here) else Path()
    for each in problems:
        file = (inside / each.place.file).as_posix()
        yield replace(each, place=replace(each.place, file=file))
