"""Signers from the register: each key is asked for where the register says, and held to it.

This is the one place that knows all sources. What a key then signs is not its business.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.keys.aws_kms import KmsSigner, kms_client, kms_public_key
from generator.keys.register import Key, Source, check_arn
from generator.keys.seeds import seed_from_environment, seed_from_file, variable_of
from passport.errors import ConfigError
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import KeyId, SeedSigner, Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key that no register names yet; `seed` is what must be kept in a file, if anything."""

    source: Source
    signer: Signer
    arn: str = ""
    seed: bytes | None = field(default=None, repr=False)

    @property
    def public_key(self) -> PublicKey:
        """The key by which others verify."""
        return self.signer.public_key


MakeKey = Callable[[KeyId], NewKey]
"""Makes, or looks up, the key that gets this name."""
OpenKey = Callable[[Key], Signer]
"""Finds the private half of a key."""


def open_signer(key: Key, folder: Path, environment: Mapping[str, str]) -> Signer:
    """Return a signer for a key of the register.

    A variable in the environment goes before a file. `HostError` when there is no private key,
    `ConfigError` when it is another one.
    """
    if key.source is Source.AWS_KMS:
        return KmsSigner(arn=key.arn, public_key=key.public_key, client=kms_client(key.arn))
    from_file = key.source is Source.FILE and variable_of(key.key_id) not in environment
    if from_file:
        signer = SeedSigner(seed_from_file(folder, key.key_id))
    else:
        signer = SeedSigner(seed_from_environment(key.key_id, environment))
    if signer.public_key != key.public_key:
        raise ConfigError(
            f"the private key at hand is not {key.key_id}: its public key is "
            f"{signer.public_key.multikey}, the register's {key.public_key.multikey}",
            "bring back the right one",
        )
    return signer


def file_key(seed: bytes) -> NewKey:
    """Return a new key that will lie in a file; `seed` is 32 random bytes."""
    return NewKey(source=Source.FILE, signer=SeedSigner(seed), seed=seed)


def environment_key(key_id: KeyId, environment: Mapping[str, str]) -> NewKey:
    """Return a new key whose seed stands in the environment already; `HostError` if not."""
    signer = SeedSigner(seed_from_environment(key_id, environment))
    return NewKey(source=Source.ENVIRONMENT, signer=signer)


def kms_key(arn: str) -> NewKey:
    """Return a new key that was made in AWS KMS; `HostError` unless it can sign passports."""
    client = kms_client(check_arn(arn))
    signer = KmsSigner(arn=arn, public_key=kms_public_key(arn, client), client=client)
    return NewKey(source=Source.AWS_KMS, signer=signer, arn=arn)
