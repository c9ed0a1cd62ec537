"""From content to a bundle: what brokers are told of policy, clients, issuers and refusals.

What proves a client's role and who approved it stays behind. A ceased passport is refused to
everybody, and no longer counts among anybody's products; a purchaser's batteries bring their models
along, since point 2 lies there. Nothing is signed or written here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from generator.content.access.check import models_of
from generator.content.load import Content
from passport.access.bundle import Bundle
from passport.access.client import Client, ClientStatus, Holding
from passport.access.decision import AccessPolicy
from passport.access.refusal import PassportRefusal, Refusals
from passport.errors import ConfigError
from passport.identifiers import DppId
from passport.life.life import PassportStatus
from passport.problems import Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A bundle's number, and the time for which it is in force."""

    seq: int
    valid_from: datetime
    valid_until: datetime


def make_bundle(content: Content, term: Term) -> Bundle:
    """Return the bundle of checked content; `ConfigError` where there is no policy.

    Clients whose status is ended are left out, and those without any role left.
    """
    access = content.access
    if access.policy is None:
        raise ConfigError(
            "there is no access policy, so there is nothing to tell a broker",
            "write content/access/policy.yaml (docs/access.md)",
        )
    ceased = frozenset(ceased_passports(content, term.valid_from.date()))
    return Bundle(
        seq=term.seq,
        valid_from=term.valid_from,
        valid_until=term.valid_until,
        policy=_policy(access.policy, ceased),
        clients=tuple(entitled_clients(content, ceased)),
        issuers=tuple(entry.issuer for entry in access.issuers),
    )


def ceased_passports(content: Content, as_of: date) -> Iterator[DppId]:
    """Yield the batteries whose passports have ceased; only those with events are looked at."""
    lives = content.lives(as_of)
    names = content.events.batteries
    for model, battery, uri in content.identified(content.batteries if names else ()):
        dpp_id = DppId.of(uri.key)
        if str(dpp_id) in names:
            life = lives.of(model, battery, Findings())
            if life.public.passport_status is PassportStatus.CEASED:
                yield dpp_id


def entitled_clients(content: Content, ceased: frozenset[DppId]) -> Iterator[Client]:
    """Yield the clients as brokers get them: their batteries with the models of these."""
    entries = [e for e in content.access.clients if e.client.status is not ClientStatus.ENDED]
    models = models_of(content, (named.product for e in entries for named in e.products))
    for entry in entries:
        holdings = (_holding(holding, models, ceased) for holding in entry.client.holdings)
        kept = tuple(holding for holding in holdings if holding.products)
        if entry.client.actors or kept:
            yield replace(entry.client, holdings=kept)


def _holding(holding: Holding, models: dict[DppId, DppId], ceased: frozenset[DppId]) -> Holding:
    batteries = holding.products - ceased
    return replace(holding, products=batteries | {models[battery] for battery in batteries})


def _policy(policy: AccessPolicy, ceased: frozenset[DppId]) -> AccessPolicy:
    refusals = dict.fromkeys(policy.refusals.entries)
    refusals |= dict.fromkeys(PassportRefusal(dpp_id) for dpp_id in sorted(ceased, key=str))
    return replace(policy, refusals=Refusals(tuple(refusals)))
