"""`cellfolio diff`: what a change of content means for passports."""

import json
from pathlib import Path

import click

from generator.cli.main import Workspace
from generator.content.revision import read_revision, reasons_since
from generator.review.change import Review
from generator.review.compare import review
from generator.review.flat import flat_text
from generator.review.report import json_review, markdown_review, text_review
from generator.review.snapshot import WORKING_TREE, snapshots_of


def _json_text(found: Review) -> str:
    return json.dumps(json_review(found), ensure_ascii=False)


_FORMATS = {"text": text_review, "markdown": markdown_review, "json": _json_text}


@click.command()
@click.argument("before", default="HEAD", required=False)
@click.argument("after", default=WORKING_TREE, required=False)
@click.option(
    "--format", "form", type=click.Choice([*_FORMATS]), default="text", help="Default: text."
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--restricted", is_flag=True, help="Tell restricted values too: not for public logs.")
@click.option("--need-reason", is_flag=True, help="Exit 1 if a marked change has no reason.")
@click.option(
    "--textconv",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Print one YAML file as sorted lines, for Git's drivers, and compare nothing.",
)
@click.pass_obj
def command(
    workspace: Workspace,
    before: str,
    after: str,
    form: str,
    *,
    as_json: bool,
    restricted: bool,
    need_reason: bool,
    textconv: Path | None,
) -> None:
    """Say what changed between two revisions or folders, in terms of passports.

    BEFORE is HEAD and AFTER the working tree unless named. Values are compared, not lines: moving
    or reflowing text changes nothing. Changes that the law looks at are marked, and want a
    line `Passport-Reason: CODE: why` in the commit.

    \b
    CODE is one of
      corrected-value, new-value, changed-product, changed-document, changed-operator,
      changed-access, changed-keys, end-of-life, new-model, new-requirement, other

    \b
    Example: cellfolio diff
    Example: cellfolio diff origin/main HEAD --format markdown
    """
    if textconv is not None:
        click.echo(flat_text(textconv.read_bytes(), textconv.name), nl=False)
        return
    with snapshots_of(before, after, workspace.project) as sides:
        found = review(
            *sides,
            day=read_revision(workspace.project).time.date(),
            reasons=reasons_since(
                before, "HEAD" if after == WORKING_TREE else after, workspace.project
            ),
            restricted=restricted,
        )
    click.echo(_FORMATS["json" if as_json else form](found).rstrip("\n"))
    if need_reason and found.lacks_reason:
        raise click.exceptions.Exit(1)
