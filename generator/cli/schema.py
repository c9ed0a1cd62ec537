"""`cellfolio schema`: JSON Schemas of the YAML files, and the settings that let editors use them.

Schemas come from the registry (`passport.content_schema`). This module knows folders and the one
editor whose settings it writes.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import click

from generator.cli.main import Workspace
from passport.content_schema import content_schemas
from passport.encoding.canonical import Json
from passport.errors import ConfigError

SETTINGS = Path(".vscode") / "settings.json"
SCHEMAS = SETTINGS.parent / "schemas"
_KEY = "yaml.schemas"


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where they are written; default: .vscode/schemas.",
)
@click.option("--editor", type=click.Choice(["vscode"]), help="Write this editor's settings too.")
@click.pass_obj
def command(workspace: Workspace, out: Path | None, editor: str | None) -> None:
    """Write JSON Schemas of the YAML files in content/, for editors.

    With them an editor completes keys and codes, explains each data point and marks what is wrong.

    \b
    Example: cellfolio schema --editor vscode
    """
    folder = out or workspace.project / SCHEMAS
    globs = write_schemas(folder)
    click.echo(f"{len(globs)} schemas in {folder}")
    settings = workspace.project / SETTINGS
    if editor:
        write_settings(settings, schema_settings(workspace.project, globs))
        click.echo(f"{settings} names them; install the extension redhat.vscode-yaml")


def write_schemas(folder: Path) -> Mapping[Path, str]:
    """Write all schemas into a folder; return for each file which content files it is for."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for glob, schema in content_schemas().items():
        path = folder / f"{_name(glob)}.json"
        text = json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=False)
        path.write_text(text + "\n", encoding="utf-8")
        written[path] = f"content/{glob}"
    return written


def schema_settings(project: Path, globs: Mapping[Path, str]) -> dict[str, Json]:
    """Return the editor's setting: schemas by address, each with the files that it is for."""
    return {_address(path, project): [glob] for path, glob in globs.items()}


def write_settings(path: Path, schemas: dict[str, Json]) -> None:
    """Put the setting into the editor's file, beside what stands there already.

    Raises `ConfigError`, and changes nothing, for a file that isn't plain JSON.
    """
    settings: dict[str, Json] = {}
    if path.exists():
        settings = _settings(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    settings[_KEY] = schemas
    path.write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _settings(path: Path) -> dict[str, Json]:
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        settings = None
    if not isinstance(settings, dict):
        raise ConfigError(
            f"{path} is not plain JSON, so nothing can be added to it",
            "remove its comments, or move it away and merge the two afterwards",
        )
    return settings


def _name(glob: str) -> str:
    """`models/*/restricted/xiii-2.yaml` becomes `restricted-xiii-2`, `operators/*` `operator`."""
    if glob.endswith("s/*.yaml"):
        return glob.removesuffix("s/*.yaml").replace("/", "-")
    return glob.removeprefix("models/*/").removesuffix(".yaml").replace("/", "-")


def _address(path: Path, project: Path) -> str:
    relative = Path(os.path.relpath(path, project)).as_posix()
    return path.resolve().as_posix() if relative.startswith("../") else f"./{relative}"
