"""`cellfolio build`: content in, a site out."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.build.plan import make_plan
from generator.build.site import prepare_site
from generator.cli.main import Workspace
from generator.cli.progress import progress
from generator.cli.report import problems_on_stderr, unseen_line
from generator.content.check import checked_content
from generator.content.revision import read_revision
from generator.keys.choose import issuer_of
from generator.publish.folder import finish, publish
from generator.read.sources import FolderSource
from generator.store.folder import FolderStore


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did, as `--json` prints it."""

    out: str
    passports: int
    written: int
    unchanged: int
    kept: int
    finished_earlier: bool
    paths: tuple[str, ...]


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Default: site/.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def command(workspace: Workspace, out: Path | None, *, as_json: bool) -> None:
    """Build the site from content/.

    Content with errors changes nothing. Only files that differ are written; a build that was
    interrupted is finished first.

    \b
    Example: cellfolio build --out site
    """
    with problems_on_stderr():
        report = build(workspace.project, out or workspace.project / "site")
    click.echo(json.dumps(asdict(report)) if as_json else _summary(report))


def build(project: Path, out: Path) -> BuildReport:
    """Build a project into a folder; raises `ContentError` before anything is written."""
    revision = read_revision(project)
    content = checked_content(project, revision.time.date())
    if line := unseen_line(content):
        click.echo(f"cellfolio: {line}", err=True)
    finished_earlier = finish(out)
    config = content.config
    issuer = issuer_of(config.base_url, config.keys, project, os.environ, datetime.now(UTC))
    site = prepare_site(make_plan(content, revision), issuer, project)
    artifacts = site.artifacts(FolderSource(FolderStore(out)).get)
    done = publish(progress(artifacts, site.passports, "building passports"), out)
    return BuildReport(
        out=str(out),
        passports=site.passports,
        written=done.written,
        unchanged=done.unchanged,
        kept=done.kept,
        finished_earlier=finished_earlier,
        paths=done.paths,
    )


def _summary(report: BuildReport) -> str:
    return (
        f"{report.passports} passports in {report.out}: {report.written} files written, "
        f"{report.unchanged} unchanged, {report.kept} carried over"
    )
