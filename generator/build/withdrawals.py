"""Withdrawals: which indexes of the log are of versions that content withdraws.

Part of the plan, before anything is signed. The published site says which versions there are, and
its status lists what was withdrawn before: a bit is only ever set, so content that no longer names
a withdrawal is refused.
"""

import re
from collections.abc import Iterable, Iterator

from generator.build.previous import PreviousSite
from generator.build.status_lists import StatusLists
from generator.content.withdrawn import WITHDRAWN_FILE, Withdrawal
from passport.credential import log_index_of, passport_path, version_of
from passport.encoding.canonical import JsonObject
from passport.encoding.strict_json import parse_object
from passport.errors import ContentError, VerificationError
from passport.problems import Findings, Place
from passport.version_history import version_path

_FILE = f"content/{WITHDRAWN_FILE}"
_PASSPORT = re.compile(r"/dpp/[^/]+/(?:passport|v/[0-9]+)\.json")
_MOST_NAMED = 10


def plan_withdrawals(
    withdrawals: Iterable[Withdrawal], previous: PreviousSite, lists: StatusLists
) -> frozenset[int]:
    """Return the indexes that are withdrawn.

    Raises `ContentError` for a version that was never published and for a withdrawal that is gone.
    """
    findings = Findings()
    indexes: set[int] = set()
    for each in withdrawals:
        document = _published(each, previous)
        if document is None:
            findings.error(
                each.place,
                "version",
                "unknown-version",
                f"version {each.version} of {each.dpp_id} is not on the previous site",
                "withdraw a version that was published; /dpp/…/versions.json lists them",
            )
        else:
            indexes.add(log_index_of(document))
    if not findings.has_errors:
        for problem in _taken_back(lists.revoked - indexes, previous):
            message, remedy = f"{problem} was withdrawn", "put the line back: no bit goes back"
            findings.error(Place(_FILE), "$", "withdrawal-removed", message, remedy)
    if findings.has_errors:
        raise ContentError(findings.problems)
    return frozenset(indexes)


def _published(withdrawal: Withdrawal, previous: PreviousSite) -> JsonObject | None:
    current = previous.document(passport_path(withdrawal.dpp_id))
    if current is None or version_of(current) == withdrawal.version:
        return current
    return previous.document(version_path(withdrawal.dpp_id, withdrawal.version))


def _taken_back(indexes: frozenset[int], previous: PreviousSite) -> Iterator[str]:
    """Name the versions at these indexes: a whole site is read, so only once something is wrong."""
    if not indexes:
        return
    paths = sorted(path for path in previous.files if _PASSPORT.fullmatch(path))
    named = 0
    for path in paths:
        document = parse_object(previous.get(path) or b"")
        if _index_of(document) in indexes:
            yield f"version {version_of(document)} of {path.split('/')[2]}"
            named += 1
            if named == _MOST_NAMED:
                return
    if not named:
        yield f"entry {min(indexes)} of the log"


def _index_of(document: JsonObject) -> int | None:
    try:
        return log_index_of(document)
    except VerificationError:
        return None
