"""Keys by purpose: what each may do, what it is called, and how something is signed with it.

DESIGN 5: a key serves one purpose. A label is never used again, so that a document of any age
names one key. Where private keys lie (file, environment, KMS) is the business of whoever makes a
`Signer`; this module holds only the demo keys, which are public and prove nothing.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self

from passport.base_url import BaseUrl
from passport.errors import ConfigError, IdentifierError
from passport.quoting import quoted
from passport.signing.ed25519 import PublicKey, sign


class Purpose(StrEnum):
    """What a signing key is for; each has its own keys, and no key serves two."""

    ISSUING = "issuing"
    """Signs passports, status lists and manifests."""
    UPDATE = "update"
    """Signs entries of the issuer's DID log; kept offline."""
    CHECKPOINT = "checkpoint"
    """Signs checkpoints of the transparency log."""
    BUNDLE = "bundle"
    """Signs the brokers' policy bundle."""


@dataclass(frozen=True, slots=True, order=True)
class KeyId:
    """A key's name for ever: `issuing-1`, then `issuing-2`; raises `IdentifierError`."""

    purpose: Purpose
    number: int

    def __post_init__(self) -> None:
        if self.number < 1:
            raise IdentifierError(f"key number {self.number} is too small", "begin with 1")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key's name; `IdentifierError` for anything that `str()` would not print."""
        match = re.fullmatch("([a-z]+)-([1-9][0-9]{0,5})", text)
        if match is None or match[1] not in list(Purpose):
            raise IdentifierError(f"{quoted(text)} names no key", "write it like issuing-1")
        return cls(Purpose(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.purpose}-{self.number}"


class Signer(Protocol):
    """Signs with one private key, wherever that lies."""

    @property
    def public_key(self) -> PublicKey:
        """The key by which others verify."""

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature of a message of at most 4096 bytes."""


@dataclass(frozen=True, slots=True)
class SeedSigner:
    """A signer whose private key lies in memory, as its 32-byte seed; never shown."""

    seed: bytes = field(repr=False)
    public_key: PublicKey = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "public_key", PublicKey.of(self.seed))

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 64 bytes."""
        return sign(self.seed, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """From when on a key is worth nothing: what the log held by then stays signed by it.

    Entries with an index below `log_size` were logged while the key was still its owner's alone.
    """

    time: datetime
    log_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerKey:
    """A public key as the issuer's DID document tells it, for as long as there are passports."""

    key_id: KeyId
    public_key: PublicKey
    revocation: Revocation | None = None


DEMO_SEED = b"cellfolio demo keys are public: they prove nothing"


def demo_signer(key_id: KeyId) -> SeedSigner:
    """Return the demo key of this name; everybody has it."""
    return SeedSigner(demo_secret(f"signing/{key_id}"))


def demo_secret(label: str) -> bytes:
    """Return 32 public bytes for a purpose; labels differ, so do the bytes."""
    message = b"cellfolio/demo-key/v1\0" + label.encode()
    return hmac.digest(DEMO_SEED, message, hashlib.sha256)


def refuse_demo_keys(base_url: BaseUrl) -> None:
    """Raise `ConfigError` if a site of this base URL could be taken for a real one."""
    if base_url.is_real:
        raise ConfigError(
            f"demo keys can't sign for {base_url}: everybody has them",
            'make keys with `cellfolio keys init` and write keys = "keys" in cellfolio.toml, or '
            "use a reserved name such as id.example.com",
        )
