"""What a change of access means: who gains, who loses, and what.

Two states of policy and clients are compared by what they lead to, not by their text: a row that
was split in two changes nothing. Where the files lie, and how a report looks, isn't known here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from passport.access.client import Client, TrustedIssuer
from passport.access.decision import AccessPolicy
from passport.access.refusal import Refusal
from passport.access.rule import (
    Actor,
    Assurance,
    AuthenticationMethod,
    Effect,
    Operation,
    Purpose,
    Reuse,
    Rule,
)
from passport.identifiers import DppId
from passport.registry import Group, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessState:
    """Policy, clients and issuers as they stand together; `policy` is None where there is none."""

    policy: AccessPolicy | None
    clients: tuple[Client, ...] = ()
    issuers: tuple[TrustedIssuer, ...] = ()

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What is refused to everybody."""
        return self.policy.refusals.entries if self.policy else ()


@dataclass(frozen=True, slots=True, order=True)
class Entitlement:
    """What an actor or a client may do; `product` is None for every product."""

    who: str
    group: Group
    level: Level
    purpose: Purpose
    operation: Operation
    product: DppId | None = None


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """On what terms an actor may do something: by one method, at a level, for how long."""

    actor: Actor
    group: Group
    purpose: Purpose
    operation: Operation
    method: AuthenticationMethod
    assurance: Assurance
    reuse: Reuse
    time_to_live_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessChange:
    """What came and what went."""

    actors_gain: tuple[Entitlement, ...]
    actors_lose: tuple[Entitlement, ...]
    clients_gain: tuple[Entitlement, ...]
    clients_lose: tuple[Entitlement, ...]
    terms_gained: tuple[Condition, ...]
    """Terms of what is permitted before and after alike."""
    terms_lost: tuple[Condition, ...]
    refused: tuple[Refusal, ...]
    no_longer_refused: tuple[Refusal, ...]
    issuers_added: tuple[str, ...]
    issuers_removed: tuple[str, ...]
    issuers_changed: tuple[str, ...]
    """Trusted before and after, for other roles, by other keys or for another time."""

    @property
    def is_empty(self) -> bool:
        """Whether nobody gains or loses anything."""
        return not any(getattr(self, name) for name in self.__slots__)


def compare(before: AccessState, after: AccessState, days: tuple[date, date]) -> AccessChange:
    """Compare two states, each on its own day; products of clients count as they are named."""
    old, new = _permitted(before.policy, days[0]), _permitted(after.policy, days[1])
    old_clients = frozenset(_of_clients(before, days[0]))
    new_clients = frozenset(_of_clients(after, days[1]))
    old_terms, new_terms = _terms(before.policy, days[0]), _terms(after.policy, days[1])
    gone, come = frozenset(before.refusals), frozenset(after.refusals)
    was, now = ({issuer.did: issuer for issuer in state.issuers} for state in (before, after))
    both = {(e.who, e.group, e.purpose, e.operation) for e in old & new}
    return AccessChange(
        actors_gain=tuple(sorted(new - old)),
        actors_lose=tuple(sorted(old - new)),
        clients_gain=_sorted(new_clients - old_clients),
        clients_lose=_sorted(old_clients - new_clients),
        terms_gained=tuple(sorted(c for c in new_terms - old_terms if _cell(c) in both)),
        terms_lost=tuple(sorted(c for c in old_terms - new_terms if _cell(c) in both)),
        refused=tuple(r for r in after.refusals if r not in gone),
        no_longer_refused=tuple(r for r in before.refusals if r not in come),
        issuers_added=tuple(sorted(now.keys() - was.keys())),
        issuers_removed=tuple(sorted(was.keys() - now.keys())),
        issuers_changed=tuple(sorted(d for d in was.keys() & now.keys() if was[d] != now[d])),
    )


def _cell(condition: Condition) -> tuple[str, Group, Purpose, Operation]:
    return condition.actor, condition.group, condition.purpose, condition.operation


def _sorted(found: Iterable[Entitlement]) -> tuple[Entitlement, ...]:
    def key(each: Entitlement) -> tuple[str, ...]:
        product = str(each.product) if each.product else ""
        return each.who, each.group, each.level, each.purpose, each.operation, product

    return tuple(sorted(found, key=key))


def live_permits(policy: AccessPolicy | None, day: date) -> Iterator[tuple[Entitlement, Rule]]:
    """Yield what each actor may do on a day with each row that permits it, denials applied."""
    if policy is None or not policy.period.holds(day):
        return
    for cell in policy.cells:
        live = [rule for rule in policy.rules_for(cell) if rule.period.holds(day)]
        if any(rule.effect is Effect.DENY for rule in live):
            continue
        for rule in live:
            actor, group, level, purpose, operation = cell
            yield Entitlement(actor, group, level, purpose, operation), rule


def _permitted(policy: AccessPolicy | None, day: date) -> frozenset[Entitlement]:
    return frozenset(entitlement for entitlement, _ in live_permits(policy, day))


def _terms(policy: AccessPolicy | None, day: date) -> frozenset[Condition]:
    return frozenset(
        Condition(
            actor=Actor(each.who),
            group=each.group,
            purpose=each.purpose,
            operation=each.operation,
            method=method,
            assurance=rule.authentication.assurance,
            reuse=rule.reuse,
            time_to_live_days=rule.time_to_live_days,
        )
        for each, rule in live_permits(policy, day)
        for method in rule.authentication.methods
    )


def _of_clients(state: AccessState, day: date) -> Iterator[Entitlement]:
    permits = tuple(live_permits(state.policy, day))
    denied = frozenset(_denied(state.policy, day))
    for client in state.clients:
        if not client.is_live(day):
            continue
        roles = _roles(client, day)
        for each, rule in permits:
            is_recognised = rule.authentication.is_met(
                AuthenticationMethod.CLIENT_KEY, client.assurance
            )
            cell = (each.group, each.level, each.purpose, each.operation)
            is_denied = any((actor, *cell) in denied for actor in roles)
            for product in roles.get(Actor(each.who), ()) if not is_denied else ():
                if is_recognised:
                    yield Entitlement(client.id, *cell, product)


def _roles(client: Client, day: date) -> dict[Actor, tuple[DppId | None, ...]]:
    roles: dict[Actor, tuple[DppId | None, ...]] = dict.fromkeys(client.actors, (None,))
    for holding in client.holdings:
        if holding.period.holds(day):
            roles[holding.actor] = (*roles.get(holding.actor, ()), *holding.products)
    return roles


def _denied(
    policy: AccessPolicy | None, day: date
) -> Iterator[tuple[Actor, Group, Level, Purpose, Operation]]:
    for cell in policy.cells if policy else ():
        rules = policy.rules_for(cell) if policy else ()
        if any(rule.effect is Effect.DENY and rule.period.holds(day) for rule in rules):
            yield cell
