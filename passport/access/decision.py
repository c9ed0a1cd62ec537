"""The decision whether a subject may have the key of an item, for a purpose.

Spec: DESIGN 6 and 7; Art. 77(2). Nothing is allowed but by a row of the policy that permits it;
a row that denies wins over all that permit; what was refused (`passport.access.refusal`) stays
refused. A purchaser, or whoever acts for one, is entitled to named products only. Neither how a
subject was recognised nor what a key is, is known here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias

from passport.access.refusal import (
    Item,
    Refusals,
)
from passport.access.rule import (
    Actor,
    Assurance,
    AuthenticationMethod,
    Effect,
    Operation,
    Period,
    Purpose,
    Reuse,
    Rule,
)
from passport.identifiers import DppId
from passport.registry import Group, Level

Cell: TypeAlias = tuple[Actor, Group, Level, Purpose, Operation]
"""The least that a row is about; a row with lists stands for many."""


class Why(StrEnum):
    """What a decision rests on; told to the operator, never to who asked."""

    PERMITTED = "permitted"
    POLICY = "policy-not-in-force"
    WITHDRAWN = "withdrawn"
    """The item is refused to everybody."""
    DENIED = "denied"
    """A row says so."""
    NO_RULE = "no-rule"
    """No row in force is about it."""
    AUTHENTICATION = "authentication"
    """A row permits it to who is recognised better."""
    OTHER_PRODUCT = "other-product"
    """A row permits it for the products of this subject only, and this is none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who asks, as the broker recognised it."""

    client: str
    """The client's id, or the DID of who holds a role credential."""
    organisation: str
    actors: tuple[Actor, ...]
    products: frozenset[DppId] = frozenset()
    """What a purchaser or its mandate is entitled to: batteries, and their models."""
    method: AuthenticationMethod
    assurance: Assurance


@dataclass(frozen=True, slots=True)
class Grant:
    """What comes back with a key: what may be done, and until when it may be asked for again."""

    operations: tuple[Operation, ...]
    reuse: Reuse
    expires: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer; `rule` is the id of the row that it rests on, "" where there is none."""

    why: Why
    rule: str = ""
    grant: Grant | None = None

    @property
    def allowed(self) -> bool:
        """Whether the key may be released."""
        return self.grant is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPolicy:
    """A version of the policy, indexed by cell, with what is refused to everybody."""

    version: str
    supersedes: str = ""
    period: Period
    rules: tuple[Rule, ...]
    refusals: Refusals = field(default_factory=Refusals)
    _cells: Mapping[Cell, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cells: dict[Cell, tuple[Rule, ...]] = {}
        for rule in self.rules:
            for cell in cells_of(rule) if rule.adopted else ():
                cells[cell] = (*cells.get(cell, ()), rule)
        object.__setattr__(self, "_cells", cells)

    @property
    def cells(self) -> Iterable[Cell]:
        """Every cell that an adopted row is about."""
        return self._cells.keys()

    def rules_for(self, cell: Cell) -> tuple[Rule, ...]:
        """The adopted rows about a cell, on whatever days they hold."""
        return self._cells.get(cell, ())

    def groups_of(self, actors: Iterable[Actor], day: date) -> frozenset[Group]:
        """The groups that these actors may read of every product, for at least one purpose.

        A purchaser has none: its entitlement ends at its own products.
        """
        unbound = frozenset(actor for actor in actors if not actor.is_bound)
        in_force = self._cells.items() if self.period.holds(day) else ()
        found: dict[tuple[Group, Level, Purpose], set[Effect]] = {}
        for (actor, group, level, purpose, operation), rules in in_force:
            if actor in unbound and operation is Operation.VIEW:
                effects = found.setdefault((group, level, purpose), set())
                effects.update(rule.effect for rule in rules if rule.period.holds(day))
        return frozenset(cell[0] for cell, effects in found.items() if effects == {Effect.PERMIT})


def cells_of(rule: Rule) -> Iterable[Cell]:
    """Return every cell that a row is about."""
    return (
        (actor, rule.group, rule.level, purpose, operation)
        for actor in rule.actors
        for purpose in rule.purposes
        for operation in rule.operations
    )


def decide(
    policy: AccessPolicy,
    subject: Subject,
    item: Item,
    purpose: Purpose,
    operation: Operation,
    now: datetime,
) -> Decision:
    """Decide on one item; `now` is aware. Never raises: what isn't allowed is a `Decision` too."""
    today = now.astimezone(UTC).date()
    if not policy.period.holds(today):
        return Decision(Why.POLICY)
    if policy.refusals.cover(item):
        return Decision(Why.WITHDRAWN)
    permits: list[tuple[Actor, Rule]] = []
    for actor in subject.actors:
        for rule in policy.rules_for((actor, item.group, item.level, purpose, operation)):
            if not rule.period.holds(today):
                continue
            if rule.effect is Effect.DENY:
                return Decision(Why.DENIED, rule.id)
            permits.append((actor, rule))
    return _best(permits, subject, item, now)


def _best(
    permits: list[tuple[Actor, Rule]], subject: Subject, item: Item, now: datetime
) -> Decision:
    """The first row whose conditions are met; else what the first one lacks."""
    lacking = Decision(Why.NO_RULE)
    for actor, rule in permits:
        if actor.is_bound and item.passport not in subject.products:
            why = Why.OTHER_PRODUCT
        elif not rule.authentication.is_met(subject.method, subject.assurance):
            why = Why.AUTHENTICATION
        else:
            return Decision(Why.PERMITTED, rule.id, _grant(rule, now))
        if lacking.why is Why.NO_RULE:
            lacking = Decision(why, rule.id)
    return lacking


def _grant(rule: Rule, now: datetime) -> Grant:
    expires = now + timedelta(days=rule.time_to_live_days)
    if rule.period.end is not None and rule.period.end < date.max:  # no day follows the last one
        after = datetime.combine(rule.period.end + timedelta(days=1), time(), UTC)
        expires = min(expires, after)
    return Grant(rule.operations, rule.reuse, expires)
