"""Rules, subjects and items for tests of access; every part can be replaced."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from passport.access.bundle import Bundle
from passport.access.client import Client, Holding, IssuerMethod, TrustedIssuer
from passport.access.decision import AccessPolicy, Subject
from passport.access.refusal import Item, Refusal, Refusals
from passport.access.rule import (
    Actor,
    Assurance,
    Authentication,
    AuthenticationMethod,
    DecisionLog,
    Effect,
    LogScope,
    Operation,
    Period,
    Purpose,
    Reuse,
    Review,
    Rule,
)
from passport.identifiers import DppId
from passport.registry import Group, Level
from passport.sealing.group_key import GroupKey, SecretMac
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import KeyId, demo_secret, demo_signer

START = date(2026, 11, 1)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MODEL = DppId.parse("01_09506000134352")
BATTERY = DppId.parse("01_09506000134352_21_ABC-1")
OTHER_BATTERY = DppId.parse("01_09506000134352_21_ABC-2")
KEY = GroupKey.of(Group.INTEREST_BATTERY, "2026a", SecretMac(bytes(32))).key_id
SIGNER = demo_signer(KeyId.parse("bundle-1"))

RULE = Rule(
    id="battery-dismantling",
    effect=Effect.PERMIT,
    group=Group.INTEREST_BATTERY,
    point="4",
    level=Level.BATTERY,
    actors=(Actor.RECYCLER,),
    purposes=(Purpose.DISMANTLING,),
    operations=(Operation.VIEW,),
    reuse=Reuse.NOT_DETERMINED,
    commercially_sensitive=True,
    authentication=Authentication(
        frozenset({AuthenticationMethod.CLIENT_KEY}), Assurance.SUBSTANTIAL
    ),
    log=DecisionLog(LogScope.EVERY, 1827),
    time_to_live_days=30,
    period=Period(START),
    basis=("Art. 77(2)(c)",),
    review=Review(approver="Ada Example", due=date(2027, 4, 26)),
)
ITEM = Item(
    passport=BATTERY,
    group=Group.INTEREST_BATTERY,
    level=Level.BATTERY,
    version=3,
    key=KEY,
    salt=b"0123456789abcdef",
)
RECYCLER = Subject(
    client="hafenkreis",
    organisation="Hafenkreis",
    actors=(Actor.RECYCLER,),
    method=AuthenticationMethod.CLIENT_KEY,
    assurance=Assurance.SUBSTANTIAL,
)


def rule(**changes: object) -> Rule:
    """Return the rule that lets recyclers read point 4, with changes."""
    return replace(RULE, **changes)  # type: ignore[arg-type]


def policy(*rules: Rule, refusals: tuple[Refusal, ...] = (), **changes: object) -> AccessPolicy:
    """Return a policy of these rules; without any, of the one above."""
    made = AccessPolicy(
        version="2026-11-01.1",
        period=Period(START),
        rules=rules or (RULE,),
        refusals=Refusals(refusals),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def client(name: str = "hafenkreis", **changes: object) -> Client:
    """Return a recycler that is entered as a client, with changes."""
    made = Client(
        id=name,
        organisation="Hafenkreis Recycling GmbH",
        public_key=PublicKey.of(demo_secret(f"client/{name}")),
        actors=(Actor.RECYCLER,),
        assurance=Assurance.SUBSTANTIAL,
        period=Period(START, date(2031, 10, 31)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def holding(*products: DppId, **changes: object) -> Holding:
    """Return what a purchaser holds."""
    made = Holding(
        actor=Actor.PURCHASER, products=frozenset(products or (BATTERY,)), period=Period(START)
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def issuer(**changes: object) -> TrustedIssuer:
    """Return an issuer whose role credentials are believed."""
    made = TrustedIssuer(
        did="did:web:roles.example",
        name="Verband",
        actors=(Actor.RECYCLER,),
        assurance=Assurance.SUBSTANTIAL,
        keys=(IssuerMethod("did:web:roles.example#key-1", SIGNER.public_key),),
        period=Period(START),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def bundle(**changes: object) -> Bundle:
    """Return a bundle that is in force for thirty days from `NOW`."""
    made = Bundle(
        seq=7,
        valid_from=NOW,
        valid_until=NOW + timedelta(days=30),
        policy=policy(),
        clients=(client(),),
        issuers=(issuer(),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]
