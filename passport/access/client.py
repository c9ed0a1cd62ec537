"""Clients and trusted issuers: who may ask for keys, as the operator entered them.

Spec: DESIGN 7 (`private_key_jwt`, role credentials); requirements of Art. 77(2). A client has one
key, the roles that the operator found proven, and, for a purchaser, its products by name. What a
role opens is the policy's matter; how a key proves itself is the broker's.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from passport.access.decision import Subject
from passport.access.members import (
    PERIOD,
    actors_of,
    code,
    parse_dpp_id,
    parse_period,
    period_to_json,
)
from passport.access.rule import Actor, Assurance, AuthenticationMethod, Period
from passport.did.key import resolve_did_key
from passport.encoding.canonical import Json, JsonObject
from passport.encoding.json_members import as_object, list_of, object_of, only, text_of, texts_of
from passport.errors import VerificationError
from passport.identifiers import DppId
from passport.quoting import quoted
from passport.signing.ed25519 import PublicKey
from passport.signing.jwk import parse_public_jwk, public_jwk

_ID = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")
_AGE = re.compile("age1[02-9ac-hj-np-z]{58,2000}")
_CLIENT = PERIOD | {
    *("id", "organisation", "key", "actors", "assurance", "holdings", "status", "age")
}
_HOLDING = PERIOD | {"actor", "products"}
_METHOD = frozenset({"id", "publicKeyMultibase"})
_ISSUER = PERIOD | {"did", "name", "actors", "assurance", "keys"}


class ClientStatus(StrEnum):
    """Whether a client may ask at all; only an active one may."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Products that a purchaser bought, or that somebody has its mandate for."""

    actor: Actor
    products: frozenset[DppId]
    """Batteries, and the models that they are of."""
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An organisation that may ask for keys; `VerificationError` for what can't be one."""

    id: str
    """Lower case, digits and hyphens; the name of its file."""
    organisation: str
    public_key: PublicKey
    actors: tuple[Actor, ...]
    """Its roles for every product; a purchaser's and a mandate's stand in `holdings`."""
    assurance: Assurance
    holdings: tuple[Holding, ...] = ()
    period: Period
    status: ClientStatus = ClientStatus.ACTIVE
    age: str = ""
    """Its recipient of escrowed keys, `age1…`, or ""."""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise VerificationError(
                f"{quoted(self.id)} is no client id", "use a-z, 0-9 and single hyphens"
            )
        if any(actor.is_bound for actor in self.actors):
            raise VerificationError(
                "a purchaser or mandated party has no products named", "list them as a holding"
            )
        if not all(holding.actor.is_bound for holding in self.holdings):
            raise VerificationError(
                "a holding is for a purchaser or mandated party", "list other roles as actors"
            )
        if not self.actors and not self.holdings:
            raise VerificationError("the client has no role", "list its actors, or its holdings")
        if self.age and not _AGE.fullmatch(self.age):
            raise VerificationError(f"{quoted(self.age)} is no age recipient", "write age1…")

    def is_live(self, day: date) -> bool:
        """Whether it may ask on a day."""
        return self.status is ClientStatus.ACTIVE and self.period.holds(day)

    def subject(self, day: date) -> Subject:
        """Return it as it asks with its own key; `VerificationError` when it may not ask."""
        if not self.is_live(day):
            raise VerificationError(
                f"client {self.id} is not entitled to ask on {day}",
                "see its status and valid_until among the clients",
                check="client",
            )
        held = [holding for holding in self.holdings if holding.period.holds(day)]
        products = [holding.products for holding in held]
        return Subject(
            client=self.id,
            organisation=self.organisation,
            actors=(*self.actors, *dict.fromkeys(holding.actor for holding in held)),
            # A million batteries in one holding are not copied for each request.
            products=products[0] if len(held) == 1 else frozenset().union(*products),
            method=AuthenticationMethod.CLIENT_KEY,
            assurance=self.assurance,
        )

    def to_json(self) -> JsonObject:
        """Return it as a member of the bundle."""
        return {
            "id": self.id,
            "organisation": self.organisation,
            "key": public_jwk(self.public_key),
            "actors": list(self.actors),
            "assurance": self.assurance,
            "holdings": [_holding_to_json(holding) for holding in self.holdings],
            **period_to_json(self.period),
            "status": self.status,
            **({"age": self.age} if self.age else {}),
        }

    @classmethod
    def parse(cls, members: JsonObject) -> Self:
        """Read `to_json()` back; `VerificationError` for anything else."""
        only(members, _CLIENT)
        return cls(
            id=text_of(members, "id"),
            organisation=text_of(members, "organisation"),
            public_key=parse_public_jwk(object_of(members, "key")),
            actors=actors_of(members),
            assurance=code(Assurance, text_of(members, "assurance")),
            holdings=tuple(_parse_holding(part) for part in list_of(members, "holdings")),
            period=parse_period(members),
            status=code(ClientStatus, text_of(members, "status")),
            age=text_of(members, "age") if "age" in members else "",
        )


