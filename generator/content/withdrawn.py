"""Passport versions that were issued in error: `content/withdrawn.jsonl`, one a line.

Append-only: a withdrawal is a bit in a signed list, and no bit goes back. A corrected passport is a
further version. Which versions there are is known to the published site only, so a line about one
that never was is found by the build (`generator.build.withdrawals`).
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.content.files import is_read
from generator.content.tables.columns import Column, ColumnSet
from generator.content.tables.formats import read_table
from passport.errors import ValueFormatError
from passport.identifiers import DppId
from passport.problems import Findings, Place, Problem
from passport.quoting import quoted
from passport.values import parse_date

WITHDRAWN_FILE = "withdrawn.jsonl"
"""The name of the file below `content/`."""
_LONGEST_REASON = 100
_VERSION = re.compile("[1-9][0-9]{0,8}")
_ADDRESS = re.compile(r"@|\+[0-9]|://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """One version of a passport that must not be relied on, since a day, for a reason."""

    dpp_id: DppId
    version: int
    reason: str
    withdrawn_on: date
    place: Place


def parse_version(cell: str) -> int:
    """Read the number of a version; raises `ValueFormatError`."""
    if not _VERSION.fullmatch(cell):
        raise ValueFormatError(f"{quoted(cell)} is no version", "write a whole number from 1 on")
    return int(cell)


def parse_reason(cell: str) -> str:
    """Read a short reason without an address; raises `ValueFormatError`."""
    if len(cell) > _LONGEST_REASON or not cell.isprintable():
        raise ValueFormatError(
            f"the reason has {len(cell)} characters or hidden ones",
            f"write a code or a text of up to {_LONGEST_REASON} characters",
        )
    if _ADDRESS.search(cell):
        raise ValueFormatError(
            "the reason holds an address", "say what was wrong, not who can be asked"
        )
    return cell


PASSPORT = Column(name="passport", parse=DppId.parse, required=True, identifier=True)
VERSION = Column(name="version", parse=parse_version, required=True)
REASON = Column(name="reason", parse=parse_reason, required=True)
WITHDRAWN_ON = Column(name="withdrawn_on", parse=parse_date, required=True)
_COLUMNS = ColumnSet((PASSPORT, VERSION, REASON, WITHDRAWN_ON))


def read_withdrawn(project: Path, findings: Findings) -> tuple[Withdrawal, ...]:
    """Read the file, if there is one; lines with something wrong are noted and left out."""
    path = project / "content" / WITHDRAWN_FILE
    if not is_read(path):
        return ()
    return tuple(
        Withdrawal(
            dpp_id=row[PASSPORT],
            version=row[VERSION],
            reason=row[REASON],
            withdrawn_on=row[WITHDRAWN_ON],
            place=row.place(),
        )
        for row in read_table(path, f"content/{WITHDRAWN_FILE}", _COLUMNS, findings)
    )


def wrong_withdrawals(
    withdrawals: Iterable[Withdrawal], passports: Collection[DppId], as_of: date
) -> Iterator[Problem]:
    """Yield what is wrong with lines that can be read; `passports` are all that content has."""
    seen: dict[tuple[DppId, int], int] = {}
    for each in withdrawals:
        if each.dpp_id not in passports:
            message = f"there is no passport {each.dpp_id}"
            remedy = "name a dppId like 01_09506000134352_21_ABC123"
            yield _problem(each, "passport", "unknown-passport", message, remedy)
        if each.withdrawn_on > as_of:
            message = f"{each.withdrawn_on} is still to come"
            remedy = "write the day on which it was withdrawn"
            yield _problem(each, "withdrawn_on", "future-date", message, remedy)
        first = seen.setdefault((each.dpp_id, each.version), each.place.line)
        if first != each.place.line:
            message = f"version {each.version} was withdrawn in line {first} already"
            yield _problem(each, "version", "duplicate-row", message, "delete this line")


def _problem(each: Withdrawal, path: str, rule: str, message: str, remedy: str) -> Problem:
    return Problem(place=each.place, path=path, rule=rule, message=message, remedy=remedy)
