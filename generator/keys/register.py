"""The register, `keys/keys.toml`: which keys there are, and where each private half is asked for.

Format: docs/keys.md. It is public and reviewed in Git; there is nothing secret in it. This module
reads and writes its text and holds it to its own rules; it doesn't know files, nor the DID log that
tells others the same keys.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from generator.keys.toml_table import Table, file_error
from passport.encoding.timestamp import time_text
from passport.errors import ConfigError, IdentifierError, VerificationError
from passport.quoting import quoted
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import IssuerKey, KeyId, Purpose, Revocation

REGISTER_NAME = "keys.toml"
IN_DOCUMENT = (Purpose.ISSUING, Purpose.CHECKPOINT)
"""Purposes whose keys stand in the issuer's DID document; brokers pin the bundle's."""

_HEAD = "# Public. Written by `cellfolio keys`; private keys lie elsewhere (docs/keys.md).\n"
_ARN = re.compile(r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]{1,64}")
_MEMBERS = frozenset({"id", "public", "source", "created", "state", "arn", "revoked", "log_size"})


class State(StrEnum):
    """What a key is good for now."""

    ACTIVE = "active"
    """It signs now; each purpose has one."""
    NEXT = "next"
    """The update key that the DID log committed to: it signs the next entry."""
    RETIRED = "retired"
    """It signs no more; what it signed stays good."""
    REVOKED = "revoked"
    """It signs no more, and what it signed later than its log size is worth nothing."""


class Source(StrEnum):
    """Where a private key is asked for."""

    FILE = "file"
    ENVIRONMENT = "environment"
    AWS_KMS = "aws-kms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What the register says of one key; `arn` names it in AWS KMS."""

    key_id: KeyId
    public_key: PublicKey
    source: Source
    created: datetime
    state: State
    arn: str = ""
    revocation: Revocation | None = None

    @property
    def name(self) -> str:
        """Its name for ever, also of its file."""
        return str(self.key_id)


@dataclass(frozen=True, slots=True)
class Register:
    """All keys that a project ever had; raises `ConfigError` if they can't be so together."""

    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        names = [key.key_id for key in self.keys]
        if len(set(names)) < len(names) or len({k.public_key for k in self.keys}) < len(names):
            raise file_error(
                REGISTER_NAME, "a key stands there twice: a label and a key are used once, for ever"
            )
        for purpose in Purpose:
            self._only(purpose, State.ACTIVE)
        self._only(Purpose.UPDATE, State.NEXT)
        if any(k.state is State.NEXT and k.key_id.purpose is not Purpose.UPDATE for k in self.keys):
            raise file_error(REGISTER_NAME, "a key other than an update key is next")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the file's text; `ConfigError` says what is wrong."""
        whole = Table.of_file(REGISTER_NAME, text)
        if whole.members.keys() != {"key"}:
            raise whole.error("it is no list of [[key]]")
        return cls(tuple(map(_key, whole.tables("key"))))

    def __str__(self) -> str:
        return "\n".join((_HEAD, *map(_table, self.keys)))

    def key(self, key_id: KeyId) -> Key:
        """Return the key of this name; `ConfigError` when there is none."""
        for key in self.keys:
            if key.key_id == key_id:
                return key
        raise ConfigError(f"there is no key {key_id}", "see `cellfolio keys list`")

    def active(self, purpose: Purpose) -> Key:
        """Return the key that signs for a purpose now."""
        return self._only(purpose, State.ACTIVE)

    @property
    def next_update(self) -> Key:
        """The update key that signs the next entry of the DID log."""
        return self._only(Purpose.UPDATE, State.NEXT)

    @property
    def in_document(self) -> tuple[IssuerKey, ...]:
        """The keys that the issuer's DID document tells, in the order in which they were made."""
        return tuple(
            IssuerKey(key_id=key.key_id, public_key=key.public_key, revocation=key.revocation)
            for key in self.keys
            if key.key_id.purpose in IN_DOCUMENT
        )

    def free_id(self, purpose: Purpose) -> KeyId:
        """Return the first name that no key of this purpose ever had."""
        taken = [key.key_id.number for key in self.keys if key.key_id.purpose is purpose]
        return KeyId(purpose, max(taken, default=0) + 1)

    def rotated(self, new: Key) -> Self:
        """Return the register with a new active key; the one that was active retires."""
        old = self.active(new.key_id.purpose)
        return self._changed(replace(old, state=State.RETIRED), new)

    def update_rotated(self, new: Key) -> Self:
        """Return the register after an entry of the DID log: the next update key has signed it.

        `new` is the one that the entry commits to.
        """
        used, signed = self.active(Purpose.UPDATE), self.next_update
        retired = replace(used, state=State.RETIRED)
        return self._changed(retired, replace(signed, state=State.ACTIVE), new)

    def revoked(self, key_id: KeyId, revocation: Revocation) -> Self:
        """Return the register with a retired key revoked; `ConfigError` for another state."""
        key = self.key(key_id)
        if key.state is State.ACTIVE or key.state is State.NEXT:
            raise ConfigError(
                f"{key_id} is in use, so it can't be revoked yet",
                f"run `cellfolio keys rotate {key_id.purpose}` first",
            )
        if key.state is State.REVOKED:
            raise ConfigError(f"{key_id} was revoked already", "see `cellfolio keys list`")
        return self._changed(replace(key, state=State.REVOKED, revocation=revocation))

    def _changed(self, *keys: Key) -> Self:
        changed = {key.key_id: key for key in keys}
        kept = tuple(changed.pop(key.key_id, key) for key in self.keys)
        return replace(self, keys=(*kept, *changed.values()))

    def _only(self, purpose: Purpose, state: State) -> Key:
        found = [k for k in self.keys if k.key_id.purpose is purpose and k.state is state]
        if len(found) != 1:
            raise file_error(REGISTER_NAME, f"{len(found)} keys for {purpose} are {state}, not one")
        return found[0]