@dataclass(frozen=True, slots=True)
class IssuerMethod:
    """A key by which a trusted issuer signs role credentials: the method's id, and the key."""

    id: str
    public_key: PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIssuer:
    """Whoever's role credentials are believed, and for which roles.

    Its keys stand here, since a broker fetches nothing. `VerificationError` for what can't be one.
    """

    did: str
    name: str
    actors: tuple[Actor, ...]
    assurance: Assurance
    keys: tuple[IssuerMethod, ...]
    period: Period

    def __post_init__(self) -> None:
        if not self.actors or any(actor.is_bound for actor in self.actors):
            raise VerificationError(
                f"{self.did} is trusted for no role, or for a purchaser's",
                "a purchaser is entered as a client, with its products by name",
            )
        if not self.keys:
            raise VerificationError(f"no key of {self.did} is known", "add its keys")
        for key in self.keys:
            if not key.id.startswith(f"{self.did}#"):
                raise VerificationError(f"key {quoted(key.id)} is not of {self.did}")
            if (
                self.did.startswith("did:key:")
                and resolve_did_key(key.id).public_key != key.public_key
            ):
                raise VerificationError(f"key {quoted(key.id)} is not the key that it says")

    def to_json(self) -> JsonObject:
        """Return it as a member of the bundle."""
        return {
            "did": self.did,
            "name": self.name,
            "actors": list(self.actors),
            "assurance": self.assurance,
            "keys": [
                {"id": key.id, "publicKeyMultibase": key.public_key.multikey} for key in self.keys
            ],
            **period_to_json(self.period),
        }

    @classmethod
    def parse(cls, members: JsonObject) -> Self:
        """Read `to_json()` back; `VerificationError` for anything else."""
        only(members, _ISSUER)
        return cls(
            did=text_of(members, "did"),
            name=text_of(members, "name"),
            actors=actors_of(members),
            assurance=code(Assurance, text_of(members, "assurance")),
            keys=tuple(_parse_method(part) for part in list_of(members, "keys")),
            period=parse_period(members),
        )


def _holding_to_json(holding: Holding) -> JsonObject:
    return {
        "actor": holding.actor,
        "products": sorted(str(product) for product in holding.products),
        **period_to_json(holding.period),
    }


def _parse_holding(value: Json) -> Holding:
    members = as_object(value, "holding")
    only(members, _HOLDING)
    products = texts_of(members, "products")
    return Holding(
        actor=code(Actor, text_of(members, "actor")),
        products=frozenset(parse_dpp_id(text) for text in products),
        period=parse_period(members),
    )


def _parse_method(value: Json) -> IssuerMethod:
    members = as_object(value, "key")
    only(members, _METHOD)
    multikey = text_of(members, "publicKeyMultibase")
    return IssuerMethod(text_of(members, "id"), PublicKey.parse(multikey))
