"""Clients and issuers: `content/access/clients/*.yaml` and `content/access/issuers.yaml`.

What proves a client's role, who approved it and when it is looked at again stay in the content:
`passport.access.client` knows only what brokers need. Whether products exist is for checks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from generator.content.access.policy import read_period
from generator.content.yaml.codes import read_code, read_codes
from generator.content.yaml.located import Mapping
from generator.content.yaml.members import Members, parsed
from passport.access.client import Client, ClientStatus, Holding, IssuerMethod, TrustedIssuer
from passport.access.rule import Actor, Assurance
from passport.did.key import did_key_method, parse_did_key
from passport.errors import VerificationError
from passport.identifiers import DppId
from passport.problems import Place
from passport.signing.ed25519 import PublicKey
from passport.signing.jwk import parse_public_jwk


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Who answers for an entry, on what evidence, and when it is looked at again."""

    evidence: str
    approver: str
    reviewed_on: date | None
    review_due: date
    file: str
    path: str
    """Where it stands in that file: `$`, or `$.issuers[0]`."""


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """A battery that a client's holding names, and where."""

    product: DppId
    place: Place


@dataclass(frozen=True, slots=True)
class ClientEntry:
    """A client as it was entered; its holdings name batteries only, each listed in `products`."""

    client: Client
    entered: Entered
    products: tuple[NamedProduct, ...]


@dataclass(frozen=True, slots=True)
class IssuerEntry:
    """A trusted issuer as it was entered."""

    issuer: TrustedIssuer
    entered: Entered


def read_client(client_id: str, members: Members) -> ClientEntry | None:
    """Read one client; None when something is wrong, which is noted."""
    organisation = members.string("organisation", required=True)
    key = _key(members)
    actors = read_codes(members, "actors", Actor, "actor")
    assurance = read_code(members, "assurance", Assurance, "level of assurance", required=True)
    products: list[NamedProduct] = []
    holdings = tuple(_holdings(members, products))
    period = read_period(members)
    members.node("valid_until", required=True)
    status = read_code(members, "status", ClientStatus, "status", required=True)
    entered = _entered(members)
    age = members.string("age")
    if not (organisation and key and assurance and period and status and entered):
        return None
    try:
        client = Client(
            id=client_id,
            organisation=organisation,
            public_key=key,
            actors=actors,
            assurance=assurance,
            holdings=holdings,
            period=period,
            status=status,
            age=age,
        )
    except VerificationError as error:
        _note(members, error)
        return None
    return ClientEntry(client, entered, tuple(products))


def read_issuers(members: Members) -> Iterator[IssuerEntry]:
    """Yield the trusted issuers in which nothing is wrong."""
    for part in members.items("issuers"):
        did = part.string("did", required=True)
        name = part.string("name", required=True)
        actors = read_codes(part, "actors", Actor, "actor", required=True)
        assurance = read_code(part, "assurance", Assurance, "level of assurance", required=True)
        period, entered = read_period(part), _entered(part)
        keys = tuple(_methods(part)) or _own_key(did)
        if not (did and name and actors and assurance and period and entered):
            continue
        try:
            issuer = TrustedIssuer(
                did=did, name=name, actors=actors, assurance=assurance, keys=keys, period=period
            )
        except VerificationError as error:
            _note(part, error)
        else:
            yield IssuerEntry(issuer, entered)


def _key(members: Members) -> PublicKey | None:
    node = members.node("key")
    # Told before the shape: a private key in content must be replaced, not only removed.
    if isinstance(node, Mapping) and node.get("d") is not None:
        message, remedy = "this is a private key", "make a new one, and enter its public half"
        members.error("key", "private-key", message, remedy)
        return None
    part = members.members("key", required=True)
    if part is None:
        return None
    texts = {name: part.string(name, required=True) for name in ("kty", "crv", "x")}
    if not all(texts.values()):
        return None
    try:
        return parse_public_jwk(texts)
    except VerificationError as error:
        _note(part, error)
        return None


def _holdings(members: Members, listed: list[NamedProduct]) -> Iterator[Holding]:
    for part in members.items("holdings"):
        actor = read_code(part, "actor", Actor, "actor", required=True)
        named = tuple(_products(part))
        listed += named
        part.string("evidence", required=True)
        period = read_period(part)
        if actor and named and period:
            products = frozenset(each.product for each in named)
            yield Holding(actor=actor, products=products, period=period)


def _products(part: Members) -> Iterator[NamedProduct]:
    for item in part.nodes("products", required=True):
        if dpp_id := parsed(DppId.parse, item, part.at("products"), part.findings):
            yield NamedProduct(dpp_id, item.place)


def _methods(part: Members) -> Iterator[IssuerMethod]:
    for key in part.items("keys"):
        method_id = key.string("id", required=True)
        public_key = key.parse("public_key", PublicKey.parse, required=True)
        if method_id and public_key:
            yield IssuerMethod(method_id, public_key)


def _own_key(did: str) -> tuple[IssuerMethod, ...]:
    """A did:key is its own key; any other DID needs its keys listed."""
    try:
        key = parse_did_key(did)
    except VerificationError:
        return ()
    return (IssuerMethod(did_key_method(key), key),)


def _entered(members: Members) -> Entered | None:
    evidence = members.string("evidence", required=True)
    approver = members.string("approver", required=True)
    due = members.date("review_due", required=True)
    if not (evidence and approver and due):
        return None
    return Entered(
        evidence=evidence,
        approver=approver,
        reviewed_on=members.date("reviewed_on"),
        review_due=due,
        file=members.mapping.place.file,
        path=members.path,
    )


def _note(members: Members, error: VerificationError) -> None:
    members.error("", "value-format", error.message, error.remedy)
