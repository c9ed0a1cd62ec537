"""`cellfolio client-request`: what an organisation sends to be entered as a client."""

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click

from generator.keys.client_key import read_client_key
from generator.read.restricted import parse_product
from passport.access.rule import Actor
from passport.encoding.canonical import JsonObject
from passport.errors import ConfigError
from passport.identifiers import DppId
from passport.signing.ed25519 import PublicKey
from passport.signing.jwk import jwk_thumbprint, public_jwk

_OPERATORS_PART = """\
# The operator goes on from here, once it has proof of the role:
# assurance: substantial
# valid_until: 2031-12-31
# status: active
# approver: who approved the entry
# review_due: 2027-12-31
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks to be entered, with which key and roles."""

    organisation: str
    key: PublicKey
    roles: tuple[Actor, ...]
    products: tuple[DppId, ...]
    evidence: str
    day: date
    client: str

    def __post_init__(self) -> None:
        if any(role.is_bound for role in self.roles) != bool(self.products):
            raise ConfigError(
                "a purchaser or mandated party asks for named products, any other role for all",
                "write --product for the one, and leave it out for the other",
            )
        if any(role.is_bound for role in self.roles) and len(self.roles) > 1:
            raise ConfigError("a purchaser's request has another role", "make one request each")

    def to_json(self) -> JsonObject:
        """Return it as an entry, without what the operator adds."""
        shared: JsonObject = {"valid_from": str(self.day), "evidence": self.evidence}
        key = public_jwk(self.key)
        if not self.products:
            roles: JsonObject = {"actors": list(self.roles)}
        else:
            products = [str(product) for product in self.products]
            roles = {"holdings": [{"actor": self.roles[0], "products": products, **shared}]}
        return {"organisation": self.organisation, "key": key, **roles, **shared}

    def to_yaml(self) -> str:
        """Return it as the file that the operator enters."""
        # Each member is a line of JSON, which YAML reads too, whatever a name holds.
        lines = (f"{name}: {_day_or_json(name, value)}\n" for name, value in self.to_json().items())
        return (
            f"# content/access/clients/{self.client}.yaml\n"
            f"# Thumbprint of the key: {jwk_thumbprint(self.key)}\n"
            f"{''.join(lines)}{_OPERATORS_PART}"
        )


@click.command("client-request")
@click.option(
    "--key",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Your key; its public half alone is printed.",
)
@click.option("--organisation", required=True, metavar="NAME", help="Its legal name.")
@click.option(
    "--role",
    "roles",
    type=click.Choice([actor.value for actor in Actor]),
    multiple=True,
    required=True,
    metavar="ROLE",
    help=f"Can be repeated: {', '.join(Actor)}.",
)
@click.option(
    "--product",
    "products",
    multiple=True,
    metavar="URL",
    help="A battery that you bought, or its model; for purchasers and mandated parties.",
)
@click.option(
    "--evidence", default="", metavar="TEXT", help="What proves the role, and where it is."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    key_file: Path,
    organisation: str,
    roles: tuple[str, ...],
    products: tuple[str, ...],
    evidence: str,
    *,
    as_json: bool,
) -> None:
    """Print the entry that an operator reviews and adds to content/access/clients.

    It holds no secret. The operator checks by another way (by phone, for example) that the
    thumbprint is yours, and adds what it answers for.

    \b
    Example: cellfolio client-request --key client.jwk --organisation "Hafenkreis Recycling GmbH" \\
             --role recycler --evidence "permit HH-2024-118" > hafenkreis.yaml
    """
    if not organisation.strip() or not organisation.isprintable():
        raise ConfigError(f"{organisation!r} is no name of an organisation", "write its legal name")
    key = read_client_key(key_file)
    request = Request(
        organisation=organisation.strip(),
        key=key.signer.public_key,
        roles=tuple(dict.fromkeys(map(Actor, roles))),
        products=tuple(DppId.of(parse_product(text).key) for text in products),
        evidence=evidence or "not given",
        day=datetime.now(UTC).date(),
        client=key.client or _slug(organisation),
    )
    if as_json:
        thumbprint = jwk_thumbprint(request.key)
        told = {"client": request.client, "thumbprint": thumbprint, "entry": request.to_json()}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(request.to_yaml(), nl=False)


def _slug(organisation: str) -> str:
    """Return an id after a name: its letters and digits of ASCII, in lower case."""
    plain = unicodedata.normalize("NFKD", organisation).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-") or "client"


def _day_or_json(name: str, value: object) -> str:
    return str(value) if name == "valid_from" else json.dumps(value, ensure_ascii=False)
