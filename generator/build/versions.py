"""Versions: which passports of a plan say something new, and their places in the log.

Part of the plan: decided for all passports before any is signed, so that signing and rendering can
be done in any order (DESIGN 5 and 8). A passport that says what the previous site says keeps its
bytes; another gets the next version and the next free index.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.build.issue import Issuing
from generator.build.plan import PassportPlan
from generator.build.previous import PreviousSite
from generator.read.logged import GENERATION
from passport.canonical import canonical_json
from passport.credential import Edition, lasting, version_of
from passport.log_entry import document_digest
from passport.strict_json import parse_object


@dataclass(frozen=True, slots=True)
class Versions:
    """The editions that are due, by path of the passport; every other passport stays."""

    due: Mapping[str, Edition]
    next_index: int


def plan_versions(
    passports: Iterable[PassportPlan],
    issuing: Issuing,
    previous: PreviousSite,
    first_index: int,
) -> Versions:
    """Decide which passports get a new version; indexes are given in the order of the plan."""
    due: dict[str, Edition] = {}
    index = first_index
    for passport in passports:
        edition = _due(passport, issuing, previous.get(passport.json_path), index)
        if edition is not None:
            due[passport.json_path] = edition
            index += 1
    return Versions(due, index)


def _due(
    passport: PassportPlan, issuing: Issuing, published: bytes | None, index: int
) -> Edition | None:
    if published is None:
        return Edition(version=1, previous="", generation=GENERATION, index=index)
    before = parse_object(published)
    edition = Edition(
        version=version_of(before) + 1,
        previous=document_digest(before),
        generation=GENERATION,
        index=index,
    )
    after = issuing.unsigned(passport, edition)
    same = canonical_json(lasting(before)) == canonical_json(lasting(after))
    return None if same and issuing.issuer.vouches_for(before) else edition
