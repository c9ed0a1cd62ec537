"""`cellfolio-broker serve`: the broker itself."""

import asyncio
import os

import click
import uvloop

from broker.cli.main import Host
from broker.config import Listener
from broker.json_log import log_to_stderr
from broker.server import serve
from broker.service import open_service


@click.command
@click.pass_obj
def command(host: Host) -> None:
    """Serve clients, and health and metrics, until told to stop.

    Bundle and keys are read anew when their files change, or at SIGHUP.

    \b
    Example: cellfolio-broker --config /etc/cellfolio/broker.toml serve
    """  # noqa: D301 (click's paragraph mark)
    settings = host.settings()
    log_to_stderr()

    def started(public: Listener, admin: Listener) -> None:
        click.echo(f"{settings.url} at {public}, admin at {admin}")

    service = open_service(settings, os.environ)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(service, started))
