"""Versions: which passports of a plan say something new, and their places in the log.

Part of the plan: decided for all passports before any is signed, so that signing and rendering can
be done in any order (DESIGN 5 and 8). A passport that says what the previous site says keeps its
bytes; another gets the next version and the next free index.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.build.issue import Issuing, Related
from generator.build.plan import PassportPlan
from generator.build.previous import PreviousSite
from generator.build.sealing import Sealer, related_of
from generator.read.logged import GENERATION
from passport.credential import Edition, lasting, version_of
from passport.encoding.canonical import JsonObject, canonical_json
from passport.identifiers import DppId
from passport.life.life import PassportStatus
from passport.log.entry import document_digest


@dataclass(frozen=True, slots=True)
class Due:
    """A version that must be issued, and the sealed files that it binds."""

    edition: Edition
    related: Related


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions that are due, by path of the passport; every other passport stays.

    `ceased` are the passports of which nothing restricted is left.
    """

    due: Mapping[str, Due]
    next_index: int
    ceased: frozenset[DppId]


def plan_versions(
    passports: Iterable[PassportPlan],
    issuing: Issuing,
    sealer: Sealer,
    previous: PreviousSite,
    first_index: int,
) -> Versions:
    """Decide which passports get a new version; indexes are given in the order of the plan."""
    due: dict[str, Due] = {}
    ceased: set[DppId] = set()
    index = first_index
    for passport in passports:
        if passport.status is PassportStatus.CEASED:
            ceased.add(passport.dpp_id)
        found = _due(passport, issuing, sealer, previous.document(passport.json_path), index)
        if found is not None:
            due[passport.json_path] = found
            index += 1
    return Versions(due, index, frozenset(ceased))


def _due(
    passport: PassportPlan, issuing: Issuing, sealer: Sealer, before: JsonObject | None, index: int
) -> Due | None:
    edition = Edition(
        version=version_of(before) + 1 if before else 1,
        previous=document_digest(before) if before else "",
        generation=GENERATION,
        index=index,
    )
    related = related_of(sealer.bound(passport, edition.version, before))
    if before is not None:
        after = issuing.unsigned(passport, edition, related)
        same = canonical_json(lasting(before)) == canonical_json(lasting(after))
        if same and issuing.issuer.vouches_for(before):
            return None
    return Due(edition, related)
