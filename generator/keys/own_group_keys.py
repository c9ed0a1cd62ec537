"""A project's group keys by the names that sealed files give them, for opening what it sealed.

DESIGN 6. Older epochs are asked for too, each only when a file needs it. Where a secret lies is
`generator.keys.group_sources`' matter.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from generator.keys.choose import DEMO
from generator.keys.group_folder import needed_register
from generator.keys.group_sources import group_keys_of, open_epoch
from passport.base_url import BaseUrl
from passport.errors import HostError
from passport.sealing.group_key import GroupKeyId, Mac


def own_group_keys(
    base_url: BaseUrl, keys: str, project: Path, environment: Mapping[str, str]
) -> Callable[[GroupKeyId], Mac]:
    """Return what finds a key by its name; `keys` is what the settings say: `demo`, or a folder.

    `ConfigError` for demo keys at a real base_url, or without a register. What it returns raises
    `HostError` for a key that isn't the project's, was destroyed or isn't at hand.
    """
    if keys == DEMO:
        demo = group_keys_of(base_url, keys, project, environment)
        assert demo is not None, "everybody has the demo's keys"
        known = {key.key_id: key.mac for key in demo.current.values()}

        def find_demo(key_id: GroupKeyId) -> Mac:
            if key_id not in known:
                raise _not_ours(key_id)
            return known[key_id]

        return find_demo
    folder = project / keys
    epochs = {epoch.key_id: epoch for epoch in needed_register(folder).epochs}

    def find(key_id: GroupKeyId) -> Mac:
        if key_id not in epochs:
            raise _not_ours(key_id)
        if epochs[key_id].destroyed:
            raise HostError(f"the key {key_id} was destroyed", "nothing opens what it sealed")
        return open_epoch(epochs[key_id], folder, environment).mac

    return find


def _not_ours(key_id: GroupKeyId) -> HostError:
    return HostError(
        f"the file is sealed with {key_id}, which is no key of this project",
        "name the project with --project, or an escrow file's keys with --keys",
    )
