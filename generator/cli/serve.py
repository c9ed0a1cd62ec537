"""`cellfolio serve`: the built site on this machine, as a host would serve it."""

from pathlib import Path

import click

from generator.cli.build import build
from generator.cli.main import Workspace
from generator.cli.server import serve_folder
from generator.content.config import CONFIG_NAME

_WATCHED = ("content", "themes", CONFIG_NAME)


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, help="Default: 8000; 0 finds a free one."
)
@click.option("--host", default="127.0.0.1", help="The address to listen at; default: 127.0.0.1.")
@click.option("--watch", is_flag=True, help="Build now and after each change, and reload pages.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Default: site/.")
@click.pass_obj
def command(workspace: Workspace, port: int, host: str, out: Path | None, *, watch: bool) -> None:
    """Serve the built site on this machine, as a host would serve it.

    Extensionless addresses, media types, headers and the page for unknown addresses are those of
    production. Ctrl-C stops it.

    \b
    Example: cellfolio serve --watch --port 8080
    """
    project = workspace.project
    folder = out or project / "site"

    def rebuild() -> None:
        report = build(project, folder)
        click.echo(f"built: {report.written} files written, {report.unchanged} unchanged")

    serve_folder(
        folder,
        host=host,
        port=port,
        echo=click.echo,
        rebuild=rebuild if watch else None,
        watched=tuple(project / name for name in _WATCHED),
    )
