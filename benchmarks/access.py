"""Decisions of access: one policy, one bundle's refusals, every kind of answer in turn.

The floor is a look-up in a dictionary, by the very cell that a decision is about: the least that
anything indexed must do.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

from benchmarks.measure import Measure
from passport.access.decision import AccessPolicy, Cell, Subject, decide
from passport.access.refusal import Item, PassportRefusal, Refusals
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
from passport.sealing.group_key import GroupKeyId

DECISIONS = 100_000
_NOW = datetime(2026, 11, 22, tzinfo=UTC)
_START = date(2026, 1, 1)
_REFUSED = 1_000
_KEY = GroupKeyId(Group.INTEREST_BATTERY, "2026a", "a" * 16)
_OWN = DppId.parse("01_09506000134352_21_OWN")


def measures(_: Path) -> Iterator[Measure]:
    """Yield one measure: as many decisions as permit, as lack a row, as are refused or withheld."""
    policy = _policy()
    questions = _questions()
    cells = [_cell(*question) for question in questions]
    table: dict[Cell, str] = {
        cell: rule.id for cell in policy.cells for rule in policy.rules_for(cell)
    }
    rounds = range(DECISIONS // len(questions))
    allowed = {decide(policy, *question, _NOW).allowed for question in questions}
    assert allowed == {True, False}, "both answers are measured"

    def ours() -> None:
        for _ in rounds:
            for subject, item, purpose, operation in questions:
                decide(policy, subject, item, purpose, operation, _NOW)

    def floor() -> None:
        for _ in rounds:
            for cell in cells:
                table.get(cell)

    yield Measure(
        name="decide about an item",
        rows=len(rounds) * len(questions),
        target="200,000 a second",
        run=ours,
        floor_name="look up a cell",
        floor=floor,
    )


def _questions() -> list[tuple[Subject, Item, Purpose, Operation]]:
    items = [
        _item(Group.INTEREST_BATTERY, Level.BATTERY, _OWN),
        _item(Group.INTEREST_BATTERY, Level.BATTERY, _battery(_REFUSED + 1)),
        _item(Group.INTEREST_BATTERY, Level.BATTERY, _battery(1)),
        _item(Group.AUTHORITY, Level.MODEL, DppId.parse("01_09506000134352")),
    ]
    subjects = [_subject(Actor.RECYCLER), _subject(Actor.PURCHASER)]
    purposes = (Purpose.DISMANTLING, Purpose.ENERGY_MARKET)
    return list(product(subjects, items, purposes, (Operation.VIEW,)))


def _cell(subject: Subject, item: Item, purpose: Purpose, operation: Operation) -> Cell:
    return subject.actors[0], item.group, item.level, purpose, operation


def _subject(actor: Actor) -> Subject:
    return Subject(
        client="somebody",
        organisation="Somebody",
        actors=(actor,),
        products=frozenset({_OWN}),
        method=AuthenticationMethod.CLIENT_KEY,
        assurance=Assurance.SUBSTANTIAL,
    )


def _battery(number: int) -> DppId:
    return DppId.parse(f"01_09506000134352_21_N{number}")


def _item(group: Group, level: Level, passport: DppId) -> Item:
    return Item(
        passport=passport, group=group, level=level, version=2, key=_KEY, salt=b"0123456789abcdef"
    )


def _policy() -> AccessPolicy:
    """Twenty rows, as the sample's, and a thousand passports that are refused."""
    rules = tuple(
        _rule(n, actor, purpose)
        for n, (actor, purpose) in enumerate(product(list(Actor)[:5], list(Purpose)[:4]))
    )
    own = _rule(len(rules), Actor.PURCHASER, Purpose.ENERGY_MARKET)
    refused = tuple(PassportRefusal(_battery(n)) for n in range(_REFUSED))
    return AccessPolicy(
        version="2026-01-01.1",
        period=Period(_START),
        rules=(*rules, own),
        refusals=Refusals(refused),
    )


def _rule(number: int, actor: Actor, purpose: Purpose) -> Rule:
    return Rule(
        id=f"row-{number}",
        effect=Effect.PERMIT,
        group=Group.INTEREST_BATTERY,
        point="4",
        level=Level.BATTERY,
        actors=(actor,),
        purposes=(purpose,),
        operations=(Operation.VIEW,),
        reuse=Reuse.NOT_DETERMINED,
        commercially_sensitive=True,
        authentication=Authentication(
            frozenset({AuthenticationMethod.CLIENT_KEY}), Assurance.SUBSTANTIAL
        ),
        log=DecisionLog(LogScope.EVERY, 1827),
        time_to_live_days=30,
        period=Period(_START),
        basis=("Art. 77(2)(c)",),
        review=Review(due=date(2099, 1, 1)),
    )
