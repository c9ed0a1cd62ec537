"""Group keys of a site: which epochs there are, what state each is in, and what a build gets.

DESIGN 6. Each restricted group has one current epoch, with which everything new is sealed; older
ones stay in the register for ever, so that no label comes back. Format of the register's file:
`generator.keys.groups_toml`; where the secrets are asked for: `generator.keys.group_sources`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise, product
from string import ascii_lowercase
from typing import ClassVar, Self

from generator.keys.register import Source
from generator.keys.toml_table import Act, file_error
from passport.errors import ConfigError
from passport.registry import Group
from passport.sealing.group_key import KEY_CHECK, RESTRICTED_GROUPS, GroupKey, GroupKeyId, Mac

GROUPS_NAME = "groups.toml"


class EpochState(StrEnum):
    """What an epoch's key is good for now."""

    CURRENT = "current"
    """Everything new is sealed with it; each group has one."""
    ROTATED = "rotated"
    """It seals no more; what it sealed stays as it is until it says something new."""
    CLOSED = "closed"
    """What still counts is sealed anew by the next build; then the key may be destroyed."""
    COMPROMISED = "compromised"
    """Somebody else may have it: as closed, and every file of the epoch counts as read."""


RESEALED = (EpochState.CLOSED, EpochState.COMPROMISED)
"""States in which a build seals again what still counts, though it says nothing new."""

