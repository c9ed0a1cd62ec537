"""Group keys are begun, rotated, closed, declared compromised and destroyed.

DESIGN 6. Values in, values out: what comes back is a `GroupChange`, which nobody has written yet.
No step seals anything: the next build does, after the states that are told here. A key is destroyed
only when nothing that still counts needs it. Docs: docs/keys.md.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from generator.keys.groups import (
    RESEALED,
    Epoch,
    EpochState,
    GroupRegister,
    SaltKey,
    epoch_name,
)
from generator.keys.register import Source
from generator.keys.toml_table import Act
from passport.errors import ConfigError
from passport.registry import Group
from passport.sealing.group_key import RESTRICTED_GROUPS, GroupKey, SecretMac, key_check


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """32 bytes that no register names yet, and where they will be asked for.

    Those for AWS KMS are imported there, and are kept in a file all the same, for escrow.
    """

    source: Source
    secret: bytes = field(repr=False)
    arn: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether a file must be written."""
        return self.source is not Source.ENVIRONMENT


MakeSecret = Callable[[str], NewSecret]
"""Makes, or looks up, the key that gets this name (`group-xiii-4-2027a`, `salt-1`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChange:
    """What a step leads to; `secrets` are new, by name."""

    register: GroupRegister
    secrets: Mapping[str, NewSecret] = field(default_factory=dict)


def begin(make: MakeSecret, act: Act) -> GroupChange:
    """Make a salt key, and the first epoch of each group."""
    salt_secret = make("salt-1")
    secrets = {"salt-1": salt_secret}
    epochs = []
    label = f"{act.time.year:04d}a"
    for group in RESTRICTED_GROUPS:
        name = epoch_name(group, label)
        secrets[name] = new = make(name)
        epochs.append(_epoch(group, label, new, act))
    register = GroupRegister((_salt(1, salt_secret, act),), tuple(epochs))
    return GroupChange(register=register, secrets=secrets)


def rotate(register: GroupRegister, group: Group, make: MakeSecret, act: Act) -> GroupChange:
    """Put a new epoch in place of a group's current one."""
    old = register.current(group).changed(EpochState.ROTATED, act)
    return _succeeded(register, old, make, act)


def rotate_salt(register: GroupRegister, make: MakeSecret, act: Act) -> GroupChange:
    """Put a new salt key in place of the one that counts: the next build seals everything anew."""
    number = register.salt.number + 1
    name = f"salt-{number}"
    new = make(name)
    salts = (*register.salts, _salt(number, new, act))
    return GroupChange(register=replace(register, salts=salts), secrets={name: new})


def close(register: GroupRegister, label: str, act: Act) -> GroupChange:
    """Declare that nothing which counts may stay sealed with a rotated epoch."""
    epoch = register.named(label).changed(EpochState.CLOSED, act)
    return GroupChange(register=register.changed(epoch))


def compromise(register: GroupRegister, label: str, make: MakeSecret, act: Act) -> GroupChange:
    """Declare that somebody else may have an epoch's key; a current one gets a successor."""
    epoch = register.named(label)
    compromised = epoch.changed(EpochState.COMPROMISED, act)
    if epoch.state is EpochState.CURRENT:
        return _succeeded(register, compromised, make, act)
    return GroupChange(register=register.changed(compromised))


def destroy(register: GroupRegister, label: str, needed_by: Iterable[str], act: Act) -> GroupChange:
    """Declare that an epoch's key is gone; `needed_by` are files that count and need it.

    `ConfigError` while there are any, and for an epoch that was neither closed nor compromised.
    """
    epoch = register.named(label)
    if epoch.state not in RESEALED:
        raise ConfigError(
            f"{epoch.label} is {epoch.state}, so its key can't be destroyed",
            f"run `cellfolio keys groups close {epoch.label}`, build and publish first",
        )
    if epoch.destroyed:
        raise ConfigError(
            f"{epoch.label} was destroyed already", "see `cellfolio keys groups list`"
        )
    needing = tuple(needed_by)
    if needing:
        raise ConfigError(
            f"{epoch.label} is still needed: {len(needing)} files that count are sealed with it, "
            f"such as {needing[0]}",
            "build with the private root and the group keys, publish, then destroy",
        )
    return GroupChange(register=register.changed(replace(epoch, destroyed=act)))


def _succeeded(register: GroupRegister, old: Epoch, make: MakeSecret, act: Act) -> GroupChange:
    group = old.key_id.group
    label = register.free_label(group, act.time.year)
    name = epoch_name(group, label)
    new = make(name)
    changed = register.changed(old, _epoch(group, label, new, act))
    return GroupChange(register=changed, secrets={name: new})


def _epoch(group: Group, label: str, new: NewSecret, act: Act) -> Epoch:
    return Epoch(
        key_id=GroupKey.of(group, label, SecretMac(new.secret)).key_id,
        source=new.source,
        arn=new.arn,
        history=((EpochState.CURRENT, act),),
    )


def _salt(number: int, new: NewSecret, act: Act) -> SaltKey:
    check = key_check(SecretMac(new.secret))
    return SaltKey(number=number, check=check, source=new.source, made=act)
