"""The shipped policies, cell by cell, against a table written by hand from Art. 77(2)."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from generator.content.access.load import read_access
from passport.access.decision import AccessPolicy, Subject, decide
from passport.access.refusal import Item
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
from passport.problems import Findings
from passport.registry import Group, Level
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import demo_secret
from tests.access import KEY, MODEL, OTHER_BATTERY
from tests.sample.conftest import Sample

ROOT = Path(__file__).parents[2]
PROJECTS = ("", "generator/cli/template")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
BATTERY = DppId.parse("01_09506000134352_21_T48L2611-0001")

# Group and level -> actor -> purposes. What isn't here is refused. Only viewing is permitted.
ARTICLE_77_2 = {
    ("xiii-2", "model"): {
        "repairer": {"dismantling", "safety", "repair"},
        "remanufacturer": {"dismantling", "safety", "remanufacturing"},
        "second-life-operator": {"dismantling", "safety", "second-life"},
        "recycler": {"dismantling", "safety", "recycling"},
        "purchaser": {"energy-market"},
        "mandated-party": {"energy-market"},
        "notified-body": {"conformity-assessment"},
        "market-surveillance-authority": {"market-surveillance"},
        "commission": {"union-oversight"},
    },
    ("xiii-3", "model"): {
        "notified-body": {"conformity-assessment"},
        "market-surveillance-authority": {"market-surveillance"},
        "commission": {"union-oversight"},
    },
    ("xiii-4", "battery"): {
        "repairer": {"dismantling", "safety", "repair"},
        "remanufacturer": {"dismantling", "safety", "remanufacturing"},
        "second-life-operator": {"dismantling", "safety", "second-life"},
        "recycler": {"dismantling", "safety", "recycling"},
        "purchaser": {"energy-market"},
        "mandated-party": {"energy-market"},
    },
}
ALL_CELLS = 4 * 2 * 9 * 10 * 4


@pytest.fixture(scope="module", params=PROJECTS, ids=["sample", "template"])
def policy(request: pytest.FixtureRequest) -> AccessPolicy:
    return read_policy(ROOT / request.param)


def read_policy(project: Path) -> AccessPolicy:
    findings = Findings()
    access = read_access(project, "en", findings)
    assert findings.problems == ()
    assert access.policy is not None
    return access.policy


def subject(actor: Actor) -> Subject:
    return Subject(
        client="somebody",
        organisation="Somebody",
        actors=(actor,),
        products=frozenset({BATTERY, MODEL}),
        method=AuthenticationMethod.CLIENT_KEY,
        assurance=Assurance.HIGH,
    )


def item(group: Group, level: Level, passport: DppId | None = None) -> Item:
    own = BATTERY if level is Level.BATTERY else MODEL
    return Item(
        passport=passport or own, group=group, level=level, version=1, key=KEY, salt=bytes(16)
    )


@pytest.mark.requirement("R5.2")
def test_every_cell_is_as_the_article_has_it(policy: AccessPolicy) -> None:
    cells = tuple(product(Group, Level, Actor, Purpose, Operation))
    assert len(cells) == ALL_CELLS
    for group, level, actor, purpose, operation in cells:
        purposes = ARTICLE_77_2.get((group, level), {}).get(actor, set())
        expected = operation == "view" and purpose in purposes
        decision = decide(policy, subject(actor), item(group, level), purpose, operation, NOW)
        assert decision.allowed is expected, (group, level, actor, purpose, operation)


@pytest.mark.requirement("R5.3")
def test_a_purchaser_reads_no_other_battery_and_no_other_model(policy: AccessPolicy) -> None:
    other_model = DppId.parse("01_09506000134369")
    for actor in (Actor.PURCHASER, Actor.MANDATED_PARTY):
        for group, level, passport in (
            (Group.INTEREST_BATTERY, Level.BATTERY, OTHER_BATTERY),
            (Group.INTEREST_MODEL, Level.MODEL, other_model),
        ):
            question = subject(actor), item(group, level, passport), Purpose.ENERGY_MARKET
            assert not decide(policy, *question, Operation.VIEW, NOW).allowed


@pytest.mark.requirement("R5.4")
def test_the_other_reading_of_point_2_is_a_row_that_can_be_adopted(policy: AccessPolicy) -> None:
    (other,) = (rule for rule in policy.rules if not rule.adopted)
    assert other.effect is Effect.DENY
    assert other.group is Group.INTEREST_MODEL
    assert any("heading" in clause for clause in other.basis)
    adopted = replace(other, adopted=True)
    stricter = replace(
        policy, rules=tuple(adopted if rule is other else rule for rule in policy.rules)
    )
    for actor, purpose, reads_by_article, reads_by_annex in (
        (Actor.NOTIFIED_BODY, Purpose.CONFORMITY_ASSESSMENT, True, False),
        (Actor.MARKET_SURVEILLANCE, Purpose.MARKET_SURVEILLANCE, True, False),
        (Actor.COMMISSION, Purpose.UNION_OVERSIGHT, True, True),
        (Actor.RECYCLER, Purpose.RECYCLING, True, True),
    ):
        question = subject(actor), item(Group.INTEREST_MODEL, Level.MODEL), purpose
        assert decide(policy, *question, Operation.VIEW, NOW).allowed is reads_by_article
        assert decide(stricter, *question, Operation.VIEW, NOW).allowed is reads_by_annex


@pytest.mark.requirement("R5.1")
def test_every_row_has_every_column(policy: AccessPolicy) -> None:
    assert policy.period == Period(datetime(2026, 11, 1, tzinfo=UTC).date())
    for rule in policy.rules:
        assert all(getattr(rule, each.name) not in ((), "", None) for each in fields(Rule))
        assert rule.reuse is Reuse.NOT_DETERMINED
        assert rule.operations == (Operation.VIEW,)
        assert rule.review.approver
        assert rule.review.last
        assert "77(9)" in rule.review.trigger


@pytest.mark.requirement("R5.8")
def test_the_site_publishes_the_policy_and_no_person(sample: Sample) -> None:
    content = (sample.site / "access/policy.json").read_bytes()
    published = json.loads(content)
    assert len(published["rules"]) == len(read_policy(ROOT).rules)
    assert published["default"] == "deny"
    assert b"Head of" not in content
    assert b"approver" not in content
    for client in sorted((ROOT / "content/access/clients").glob("*.yaml")):
        assert client.stem.encode() not in content


def test_sample_clients_have_the_demo_keys_that_their_names_make() -> None:
    findings = Findings()
    access = read_access(ROOT, "en", findings)
    for entry in access.clients:
        demo = PublicKey.of(demo_secret(f"client/{entry.client.id}"))
        assert entry.client.public_key == demo
    (issuer,) = access.issuers
    assert issuer.issuer.keys[0].public_key == PublicKey.of(demo_secret("role-issuer"))
