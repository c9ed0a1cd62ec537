"""What is asked for, and what is refused to everybody: `refused.jsonl` in its meaning.

Spec: DESIGN 6 (withdrawal). A refusal ends releases; it erases no copy. It names a passport with
all its groups, the payloads of one group before a version, one sealed file by its salt, or all that
was sealed under one key. Why it was refused and who may read otherwise isn't known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from passport.identifiers import DppId
from passport.registry import Group, Level
from passport.sealing.group_key import GroupKeyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One sealed file, as its header says it."""

    passport: DppId
    group: Group
    level: Level
    version: int
    """Of a payload, from 1 on; of a document 0."""
    key: GroupKeyId
    salt: bytes


@dataclass(frozen=True, slots=True)
class PassportRefusal:
    """Everything sealed of one passport."""

    passport: DppId


@dataclass(frozen=True, slots=True)
class GroupRefusal:
    """Payloads of one group of a passport, in versions below a number.

    A document has no version: it is refused by its salt.
    """

    passport: DppId
    group: Group
    before_version: int


@dataclass(frozen=True, slots=True)
class SaltRefusal:
    """One sealed file."""

    salt: bytes


@dataclass(frozen=True, slots=True)
class KeyRefusal:
    """All that is sealed under one group key."""

    key: GroupKeyId


Refusal: TypeAlias = PassportRefusal | GroupRefusal | SaltRefusal | KeyRefusal
"""One entry of `refused.jsonl`."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """All refusals, indexed: asking takes the same time whether there are ten or a million."""

    entries: tuple[Refusal, ...] = ()
    _names: frozenset[object] = field(init=False, repr=False, compare=False)
    _versions: Mapping[tuple[DppId, Group], int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: set[object] = set()
        versions: dict[tuple[DppId, Group], int] = {}
        for entry in self.entries:
            match entry:
                case PassportRefusal(passport):
                    names.add(passport)
                case GroupRefusal(passport, group, before):
                    versions[passport, group] = max(before, versions.get((passport, group), 0))
                case SaltRefusal(salt):
                    names.add(salt)
                case KeyRefusal(key):
                    names.add(key)
        object.__setattr__(self, "_names", frozenset(names))
        object.__setattr__(self, "_versions", versions)

    def cover(self, item: Item) -> bool:
        """Whether an item is refused to everybody."""
        names = self._names
        if names and (item.passport in names or item.salt in names or item.key in names):
            return True
        versions = self._versions
        return bool(versions) and 0 < item.version < versions.get((item.passport, item.group), 0)