_MAY_FOLLOW: Mapping[EpochState, tuple[EpochState, ...]] = {
    EpochState.CURRENT: (EpochState.ROTATED, EpochState.COMPROMISED),
    EpochState.ROTATED: (EpochState.CLOSED, EpochState.COMPROMISED),
    EpochState.CLOSED: (EpochState.COMPROMISED,),
    EpochState.COMPROMISED: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """One key of one group; `history` holds its states in their order, from current on.

    `ConfigError` for states that can't follow one another.
    """

    key_id: GroupKeyId
    source: Source
    history: tuple[tuple[EpochState, Act], ...]
    arn: str = ""
    destroyed: Act | None = None

    def __post_init__(self) -> None:
        states = [state for state, _ in self.history]
        strange = any(after not in _MAY_FOLLOW[before] for before, after in pairwise(states))
        if states[:1] != [EpochState.CURRENT] or strange:
            raise file_error(GROUPS_NAME, f"{self.key_id} can't have been {', '.join(states)}")
        if self.destroyed and self.state not in RESEALED:
            raise file_error(GROUPS_NAME, f"{self.key_id} is {self.state}, yet it was destroyed")
        if (self.source is Source.AWS_KMS) != bool(self.arn):
            raise file_error(
                GROUPS_NAME, f"{self.key_id} has source {self.source}, so arn can't be {self.arn!r}"
            )

    @property
    def state(self) -> EpochState:
        """The state that it is in."""
        return self.history[-1][0]

    @property
    def label(self) -> str:
        """How people name it: `xiii-4/2027a`."""
        return f"{self.key_id.group}/{self.key_id.epoch}"

    @property
    def name(self) -> str:
        """Its key's name for ever, also of its file."""
        return epoch_name(self.key_id.group, self.key_id.epoch)

    def changed(self, state: EpochState, act: Act) -> Self:
        """Return the epoch in another state; `ConfigError` if it can't get there."""
        if state not in _MAY_FOLLOW[self.state]:
            remedy = {
                EpochState.CURRENT: f"run `cellfolio keys groups rotate {self.key_id.group}` first",
            }.get(self.state, "see `cellfolio keys groups list`")
            raise ConfigError(f"{self.label} is {self.state}, so it can't be {state}", remedy)
        return replace(self, history=(*self.history, (state, act)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SaltKey:
    """The key that makes salts, at the build only; the last one counts."""

    arn: ClassVar[str] = ""
    """None: it is never in AWS KMS."""
    number: int
    check: str
    source: Source
    made: Act

    def __post_init__(self) -> None:
        if not KEY_CHECK.fullmatch(self.check):
            raise file_error(GROUPS_NAME, f"{self.name} has the check {self.check!r}")
        if self.source is Source.AWS_KMS:
            raise file_error(
                GROUPS_NAME,
                f"{self.name} is in AWS KMS, which each build would ask for each payload",
            )

    @property
    def name(self) -> str:
        """Its name for ever, also of its file."""
        return f"salt-{self.number}"


@dataclass(frozen=True, slots=True)
class GroupRegister:
    """All salt keys and epochs that a site ever had; `ConfigError` if they can't be so together."""

    salts: tuple[SaltKey, ...]
    epochs: tuple[Epoch, ...]

    def __post_init__(self) -> None:
        if [salt.number for salt in self.salts] != [
            *range(1, len(self.salts) + 1)
        ] or not self.salts:
            raise file_error(GROUPS_NAME, "the salt keys are not numbered from 1 on")
        labels = [epoch.label for epoch in self.epochs]
        checks = [*(e.key_id.check for e in self.epochs), *(salt.check for salt in self.salts)]
        if len({*labels}) < len(labels) or len({*checks}) < len(checks):
            raise file_error(GROUPS_NAME, "a label or a key stands there twice")
        for group in RESTRICTED_GROUPS:
            self.current(group)

    @property
    def salt(self) -> SaltKey:
        """The salt key that counts."""
        return self.salts[-1]

    def current(self, group: Group) -> Epoch:
        """Return the epoch with which a group is sealed now."""
        found = [e for e in self.of_group(group) if e.state is EpochState.CURRENT]
        if len(found) != 1:
            raise file_error(GROUPS_NAME, f"{len(found)} epochs of {group} are current, not one")
        return found[0]

    def of_group(self, group: Group) -> tuple[Epoch, ...]:
        """Return a group's epochs in the order in which they were made."""
        return tuple(epoch for epoch in self.epochs if epoch.key_id.group is group)

    def named(self, text: str) -> Epoch:
        """Return the epoch that a person names, `xiii-4/2027a` or its whole name."""
        for epoch in self.epochs:
            if text in (epoch.label, str(epoch.key_id)):
                return epoch
        raise ConfigError(f"there is no epoch {text!r}", "see `cellfolio keys groups list`")

    def state(self, key_id: GroupKeyId) -> EpochState:
        """Return the state of a key; `ConfigError` for one that was never made here."""
        return self.named(str(key_id)).state

    def free_label(self, group: Group, year: int) -> str:
        """Return the first epoch of a year that the group never had: `2027a`, … `2027z`, `2027aa`.

        Raises `ConfigError` when there are none left.
        """
        taken = {epoch.key_id.epoch for epoch in self.of_group(group)}
        for label in labels_of(year):
            if label not in taken:
                return label
        raise ConfigError(f"{group} had too many epochs in {year}", "wait until the next year")

    def changed(self, *epochs: Epoch) -> Self:
        """Return the register with these epochs, in place of those of the same name or anew."""
        by_id = {epoch.key_id: epoch for epoch in epochs}
        kept = tuple(by_id.pop(epoch.key_id, epoch) for epoch in self.epochs)
        return replace(self, epochs=(*kept, *by_id.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupKeys:
    """What a build has of group keys: each group's current one, the salt key, all states."""

    current: Mapping[Group, GroupKey]
    salt: Mac = field(repr=False)
    states: Mapping[GroupKeyId, EpochState]

    def state(self, key_id: GroupKeyId) -> EpochState:
        """Return the state of the key that a sealed file names; `ConfigError` if none is so."""
        if key_id not in self.states:
            raise ConfigError(
                f"a sealed file names the key {key_id}, which {GROUPS_NAME} does not have",
                "put the file back from Git; it never loses an epoch",
            )
        return self.states[key_id]

    def must_reseal(self, key_id: GroupKeyId) -> bool:
        """Whether what was sealed with this key is sealed anew, though it says nothing new."""
        return self.state(key_id) in RESEALED


def epoch_name(group: Group, epoch: str) -> str:
    """Return the name of a group key's file and variable: `group-xiii-4-2027a`."""
    return f"group-{group}-{epoch}"


def labels_of(year: int) -> Iterable[str]:
    """Yield the labels of a year in their order."""
    for length in (1, 2):
        for letters in product(ascii_lowercase, repeat=length):
            yield f"{year:04d}{''.join(letters)}"
