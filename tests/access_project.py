"""A small project with an access policy: the template's rows, and clients of a few lines."""

import json
from pathlib import Path

from passport.signing.ed25519 import PublicKey
from passport.signing.jwk import public_jwk
from passport.signing.keys import demo_secret
from tests.small_project import write, write_lot, write_model, write_project

POLICY = "content/access/policy.yaml"
ISSUERS = "content/access/issuers.yaml"
REFUSED = "content/access/refused.jsonl"
A1, A2 = "01_09506000134352_21_A1", "01_09506000134352_21_A2"
MODEL = "01_09506000134352"

TEMPLATE = Path(__file__).parents[1] / "generator/cli/template" / POLICY
_CLIENT = """\
organisation: {name} Ltd
key: {key}
{roles}
assurance: {assurance}
status: active
valid_from: 2026-11-01
valid_until: 2099-10-31
evidence: register
approver: Ada Example
review_due: 2099-10-31
"""
_PURCHASE = """\
holdings:
  - actor: purchaser
    products: [{products}]
    evidence: invoice 12
    valid_from: 2026-11-01"""
_ISSUER = """\
issuers:
  - did: {did}
    name: Chamber
    actors: [recycler, repairer]
    assurance: substantial
    valid_from: 2026-11-01
    evidence: statutes
    approver: Ada Example
    review_due: 2099-10-31
"""


def write_access_project(folder: Path) -> Path:
    """Write a project of two batteries with policy, a recycler, an authority and a purchaser."""
    write_project(folder)
    write_model(folder, "rack", "51.2")
    write_lot(folder, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,")
    write(folder, POLICY, TEMPLATE.read_text("utf-8"))
    write_client(folder, "recycler", "actors: recycler")
    write_client(folder, "authority", "actors: market-surveillance-authority", assurance="high")
    write_client(folder, "buyer", _PURCHASE.format(products=A1))
    return folder


def write_client(folder: Path, name: str, roles: str, assurance: str = "substantial") -> Path:
    """Write a client whose key is its demo key."""
    key = json.dumps(public_jwk(PublicKey.of(demo_secret(f"client/{name}"))))
    text = _CLIENT.format(name=name, key=key, roles=roles, assurance=assurance)
    return write(folder, client_file(name), text)


def write_issuers(folder: Path, did: str) -> Path:
    """Write a file of one trusted issuer."""
    return write(folder, ISSUERS, _ISSUER.format(did=did))


def client_file(name: str) -> str:
    """Return where a client lies."""
    return f"content/access/clients/{name}.yaml"


def edit(folder: Path, name: str, old: str, new: str, *, count: int = 1) -> None:
    """Replace a text that a file of the project has, the first time that it stands there."""
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), "utf-8")
