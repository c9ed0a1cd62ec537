"""Hosting: who stores the passports, for whom, under which contract, and where the copy lies.

Art. 78(c) to (e) and 77(4) of Regulation (EU) 2023/1542. Kept for reviews and reports: neither a
contract nor a date of it is published. Knows facts, not whether they suffice.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from passport.problems import Place


class Operation(StrEnum):
    """What another party may do with passport data, authorised in writing (Art. 77(4), 78(f))."""

    STORE = "store"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Processor:
    """Who stores passports for the operator (Art. 78(c)); `no_resale` is the clause of 78(d).

    `operator` is a slug, `contract` names the contract with its date; it is never published.
    """

    operator: str
    contract: str
    no_resale: bool
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class BackUp:
    """The copy that outlives the operator (Art. 78(e)); dates are of the last mirror and drill.

    A drill restores the site from the copy and verifies it.
    """

    operator: str
    url: str
    last_mirror: date | None
    last_drill: date | None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """A written authorisation of another party to store or to update passports (Art. 77(4))."""

    party: str
    operations: tuple[Operation, ...]
    evidence: str
    valid_from: date
    valid_until: date | None
    place: Place

    def covers(self, operation: Operation, day: date) -> bool:
        """Whether the party may do something on a day."""
        in_time = self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
        return operation in self.operations and in_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosting:
    """Where a site's passports are kept; `data_host` is the slug of who answers for the storage."""

    data_host: str
    processor: Processor | None
    back_up: BackUp | None
    authorisations: tuple[Authorisation, ...]
    place: Place
