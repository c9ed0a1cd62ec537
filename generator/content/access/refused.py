"""What is refused to everybody: `content/access/refused.jsonl`, one refusal a line.

A line names a passport; a passport, a group and the version from which on it is good again; one
sealed file by its salt; or a key. Whether the passport exists is for checks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from generator.content.files import is_read
from generator.content.tables.columns import Column, ColumnSet
from generator.content.tables.formats import read_table
from generator.content.tables.rows import Row
from generator.content.withdrawn import parse_reason, parse_version
from passport.access.members import parse_salt
from passport.access.refusal import GroupRefusal, KeyRefusal, PassportRefusal, Refusal, SaltRefusal
from passport.errors import ValueFormatError
from passport.identifiers import DppId
from passport.problems import Findings, Place
from passport.quoting import quoted
from passport.registry import Group
from passport.sealing.group_key import RESTRICTED_GROUPS, GroupKeyId
from passport.values import parse_date

REFUSED_FILE = "access/refused.jsonl"
"""The file below `content/`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalEntry:
    """One line: what is refused, since which day, for which reason."""

    refusal: Refusal
    reason: str
    refused_on: date
    place: Place


def _group(cell: str) -> Group:
    if cell not in RESTRICTED_GROUPS:
        raise ValueFormatError(
            f"{quoted(cell)} is no group that is sealed",
            f"write one of {', '.join(RESTRICTED_GROUPS)}",
        )
    return Group(cell)


PASSPORT = Column(name="passport", parse=DppId.parse, identifier=True)
GROUP = Column(name="group", parse=_group)
BEFORE_VERSION = Column(name="before_version", parse=parse_version)
SALT = Column(name="salt", parse=parse_salt)
KEY = Column(name="key", parse=GroupKeyId.parse)
REASON = Column(name="reason", parse=parse_reason, required=True)
REFUSED_ON = Column(name="refused_on", parse=parse_date, required=True)
_COLUMNS = ColumnSet((PASSPORT, GROUP, BEFORE_VERSION, SALT, KEY, REASON, REFUSED_ON))


def read_refused(project: Path, findings: Findings) -> Iterator[RefusalEntry]:
    """Yield the lines of the file, if there is one; those with something wrong are noted."""
    path = project / "content" / REFUSED_FILE
    if not is_read(path):
        return
    for row in read_table(path, f"content/{REFUSED_FILE}", _COLUMNS, findings):
        refusal = _refusal(row)
        if refusal is None:
            findings.error(
                row.place(),
                "$",
                "wrong-refusal",
                "the line names no one thing to refuse",
                "write passport; passport, group and before_version; salt; or key",
            )
            continue
        yield RefusalEntry(
            refusal=refusal,
            reason=row[REASON],
            refused_on=row[REFUSED_ON],
            place=row.place(),
        )


def _refusal(row: Row) -> Refusal | None:
    """Return what a line refuses; None unless it has the members of exactly one kind."""
    found = row.get(PASSPORT), row.get(GROUP), row.get(BEFORE_VERSION), row.get(SALT), row.get(KEY)
    match found:
        case (DppId() as passport, None, None, None, None):
            return PassportRefusal(passport)
        case (DppId() as passport, Group() as group, int() as before, None, None):
            return GroupRefusal(passport, group, before)
        case (None, None, None, bytes() as salt, None):
            return SaltRefusal(salt)
        case (None, None, None, None, GroupKeyId() as key):
            return KeyRefusal(key)
    return None
