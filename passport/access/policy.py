"""The policy as a document: what is published, and what the bundle holds.

Spec: DESIGN 4 (`/access/policy.json`) and 7; the columns are those of the access matrix that
Art. 77(2) and (9) and Art. 78 call for. The document names no person: who approved a row stays in
the content. What the law opens to whom, to compare a policy with, is in `passport.access.law`.
"""

from collections.abc import Mapping

from passport.access.decision import AccessPolicy
from passport.access.members import (
    PERIOD,
    actors_of,
    code,
    codes,
    day,
    parse_period,
    period_to_json,
)
from passport.access.refusal import Refusals
from passport.access.rule import (
    Assurance,
    Authentication,
    AuthenticationMethod,
    DecisionLog,
    Effect,
    LogScope,
    Operation,
    Purpose,
    Reuse,
    Review,
    Rule,
)
from passport.encoding.canonical import Json, JsonObject
from passport.encoding.json_members import as_object, list_of, object_of, only, text_of, texts_of
from passport.errors import VerificationError
from passport.registry import Group, Level

FORMAT = "cellfolio-access-policy-v1"
LONGEST_DAYS = 36525
"""The longest time that a row may name: a hundred years."""

_POLICY = PERIOD | {"format", "version", "supersedes", "rules", "default"}
_RULE = PERIOD | {
    *("id", "effect", "adopted", "group", "annexXIII", "level", "actors", "purposes"),
    *("operations", "reuse", "commerciallySensitive", "authentication", "decisionLog"),
    *("timeToLiveDays", "basis", "review"),
}
_AUTHENTICATION = frozenset({"methods", "assurance"})
_LOG = frozenset({"decisions", "keepDays"})
_REVIEW = frozenset({"evidence", "last", "due", "byLawyer", "trigger"})


def published_policy(policy: AccessPolicy) -> JsonObject:
    """Return the policy without persons and without refusals, as `/access/policy.json` holds it."""
    return {
        "format": FORMAT,
        "version": policy.version,
        **({"supersedes": policy.supersedes} if policy.supersedes else {}),
        **period_to_json(policy.period),
        "default": Effect.DENY,
        "rules": [_rule_to_json(rule) for rule in policy.rules],
    }


def parse_policy(members: JsonObject, refusals: Refusals | None = None) -> AccessPolicy:
    """Read a published policy; `VerificationError` for anything that isn't one in full.

    Approvers are gone from it. `refusals` come from the bundle.
    """
    only(members, _POLICY)
    if members.get("format") != FORMAT or members.get("default") != Effect.DENY:
        raise VerificationError("it is no access policy", f"its format is {FORMAT}")
    rules = tuple(_parse_rule(as_object(part, "rule")) for part in list_of(members, "rules"))
    if len({rule.id for rule in rules}) != len(rules):
        raise VerificationError("two rules have the same id", "an id names one rule for ever")
    return AccessPolicy(
        version=text_of(members, "version"),
        supersedes=text_of(members, "supersedes") if "supersedes" in members else "",
        period=parse_period(members),
        rules=rules,
        refusals=refusals or Refusals(),
    )


def _rule_to_json(rule: Rule) -> JsonObject:
    return {
        "id": rule.id,
        "effect": rule.effect,
        "adopted": rule.adopted,
        "group": rule.group,
        "annexXIII": rule.point,
        "level": rule.level,
        "actors": list(rule.actors),
        "purposes": list(rule.purposes),
        "operations": list(rule.operations),
        "reuse": rule.reuse,
        "commerciallySensitive": rule.commercially_sensitive,
        "authentication": {
            "methods": sorted(rule.authentication.methods),
            "assurance": rule.authentication.assurance,
        },
        "decisionLog": {"decisions": rule.log.scope, "keepDays": rule.log.keep_days},
        "timeToLiveDays": rule.time_to_live_days,
        **period_to_json(rule.period),
        "basis": list(rule.basis),
        "review": _review_to_json(rule.review),
    }


def _review_to_json(review: Review) -> JsonObject:
    optional: Mapping[str, str] = {
        "evidence": review.evidence,
        "last": review.last.isoformat() if review.last else "",
        "trigger": review.trigger,
    }
    return {
        **{name: text for name, text in optional.items() if text},
        "due": review.due.isoformat(),
        "byLawyer": review.by_lawyer,
    }


def _parse_rule(members: JsonObject) -> Rule:
    only(members, _RULE)
    authentication = object_of(members, "authentication")
    only(authentication, _AUTHENTICATION)
    log = object_of(members, "decisionLog")
    only(log, _LOG)
    return Rule(
        id=text_of(members, "id"),
        effect=code(Effect, text_of(members, "effect")),
        adopted=_boolean(members, "adopted"),
        group=code(Group, text_of(members, "group")),
        point=text_of(members, "annexXIII"),
        level=code(Level, text_of(members, "level")),
        actors=actors_of(members),
        purposes=codes(Purpose, texts_of(members, "purposes")),
        operations=codes(Operation, texts_of(members, "operations")),
        reuse=code(Reuse, text_of(members, "reuse")),
        commercially_sensitive=_boolean(members, "commerciallySensitive"),
        authentication=Authentication(
            frozenset(codes(AuthenticationMethod, texts_of(authentication, "methods"))),
            code(Assurance, text_of(authentication, "assurance")),
        ),
        log=DecisionLog(code(LogScope, text_of(log, "decisions")), _days(log, "keepDays")),
        time_to_live_days=_days(members, "timeToLiveDays"),
        period=parse_period(members),
        basis=texts_of(members, "basis"),
        review=_parse_review(object_of(members, "review")),
    )


def _parse_review(members: JsonObject) -> Review:
    only(members, _REVIEW)
    return Review(
        evidence=text_of(members, "evidence") if "evidence" in members else "",
        last=day(text_of(members, "last")) if "last" in members else None,
        due=day(text_of(members, "due")),
        by_lawyer=_boolean(members, "byLawyer"),
        trigger=text_of(members, "trigger") if "trigger" in members else "",
    )


def _boolean(members: JsonObject, name: str) -> bool:
    value: Json = members.get(name)
    if not isinstance(value, bool):
        raise VerificationError(f"member '{name}' is neither true nor false")
    return value


def _days(members: JsonObject, name: str) -> int:
    value: Json = members.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LONGEST_DAYS:
        raise VerificationError(f"member '{name}' is no number of days", "write 1 or more")
    return value
