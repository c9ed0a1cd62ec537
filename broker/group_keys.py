"""The group keys that a broker holds: every file `group-<group>-<epoch>.key` of one folder.

DESIGN 6 and 7. Also variables of that name (`CELLFOLIO_KEY_GROUP_XIII_4_2027A`), and, for a
reserved name only, the demo's. Older epochs stay as long as what they sealed may be asked for. A
key's check follows from its bytes, so a file that was mixed up names another key and opens nothing.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from broker.kms_mac import kms_keys
from broker.secret_files import parse_secret, read_secret
from passport.errors import HostError
from passport.registry import Group
from passport.sealing.group_key import RESTRICTED_GROUPS, GroupKey, GroupKeyId, Mac, SecretMac
from passport.signing.keys import demo_secret

HeldKeys: TypeAlias = Mapping[GroupKeyId, Mac]
"""The group keys at hand, by their names."""

DEMO_EPOCH = "2026a"

_FILE = re.compile(r"group-(xiii-[234])-([0-9]{4}[a-z]{1,2})\.key")
_VARIABLE = re.compile(r"CELLFOLIO_KEY_GROUP_(XIII_[234])_([0-9]{4}[A-Z]{1,2})")


def held_keys(
    folder: Path | None, environment: Mapping[str, str], in_kms: Mapping[str, str]
) -> HeldKeys:
    """Return all keys of a folder, of the environment and of KMS (full key ids, and ARNs).

    `HostError` for none, or a bad one; `ConfigError` for an ARN of another key.
    """
    found = (*_in_folder(folder), *_in_environment(environment), *kms_keys(in_kms))
    keys = {key.key_id: key.mac for key in found}
    if not keys:
        raise HostError(
            f"there is no group key in {folder or 'the environment'}",
            "put files like group-xiii-4-2027a.key there",
        )
    return MappingProxyType(keys)


def demo_keys() -> HeldKeys:
    """Return the demo's group keys; everybody has them."""
    keys = (
        GroupKey.of(group, DEMO_EPOCH, SecretMac(demo_secret(f"group/{group}/{DEMO_EPOCH}")))
        for group in RESTRICTED_GROUPS
    )
    return MappingProxyType({key.key_id: key.mac for key in keys})


def _in_folder(folder: Path | None) -> Iterator[GroupKey]:
    for path in _files(folder) if folder is not None else ():
        if match := _FILE.fullmatch(path.name):
            yield GroupKey.of(Group(match[1]), match[2], SecretMac(read_secret(path)))


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise HostError(
            f"{folder} can't be read: {(error.strerror or 'unknown').lower()}",
            "name the folder that holds the group keys",
        ) from error


def _in_environment(environment: Mapping[str, str]) -> Iterator[GroupKey]:
    for name, text in sorted(environment.items()):
        if match := _VARIABLE.fullmatch(name):
            group, epoch = match[1].replace("_", "-").lower(), match[2].lower()
            secret = parse_secret(text.encode(), name)
            yield GroupKey.of(Group(group), epoch, SecretMac(secret))
