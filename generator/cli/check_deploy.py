"""`cellfolio check-deploy`: whether a host does with a site what it must."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.cli.check_report import check_lines, checks_json
from generator.cli.main import Workspace
from generator.content.config import CONFIG_NAME, read_config
from generator.publish.live_check import Known, check_live
from generator.publish.live_host import LiveHost, parse_live_host
from generator.read.checks import Check
from generator.read.logged import CHECKPOINT_PATH
from generator.read.sources import FolderSource, needed
from generator.store.anchor import open_anchor
from generator.store.folder import FolderStore
from passport.base_url import BaseUrl
from passport.errors import VerificationError
from passport.manifest import INDEX_PATH


@click.command()
@click.argument("url")
@click.option(
    "--at",
    "copies",
    multiple=True,
    metavar="ORIGIN=URL",
    help="Ask another address, as if it were ORIGIN.",
)
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the site that must lie there.",
)
@click.option("--all", "everything", is_flag=True, help="Look at every file, not at a few.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.pass_obj
def command(
    workspace: Workspace,
    url: str,
    copies: tuple[str, ...],
    site: Path | None,
    *,
    everything: bool,
    as_json: bool,
) -> None:
    """Check how a host serves the site at URL.

    Fails on a redirect at an address of a QR code, a wrong type or header, data that programs of
    other origins can't read, an unknown serial that answers 200, and a checkpoint or signature that
    is stale or wrong. In a project of that site, its anchor says what was published last.

    \b
    Example: cellfolio check-deploy https://id.example.com
    Example: cellfolio check-deploy https://id.example.com --all \\
             --at https://id.example.com=https://127.0.0.1:8443
    """
    host = parse_live_host(url, copies)
    known = _known(workspace.project, host.base_url, site)
    checks = check_live(host, known, datetime.now(UTC), everything=everything)
    click.echo(json.dumps(_json(host, checks)) if as_json else _text(host, checks))
    if failed := ", ".join(check.name for check in checks if check.failed):
        raise VerificationError(f"{host.base_url} is not served as it must be", f"see {failed}")


def _known(project: Path, base_url: BaseUrl, site: Path | None) -> Known:
    """What the built site says and, in a project of this address, its anchor."""
    if site is not None:
        source = FolderSource(FolderStore(site))
        checkpoint = needed(source, CHECKPOINT_PATH)
        return Known(checkpoint=checkpoint, index=needed(source, INDEX_PATH))
    if not (project / CONFIG_NAME).is_file():
        return Known()
    config = read_config(project)
    if config.base_url != base_url:
        return Known()
    return Known(checkpoint=open_anchor(project, config.anchor).read())


def _text(host: LiveHost, checks: Sequence[Check]) -> str:
    lines = [str(host.base_url) if host.at is None else f"{host.base_url}, asked at {host.at}"]
    return "\n".join((*lines, *check_lines(checks)))


def _json(host: LiveHost, checks: Sequence[Check]) -> dict[str, object]:
    return {
        "baseUrl": str(host.base_url),
        "ok": not any(check.failed for check in checks),
        "checks": checks_json(checks),
    }
