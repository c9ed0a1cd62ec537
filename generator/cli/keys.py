"""`cellfolio keys`: make, list, rotate and revoke the keys of a site, and tell a move.

This is the edge of the ceremony: it brings clock, randomness, environment and folder, and says
what a person must do next. It never prints a private key.
"""

import json
import os
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import click

from generator.cli.key_ring import KeyRing, elsewhere, key_ring
from generator.cli.keys_escrow import escrow
from generator.cli.keys_groups import groups
from generator.cli.keys_report import (
    advice,
    as_members,
    export_json,
    export_text,
    line_of,
    report,
)
from generator.cli.main import Workspace
from generator.keys.ceremony import Ceremony, Change
from generator.keys.folder import KeyFolder, PublicState
from generator.keys.public import public_keys
from generator.keys.signers import NewKey, environment_key, file_key, kms_key, open_signer
from passport.did.webvh import verify_did_log
from passport.errors import ConfigError, IdentifierError
from passport.signing.keys import KeyId, Purpose

_Step = Callable[[Ceremony, PublicState], Change]
# Update keys are made here and nowhere else: they are meant to lie where no machine reaches them.
_ELSEWHERE = click.Choice([p.value for p in Purpose if p is not Purpose.UPDATE])


def fresh_second() -> datetime:
    """Wait for the next whole second and return it: entries of a DID log are a second apart."""
    time.sleep(1 - time.time() % 1)
    return datetime.now(UTC).replace(microsecond=0)


@click.group()
def command() -> None:
    """Make, list, rotate and revoke the keys of a site.

    \b
    Example: cellfolio keys init --dry-run

    docs/keys.md tells what each key does, and what to do when one is lost.
    """


command.add_command(groups)
command.add_command(escrow)


