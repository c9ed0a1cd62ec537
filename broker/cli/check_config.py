"""`cellfolio-broker check-config`: everything that `serve` would refuse, without serving."""

import json
import os

import click

from broker.cli.main import Host
from broker.service import open_service, utc_now
from passport.encoding.timestamp import time_text


@click.command
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(host: Host, *, as_json: bool) -> None:
    """Check settings, keys and bundle, and say what would be in use.

    \b
    Example: cellfolio-broker --config /etc/cellfolio/broker.toml check-config
    """  # noqa: D301 (click's paragraph mark)
    settings = host.settings()
    snapshot = open_service(settings, os.environ).broker.bundle.read(utc_now())
    bundle = snapshot.bundle
    found = {
        "url": str(settings.url),
        "seq": bundle.seq,
        "validUntil": time_text(bundle.valid_until),
        "clients": len(bundle.clients),
        "issuers": len(bundle.issuers),
        "groupKeys": sorted(map(str, snapshot.keys)),
    }
    if as_json:
        click.echo(json.dumps(found))
        return
    click.echo(f"{settings.url}: bundle {bundle.seq}, in force until {found['validUntil']}")
    click.echo(f"{len(bundle.clients)} clients, {len(bundle.issuers)} issuers of role credentials")
    for key_id in snapshot.keys:
        click.echo(f"group key {key_id}")
