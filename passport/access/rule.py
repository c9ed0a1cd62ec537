"""The words of the access policy, and one row of it.

A row says who may read what, for which purpose, on what legal basis, and who answers for that.
Spec: DESIGN 1 and 6; Art. 77(2) of Regulation (EU) 2023/1542, whose points (a) and (b) of the
third subparagraph are the purposes. Codes are closed sets: a policy lists actors and purposes one
by one, there is no code for "any". Which row wins, and who asks, are other modules' matter.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from passport.errors import ValueFormatError
from passport.registry import Group, Level


class Actor(StrEnum):
    """Who may be entitled to something (Art. 77(2))."""

    REPAIRER = "repairer"
    REMANUFACTURER = "remanufacturer"
    SECOND_LIFE_OPERATOR = "second-life-operator"
    RECYCLER = "recycler"
    PURCHASER = "purchaser"
    """Who bought the battery; for named products only."""
    MANDATED_PARTY = "mandated-party"
    """Who acts on a purchaser's behalf, by written mandate; for named products only."""
    NOTIFIED_BODY = "notified-body"
    MARKET_SURVEILLANCE = "market-surveillance-authority"
    COMMISSION = "commission"

    @property
    def is_bound(self) -> bool:
        """Whether it is entitled to named products only, whatever a row says."""
        return self in (Actor.PURCHASER, Actor.MANDATED_PARTY)


class Purpose(StrEnum):
    """What somebody wants to read it for; each is named in a request, and none implies another."""

    DISMANTLING = "dismantling"
    """Taking the battery apart (purpose (a))."""
    SAFETY = "safety"
    """Safety measures while it is taken apart (purpose (a))."""
    REPAIR = "repair"
    REMANUFACTURING = "remanufacturing"
    SECOND_LIFE = "second-life"
    """Preparing it for re-use or another use."""
    RECYCLING = "recycling"
    ENERGY_MARKET = "energy-market"
    """Making it available to independent aggregators or market participants (purpose (b))."""
    CONFORMITY_ASSESSMENT = "conformity-assessment"
    MARKET_SURVEILLANCE = "market-surveillance"
    UNION_OVERSIGHT = "union-oversight"
    """What the Commission does under the Regulation."""


class Operation(StrEnum):
    """What may be done; only `view` needs a key, the others travel in the grant."""

    VIEW = "view"
    """Read it, and keep one's own copy."""
    DOWNLOAD = "download"
    SHARE = "share"
    PUBLISH = "publish"


class Reuse(StrEnum):
    """What may be done with what was read, beyond the purpose."""

    NOT_DETERMINED = "not-determined"
    """The act under Art. 77(9) is to say; until then nothing is granted."""
    NONE = "none"
    BY_LICENCE = "by-licence"


class Effect(StrEnum):
    """What a row does; a row that denies wins over every row that permits."""

    PERMIT = "permit"
    DENY = "deny"


class AuthenticationMethod(StrEnum):
    """How the broker learned who asks."""

    CLIENT_KEY = "private_key_jwt"
    """By the key in its entry among the clients (RFC 7523)."""
    ROLE_CREDENTIAL = "role-credential"
    """By a credential of an issuer that the policy trusts."""


class Assurance(StrEnum):
    """How well it is known who holds a key; the levels of Regulation (EU) 910/2014, Art. 8."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0, 1 or 2: a higher level meets a lower one."""
        return _RANKS[self]


_RANKS: Final = MappingProxyType({level: rank for rank, level in enumerate(Assurance)})


class LogScope(StrEnum):
    """Which decisions are recorded; a release always is."""

    EVERY = "every"
    RELEASES = "releases"


@dataclass(frozen=True, slots=True)
class Period:
    """Days on which something holds, both included, or until further notice.

    `ValueFormatError` if it ends before it begins.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueFormatError(
                f"{self.end} is before {self.start}, when it begins", "correct one of the two days"
            )

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Authentication:
    """How somebody must have been recognised: one of the methods, at this level or above."""

    methods: frozenset[AuthenticationMethod]
    assurance: Assurance

    def is_met(self, method: AuthenticationMethod, assurance: Assurance) -> bool:
        """Whether this recognition is enough."""
        return method in self.methods and assurance.rank >= self.assurance.rank


@dataclass(frozen=True, slots=True)
class DecisionLog:
    """Which decisions of a row are recorded, and for how many days the record is kept."""

    scope: LogScope
    keep_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Who answers for a row, and when it was and will be looked at again."""

    approver: str = ""
    """Never published: it may be a person's name."""
    evidence: str = ""
    """Where the reasons for the row are kept: an opinion, a minute, a letter."""
    last: date | None = None
    due: date
    by_lawyer: bool = False
    """Whether a lawyer must still look at it."""
    trigger: str = ""
    """What makes it due at once, such as the act under Art. 77(9)."""

    def is_overdue(self, day: date) -> bool:
        """Whether the review should have taken place before this day."""
        return self.due < day


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the policy."""

    id: str
    effect: Effect
    adopted: bool = True
    """False for a reading of the law that is written down, with its basis, and not followed."""
    group: Group
    point: str
    """The point of Annex XIII, like `2` or `4(c)`."""
    level: Level
    actors: tuple[Actor, ...]
    purposes: tuple[Purpose, ...]
    operations: tuple[Operation, ...]
    reuse: Reuse
    commercially_sensitive: bool
    authentication: Authentication
    log: DecisionLog
    time_to_live_days: int
    """How long a grant lasts."""
    period: Period
    basis: tuple[str, ...]
    """The clauses that it rests on."""
    review: Review