@command.command("init")
@click.option(
    "--environment", type=_ELSEWHERE, multiple=True, help="Its key is in the environment already."
)
@click.option(
    "--aws-kms",
    type=(_ELSEWHERE, str),
    multiple=True,
    metavar="PURPOSE ARN",
    help="Its key is in AWS KMS.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@click.pass_obj
def init(
    workspace: Workspace,
    environment: tuple[str, ...],
    aws_kms: tuple[tuple[str, str], ...],
    *,
    dry_run: bool,
) -> None:
    """Make the first keys and the issuer's DID log.

    \b
    Example: cellfolio keys init --aws-kms issuing arn:aws:kms:eu-central-1:…
    """
    ring = key_ring(workspace)
    places = elsewhere(environment, dict(aws_kms))
    folder = KeyFolder(ring.path)
    _refuse_keys(folder)
    change = _ceremony(ring, places).begin(ring.config.brokers)
    if not dry_run:
        with folder.locked():
            _refuse_keys(folder)
            folder.write(change.public, change.seeds)
    _tell(ring, None, change, dry_run=dry_run)


@command.command("rotate")
@click.argument("purpose", type=click.Choice([p.value for p in Purpose]))
@click.option("--environment", is_flag=True, help="The new key is in the environment already.")
@click.option("--aws-kms", default="", metavar="ARN", help="The new key is in AWS KMS.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.pass_obj
def rotate(
    workspace: Workspace, purpose: str, aws_kms: str, *, environment: bool, dry_run: bool
) -> None:
    """Put a new key in place of the one that signs now.

    What the old one signed stays good. Needs the next update key.

    \b
    Example: cellfolio keys rotate issuing
    """
    which = Purpose(purpose)
    if which is Purpose.UPDATE and (environment or aws_kms):
        raise ConfigError("a new update key lies in a file", "take it offline from there")
    places = elsewhere((which,) if environment else (), {which: aws_kms} if aws_kms else {})
    _change(
        key_ring(workspace),
        lambda ceremony, public: ceremony.rotate(public, which),
        places,
        dry_run=dry_run,
    )


@command.command("revoke")
@click.argument("key")
@click.option(
    "--log-size",
    type=click.IntRange(min=0),
    required=True,
    help="How many entries the log had when the key was last safe.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.pass_obj
def revoke(workspace: Workspace, key: str, log_size: int, *, dry_run: bool) -> None:
    """Declare a key worthless from an entry of the log on.

    The key must have been rotated before. Needs the next update key.

    \b
    Example: cellfolio keys revoke issuing-1 --log-size 4711
    """
    try:
        key_id = KeyId.parse(key)
    except IdentifierError as error:
        raise ConfigError(error.message, error.remedy) from error
    _change(
        key_ring(workspace),
        lambda ceremony, public: ceremony.revoke(public, key_id, log_size),
        dry_run=dry_run,
    )


@command.command("move")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.pass_obj
def move(workspace: Workspace, *, dry_run: bool) -> None:
    """Tell that the issuer goes on at another base_url.

    cellfolio.toml names it already. Needs the next update key.

    \b
    Example: cellfolio keys move --dry-run
    """
    _change(key_ring(workspace), Ceremony.move, dry_run=dry_run)


@command.command("brokers")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.pass_obj
def brokers(workspace: Workspace, *, dry_run: bool) -> None:
    """Tell who releases keys of restricted groups.

    [[brokers]] in cellfolio.toml say who. Needs the next update key.

    \b
    Example: cellfolio keys brokers --dry-run
    """
    ring = key_ring(workspace)
    for broker in ring.config.brokers:
        click.echo(f"broker {broker.url}: {', '.join(broker.groups)}")
    _change(
        ring,
        lambda ceremony, public: ceremony.tell_brokers(public, ring.config.brokers),
        dry_run=dry_run,
    )


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def list_keys(workspace: Workspace, *, as_json: bool) -> None:
    """List the keys: what each is for, which private ones are here.

    \b
    Example: cellfolio keys list --json
    """
    ring = key_ring(workspace)
    keys = KeyFolder(ring.path).read().register.keys
    if as_json:
        click.echo(json.dumps({"keys": [as_members(ring, key) for key in keys]}))
        return
    for key in keys:
        click.echo(line_of(ring, key))


@command.command("export-public")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def export_public(workspace: Workspace, *, as_json: bool) -> None:
    """Print DIDs and public keys, for brokers and monitors to pin.

    \b
    Example: cellfolio keys export-public > issuer.txt
    """
    public = KeyFolder(key_ring(workspace).path).read()
    exported = public_keys(public, verify_did_log(public.log, now=datetime.now(UTC)))
    click.echo(export_json(exported) if as_json else export_text(exported))


def _refuse_keys(folder: KeyFolder) -> None:
    if folder.has_keys():
        raise ConfigError(
            f"{folder.path} has keys already", "see `cellfolio keys list`; to renew one, rotate it"
        )


def _change(
    ring: KeyRing, step: _Step, places: Mapping[str, str] | None = None, *, dry_run: bool
) -> None:
    folder = KeyFolder(ring.path)
    folder.read()  # tells that there are no keys before a folder is made and locked
    ceremony = _ceremony(ring, places or {})
    with folder.locked():
        before = folder.read()
        change = step(ceremony, before)
        if not dry_run:
            folder.write(change.public, change.seeds)
    _tell(ring, before, change, dry_run=dry_run)


def _ceremony(ring: KeyRing, places: Mapping[str, str]) -> Ceremony:
    """Return the ceremony at this very second."""

    def make(key_id: KeyId) -> NewKey:
        arn = places.get(key_id.purpose)
        if arn is None:
            return file_key(secrets.token_bytes(32))
        return kms_key(arn) if arn else environment_key(key_id, os.environ)

    return Ceremony(
        base_url=ring.config.base_url,
        make=make,
        open=lambda key: open_signer(key, ring.path, os.environ),
        now=fresh_second(),
    )


def _tell(ring: KeyRing, before: PublicState | None, change: Change, *, dry_run: bool) -> None:
    for line in report(ring, before, change):
        click.echo(line)
    if dry_run:
        click.echo("dry run: nothing was written")
        return
    for line in advice(ring, before, change):
        click.echo(line)
