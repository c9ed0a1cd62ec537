"""`cellfolio-broker deny`: takes away at once, ahead of the next bundle."""

import json

import click

from broker.cli.main import Host
from broker.denials import DenialKind, check_target, deny
from broker.service import utc_now
from broker.store import Store


@click.command
@click.argument("kind", type=click.Choice([kind.value for kind in DenialKind]))
@click.argument("target")
@click.option("--dry-run", is_flag=True, help="Only say what would be denied.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def command(host: Host, kind: str, target: str, *, dry_run: bool, as_json: bool) -> None:
    """Deny a client, an organisation, an issuer, a passport, a key or a salt, at once.

    It holds from the next request on, and for ever: nothing here gives back. What was denied by
    mistake comes back under another name, with a new bundle. Each broker has its own denials; run
    it on every one of them.

    \b
    Example: cellfolio-broker --config /etc/cellfolio/broker.toml deny client acme-recycling
    """  # noqa: D301 (click's paragraph mark)
    named = DenialKind(kind)
    check_target(named, target)
    if not dry_run:
        store = Store(host.settings().database, utc_now)
        store.do(lambda transaction: deny(transaction, named, target))
        store.close()
    if as_json:
        click.echo(json.dumps({"kind": kind, "target": target, "denied": not dry_run}))
        return
    click.echo(f"{kind} {target} {'would be denied' if dry_run else 'is denied from here on'}")
