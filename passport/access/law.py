"""What Art. 77(2) opens to whom, and where a policy says otherwise.

A reading of the law to compare a policy with, not a policy: nothing is decided by it. Showing what
the Article restricts and hiding what it grants are errors unless the row tells on what evidence it
rests; then they are findings for whoever reviews it. The act under Art. 77(9) will change this
page, and a policy needn't wait for it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

from passport.access.decision import AccessPolicy
from passport.access.rule import Actor, Effect, Operation, Purpose, Reuse, Rule
from passport.problems import Place, Problem, Severity
from passport.registry import Group
from passport.sealing.group_key import SEALED_LEVEL

CLAUSE = "Art. 77(2)"

_INTEREST = frozenset({Group.INTEREST_MODEL, Group.INTEREST_BATTERY})
_AUTHORITIES = frozenset({Group.INTEREST_MODEL, Group.AUTHORITY})
_DISMANTLING = frozenset({Purpose.DISMANTLING, Purpose.SAFETY})
_ENERGY_MARKET = frozenset({Purpose.ENERGY_MARKET})

GROUPS: Final[Mapping[Actor, frozenset[Group]]] = MappingProxyType(
    {
        Actor.REPAIRER: _INTEREST,
        Actor.REMANUFACTURER: _INTEREST,
        Actor.SECOND_LIFE_OPERATOR: _INTEREST,
        Actor.RECYCLER: _INTEREST,
        Actor.PURCHASER: _INTEREST,
        Actor.MANDATED_PARTY: _INTEREST,
        Actor.NOTIFIED_BODY: _AUTHORITIES,
        Actor.MARKET_SURVEILLANCE: _AUTHORITIES,
        Actor.COMMISSION: _AUTHORITIES,
    }
)
"""The groups that the Article opens to each actor: (b) to authorities, (c) to the others."""

PURPOSES: Final[Mapping[Actor, frozenset[Purpose]]] = MappingProxyType(
    {
        Actor.REPAIRER: _DISMANTLING | {Purpose.REPAIR},
        Actor.REMANUFACTURER: _DISMANTLING | {Purpose.REMANUFACTURING},
        Actor.SECOND_LIFE_OPERATOR: _DISMANTLING | {Purpose.SECOND_LIFE},
        Actor.RECYCLER: _DISMANTLING | {Purpose.RECYCLING},
        Actor.PURCHASER: _ENERGY_MARKET,
        Actor.MANDATED_PARTY: _ENERGY_MARKET,
        Actor.NOTIFIED_BODY: frozenset({Purpose.CONFORMITY_ASSESSMENT}),
        Actor.MARKET_SURVEILLANCE: frozenset({Purpose.MARKET_SURVEILLANCE}),
        Actor.COMMISSION: frozenset({Purpose.UNION_OVERSIGHT}),
    }
)
"""What each actor may want to read for: purposes (a) and (b), and the tasks of authorities."""

_POINT = {
    Group.INTEREST_MODEL: re.compile(r"2(\([a-z]\))?"),
    Group.AUTHORITY: re.compile(r"3(\([a-z]\))?"),
    Group.INTEREST_BATTERY: re.compile(r"4(\([a-z]\))?"),
}


def judge_policy(policy: AccessPolicy, file: str, as_of: date) -> Iterator[Problem]:
    """Yield what is wrong with a policy, and what a lawyer must look at.

    `file` is what problems call it; their paths lead to the row.
    """
    seen: dict[str, int] = {}
    for n, rule in enumerate(policy.rules):
        found = [*_form(rule), *_overreach(rule), *_review(rule, as_of)]
        if seen.setdefault(rule.id, n) != n:
            found.append(_error("id", "duplicate-rule", f"row {rule.id} stands twice", _NEW_ID))
        for each in found:
            yield replace(each, place=Place(file), path=f"$.rules[{n}].{each.path}")
    for each in _withheld(policy, as_of):
        yield replace(each, place=Place(file), path="$.rules")
    if not policy.period.holds(as_of):
        message = f"policy {policy.version} is not in force on {as_of}: nothing would be released"
        problem = _warning("effective_from", "policy-not-in-force", message, "correct its days")
        yield replace(problem, place=Place(file), path="$.effective_from")


_NEW_ID = "give it an id that no row ever had"
_EVIDENCE = "follow the Article, or say in evidence on what it rests and have a lawyer look at it"


def _form(rule: Rule) -> Iterator[Problem]:
    if rule.group not in SEALED_LEVEL:
        message = f"group {rule.group} has no key: anyone may read it"
        yield _error("group", "public-group", message, "remove the row")
        return
    level = SEALED_LEVEL[rule.group]
    if rule.level is not level:
        message = f"group {rule.group} is sealed once a {level}, not once a {rule.level}"
        yield _error("level", "wrong-level", message, f"write {level}")
    if not _POINT[rule.group].fullmatch(rule.point):
        message = f"point {rule.point!r} of Annex XIII is not of group {rule.group}"
        yield _error("point", "wrong-point", message, f"write {rule.group[-1]}, or like 4(c)")


def _overreach(rule: Rule) -> Iterator[Problem]:
    """What a row gives beyond the Article, or takes away from it."""
    if not rule.adopted:
        return
    for path, message in _differences(rule):
        if rule.review.evidence:
            yield _warning(path, "beyond-article", message, "have a lawyer look at it")
        else:
            yield _error(path, "beyond-article", message, _EVIDENCE)


def _differences(rule: Rule) -> Iterator[tuple[str, str]]:
    granted = [actor for actor in rule.actors if rule.group in GROUPS[actor]]
    if rule.effect is Effect.DENY:
        known = [a for a in granted if PURPOSES[a].intersection(rule.purposes)]
        if known and Operation.VIEW in rule.operations:
            yield (
                "effect",
                f"the Article opens {rule.group} to {_listed(known)}, this row denies it",
            )
        return
    if others := [actor for actor in rule.actors if actor not in granted]:
        yield "actors", f"the Article doesn't open {rule.group} to {_listed(others)}"
    for actor in rule.actors:
        if strange := [p for p in rule.purposes if p not in PURPOSES[actor]]:
            yield "purposes", f"{_listed(strange)} is no purpose of a {actor} in the Article"
    if more := [operation for operation in rule.operations if operation is not Operation.VIEW]:
        yield "operations", f"no act permits to {_listed(more)} yet (Art. 77(9))"
    if rule.reuse is Reuse.BY_LICENCE:
        yield "reuse", "no act says yet which reuse is permitted (Art. 77(9))"


def _review(rule: Rule, as_of: date) -> Iterator[Problem]:
    if rule.review.is_overdue(as_of):
        message = f"row {rule.id} was to be reviewed by {rule.review.due}"
        yield _warning("review_due", "review-overdue", message, "review it, then write both days")


def _withheld(policy: AccessPolicy, as_of: date) -> Iterator[Problem]:
    """What the Article opens and no row speaks of; a row that denies it is told by itself."""
    spoken = set(_spoken(policy.rules, as_of))
    for actor, groups in GROUPS.items():
        for group in sorted(groups):
            if (actor, group) not in spoken:
                message = f"the Article opens {group} to a {actor}, and no row says so"
                yield _error("", "withheld", message, "permit it, or deny it with its evidence")


def _spoken(rules: Iterable[Rule], as_of: date) -> Iterator[tuple[Actor, Group]]:
    for rule in rules:
        is_over = rule.period.end is not None and rule.period.end < as_of
        if rule.adopted and not is_over and Operation.VIEW in rule.operations:
            for actor in rule.actors:
                if PURPOSES[actor].intersection(rule.purposes):
                    yield actor, rule.group


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(codes)


def _error(path: str, rule: str, message: str, remedy: str) -> Problem:
    return Problem(
        place=Place(""), path=path, rule=rule, message=message, remedy=remedy, clause=CLAUSE
    )


def _warning(path: str, rule: str, message: str, remedy: str) -> Problem:
    return replace(_error(path, rule, message, remedy), severity=Severity.WARNING)