def check_arn(arn: str) -> str:
    """Return the ARN of a key in AWS KMS; `ConfigError` for anything else, an alias too."""
    if not _ARN.fullmatch(arn):
        raise ConfigError(
            f"{quoted(arn)} is no ARN of a key in AWS KMS",
            "write arn:aws:kms:REGION:ACCOUNT:key/ID; an alias could be pointed elsewhere",
        )
    return arn


def _table(key: Key) -> str:
    return "".join(f"{line}\n" for line in ("[[key]]", *_lines(key)))


def _lines(key: Key) -> Iterator[str]:
    yield f'id = "{key.key_id}"'
    yield f'public = "{key.public_key.multikey}"'
    yield f'source = "{key.source}"'
    if key.arn:
        yield f'arn = "{key.arn}"'
    yield f"created = {time_text(key.created)}"
    yield f'state = "{key.state}"'
    if key.revocation:
        yield f"revoked = {time_text(key.revocation.time)}"
        yield f"log_size = {key.revocation.log_size}"


def _key(table: Table) -> Key:
    if not table.members.keys() <= _MEMBERS:
        raise table.error("a [[key]] has members that it may not have")
    try:
        key = Key(
            key_id=KeyId.parse(table.text("id")),
            public_key=PublicKey.parse(table.text("public")),
            source=Source(table.text("source")),
            created=table.time("created"),
            state=State(table.text("state")),
            arn=check_arn(table.text("arn")) if "arn" in table.members else "",
            revocation=_revocation(table),
        )
    except (IdentifierError, VerificationError, ValueError) as error:
        raise table.error(str(error)) from error
    if (key.source is Source.AWS_KMS) != bool(key.arn):
        raise table.error(f"{key.key_id} has source {key.source} but not what it needs")
    if (key.state is State.REVOKED) != (key.revocation is not None):
        raise table.error(
            f"{key.key_id} is {key.state}, but a revoked key, and no other, has a log_size"
        )
    return key


def _revocation(table: Table) -> Revocation | None:
    if not {"revoked", "log_size"} & table.members.keys():
        return None
    size = table.members.get("log_size")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise table.error(f"log_size is {size!r}, no number of entries")
    return Revocation(time=table.time("revoked"), log_size=size)
