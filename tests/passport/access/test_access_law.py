"""What a policy says against Art. 77(2) is told, at the row and column that says it."""

from dataclasses import replace
from datetime import date

import pytest

from passport.access.law import GROUPS, PURPOSES, judge_policy
from passport.access.rule import Actor, Effect, Operation, Period, Purpose, Reuse, Rule
from passport.problems import Problem, Severity
from passport.registry import Group, Level
from passport.sealing.group_key import SEALED_LEVEL
from tests.access import START, policy, rule

DAY = date(2026, 11, 22)
FILE = "content/access/policy.yaml"


def whole() -> tuple[Rule, ...]:
    """Rows that say exactly what the Article does."""
    return tuple(
        rule(
            id=f"{actor}-{group}",
            group=group,
            point=group[-1],
            level=SEALED_LEVEL[group],
            actors=(actor,),
            purposes=tuple(sorted(PURPOSES[actor])),
        )
        for actor, groups in GROUPS.items()
        for group in sorted(groups)
    )


def told(*rules: Rule, period: Period | None = None) -> list[Problem]:
    return list(judge_policy(policy(*rules, period=period or Period(START)), FILE, DAY))


def with_evidence(each: Rule) -> Rule:
    return replace(each, review=replace(each.review, evidence="opinion of 2026-10-26"))


def test_the_article_itself_has_nothing_wrong() -> None:
    assert told(*whole()) == []


@pytest.mark.requirement("R5.6")
@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("actors", rule(id="x", group=Group.AUTHORITY, point="3", level=Level.MODEL)),
        (
            "actors",
            rule(
                id="x",
                actors=(Actor.MARKET_SURVEILLANCE,),
                purposes=(Purpose.MARKET_SURVEILLANCE,),
            ),
        ),
        ("purposes", rule(id="x", purposes=(Purpose.ENERGY_MARKET,))),
        ("purposes", rule(id="x", purposes=(Purpose.REPAIR,))),
        ("effect", rule(id="x", effect=Effect.DENY)),
    ],
    ids=["xiii-3 to recyclers", "xiii-4 to authorities", "purpose (b)", "another's trade", "deny"],
)
def test_more_and_less_than_the_article_need_evidence(column: str, row: Rule) -> None:
    rules = whole()
    (problem,) = told(*rules, row)
    assert problem.rule == "beyond-article"
    assert problem.severity is Severity.ERROR
    assert problem.path == f"$.rules[{len(rules)}].{column}"
    assert problem.place.file == FILE
    (finding,) = told(*rules, with_evidence(row))
    assert finding.severity is Severity.WARNING
    assert told(*rules, replace(row, adopted=False)) == []


@pytest.mark.requirement("R5.5")
@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("operations", rule(id="x", operations=(Operation.VIEW, Operation.DOWNLOAD))),
        ("operations", rule(id="x", operations=(Operation.PUBLISH,))),
        ("reuse", rule(id="x", reuse=Reuse.BY_LICENCE)),
    ],
    ids=["download", "publish", "licence"],
)
def test_more_reuse_than_any_act_grants_needs_evidence(column: str, row: Rule) -> None:
    (problem,) = told(*whole(), row)
    assert (problem.path.rpartition(".")[2], problem.severity) == (column, Severity.ERROR)
    (finding,) = told(*whole(), with_evidence(row))
    assert finding.severity is Severity.WARNING
    assert told(*whole(), rule(id="x", reuse=Reuse.NONE)) == []


@pytest.mark.requirement("R5.6")
@pytest.mark.parametrize("left_out", range(18))
def test_what_the_article_opens_and_no_row_speaks_of_is_told(left_out: int) -> None:
    rules = whole()
    assert len(rules) == 18
    missing = rules[left_out]
    (problem,) = told(*rules[:left_out], *rules[left_out + 1 :])
    assert problem.rule == "withheld"
    assert problem.severity is Severity.ERROR
    assert missing.actors[0] in problem.message
    assert missing.group in problem.message


def test_a_row_that_is_over_opens_nothing_and_a_later_one_will() -> None:
    first, *others = whole()
    over = replace(first, period=Period(START, START))
    later = replace(first, period=Period(date(2027, 2, 18)))
    assert [each.rule for each in told(over, *others)] == ["withheld"]
    assert told(later, *others) == []


def test_a_denial_with_evidence_speaks_for_what_it_denies() -> None:
    first, *others = whole()
    closed = with_evidence(replace(first, effect=Effect.DENY))
    (finding,) = told(closed, *others)
    assert (finding.rule, finding.severity) == ("beyond-article", Severity.WARNING)


@pytest.mark.parametrize(
    ("rule_name", "column", "row"),
    [
        ("public-group", "group", rule(id="x", group=Group.PUBLIC, point="1")),
        ("wrong-level", "level", rule(id="x", level=Level.MODEL)),
        ("wrong-point", "point", rule(id="x", point="2")),
        ("wrong-point", "point", rule(id="x", point="4c")),
        ("duplicate-rule", "id", replace(whole()[0], purposes=(Purpose.SAFETY,))),
    ],
    ids=["public", "level", "other point", "no point", "id"],
)
def test_a_row_that_contradicts_itself_is_refused(rule_name: str, column: str, row: Rule) -> None:
    found = [each for each in told(*whole(), row) if each.rule == rule_name]
    assert [each.path for each in found] == [f"$.rules[18].{column}"]
    assert found[0].severity is Severity.ERROR


def test_a_point_may_be_told_with_its_letter() -> None:
    assert told(*whole(), rule(id="x", point="4(c)")) == []


@pytest.mark.requirement("R5.7")
def test_an_overdue_review_is_a_finding() -> None:
    rules = whole()
    late = replace(rules[3], review=replace(rules[3].review, due=date(2026, 11, 21)))
    (finding,) = told(*rules[:3], late, *rules[4:])
    assert finding.rule == "review-overdue"
    assert finding.severity is Severity.WARNING
    assert finding.path == "$.rules[3].review_due"
    today = replace(late, review=replace(late.review, due=DAY))
    assert told(*rules[:3], today, *rules[4:]) == []


def test_a_policy_that_is_not_in_force_is_a_finding() -> None:
    (finding,) = told(*whole(), period=Period(date(2027, 1, 1)))
    assert finding.rule == "policy-not-in-force"
