"""A change, in one line: what it is about, before and after, who answers for it, how far it goes.

Which reader a change concerns follows from what it is about: law (identity, conformity, carbon
footprint, due diligence, scope, access, keys), engineering (composition, performance, documents,
pages) or quality (lots, events, evidence). How changes are found and printed isn't known here.
"""

from dataclasses import dataclass
from enum import StrEnum

from passport.registry import DataPoint, Group


class Reader(StrEnum):
    """Who answers for a change."""

    LAW = "law"
    ENGINEERING = "engineering"
    QUALITY = "quality"


class Effect(StrEnum):
    """What a change does to passports."""

    NEW_VERSION = "new version"
    NEW = "new passport"
    CEASES = "ceases"
    NONE = "no passport"


_LEGAL_SECTIONS = frozenset({"general", "labels", "carbon", "due-diligence"})
_SENSITIVE_SECTIONS = frozenset({"carbon", "labels"})
_SENSITIVE_POINTS = frozenset(
    {"hazardous_substances", "safe_handling", "safety_measures", "damage_warnings"}
)
_QUALITY_SECTIONS = frozenset({"condition"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change; `before` and `after` are "" where there was or is nothing, or it isn't shown.

    `passports` counts the passports that it concerns, the models' included, and `batteries` those
    of batteries. `sensitive` ones want a `Passport-Reason:` line in their commit.
    """

    reader: Reader
    subject: str
    what: str
    before: str = ""
    after: str = ""
    note: str = ""
    group: Group | None = None
    effect: Effect = Effect.NONE
    passports: int = 0
    batteries: int = 0
    sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """All changes between two states, and what they add up to.

    `new`, `renewed` and `ceased` count passports, each once however many of its values changed;
    the next build makes that many versions. `reasons` is what commits say, `has_reason` whether one
    of them is of the fixed list. `problems` keep something from being compared, and `unseen` says
    that a private root does.
    """

    before: str
    after: str
    changes: tuple[Change, ...]
    new: int
    renewed: int
    ceased: int
    reasons: tuple[str, ...] = ()
    has_reason: bool = False
    problems: tuple[str, ...] = ()
    unseen: bool = False

    @property
    def lacks_reason(self) -> bool:
        """Whether a change that the law looks at comes without a reason."""
        return not self.has_reason and any(change.sensitive for change in self.changes)


def reader_of(point: DataPoint) -> Reader:
    """Who answers for a data point."""
    if point.section in _LEGAL_SECTIONS:
        return Reader.LAW
    return Reader.QUALITY if point.section in _QUALITY_SECTIONS else Reader.ENGINEERING


def is_sensitive(point: DataPoint) -> bool:
    """Whether the law looks at a change: identity, conformity, carbon footprint, safety."""
    return point.section in _SENSITIVE_SECTIONS or point.key in _SENSITIVE_POINTS
