"""The access policy: `content/access/policy.yaml` becomes `AccessPolicy`.

Columns that many rows share may stand under `defaults` once. What is wrong with the law in a row is
for `passport.access.law`; this module knows the members of the file.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from generator.content.yaml.codes import read_code, read_codes
from generator.content.yaml.located import Entry, Mapping, Refused
from generator.content.yaml.members import Members
from passport.access.decision import AccessPolicy
from passport.access.policy import LONGEST_DAYS
from passport.access.refusal import Refusals
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
from passport.errors import ValueFormatError
from passport.problems import Findings
from passport.quoting import quoted
from passport.registry import Group, Level
from passport.values import parse_boolean

_ID = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.[1-9][0-9]{0,2}")
_DAYS = re.compile("[1-9][0-9]{0,5}")


def read_policy(members: Members, refusals: Refusals) -> AccessPolicy | None:
    """Read the policy; rows with something wrong are noted and left out.

    None when it has no version or days. `refusals` belong to it and stand in another file.
    """
    version = members.parse("version", _version, required=True)
    period = read_period(members, "effective")
    defaults = _defaults(members)
    members.node("rules", required=True)
    rules = tuple(rule for row in members.items("rules") if (rule := _rule(row, defaults)))
    if version is None or period is None:
        return None
    return AccessPolicy(
        version=version,
        supersedes=members.parse("supersedes", _version) or "",
        period=period,
        rules=rules,
        refusals=refusals,
    )


def read_period(members: Members, kind: str = "valid") -> Period | None:
    """Read `valid_from` and `valid_until`, or those of another kind; None unless both are good."""
    start = members.date(f"{kind}_from", required=True)
    until = f"{kind}_until"
    end = members.date(until)
    if start is None or (end is None and members.mapping.get(until) is not None):
        return None
    try:
        return Period(start, end)
    except ValueFormatError as error:
        members.error(until, "wrong-period", error.message, error.remedy)
        return None


def _defaults(members: Members) -> Mapping:
    """Return the shared columns; those that are wrong are told once, here."""
    shared = members.members("defaults")
    if shared is None:
        return Mapping((), members.mapping.place)
    entries = tuple(_checked(entry, shared) for entry in shared.mapping.entries)
    return Mapping(entries, shared.mapping.place)


def _checked(entry: Entry, shared: Members) -> Entry:
    told = Findings()
    alone = Mapping((entry,), shared.mapping.place)
    _terms(replace(shared, mapping=alone, findings=told))
    wrong = [each for each in told.problems if each.rule != "missing-member"]
    shared.findings.extend(wrong)
    return Entry(entry.key, Refused(entry.value.place)) if wrong else entry


@dataclass(frozen=True, slots=True)
class _Terms:
    """The columns that rows may share; None where something is wrong or missing."""

    operations: tuple[Operation, ...]
    reuse: Reuse | None
    commercially_sensitive: bool | None
    authentication: Authentication | None
    log: DecisionLog | None
    time_to_live_days: int | None
    period: Period | None
    review: Review | None


def _terms(members: Members) -> _Terms:
    due = members.date("review_due", required=True)
    approver = members.string("approver", required=True)
    return _Terms(
        operations=read_codes(members, "operations", Operation, "operation", required=True),
        reuse=read_code(members, "reuse", Reuse, "kind of reuse", required=True),
        commercially_sensitive=members.parse(
            "commercially_sensitive", parse_boolean, required=True
        ),
        authentication=_authentication(members),
        log=_log(members),
        time_to_live_days=members.parse("time_to_live_days", _days, required=True),
        period=read_period(members),
        review=_review(members, approver, due) if due else None,
    )


def _review(members: Members, approver: str, due: date) -> Review:
    return Review(
        approver=approver,
        evidence=members.string("evidence"),
        last=members.date("reviewed_on"),
        due=due,
        by_lawyer=members.boolean("legal_review"),
        trigger=members.string("reassess"),
    )


def _authentication(members: Members) -> Authentication | None:
    part = members.members("authentication", required=True)
    if part is None:
        return None
    methods = read_codes(part, "methods", AuthenticationMethod, "method", required=True)
    assurance = read_code(part, "assurance", Assurance, "level of assurance", required=True)
    return Authentication(frozenset(methods), assurance) if methods and assurance else None


def _log(members: Members) -> DecisionLog | None:
    part = members.members("log", required=True)
    if part is None:
        return None
    scope = read_code(part, "decisions", LogScope, "choice of decisions", required=True)
    keep_days = part.parse("keep_days", _days, required=True)
    return DecisionLog(scope, keep_days) if scope and keep_days else None


def _rule(row: Members, defaults: Mapping) -> Rule | None:
    """Read one row with what `defaults` adds to it; None when something in it is wrong."""
    own = row.mapping.names
    shared = tuple(entry for entry in defaults.entries if entry.key.text not in own)
    whole = Mapping((*row.mapping.entries, *shared), row.mapping.place)
    members = replace(row, mapping=whole)
    rule_id = members.parse("id", _rule_id, required=True)
    effect = read_code(members, "effect", Effect, "effect", required=True)
    group = read_code(members, "group", Group, "group", required=True)
    level = read_code(members, "level", Level, "level", required=True)
    point = members.string("point", required=True)
    actors = read_codes(members, "actors", Actor, "actor", required=True)
    purposes = read_codes(members, "purposes", Purpose, "purpose", required=True)
    basis = members.strings("basis", required=True)
    adopted = members.boolean("adopted", default=True)
    terms = _terms(members)
    if not (rule_id and effect and group and level and point and actors and purposes and basis):
        return None
    if not (terms.operations and terms.reuse and terms.authentication and terms.log):
        return None
    if terms.commercially_sensitive is None or not (
        terms.time_to_live_days and terms.period and terms.review
    ):
        return None
    return Rule(
        id=rule_id,
        effect=effect,
        adopted=adopted,
        group=group,
        point=point,
        level=level,
        actors=actors,
        purposes=purposes,
        operations=terms.operations,
        reuse=terms.reuse,
        commercially_sensitive=terms.commercially_sensitive,
        authentication=terms.authentication,
        log=terms.log,
        time_to_live_days=terms.time_to_live_days,
        period=terms.period,
        basis=basis,
        review=terms.review,
    )


def _version(text: str) -> str:
    if not _VERSION.fullmatch(text):
        raise ValueFormatError(
            f"{quoted(text)} is no version of a policy", "write a day and a number: 2026-11-01.1"
        )
    return text


def _rule_id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueFormatError(
            f"{quoted(text)} is no id of a row", "use a-z, 0-9 and single hyphens"
        )
    return text


def _days(text: str) -> int:
    if not _DAYS.fullmatch(text) or int(text) > LONGEST_DAYS:
        raise ValueFormatError(
            f"{quoted(text)} is no number of days", f"write a whole number from 1 to {LONGEST_DAYS}"
        )
    return int(text)
