"""Group keys: what they are called, and the one thing that is done with them.

DESIGN 6. A group of data points (Annex XIII 2, 3, 4) has one key an epoch. It is 32 bytes and only
ever a key of HMAC-SHA256, so it may lie in memory, in an HSM or in a key service alike. Its name
ends in a check that follows from the key: a wrong key shows before anything is opened with it.
Where keys lie, and which epochs are still used, isn't known here.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol, Self

from passport.errors import IdentifierError
from passport.quoting import quoted
from passport.registry import Group, Level

KEY_LENGTH = 32
SEALED_LEVEL: Final[Mapping[Group, Level]] = MappingProxyType(
    {
        Group.INTEREST_MODEL: Level.MODEL,
        Group.AUTHORITY: Level.MODEL,
        Group.INTEREST_BATTERY: Level.BATTERY,
    }
)
"""The level at which each group is sealed; the public one has no key."""
RESTRICTED_GROUPS = tuple(SEALED_LEVEL)
MODEL_GROUPS = tuple(group for group, level in SEALED_LEVEL.items() if level is Level.MODEL)
KEY_CHECK = re.compile("[a-z2-7]{16}")
"""The form of what `key_check` returns."""

_CHECK_MESSAGE = b"cellfolio/key-id/v1"
_EPOCH = re.compile("[0-9]{4}[a-z]{1,2}")


class Mac(Protocol):
    """HMAC-SHA256 under one key, wherever that lies."""

    def mac(self, message: bytes) -> bytes:
        """Return the 32 bytes of the HMAC of a message of at most 4096 bytes."""


@dataclass(frozen=True, slots=True)
class SecretMac:
    """A key of HMAC-SHA256 in memory, 32 bytes, never shown; `ValueError` for another length."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_LENGTH:
            raise ValueError(f"the key has {len(self.secret)} bytes, not {KEY_LENGTH}")

    def mac(self, message: bytes) -> bytes:
        """Return the HMAC of a message, 32 bytes."""
        return hmac.digest(self.secret, message, hashlib.sha256)


@dataclass(frozen=True, slots=True, order=True)
class GroupKeyId:
    """A group key's name for ever, `xiii-4/2027a/` and its check; raises `IdentifierError`.

    `epoch` is a year and one or two letters, `check` what `key_check` returns.
    """

    group: Group
    epoch: str
    check: str

    def __post_init__(self) -> None:
        if self.group not in RESTRICTED_GROUPS:
            raise IdentifierError(f"group {self.group} has no key", "anyone may read it")
        if not _EPOCH.fullmatch(self.epoch):
            raise IdentifierError(
                f"{quoted(self.epoch)} is no epoch", "write a year and one or two letters: 2027a"
            )
        if not KEY_CHECK.fullmatch(self.check):
            raise IdentifierError(
                f"{quoted(self.check)} is no check of a key", "it is 16 of a-z and 2-7"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key's name; `IdentifierError` for anything that `str()` would not print."""
        group, _, rest = text.partition("/")
        epoch, _, check = rest.partition("/")
        if group not in RESTRICTED_GROUPS:
            raise IdentifierError(f"{quoted(text)} names no group key", "write it like xiii-4/…")
        return cls(Group(group), epoch, check)

    def __str__(self) -> str:
        return f"{self.group}/{self.epoch}/{self.check}"


@dataclass(frozen=True, slots=True)
class GroupKey:
    """A group's key of one epoch: its name, and the use of it."""

    key_id: GroupKeyId
    mac: Mac

    @classmethod
    def of(cls, group: Group, epoch: str, mac: Mac) -> Self:
        """Return the key with its name, which follows from group, epoch and key."""
        return cls(GroupKeyId(group, epoch, key_check(mac)), mac)


def key_check(mac: Mac) -> str:
    """Return the check by which a key is known: 80 bits that tell nothing of it, in base32."""
    return base64.b32encode(mac.mac(_CHECK_MESSAGE)[:10]).decode().lower()
