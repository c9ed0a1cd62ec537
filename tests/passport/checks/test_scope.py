"""Scope decisions: what is not recorded, what contradicts itself, and what stands in a lot."""

from dataclasses import replace
from datetime import date

import pytest

from passport.checks.context import CheckContext, ModelContent
from passport.checks.table import check_batteries, check_model
from passport.gs1 import SerialNumber
from passport.model import Battery, BatteryModel
from passport.problems import Place, Problem, Severity
from passport.values import YearMonth
from tests.nouns import model, rated, scope

RECORDED = scope(
    reviewer="R",
    reviewed_on=date(2027, 1, 7),
    industrial_use="designed for telecom sites",
    stationary_reason="feeds a site",
    market_route="made-in-eu",
)
RULES = {
    "unreviewed-scope",
    "future-review",
    "unrecorded-decision",
    "unknown-whole",
    "part-listed",
    "outside-passport",
}


def context(*models: BatteryModel) -> CheckContext:
    return CheckContext(
        operators={},
        models={one.slug: one for one in models},
        issuer="maker",
        issuer_place=Place("cellfolio.toml"),
        languages=("en",),
        as_of=date(2027, 2, 18),
    )


def scope_problems(*models: BatteryModel, has_batteries: bool = False) -> list[Problem]:
    return [
        found
        for one in models
        for found in check_model(
            ModelContent(model=one, restricted=(), has_batteries=has_batteries), context(*models)
        )
        if found.rule in RULES
    ]


def lot_problems(one: BatteryModel) -> list[Problem]:
    battery = Battery(
        model=one.slug,
        serial=SerialNumber("A001"),
        giai=None,
        plant="north",
        manufactured=YearMonth(2027, 1),
        placed_on_market=None,
        place=Place("content/batteries/lot.csv", 2),
    )
    return [p for p in check_batteries([battery], context(one)) if p.rule in RULES]


def test_recorded_decision_is_no_problem() -> None:
    assert scope_problems(model(decision=RECORDED)) == []


@pytest.mark.requirement("R1.3", "R1.4")
def test_missing_review_and_reasons_are_warnings() -> None:
    found = scope_problems(model())
    assert {p.severity for p in found} == {Severity.WARNING}
    assert [(p.path, p.message, p.remedy, p.clause) for p in found] == [
        (
            "$.scope",
            "nobody has reviewed this scope decision",
            "let a second person judge it, then add reviewer and reviewed_on",
            "Art. 77(1)",
        ),
        (
            "$.scope.market_route",
            "how the battery reaches the EU market is not recorded",
            "add a line market_route: … to scope",
            "Art. 77(1)",
        ),
        (
            "$.scope.industrial_use",
            "why the battery is industrial and not portable is not recorded",
            "add a line industrial_use: … to scope",
            "Art. 3(1)(13)",
        ),
        (
            "$.scope.stationary_reason",
            "why stationary is true or false is not recorded",
            "add a line stationary_reason: … to scope",
            "Art. 3(1)(15)",
        ),
    ]


def test_review_can_not_lie_ahead() -> None:
    ahead = replace(RECORDED, reviewed_on=date(2027, 2, 19))
    (found,) = scope_problems(model(decision=ahead))
    assert found.severity is Severity.ERROR
    assert found.message == "the review of 2027-02-19 has not happened yet"


def test_whole_must_be_another_model() -> None:
    part = model("block", decision=replace(RECORDED, part_of=("cabinet",)))
    (found,) = scope_problems(part)
    assert found.message == "there is no other model 'cabinet'"
    assert scope_problems(part, model("cabinet", decision=RECORDED)) == []


def test_batteries_of_a_part_are_refused() -> None:
    part = model("block", elements=rated("12", "100"), decision=scope(part_of=("cabinet",)))
    (found,) = lot_problems(part)
    assert found.severity is Severity.ERROR
    assert str(found) == (
        "content/batteries/lot.csv:2:1: model: block reaches the market only as part of cabinet"
        " (Art. 77(1)): list the batteries that it is built into, or write also_sold_singly: true"
    )
    sold = replace(part, scope=replace(part.scope, also_sold_singly=True))
    assert lot_problems(sold) == []


def test_batteries_of_a_model_outside_are_told_once() -> None:
    block = model("block", elements=rated("12", "100"), decision=RECORDED)
    (found,) = scope_problems(block, has_batteries=True)
    assert found.severity is Severity.WARNING
    assert found.message == "block is outside the passport, so its batteries get none"
    assert scope_problems(block) == []


def test_voluntary_passports_of_a_model_outside_are_no_problem() -> None:
    decision = replace(RECORDED, voluntary=True)
    block = model("block", elements=rated("12", "100"), decision=decision)
    assert scope_problems(block, has_batteries=True) == []
