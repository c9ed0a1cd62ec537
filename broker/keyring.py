"""A broker's own keys: the one that signs its tokens, the one that signs its audit log.

Each is 32 bytes in a file of the keys' folder (`broker-token.key`) or in a variable
(`CELLFOLIO_KEY_BROKER_TOKEN`), as `broker.secret_files` reads them; with `keys = "demo"` they
follow from the public seed. A key that is no random one, or that everybody has, is refused. Group
keys are `broker.group_keys`' matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from broker.config import Settings
from broker.group_keys import HeldKeys, demo_keys
from broker.secret_files import parse_secret, read_secret
from passport.errors import ConfigError, HostError
from passport.signing.keys import (
    KeyId,
    Purpose,
    SeedSigner,
    demo_secret,
    demo_signer,
    refuse_demo_keys,
)

TOKEN = "broker-token"  # noqa: S105 (a key's name)
AUDIT = "broker-audit"

_LEAST_DIFFERENT = 16
"""Different bytes among the 32 of a key; a random one has fewer once in 10^12."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The two keys with which a broker signs."""

    token: SeedSigner
    audit: SeedSigner


def open_keyring(settings: Settings, environment: Mapping[str, str]) -> Keyring:
    """Return the keys; `HostError` for one that isn't at hand, `ConfigError` for a weak one."""
    if settings.is_demo:
        return Keyring(*(SeedSigner(demo_secret(name)) for name in (TOKEN, AUDIT)))
    token, audit = (
        SeedSigner(_checked(name, _secret(name, settings, environment), settings))
        for name in (TOKEN, AUDIT)
    )
    if token.public_key == audit.public_key:
        raise ConfigError(f"{TOKEN} and {AUDIT} are one key", "make another for one of them")
    return Keyring(token, audit)


def check_group_keys(keys: HeldKeys, settings: Settings) -> None:
    """Raise `ConfigError` if a key that everybody has would seal for a real address."""
    if keys.keys() & demo_keys().keys() and not settings.is_demo:
        refuse_demo_keys(settings.url)


def variable_of(name: str) -> str:
    """Return the variable of a key: `CELLFOLIO_KEY_BROKER_TOKEN` of `broker-token`."""
    return f"CELLFOLIO_KEY_{name.replace('-', '_').upper()}"


def _secret(name: str, settings: Settings, environment: Mapping[str, str]) -> bytes:
    """A variable goes before a file."""
    variable = variable_of(name)
    if variable in environment:
        return parse_secret(environment[variable].encode(), variable)
    if settings.keys is None:
        raise HostError(f"{variable} is not set", "set it, or name the folder of keys in `keys`")
    return read_secret(settings.keys / f"{name}.key")


def _checked(name: str, secret: bytes, settings: Settings) -> bytes:
    if len(set(secret)) < _LEAST_DIFFERENT:
        raise ConfigError(f"{name} is no random key", "make 32 random bytes")
    if secret in _public_secrets():
        refuse_demo_keys(settings.url)
    return secret


def _public_secrets() -> set[bytes]:
    signing = (demo_signer(KeyId(purpose, 1)).seed for purpose in Purpose)
    return {*signing, *(demo_secret(name) for name in (TOKEN, AUDIT, "salt"))}
