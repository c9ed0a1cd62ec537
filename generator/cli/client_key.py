"""`cellfolio client-key`: the key with which an organisation asks brokers."""

import json
import re
import secrets
from pathlib import Path

import click

from generator.keys.client_key import ClientKey, write_client_key
from passport.errors import ConfigError
from passport.signing.jwk import jwk_thumbprint, public_jwk
from passport.signing.keys import SeedSigner

_ID = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")


@click.group("client-key")
def command() -> None:
    """Make the key with which your organisation asks brokers.

    \b
    Example: cellfolio client-key new --out client.jwk
    """


@command.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A new file; it is never overwritten.",
)
@click.option("--client", default="", metavar="ID", help="Your id, as the operator enters it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def new(out: Path, client: str, *, as_json: bool) -> None:
    """Make a private key (Ed25519, as a JWK) that its owner alone may read.

    Keep it on the machine that asks, and out of e-mail. What the operator needs of it is what the
    command client-request prints.

    \b
    Example: cellfolio client-key new --out client.jwk --client hafenkreis
    """
    if client and not _ID.fullmatch(client):
        raise ConfigError(f"{client!r} is no client id", "use a-z, 0-9 and single hyphens")
    key = ClientKey(SeedSigner(secrets.token_bytes(32)), client)
    write_client_key(out, key)
    public = key.signer.public_key
    if as_json:
        told = {"file": str(out), "client": client, "key": public_jwk(public)}
        click.echo(json.dumps({**told, "thumbprint": jwk_thumbprint(public)}))
        return
    click.echo(f"wrote {out}: a private key, for you alone; thumbprint {jwk_thumbprint(public)}")
    click.echo(f"next: cellfolio client-request --key {out} --organisation NAME --role ROLE")
