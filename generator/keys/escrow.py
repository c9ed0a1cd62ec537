"""Escrow: a group's keys, encrypted to one recipient with age; needs the extra `escrow`.

DESIGN 6. Format: age-encryption.org/v1, so that the stock `age` program opens the file. What it
holds is `passport.sealing.escrow`'s matter, who may have one the command's. KMS hands no key out:
of an epoch there, the material that was imported is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.keys.choose import DEMO
from generator.keys.group_folder import needed_register
from generator.keys.group_sources import DEMO_EPOCH, demo_group_secret, secret_of_epoch
from generator.keys.groups import Epoch
from generator.keys.register import Source
from generator.keys.seeds import is_at_hand, seed_path, variable_of
from passport.base_url import BaseUrl
from passport.errors import ConfigError, HostError
from passport.registry import Group
from passport.sealing.escrow import EscrowedKey
from passport.sealing.group_key import GroupKey, SecretMac
from passport.signing.keys import refuse_demo_keys


@dataclass(frozen=True, slots=True)
class Escrowable:
    """The keys of a group that are at hand, and the epochs whose keys are not."""

    keys: tuple[EscrowedKey, ...]
    missing: tuple[Epoch, ...] = ()


def escrowable(
    base_url: BaseUrl,
    keys: str,
    project: Path,
    environment: Mapping[str, str],
    group: Group,
) -> Escrowable:
    """Gather what can be escrowed of a group; `keys` is what the settings say.

    An epoch whose key was destroyed is left out. `HostError` when the current one is not at hand.
    """
    if keys == DEMO:
        refuse_demo_keys(base_url)
        secret = demo_group_secret(group)
        key = GroupKey.of(group, DEMO_EPOCH, SecretMac(secret))
        return Escrowable((EscrowedKey(key.key_id, secret),))
    folder = project / keys
    register = needed_register(folder)
    epochs = [epoch for epoch in register.of_group(group) if not epoch.destroyed]
    there = [epoch for epoch in epochs if is_at_hand(folder, epoch.name, environment)]
    current = register.current(group)
    if current not in there:
        raise _not_at_hand(current, folder)
    return Escrowable(
        tuple(
            EscrowedKey(epoch.key_id, secret_of_epoch(epoch, folder, environment)[0])
            for epoch in there
        ),
        tuple(epoch for epoch in epochs if epoch not in there),
    )


def encrypted(plaintext: bytes, recipient: str) -> bytes:
    """Return an age file for one X25519 recipient, `age1…`; each call makes another one.

    `ConfigError` for a recipient that is none, `HostError` without the extra.
    """
    try:
        import pyrage  # noqa: PLC0415 (the extra may be missing)
    except ImportError:
        raise HostError(
            "escrow files need pyrage", "install it: pip install 'cellfolio[escrow]'"
        ) from None
    try:
        to = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise ConfigError(
            f"{recipient} is no recipient of age's X25519 kind: {error}",
            "ask for the line that age-keygen prints behind `public key:`",
        ) from error
    content: bytes = pyrage.encrypt(plaintext, [to])
    return content


def _not_at_hand(epoch: Epoch, folder: Path) -> HostError:
    places = f"{seed_path(folder, epoch.name)} or {variable_of(epoch.name)}"
    if epoch.source is Source.AWS_KMS:
        return HostError(
            f"{epoch.label} lies in AWS KMS, which hands no key out",
            f"bring the material that was imported back, as {places}",
        )
    return HostError(f"the key of {epoch.label} is not at hand", f"bring it back, as {places}")
