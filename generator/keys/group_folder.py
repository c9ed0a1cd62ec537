"""The files of group keys: a change is written whole, or nothing of it.

Secrets are written first, then imported into AWS KMS, then the register is renamed into place. What
a killed run left is a secret that no register names, which seals nothing; the next run says so.
The folder and its lock are those of all keys (`generator.keys.folder`).
"""

from pathlib import Path

from generator.keys.folder import KeyFolder
from generator.keys.group_ceremony import GroupChange
from generator.keys.group_sources import read_register
from generator.keys.groups import GROUPS_NAME, Epoch, GroupRegister
from generator.keys.groups_toml import register_text
from generator.keys.kms_mac import import_secret
from generator.keys.seeds import seed_path, write_seed
from generator.store.durable import make_durable, replace_file
from passport.errors import ConfigError


def needed_register(folder: Path) -> GroupRegister:
    """Return the register; `ConfigError` when group keys were never made."""
    register = read_register(folder)
    if register is None:
        raise ConfigError(
            f"there is no {folder / GROUPS_NAME}", "make keys with `cellfolio keys groups init`"
        )
    return register


def write_change(folder: KeyFolder, change: GroupChange) -> tuple[Path, ...]:
    """Write a change and return the files of its secrets; hold the folder's lock.

    `HostError` leaves the register as it was, and none of the new secrets.
    """
    written: list[Path] = []
    try:
        for name, new in change.secrets.items():
            if new.is_kept:
                written.append(write_seed(folder.path, name, new.secret))
        make_durable({path.parent for path in written})
        for new in change.secrets.values():
            if new.arn:
                import_secret(new.arn, new.secret)
        replace_file(folder.path / GROUPS_NAME, register_text(change.register).encode())
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return tuple(written)


def destroy_file(folder: Path, epoch: Epoch) -> Path | None:
    """Remove the file of an epoch's secret, durably; None when there was none."""
    path = seed_path(folder, epoch.name)
    if not path.exists():
        return None
    path.unlink()
    make_durable([path.parent])
    return path
