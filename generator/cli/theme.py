"""`cellfolio theme`: the files of the built-in theme, and the languages that it speaks."""

import json
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

import click
from babel.messages.pofile import write_po

from generator.build.pages.catalogues import EU_LANGUAGES, catalogue, coverage
from generator.build.pages.theme import built_in_file, built_in_files, find_theme
from generator.cli.main import Workspace
from generator.content.config import read_config
from passport.errors import PublishError


@click.group()
def command() -> None:
    """List the files and languages of the theme, and take over a file.

    A file in themes/NAME takes the place of the built-in theme's file of the same name, where
    cellfolio.toml says theme = "NAME" (without that, NAME is default).

    \b
    Example: cellfolio theme eject templates/home.html
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def list_files(workspace: Workspace, *, as_json: bool) -> None:
    """List the built-in files, and say which this site has taken over.

    \b
    Example: cellfolio theme list
    """
    folder = _own_folder(workspace)
    own = {name: (folder / name).is_file() for name in built_in_files()}
    if as_json:
        files = [{"file": name, "own": is_own} for name, is_own in own.items()]
        click.echo(json.dumps({"folder": str(folder), "files": files}))
        return
    for name, is_own in own.items():
        click.echo(f"{'own' if is_own else 'built-in':9} {name}")


@command.command()
@click.argument("name", metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def eject(workspace: Workspace, name: str, *, dry_run: bool, as_json: bool) -> None:
    """Copy a built-in file into the site's theme, to be changed there.

    From then on the copy counts, and what a later release changes in the original is yours to take
    over. To change one block of a page only, extend it instead: see docs/themes.md.

    \b
    Example: cellfolio theme eject static/site.css
    """
    content, path = built_in_file(name), _own_folder(workspace) / name
    if path.exists():
        raise PublishError(f"{path} is there already", "change it, or remove it first")
    if not dry_run:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if as_json:
        click.echo(json.dumps({"file": str(path), "bytes": len(content), "written": not dry_run}))
    else:
        click.echo(f"{path} {'would be' if dry_run else 'is'} a copy of the built-in file")


@command.command("languages")
@click.option("--missing", metavar="CODE", help="List the texts that a language lacks.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def languages(workspace: Workspace, missing: str | None, *, as_json: bool) -> None:
    """Say how complete each language is, and who reviewed it.

    \b
    Example: cellfolio theme languages
    Example: cellfolio theme languages --missing fr
    """
    theme = find_theme(workspace.project, read_config(workspace.project).theme)
    found = [coverage(theme, code) for code in ((missing,) if missing else EU_LANGUAGES)]
    if as_json:
        click.echo(json.dumps({"languages": [asdict(each) for each in found]}))
        return
    for each in found:
        review = f"reviewed: {each.reviewed}" if each.reviewed else "no native review yet"
        done = f"{each.translated} of {each.texts}"
        click.echo(f"{each.code}  {each.name:16} {done:>10}  {review if each.code != 'en' else ''}")
        for text in each.missing if missing else ():
            click.echo(f"    {text.id if isinstance(text.id, str) else text.id[0]}")


@command.command("catalogue")
@click.argument("code")
@click.pass_obj
def print_catalogue(workspace: Workspace, code: str) -> None:
    """Print a language's catalogue, every text, to fill in or review.

    Save it as themes/NAME/locale/CODE.po; gettext editors open it.

    \b
    Example: cellfolio theme catalogue fr > themes/default/locale/fr.po
    """
    theme = find_theme(workspace.project, read_config(workspace.project).theme)
    out = BytesIO()
    write_po(out, catalogue(theme, code), width=100, omit_header=False)
    click.echo(out.getvalue().decode(), nl=False)


def _own_folder(workspace: Workspace) -> Path:
    return workspace.project / "themes" / read_config(workspace.project).theme
