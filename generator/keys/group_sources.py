"""Where group keys are asked for: files, the environment, AWS KMS, or the demo's public seed.

Files and variables follow the rules of signing keys (`generator.keys.seeds`). A build gets the
current epochs only and never asks for an older one's secret (DESIGN 6). What is sealed with them
isn't known here.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.keys.choose import DEMO
from generator.keys.groups import (
    GROUPS_NAME,
    Epoch,
    EpochState,
    GroupKeys,
    GroupRegister,
    SaltKey,
)
from generator.keys.groups_toml import parse_register
from generator.keys.kms_mac import kms_mac
from generator.keys.register import Source
from generator.keys.seeds import is_at_hand, seed_from_environment, seed_from_file, variable_of
from passport.base_url import BaseUrl
from passport.errors import ConfigError
from passport.registry import Group
from passport.sealing.group_key import RESTRICTED_GROUPS, GroupKey, Mac, SecretMac, key_check
from passport.signing.keys import demo_secret, refuse_demo_keys

DEMO_EPOCH = "2026a"


def group_keys_of(
    base_url: BaseUrl, keys: str, project: Path, environment: Mapping[str, str]
) -> GroupKeys | None:
    """Return the group keys of a site; `keys` is what its settings say: `demo`, or a folder.

    None when they are not on this machine: no register, or neither the salt key nor any current
    epoch that lies in a file or in the environment. `HostError` names the first that is missing
    when others are there, `ConfigError` one that is not the register's.
    """
    if keys == DEMO:
        refuse_demo_keys(base_url)
        return demo_group_keys()
    folder = project / keys
    register = read_register(folder)
    if register is None or not any(_at_hand(register, folder, environment)):
        return None
    return GroupKeys(
        current={
            group: open_epoch(register.current(group), folder, environment)
            for group in RESTRICTED_GROUPS
        },
        salt=open_salt(register.salt, folder, environment),
        states={epoch.key_id: epoch.state for epoch in register.epochs},
    )


def read_register(folder: Path) -> GroupRegister | None:
    """Return the register in the folder of keys, None when group keys were never made."""
    path = folder / GROUPS_NAME
    try:
        return parse_register(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8", "put it back from Git") from error


def open_epoch(epoch: Epoch, folder: Path, environment: Mapping[str, str]) -> GroupKey:
    """Return the key of an epoch from where the register says that it is."""
    mac = kms_mac(epoch.arn) if epoch.source is Source.AWS_KMS else None
    if mac is None:
        return secret_of_epoch(epoch, folder, environment)[1]
    return _held_to(epoch, mac, epoch.arn)


def secret_of_epoch(
    epoch: Epoch, folder: Path, environment: Mapping[str, str]
) -> tuple[bytes, GroupKey]:
    """Return the secret of an epoch, and its key; of one in KMS the material that was imported.

    `HostError` when it is not at hand.
    """
    secret = _secret(epoch.name, epoch.source, folder, environment)
    return secret, _held_to(epoch, SecretMac(secret), epoch.name)


def open_salt(salt: SaltKey, folder: Path, environment: Mapping[str, str]) -> Mac:
    """Return the salt key."""
    mac = SecretMac(_secret(salt.name, salt.source, folder, environment))
    if key_check(mac) != salt.check:
        raise _other_key(salt.name, salt.name)
    return mac


def demo_group_secret(group: Group) -> bytes:
    """Return the demo's secret of a group; everybody has it."""
    return demo_secret(f"group/{group}/{DEMO_EPOCH}")


def _secret(name: str, source: Source, folder: Path, environment: Mapping[str, str]) -> bytes:
    """A variable goes before a file."""
    if source is Source.ENVIRONMENT or variable_of(name) in environment:
        return seed_from_environment(name, environment)
    return seed_from_file(folder, name)


def _at_hand(
    register: GroupRegister, folder: Path, environment: Mapping[str, str]
) -> Iterator[bool]:
    yield is_at_hand(folder, register.salt.name, environment)
    for group in RESTRICTED_GROUPS:
        epoch = register.current(group)
        if epoch.source is not Source.AWS_KMS:
            yield is_at_hand(folder, epoch.name, environment)


def _held_to(epoch: Epoch, mac: Mac, place: str) -> GroupKey:
    key = GroupKey.of(epoch.key_id.group, epoch.key_id.epoch, mac)
    if key.key_id != epoch.key_id:
        raise _other_key(place, str(epoch.key_id))
    return key


def _other_key(place: str, name: str) -> ConfigError:
    return ConfigError(f"the key at hand as {place} is not {name}", "bring back the right one")


def demo_group_keys() -> GroupKeys:
    """Return the demo's group keys, which everybody has."""
    current = {
        group: GroupKey.of(group, DEMO_EPOCH, SecretMac(demo_group_secret(group)))
        for group in RESTRICTED_GROUPS
    }
    return GroupKeys(
        current=current,
        salt=SecretMac(demo_secret("salt")),
        states={key.key_id: EpochState.CURRENT for key in current.values()},
    )
