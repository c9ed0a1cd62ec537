"""Members that the policy, the clients and the bundle spell alike: codes, days, periods, refusals.

For `passport.access.policy`, `client` and `bundle` beside it; each code is one of a closed set,
and an unknown one is refused rather than passed over.
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from passport.access.refusal import GroupRefusal, KeyRefusal, PassportRefusal, Refusal, SaltRefusal
from passport.access.rule import Actor, Period
from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.canonical import Json, JsonObject
from passport.encoding.json_members import text_of, texts_of
from passport.errors import VerificationError, failing
from passport.identifiers import DppId
from passport.quoting import quoted
from passport.registry import Group
from passport.sealing.group_key import RESTRICTED_GROUPS, GroupKeyId
from passport.sealing.sealed_header import SALT_LENGTH

E = TypeVar("E", bound=StrEnum)

PERIOD = frozenset({"validFrom", "validUntil"})
"""The members of a period."""


def code(kind: type[E], text: str) -> E:
    """Read a code; `VerificationError` for one that the set doesn't have."""
    try:
        return kind(text)
    except ValueError as error:
        raise VerificationError(
            f"{quoted(text)} is not known here", f"write one of {', '.join(kind)}"
        ) from error


def codes(kind: type[E], texts: Iterable[str]) -> tuple[E, ...]:
    """Read codes, each once; `VerificationError` for an unknown or repeated one."""
    found = tuple(code(kind, text) for text in texts)
    if len(set(found)) != len(found):
        raise VerificationError(f"{', '.join(found)}: one of these stands twice")
    return found


def actors_of(members: JsonObject) -> tuple[Actor, ...]:
    """Read the member `actors`."""
    return codes(Actor, texts_of(members, "actors"))


def day(text: str) -> date:
    """Read a day, `2027-02-18`; `VerificationError` for another spelling or no such day."""
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError as error:
        raise VerificationError(f"{quoted(text)} is no day of the calendar") from error
    raise VerificationError(f"{quoted(text)} is no day", "write it like 2027-02-18")


def period_to_json(period: Period) -> dict[str, Json]:
    """Return the members of a period."""
    end = {"validUntil": period.end.isoformat()} if period.end else {}
    return {"validFrom": period.start.isoformat(), **end}


def parse_period(members: JsonObject) -> Period:
    """Read a period; `VerificationError` if it ends before it begins."""
    end = day(text_of(members, "validUntil")) if "validUntil" in members else None
    with failing():
        return Period(day(text_of(members, "validFrom")), end)


def parse_dpp_id(text: str) -> DppId:
    """Read a dppId; `VerificationError` for anything else."""
    with failing():
        return DppId.parse(text)


def refusal_to_json(refusal: Refusal) -> JsonObject:
    """Return a refusal as `refused.jsonl` and the bundle spell it."""
    match refusal:
        case PassportRefusal(passport):
            return {"passport": str(passport)}
        case GroupRefusal(passport, group, before):
            return {"passport": str(passport), "group": group, "before_version": before}
        case SaltRefusal(salt):
            return {"salt": base64url(salt)}
        case KeyRefusal(key):
            return {"key": str(key)}


def parse_refusal(members: JsonObject) -> Refusal:
    """Read `refusal_to_json()` back; `VerificationError` for anything else."""
    match dict(members):
        case {"passport": str(passport), **rest} if not rest:
            return PassportRefusal(parse_dpp_id(passport))
        case {
            "passport": str(passport),
            "group": str(group),
            "before_version": int(before),
            **rest,
        } if not rest and _is_version(before) and group in RESTRICTED_GROUPS:
            return GroupRefusal(parse_dpp_id(passport), Group(group), before)
        case {"salt": str(salt), **rest} if not rest:
            return SaltRefusal(parse_salt(salt))
        case {"key": str(key), **rest} if not rest:
            with failing():
                return KeyRefusal(GroupKeyId.parse(key))
    raise VerificationError(
        f"a refusal has the members {', '.join(members) or 'none'}",
        "write passport; passport, group and before_version; salt; or key",
    )


def _is_version(number: int) -> bool:
    return number > 0 and not isinstance(number, bool)


def parse_salt(text: str) -> bytes:
    """Read a salt as sealed headers spell it; `VerificationError` unless it is 16 bytes."""
    salt = from_base64url(text)
    if len(salt) != SALT_LENGTH:
        raise VerificationError(f"{quoted(text)} is no salt", "copy it from the sealed file")
    return salt
