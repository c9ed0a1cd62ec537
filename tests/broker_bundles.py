"""Bundles for tests of the broker's token half: a few clients, an issuer of role credentials."""

from datetime import UTC, date, datetime

from passport.access.bundle import Bundle
from passport.access.client import Client, ClientStatus, Holding, IssuerMethod, TrustedIssuer
from passport.access.decision import AccessPolicy
from passport.access.rule import Actor, Assurance, Period
from passport.did.key import did_key, did_key_method
from passport.identifiers import DppId
from tests.broker_tokens import public_of, seed_of

PERIOD = Period(date(2026, 1, 1))
ROLE_ISSUER = seed_of("role issuer")
BATTERY = DppId.parse("01_09506000134352_21_T48L2611-0001")


def client(name: str, *actors: Actor, **changes: object) -> Client:
    members: dict[str, object] = {
        "id": name,
        "organisation": f"{name} Ltd",
        "public_key": public_of(seed_of(name)),
        "actors": actors,
        "assurance": Assurance.SUBSTANTIAL,
        "period": PERIOD,
        **changes,
    }
    return Client(**members)  # type: ignore[arg-type]


def trusted(seed: bytes = ROLE_ISSUER, **changes: object) -> TrustedIssuer:
    key = public_of(seed)
    members: dict[str, object] = {
        "did": did_key(key),
        "name": "Chamber of recyclers",
        "actors": (Actor.RECYCLER, Actor.REPAIRER),
        "assurance": Assurance.SUBSTANTIAL,
        "keys": (IssuerMethod(did_key_method(key), key),),
        "period": PERIOD,
        **changes,
    }
    return TrustedIssuer(**members)  # type: ignore[arg-type]


def bundle(*clients: Client, issuers: tuple[TrustedIssuer, ...] = (trusted(),)) -> Bundle:
    return Bundle(
        seq=1,
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        valid_until=datetime(2099, 1, 1, tzinfo=UTC),
        policy=AccessPolicy(version="2026-01-01.1", period=PERIOD, rules=()),
        clients=clients or CLIENTS,
        issuers=issuers,
    )


CLIENTS = (
    client("recycler", Actor.RECYCLER),
    client("authority", Actor.MARKET_SURVEILLANCE),
    client("suspended", Actor.RECYCLER, status=ClientStatus.SUSPENDED),
    client("expired", Actor.RECYCLER, period=Period(date(2025, 1, 1), date(2026, 1, 1))),
    client(
        "purchaser",
        holdings=(Holding(actor=Actor.PURCHASER, products=frozenset({BATTERY}), period=PERIOD),),
    ),
)
