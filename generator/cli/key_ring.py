"""The keys of a project as commands find them: its settings, and the folder of its keys."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from generator.cli.main import Workspace
from generator.content.config import SiteConfig, read_config
from generator.keys.choose import DEMO
from generator.keys.groups import Epoch, SaltKey
from generator.keys.register import Key, Source
from generator.keys.seeds import is_at_hand, seed_path, variable_of
from generator.keys.toml_table import Act
from generator.store.git import git_text
from passport.errors import ConfigError

DEFAULT_FOLDER = "keys"

NamedKey = Key | Epoch | SaltKey
"""A key of a register: one that signs, one of a group, or one that makes salts."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """A project's settings and the folder of its keys."""

    config: SiteConfig
    path: Path


def key_ring(workspace: Workspace) -> KeyRing:
    """Return the keys of a project; those of a demo would be made in `keys`."""
    config = read_config(workspace.project)
    return KeyRing(config, key_folder(workspace.project, config))


def key_folder(project: Path, config: SiteConfig) -> Path:
    """Return the folder of a project's keys, be it there or not."""
    return project / (DEFAULT_FOLDER if config.keys == DEMO else config.keys)


def place_of(ring: KeyRing, key: NamedKey) -> str:
    """Return where a private key is asked for: a file, a variable, or an ARN."""
    match key.source:
        case Source.FILE:
            return str(seed_path(ring.path, key.name))
        case Source.ENVIRONMENT:
            return variable_of(key.name)
        case Source.AWS_KMS:
            return key.arn


def is_held(ring: KeyRing, key: NamedKey) -> bool | None:
    """Whether a private key is at hand; None where that isn't for this machine to say."""
    if key.source is Source.AWS_KMS:
        return None
    if key.source is Source.ENVIRONMENT:
        return variable_of(key.name) in os.environ
    return is_at_hand(ring.path, key.name, os.environ)


def elsewhere(environment: Iterable[str], aws_kms: Mapping[str, str]) -> Mapping[str, str]:
    """Return where new keys are that get no file, by what they are for: an ARN of AWS KMS.

    It is "" for a key in the environment. `ConfigError` for one that would be in both.
    """
    if aws_kms.keys() & environment:
        raise ConfigError("a key is in the environment or in AWS KMS", "name one of the two")
    return {**dict.fromkeys(environment, ""), **aws_kms}


def act_of(project: Path, by: str, reason: str = "") -> Act:
    """Return who acts now: whom the option names, else whom Git knows; `ConfigError` for nobody."""
    who = by or git_text(project, "config", "user.name")
    if not who:
        raise ConfigError(
            "nobody is named who does this", "write --by NAME, or set Git's user.name"
        )
    return Act(this_second(), who, reason)


def this_second() -> datetime:
    """Return the time now, without what a register has no room for."""
    return datetime.now(UTC).replace(microsecond=0)
