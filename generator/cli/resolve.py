"""`cellfolio resolve`: a DID's document, as a W3C DID Resolution result."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from generator.cli.copies import at_option
from generator.read.resolve import resolve_did
from generator.read.sources import FolderSource, Origins, parse_copies
from generator.store.folder import FolderStore
from passport.did.web import DidWeb
from passport.did.webvh import DidWebvh


@click.command()
@click.argument("did")
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Read the DID's host from a site's folder instead of the network.",
)
@at_option
def command(did: str, site: Path | None, copies: tuple[str, ...]) -> None:
    """Resolve DID: a did:web, did:webvh or did:key.

    \b
    Example: cellfolio resolve did:web:id.example.com --site site
    """
    named = parse_copies(copies)
    if site is not None:
        named[_origin_of(did)] = FolderSource(FolderStore(site))
    resolution = resolve_did(did, Origins(named), datetime.now(UTC))
    click.echo(json.dumps(resolution.result(), indent=2))


def _origin_of(did: str) -> str:
    if did.startswith("did:webvh:"):
        return str(DidWebvh.parse(did).location.base_url)
    return str(DidWeb.parse(did).base_url) if did.startswith("did:web:") else ""
