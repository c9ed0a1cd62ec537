"""The demo: the sample's site and a broker beside it on this machine, until Ctrl-C; `make demo`.

Everything that the broker needs lies outside the site, in a folder that is gone at the end: its
settings, a bundle in force from now on, its store, and the keys of the sample's clients, which
everybody has. The site and the broker answer on loopback only; the commands that are printed read
both by `--at`.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer

import click

from generator.cli.server import SiteServer
from generator.keys.client_key import ClientKey, write_client_key
from passport.encoding.timestamp import time_text
from passport.signing.keys import SeedSigner, demo_secret

ROOT = Path(__file__).parents[1]
SITE, BROKER = "https://id.example.com", "https://keys.example.com"
RACK = f"{SITE}/01/09506000134352/21/T48L2611-0001"
NEIGHBOUR = f"{SITE}/01/09506000134352/21/T48L2611-0003"
CLIENTS = ("hafenkreis", "marktaufsicht-nord", "funkmast-betrieb")

_BIN = Path(sys.executable).parent
_STARTED = re.compile(r"\S+ at ([0-9.]+:[0-9]+), admin at \S+\n")
_SECONDS_TO_START = 30
_SECONDS_TO_STOP = 15
_SETTINGS = """\
url = "{broker}"
keys = "demo"
bundle = "bundle.json"
database = "broker.sqlite3"
origins = ["{site}"]
public = "127.0.0.1:{port}"
admin = "127.0.0.1:0"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A command of the demo: what it shows, who asks, for what."""

    shows: str
    client: str
    purpose: str
    groups: tuple[str, ...]
    product: str = RACK


CASES = (
    Case(
        shows="a recycler opens points 2 and 4 of a battery",
        client="hafenkreis",
        purpose="recycling",
        groups=("xiii-2", "xiii-4"),
    ),
    Case(
        shows="and is refused point 3",
        client="hafenkreis",
        purpose="recycling",
        groups=("xiii-3",),
    ),
    Case(
        shows="market surveillance opens points 2 and 3",
        client="marktaufsicht-nord",
        purpose="market-surveillance",
        groups=("xiii-2", "xiii-3"),
    ),
    Case(
        shows="and is refused point 4",
        client="marktaufsicht-nord",
        purpose="market-surveillance",
        groups=("xiii-4",),
    ),
    Case(
        shows="a purchaser opens point 4 of its own battery",
        client="funkmast-betrieb",
        purpose="energy-market",
        groups=("xiii-4",),
    ),
    Case(
        shows="and is refused that of its neighbour's",
        client="funkmast-betrieb",
        purpose="energy-market",
        groups=("xiii-4",),
        product=NEIGHBOUR,
    ),
)


@click.command()
@click.option("--project", type=click.Path(file_okay=False, path_type=Path), default=ROOT)
@click.option("--port", type=click.IntRange(0, 65535), default=8000)
@click.option("--broker-port", type=click.IntRange(0, 65535), default=8460)
def demo(project: Path, port: int, broker_port: int) -> None:
    """Build, verify, serve and release until Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    site = project / "site"
    _cellfolio(project, "build")
    _cellfolio(project, "verify", str(site))
    with (
        tempfile.TemporaryDirectory(prefix="cellfolio-demo-") as name,
        SiteServer(site, "127.0.0.1", port) as server,
    ):
        folder, address = Path(name), server.url.rstrip("/")
        _cellfolio(project, "access", "bundle", "--out", str(folder / "bundle.json"))
        _cellfolio(project, "refresh", "--time", time_text(datetime.now(UTC)))
        settings = _SETTINGS.format(broker=BROKER, site=address, port=broker_port)
        (folder / "broker.toml").write_text(settings)
        (folder / "broker.toml").chmod(0o600)
        for client in CLIENTS:
            key = ClientKey(SeedSigner(demo_secret(f"client/{client}")), client)
            write_client_key(folder / f"{client}.jwk", key)
        with _broker(folder) as (process, broker_address):
            _tell(folder, address, broker_address, process.pid)
            _serve(server)
    click.echo("stopped; nothing of it is left but the site")


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _cellfolio(project: Path, *words: str) -> None:
    done = subprocess.run([_BIN / "cellfolio", "--project", project, *words], check=False)
    if done.returncode:
        sys.exit(done.returncode)


@contextmanager
def _broker(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a broker; it is given its process and where it answers once it does."""
    command = [str(_BIN / "cellfolio-broker"), "--config", str(folder / "broker.toml"), "serve"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    log = folder / "broker.log"
    with (
        log.open("w") as file,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=file, text=True
        ) as process,
    ):
        try:
            too_late = Timer(_SECONDS_TO_START, process.kill)
            too_late.start()
            assert process.stdout is not None, "asked for above"
            started = _STARTED.fullmatch(process.stdout.readline())
            too_late.cancel()
            if started is None:
                process.wait(_SECONDS_TO_STOP)
                click.echo(f"the broker did not start: {log.read_text()}", err=True)
                sys.exit(3)
            yield process, f"http://{started[1]}"
        finally:
            process.terminate()
            try:
                process.wait(_SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()


def _tell(folder: Path, site: str, broker: str, pid: int) -> None:
    click.echo(f"\nthe rack battery of a telecom site: {site}/01/09506000134352/21/T48L2611-0001")
    click.echo(f"the UPS battery of a data centre:   {site}/01/09506000134369/21/U512L2610-0001")
    click.echo(f"the broker of their restricted groups: {broker}\n\nin another terminal:")
    for case in CASES:
        lines = " \\\n    ".join(_lines(case, folder, site, broker))
        click.echo(f"\n# {case.shows}\n  {lines}")
    click.echo(f"\n# stop the broker: every page is as before\n  kill {pid}")
    click.echo("\nserving both until you press Ctrl-C")


def _lines(case: Case, folder: Path, site: str, broker: str) -> Iterator[str]:
    """Yield the lines of a command, to be put together again with backslashes."""
    program = Path(os.path.relpath(_BIN / "cellfolio"))
    groups = " ".join(f"--group {group}" for group in case.groups)
    key = shlex.quote(str(folder / f"{case.client}.jwk"))
    yield f"{shlex.quote(str(program))} unlock {case.product}"
    yield f"{groups} --purpose {case.purpose} --key {key}"
    yield f"--at {SITE}={site} --at {BROKER}={broker}"


def _serve(server: SiteServer) -> None:
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("")


if __name__ == "__main__":
    demo()
