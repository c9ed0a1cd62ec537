"""A decision: nothing without a row, a denial wins, refusals and bounds hold, days count."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passport.access.decision import AccessPolicy, Decision, Grant, Subject, Why, decide
from passport.access.refusal import (
    GroupRefusal,
    Item,
    KeyRefusal,
    PassportRefusal,
    Refusal,
    Refusals,
    SaltRefusal,
)
from passport.access.rule import (
    Actor,
    Assurance,
    Authentication,
    AuthenticationMethod,
    Effect,
    Operation,
    Period,
    Purpose,
    Reuse,
    Rule,
)
from passport.errors import ValueFormatError
from passport.identifiers import DppId
from passport.registry import Group, Level
from passport.sealing.group_key import GroupKey, SecretMac
from tests.access import (
    BATTERY,
    ITEM,
    KEY,
    MODEL,
    NOW,
    OTHER_BATTERY,
    RECYCLER,
    START,
    client,
    holding,
    policy,
    rule,
)

OTHER_KEY = GroupKey.of(Group.INTEREST_BATTERY, "2027a", SecretMac(b"1" * 32)).key_id


def asked(
    rules: AccessPolicy,
    subject: Subject = RECYCLER,
    item: Item = ITEM,
    purpose: Purpose = Purpose.DISMANTLING,
    operation: Operation = Operation.VIEW,
    now: datetime = NOW,
) -> Decision:
    return decide(rules, subject, item, purpose, operation, now)


def test_a_row_permits_and_says_what_the_grant_is() -> None:
    decision = asked(policy(rule(operations=(Operation.VIEW, Operation.DOWNLOAD))))
    assert decision.allowed
    assert decision.why is Why.PERMITTED
    assert decision.rule == "battery-dismantling"
    assert policy().supersedes == ""
    operations = (Operation.VIEW, Operation.DOWNLOAD)
    assert decision.grant == Grant(operations, Reuse.NOT_DETERMINED, NOW + timedelta(days=30))


@pytest.mark.parametrize(
    ("subject", "item", "purpose", "operation"),
    [
        (replace(RECYCLER, actors=(Actor.REPAIRER,)), ITEM, Purpose.DISMANTLING, Operation.VIEW),
        (replace(RECYCLER, actors=()), ITEM, Purpose.DISMANTLING, Operation.VIEW),
        (RECYCLER, replace(ITEM, group=Group.AUTHORITY), Purpose.DISMANTLING, Operation.VIEW),
        (RECYCLER, replace(ITEM, level=Level.MODEL), Purpose.DISMANTLING, Operation.VIEW),
        (RECYCLER, ITEM, Purpose.RECYCLING, Operation.VIEW),
        (RECYCLER, ITEM, Purpose.DISMANTLING, Operation.SHARE),
    ],
)
def test_what_no_row_permits_is_refused(
    subject: Subject, item: Item, purpose: Purpose, operation: Operation
) -> None:
    decision = asked(policy(), subject, item, purpose, operation)
    assert not decision.allowed
    assert decision == Decision(Why.NO_RULE)


def test_a_row_that_is_not_adopted_decides_nothing() -> None:
    deny = rule(id="other-reading", effect=Effect.DENY, adopted=False)
    assert asked(policy(rule(), deny)).allowed
    assert not asked(policy(rule(adopted=False))).allowed


def test_a_row_that_denies_wins_in_any_order() -> None:
    deny = rule(id="stop", effect=Effect.DENY)
    for rules in ((deny, rule()), (rule(), deny)):
        assert asked(policy(*rules)) == Decision(Why.DENIED, "stop")


def test_a_denial_of_one_role_denies_whoever_has_another_too() -> None:
    deny = rule(id="stop", effect=Effect.DENY, actors=(Actor.REPAIRER,))
    both = replace(RECYCLER, actors=(Actor.RECYCLER, Actor.REPAIRER))
    assert asked(policy(rule(), deny)).allowed
    assert asked(policy(rule(), deny), both).why is Why.DENIED


@pytest.mark.parametrize(
    ("period", "allowed"),
    [
        (Period(date(2026, 11, 22)), True),
        (Period(date(2026, 11, 23)), False),
        (Period(START, date(2026, 11, 22)), True),
        (Period(START, date(2026, 11, 21)), False),
    ],
)
def test_rows_and_policies_hold_on_their_days_both_included(
    period: Period, *, allowed: bool
) -> None:
    assert asked(policy(rule(period=period))).allowed is allowed
    assert asked(policy(period=period)).allowed is allowed


def test_a_policy_that_is_not_in_force_refuses_by_name() -> None:
    assert asked(policy(period=Period(date(2027, 1, 1)))) == Decision(Why.POLICY)


def test_days_are_those_of_utc() -> None:
    until = policy(rule(period=Period(START, date(2026, 11, 22))))
    late = datetime.fromisoformat("2026-11-23T00:30:00+01:00")
    assert asked(until, now=late).allowed
    assert not asked(until, now=datetime(2026, 11, 23, tzinfo=UTC)).allowed


def test_a_grant_ends_with_its_row() -> None:
    decision = asked(policy(rule(period=Period(START, date(2026, 11, 24)))))
    assert decision.grant is not None
    assert decision.grant.expires == datetime(2026, 11, 25, tzinfo=UTC)


def test_a_row_may_end_on_the_last_day_there_is() -> None:
    decision = asked(policy(rule(period=Period(START, date.max))))
    assert decision.grant is not None
    assert decision.grant.expires == NOW + timedelta(days=30)


def test_an_end_before_the_beginning_is_no_period() -> None:
    with pytest.raises(ValueFormatError):
        Period(START, START - timedelta(days=1))


@pytest.mark.parametrize(
    ("method", "assurance", "allowed"),
    [
        (AuthenticationMethod.CLIENT_KEY, Assurance.LOW, False),
        (AuthenticationMethod.CLIENT_KEY, Assurance.SUBSTANTIAL, True),
        (AuthenticationMethod.CLIENT_KEY, Assurance.HIGH, True),
        (AuthenticationMethod.ROLE_CREDENTIAL, Assurance.HIGH, False),
    ],
)
def test_whoever_is_recognised_too_weakly_is_refused(
    method: AuthenticationMethod, assurance: Assurance, *, allowed: bool
) -> None:
    decision = asked(policy(), replace(RECYCLER, method=method, assurance=assurance))
    assert decision.allowed is allowed
    assert decision.rule == "battery-dismantling"
    assert allowed or decision.why is Why.AUTHENTICATION


NEEDS_MORE = Authentication(frozenset(AuthenticationMethod), Assurance.HIGH)
PURCHASERS = rule(
    id="own",
    actors=(Actor.PURCHASER, Actor.MANDATED_PARTY),
    purposes=(Purpose.ENERGY_MARKET,),
)


@pytest.mark.parametrize("actor", [Actor.PURCHASER, Actor.MANDATED_PARTY])
def test_a_purchaser_reads_its_own_battery_and_not_its_neighbours(actor: Actor) -> None:
    own = replace(RECYCLER, actors=(actor,), products=frozenset({BATTERY}))
    rules = policy(PURCHASERS)
    assert asked(rules, own, purpose=Purpose.ENERGY_MARKET).allowed
    other = asked(rules, own, replace(ITEM, passport=OTHER_BATTERY), Purpose.ENERGY_MARKET)
    assert other == Decision(Why.OTHER_PRODUCT, "own")
    assert not asked(
        rules, replace(own, products=frozenset()), purpose=Purpose.ENERGY_MARKET
    ).allowed


def test_products_don_t_bind_who_has_another_role() -> None:
    both = replace(
        RECYCLER, actors=(Actor.PURCHASER, Actor.RECYCLER), products=frozenset({OTHER_BATTERY})
    )
    assert asked(policy(rule(), PURCHASERS), both).allowed
    assert not asked(policy(rule(), PURCHASERS), both, purpose=Purpose.ENERGY_MARKET).allowed


@pytest.mark.parametrize(
    ("refusal", "allowed"),
    [
        (PassportRefusal(BATTERY), False),
        (PassportRefusal(OTHER_BATTERY), True),
        (PassportRefusal(MODEL), True),
        (GroupRefusal(BATTERY, Group.INTEREST_BATTERY, 4), False),
        (GroupRefusal(BATTERY, Group.INTEREST_BATTERY, 3), True),
        (GroupRefusal(BATTERY, Group.INTEREST_MODEL, 4), True),
        (GroupRefusal(OTHER_BATTERY, Group.INTEREST_BATTERY, 4), True),
        (SaltRefusal(ITEM.salt), False),
        (SaltRefusal(b"f" * 16), True),
        (KeyRefusal(KEY), False),
        (KeyRefusal(OTHER_KEY), True),
    ],
)
def test_what_is_refused_is_refused_to_everybody(refusal: Refusal, *, allowed: bool) -> None:
    decision = asked(policy(refusals=(refusal,)))
    assert decision.allowed is allowed
    assert allowed or decision == Decision(Why.WITHDRAWN)


def test_the_highest_version_that_is_refused_counts() -> None:
    entries = tuple(GroupRefusal(BATTERY, Group.INTEREST_BATTERY, n) for n in (2, 5, 3))
    refusals = Refusals(entries)
    assert refusals.cover(replace(ITEM, version=1))
    assert refusals.cover(replace(ITEM, version=4))
    assert not refusals.cover(replace(ITEM, version=5))


def test_a_document_is_refused_by_its_salt_and_not_by_a_version() -> None:
    document = replace(ITEM, version=0)
    versions = GroupRefusal(BATTERY, Group.INTEREST_BATTERY, 4)
    other = GroupRefusal(OTHER_BATTERY, Group.INTEREST_BATTERY, 4)
    assert not Refusals((versions, other)).cover(document)
    assert Refusals((SaltRefusal(document.salt),)).cover(document)
    assert Refusals((PassportRefusal(BATTERY),)).cover(document)


def test_reasons_of_decisions_stand_in_records_and_keep_their_spelling() -> None:
    assert list(Why) == [
        "permitted",
        "policy-not-in-force",
        "withdrawn",
        "denied",
        "no-rule",
        "authentication",
        "other-product",
    ]
    assert asked(policy(rule(authentication=NEEDS_MORE))).rule == "battery-dismantling"
    assert Decision(Why.NO_RULE).rule == ""


def test_groups_of_actors_are_what_they_may_read_of_every_product() -> None:
    rules = policy(rule(), replace(PURCHASERS, group=Group.INTEREST_MODEL, level=Level.MODEL))
    assert rules.groups_of((Actor.RECYCLER,), START) == {Group.INTEREST_BATTERY}
    assert rules.groups_of((Actor.PURCHASER,), START) == frozenset()
    assert rules.groups_of((Actor.NOTIFIED_BODY,), START) == frozenset()
    assert rules.groups_of((Actor.RECYCLER,), date(2026, 10, 31)) == frozenset()
    sharing = policy(rule(operations=(Operation.SHARE,)))
    assert sharing.groups_of((Actor.RECYCLER,), START) == frozenset()
    denied = policy(rule(), rule(id="stop", effect=Effect.DENY))
    assert denied.groups_of((Actor.RECYCLER,), START) == frozenset()


def test_a_client_s_subject_has_its_roles_and_the_products_of_the_day() -> None:
    held = (
        holding(BATTERY),
        holding(OTHER_BATTERY, period=Period(START, date(2026, 12, 31))),
    )
    buyer = client(holdings=held)
    early, late = buyer.subject(date(2026, 12, 31)), buyer.subject(date(2027, 1, 1))
    assert early.actors == (Actor.RECYCLER, Actor.PURCHASER)
    assert early.products == {BATTERY, OTHER_BATTERY}
    assert late.products == {BATTERY}
    over = client(actors=(Actor.RECYCLER,), holdings=held[1:]).subject(date(2027, 1, 1))
    assert over.actors == (Actor.RECYCLER,)


def some(kind: type[StrEnum]) -> st.SearchStrategy[tuple[StrEnum, ...]]:
    return st.lists(st.sampled_from(list(kind)), min_size=1, max_size=3, unique=True).map(tuple)


RULES = st.builds(
    rule,
    id=st.sampled_from(["a", "b", "c"]),
    effect=st.sampled_from(Effect),
    adopted=st.booleans(),
    group=st.sampled_from([Group.INTEREST_MODEL, Group.AUTHORITY, Group.INTEREST_BATTERY]),
    level=st.sampled_from(Level),
    actors=some(Actor),
    purposes=some(Purpose),
    operations=some(Operation),
    period=st.sampled_from([Period(START), Period(date(2027, 1, 1)), Period(START, START)]),
)
REFUSALS = st.one_of(
    st.builds(PassportRefusal, st.sampled_from([MODEL, BATTERY])),
    st.builds(GroupRefusal, st.just(BATTERY), st.sampled_from(Group), st.integers(1, 4)),
    st.just(SaltRefusal(ITEM.salt)),
    st.just(KeyRefusal(KEY)),
)
SUBJECTS = st.builds(
    Subject,
    client=st.just("c"),
    organisation=st.just("o"),
    actors=some(Actor),
    products=st.frozensets(st.sampled_from([MODEL, BATTERY])),
    method=st.sampled_from(AuthenticationMethod),
    assurance=st.sampled_from(Assurance),
)
ITEMS = st.builds(
    Item,
    passport=st.sampled_from([MODEL, BATTERY, OTHER_BATTERY]),
    group=st.sampled_from([Group.INTEREST_MODEL, Group.AUTHORITY, Group.INTEREST_BATTERY]),
    level=st.sampled_from(Level),
    version=st.integers(1, 4),
    key=st.just(KEY),
    salt=st.just(ITEM.salt),
)


@settings(max_examples=300, deadline=None)
@given(
    rules=st.lists(RULES, max_size=6),
    more=st.lists(RULES, max_size=3),
    refusals=st.lists(REFUSALS, max_size=2),
    subject=SUBJECTS,
    item=ITEMS,
    purpose=st.sampled_from(Purpose),
    operation=st.sampled_from(Operation),
    position=st.integers(0, 6),
)
def test_adding_a_denial_or_a_refusal_never_adds_access(
    rules: list[Rule],
    more: list[Rule],
    refusals: list[Refusal],
    subject: Subject,
    item: Item,
    purpose: Purpose,
    operation: Operation,
    position: int,
) -> None:
    before = AccessPolicy(version="1", period=Period(START), rules=tuple(rules))
    denials = [replace(each, effect=Effect.DENY) for each in more]
    longer = (*rules[:position], *denials, *rules[position:])
    after = replace(before, rules=longer, refusals=Refusals(tuple(refusals)))
    question = subject, item, purpose, operation, NOW
    if decide(after, *question).allowed:
        assert decide(before, *question) == decide(after, *question)


@settings(max_examples=100, deadline=None)
@given(rules=st.lists(RULES, max_size=6), item=ITEMS, actor=st.sampled_from(Actor))
def test_an_actor_s_decision_is_that_of_its_own_rows(
    rules: list[Rule], item: Item, actor: Actor
) -> None:
    subject = replace(RECYCLER, actors=(actor,), products=frozenset({MODEL, BATTERY}))
    whole = AccessPolicy(version="1", period=Period(START), rules=tuple(rules))
    own = replace(whole, rules=tuple(each for each in rules if actor in each.actors))
    for purpose in Purpose:
        question = subject, item, purpose, Operation.VIEW, NOW
        assert decide(whole, *question) == decide(own, *question)


def test_an_own_identifier_is_a_product_like_any() -> None:
    own = DppId.parse("id_acme_RB48.2E0001")
    buyer = replace(RECYCLER, actors=(Actor.PURCHASER,), products=frozenset({own}))
    item = replace(ITEM, passport=own)
    assert asked(policy(PURCHASERS), buyer, item, Purpose.ENERGY_MARKET).allowed
