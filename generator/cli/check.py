"""`cellfolio check`: everything that is wrong in content, at once."""

from datetime import date, datetime

import click

from generator.cli.main import Workspace
from generator.content.check import check
from generator.content.revision import read_revision
from passport.errors import ContentError


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge what is due on this day.")
@click.option("--guidance", default="", help="Version of the Commission's guidance: 1.0 or 2.0.")
@click.pass_obj
def command(workspace: Workspace, as_of: datetime | None, guidance: str) -> None:
    """Check content and say what must be mended.

    \b
    Example: cellfolio check --as-of 2027-02-18
    """
    day: date = (as_of or read_revision(workspace.project).time).date()
    checked = check(workspace.project, day, guidance)
    for problem in checked.problems:
        click.echo(str(problem))
    if checked.has_errors:
        raise ContentError(checked.problems)
