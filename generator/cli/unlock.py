"""`cellfolio unlock`: restricted groups, opened with keys that brokers release."""

import secrets
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import click

from generator.cli.copies import at_option
from generator.cli.opening import Opening, carry_out, out_option
from generator.keys.client_key import ClientKey, read_client_key
from generator.read.broker_keys import BrokerKeys
from generator.read.broker_session import BrokerSession
from generator.read.callers import Caller, ClientCaller, role_caller
from generator.read.opening import KeysOf
from generator.read.restricted import SealedFiles, Wanted, parse_product
from generator.read.sources import Origins, parse_copies
from passport.access.rule import Purpose
from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress
from passport.errors import ConfigError
from passport.registry import Group
from passport.sealing.group_key import RESTRICTED_GROUPS
from passport.signing.keys import SeedSigner


@click.command()
@click.argument("passports", nargs=-1, required=True, metavar="PASSPORT_URL...")
@click.option(
    "--group",
    "groups",
    type=click.Choice([group.value for group in RESTRICTED_GROUPS]),
    multiple=True,
    required=True,
    help="Can be repeated.",
)
@click.option(
    "--purpose",
    type=click.Choice([each.value for each in Purpose]),
    required=True,
    metavar="PURPOSE",
    help=f"What you read it for: {', '.join(Purpose)}.",
)
@click.option(
    "--key",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Your key, as `cellfolio client-key new` made it.",
)
@click.option("--client", default="", metavar="ID", help="Your id; default: what the key says.")
@click.option(
    "--credential",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A role credential about your key, if the operator didn't enter you.",
)
@click.option(
    "--broker",
    default="",
    metavar="URL",
    help="Ask a successor's broker, not those that the issuer named.",
)
@out_option
@at_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(  # noqa: PLR0913 (click passes each option)
    passports: tuple[str, ...],
    groups: tuple[str, ...],
    purpose: str,
    key_file: Path,
    client: str,
    credential: Path | None,
    out: Path | None,
    copies: tuple[str, ...],
    *,
    broker: str,
    as_json: bool,
) -> None:
    """Unlock restricted groups of passports with keys that the issuer's brokers release.

    PASSPORT_URL is what a product's QR code says, or the URL of its passport; - reads one a line
    from stdin. Each passport is verified; from a battery, points 2 and 3 are those of its model.
    What is released is handed over, even if the rest is refused: then the exit code is 3, and 4 if
    something was not genuine.

    \b
    Example: cellfolio unlock https://id.example.com/01/09506000134352/21/T48L2611-0001 \\
             --group xiii-2 --group xiii-4 --purpose dismantling --key client.jwk -o opened
    """
    products = tuple(dict.fromkeys(map(parse_product, _listed(passports))))
    origins = Origins(parse_copies(copies))
    sealed = SealedFiles.of(origins, {each.base_url for each in products}, datetime.now(UTC))
    caller = _caller(read_client_key(key_file), client, credential, origins)

    chosen = tuple(dict.fromkeys(map(Group, groups)))
    opening = Opening(
        wanted=tuple(Wanted(product, group) for product in products for group in chosen),
        sealed=sealed,
        keys_of=_keys_of(sealed, _brokers(broker), Purpose(purpose), origins, caller),
        folder=out,
    )
    carry_out(opening, as_json=as_json)


def _keys_of(
    sealed: SealedFiles,
    named: tuple[BrokerAddress, ...],
    purpose: Purpose,
    origins: Origins,
    caller: Caller,
) -> KeysOf:
    """Return what asks a site's brokers, or those named; with each there is one session."""

    @cache
    def session(url: BaseUrl) -> BrokerSession:
        return BrokerSession(
            url=url,
            origins=origins,
            caller=caller,
            clock=lambda: datetime.now(UTC),
            random=secrets.token_bytes,
        )

    @cache
    def keys_of(site: BaseUrl) -> BrokerKeys:
        return BrokerKeys(
            brokers=named or sealed.brokers(site),
            purpose=purpose,
            session=session,
            random=secrets.token_bytes,
        )

    return keys_of


def _brokers(url: str) -> tuple[BrokerAddress, ...]:
    """The broker that was named, if one was; which groups it has, it says by what it releases."""
    return (BrokerAddress(BaseUrl(url), RESTRICTED_GROUPS),) if url else ()


def _listed(passports: tuple[str, ...]) -> tuple[str, ...]:
    """The URLs given, those of stdin in place of a dash."""
    found: list[str] = []
    for text in passports:
        found += sys.stdin.read().split() if text == "-" else [text]
    if not found:
        raise ConfigError("stdin names no passport", "write one address a line")
    return tuple(found)


def _caller(key: ClientKey, client: str, credential: Path | None, origins: Origins) -> Caller:
    if credential is not None:
        return role_caller(credential.read_bytes(), key.signer, origins)
    if not (client or key.client):
        raise ConfigError(
            "the key doesn't say which client it is of",
            "write --client ID, as the operator entered you",
        )
    return ClientCaller(
        client=client or key.client,
        signer=key.signer,
        proving=SeedSigner(secrets.token_bytes(32)),
    )
