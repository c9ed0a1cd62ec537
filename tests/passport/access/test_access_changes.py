"""Two states of access are compared by what they lead to: who gains, who loses, what."""

from dataclasses import replace
from datetime import date

from passport.access.changes import AccessChange, AccessState, Entitlement, compare
from passport.access.client import Client, ClientStatus
from passport.access.refusal import PassportRefusal
from passport.access.rule import (
    Actor,
    Assurance,
    Authentication,
    AuthenticationMethod,
    Effect,
    Operation,
    Period,
    Purpose,
)
from passport.registry import Group, Level
from tests.access import (
    BATTERY,
    OTHER_BATTERY,
    RULE,
    START,
    client,
    holding,
    issuer,
    policy,
    rule,
)

DAY = date(2026, 11, 22)
OWN = rule(id="own", actors=(Actor.PURCHASER,), purposes=(Purpose.ENERGY_MARKET,))


def changed(before: AccessState, after: AccessState, day: date = DAY) -> AccessChange:
    """Compare, and hold the opposite direction to be the opposite."""
    change, back = compare(before, after, (day, day)), compare(after, before, (day, day))
    assert change.actors_gain == back.actors_lose
    assert change.clients_gain == back.clients_lose
    assert change.terms_gained == back.terms_lost
    assert change.refused == back.no_longer_refused
    assert change.issuers_added == back.issuers_removed
    return change


def state(*rules: object, clients: tuple[Client, ...] = ()) -> AccessState:
    return AccessState(policy=policy(*rules), clients=clients)  # type: ignore[arg-type]


def entitled(who: str, purpose: Purpose = Purpose.DISMANTLING, **more: object) -> Entitlement:
    made = Entitlement(who, Group.INTEREST_BATTERY, Level.BATTERY, purpose, Operation.VIEW)
    return replace(made, **more)  # type: ignore[arg-type]


def test_rows_that_were_only_rewritten_change_nothing() -> None:
    both = rule(actors=(Actor.RECYCLER, Actor.REPAIRER))
    apart = [replace(both, id=actor, actors=(actor,)) for actor in both.actors]
    change = changed(state(both, clients=(client(),)), state(*apart, clients=(client(),)))
    assert change.is_empty


def test_who_gains_is_told_as_actor_and_as_client() -> None:
    more = rule(purposes=(Purpose.DISMANTLING, Purpose.RECYCLING))
    change = changed(state(clients=(client(),)), state(more, clients=(client(),)))
    assert change.actors_gain == (entitled("recycler", Purpose.RECYCLING),)
    assert change.clients_gain == (entitled("hafenkreis", Purpose.RECYCLING),)
    assert change.actors_lose == ()
    assert not change.is_empty


def test_a_denial_takes_from_actors_and_from_clients_of_any_of_its_roles() -> None:
    both = client(actors=(Actor.RECYCLER, Actor.REPAIRER))
    deny = rule(id="stop", effect=Effect.DENY, actors=(Actor.REPAIRER,))
    change = changed(state(RULE, clients=(both,)), state(RULE, deny, clients=(both,)))
    assert change.actors_lose == ()
    assert change.clients_lose == (entitled("hafenkreis"),)


def test_a_client_that_comes_goes_or_is_suspended() -> None:
    suspended = client(status=ClientStatus.SUSPENDED)
    expired = client(period=Period(START, START))
    assert changed(state(), state(clients=(client(),))).clients_gain == (entitled("hafenkreis"),)
    for lost in (suspended, expired):
        change = changed(state(clients=(client(),)), state(clients=(lost,)))
        assert change.clients_lose == (entitled("hafenkreis"),)


def test_a_client_that_is_recognised_too_weakly_gains_nothing() -> None:
    weak = client(assurance=Assurance.LOW)
    assert changed(state(), state(clients=(weak,))).is_empty


def test_a_purchaser_gains_and_loses_by_product() -> None:
    one = client(actors=(), holdings=(holding(BATTERY),))
    other = client(actors=(), holdings=(holding(OTHER_BATTERY),))
    change = changed(state(OWN, clients=(one,)), state(OWN, clients=(other,)))
    energy = Purpose.ENERGY_MARKET
    assert change.clients_gain == (entitled("hafenkreis", energy, product=OTHER_BATTERY),)
    assert change.clients_lose == (entitled("hafenkreis", energy, product=BATTERY),)


def test_other_terms_of_the_same_right_are_told() -> None:
    easier = rule(
        authentication=Authentication(frozenset(AuthenticationMethod), Assurance.SUBSTANTIAL)
    )
    change = changed(state(), state(easier))
    assert change.actors_gain == ()
    (term,) = change.terms_gained
    assert (term.actor, term.method) == (Actor.RECYCLER, AuthenticationMethod.ROLE_CREDENTIAL)
    assert change.terms_lost == ()
    longer = changed(state(), state(rule(time_to_live_days=60)))
    assert [t.time_to_live_days for t in (*longer.terms_lost, *longer.terms_gained)] == [30, 60]


def test_days_decide_what_is_compared() -> None:
    ends = rule(period=Period(START, DAY))
    assert changed(state(), state(ends)).is_empty
    later = changed(state(), state(ends), date(2026, 11, 23))
    assert later.actors_lose == (entitled("recycler"),)


def test_refusals_and_issuers_come_and_go() -> None:
    refused = AccessState(policy=policy(refusals=(PassportRefusal(BATTERY),)))
    assert changed(state(), refused).refused == (PassportRefusal(BATTERY),)
    trusting = AccessState(policy=policy(), issuers=(issuer(),))
    assert changed(state(), trusting).issuers_added == ("did:web:roles.example",)
    other = replace(issuer(), actors=(Actor.REPAIRER,))
    more = changed(trusting, replace(trusting, issuers=(other,)))
    assert more.issuers_changed == ("did:web:roles.example",)
    assert not more.is_empty
    assert changed(trusting, trusting).is_empty


def test_without_a_policy_nobody_has_anything() -> None:
    change = changed(AccessState(policy=None), state(clients=(client(),)))
    assert change.actors_gain == (entitled("recycler"),)
    assert change.clients_gain == (entitled("hafenkreis"),)
