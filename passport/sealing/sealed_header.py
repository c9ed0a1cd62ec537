"""The header of a sealed file: what anyone may know of it, and what its content key follows from.

DESIGN 6. A header names the passport, the group, the version, the key and a salt, and has one
byte form. A content key is an HMAC of that form: who changes a header gets another key, and who
doesn't know the salt can't ask for a key at all. Ciphertexts are `passport.sealing.sealed_file`'s
matter.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.canonical import JsonObject
from passport.encoding.strict_json import LARGEST_INTEGER
from passport.errors import IdentifierError, VerificationError
from passport.gs1 import Giai, Gtin
from passport.identifiers import DppId
from passport.product_key import BatteryKey, OwnIdentifier
from passport.quoting import quoted
from passport.registry import Group, Level
from passport.sealing.group_key import RESTRICTED_GROUPS, SEALED_LEVEL, GroupKeyId, Mac

PAYLOAD = "payload"
"""The resource that holds a group's data points."""
SALT_LENGTH = 16
FORMAT_VERSION = 1

_MEMBERS = frozenset({"group", "key", "level", "passport", "resource", "salt", "v", "version"})
_DOCUMENT = re.compile("doc/[1-9][0-9]{0,5}")
_CONTENT_KEY = b"cellfolio/content-key/v1\0"


class SealedCheck(StrEnum):
    """What must hold before anything of a sealed file is released, in this order."""

    DIGEST = "digest"
    """The bytes have the digest that the passport names."""
    FORM = "form"
    """They are one sealed file in its one spelling."""
    HEADER = "header"
    """It is what was asked for."""
    COMMITMENT = "commitment"
    """The content key is the one that it was sealed with."""
    CIPHERTEXT = "ciphertext"
    """Nothing was changed since."""
    PADDING = "padding"
    """Length, size class and zeros fit each other."""
    CONTENT = "content"
    """A payload is a canonical JSON object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """What is to be sealed, or is expected in a file: a header without its key and salt.

    `resource` is `payload` or a document's `doc/N`, which models alone have. `version` is the
    passport version with which a payload last changed, and 0 for a document. Raises
    `IdentifierError` where these don't fit each other.
    """

    passport: DppId
    level: Level
    group: Group
    version: int
    resource: str

    def __post_init__(self) -> None:
        _check_level(self.passport, self.level, self.group)
        _check_resource(self.resource, self.level, self.version)

    @property
    def is_document(self) -> bool:
        """Whether it is a document rather than a group's data points."""
        return self.resource != PAYLOAD


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedHeader:
    """The header of a sealed file; `salt` is 16 bytes. Raises `IdentifierError`, as `Sealing`."""

    passport: DppId
    level: Level
    group: Group
    version: int
    resource: str
    key: GroupKeyId
    salt: bytes
    _canonical: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_level(self.passport, self.level, self.group)
        _check_resource(self.resource, self.level, self.version)
        if self.key.group is not self.group:
            raise IdentifierError(f"key {self.key} is not of group {self.group}")
        if len(self.salt) != SALT_LENGTH:
            raise IdentifierError(f"the salt has {len(self.salt)} bytes, not {SALT_LENGTH}")
        salt = f'"salt":"{base64url(self.salt)}",'
        object.__setattr__(self, "_canonical", _canonical(self, self.key, salt))

    @classmethod
    def of(cls, sealing: Sealing, key: GroupKeyId, salt: bytes) -> Self:
        """Return the header of what is sealed."""
        return cls(
            passport=sealing.passport,
            level=sealing.level,
            group=sealing.group,
            version=sealing.version,
            resource=sealing.resource,
            key=key,
            salt=salt,
        )

    @classmethod
    def parse(cls, members: JsonObject) -> Self:
        """Read a header; `VerificationError` for anything that `to_json()` would not return."""
        if members.keys() != _MEMBERS:
            raise form_error(
                "its members are not those of a header", f"they are {', '.join(sorted(_MEMBERS))}"
            )
        if _integer(members, "v") != FORMAT_VERSION:
            raise form_error(f"'v' is not {FORMAT_VERSION}", "a newer Cellfolio may read it")
        try:
            return cls(
                passport=DppId.parse(_text(members, "passport")),
                level=Level(_one_of(members, "level", tuple(Level))),
                group=Group(_one_of(members, "group", RESTRICTED_GROUPS)),
                version=_integer(members, "version"),
                resource=_text(members, "resource"),
                key=GroupKeyId.parse(_text(members, "key")),
                salt=bytes_of(members, "salt"),
            )
        except IdentifierError as error:
            raise form_error(error.message, error.remedy) from error

    @property
    def is_document(self) -> bool:
        """Whether it is that of a document rather than of a group's data points."""
        return self.resource != PAYLOAD

    @property
    def sealing(self) -> Sealing:
        """What is sealed, without key and salt."""
        return Sealing(
            passport=self.passport,
            level=self.level,
            group=self.group,
            version=self.version,
            resource=self.resource,
        )

    def to_json(self) -> JsonObject:
        """Return the header as JSON."""
        return {
            "v": FORMAT_VERSION,
            "passport": str(self.passport),
            "level": self.level,
            "group": self.group,
            "version": self.version,
            "resource": self.resource,
            "key": str(self.key),
            "salt": base64url(self.salt),
        }

    def canonical(self) -> bytes:
        """Return the one byte form: canonical JSON."""
        return self._canonical


def unsalted(sealing: Sealing, key: GroupKeyId) -> bytes:
    """Return the canonical JSON of a header that has no salt yet."""
    return _canonical(sealing, key, "")


def content_key(header: SealedHeader, mac: Mac) -> bytes:
    """Return the key of one sealed file, 32 bytes; `mac` is that of the group key it names."""
    return mac.mac(_CONTENT_KEY + header.canonical())


def document_resource(number: int) -> str:
    """Return the resource of a model's document; `IdentifierError` beyond 1 to 999999."""
    resource = f"doc/{number}"
    if not _DOCUMENT.fullmatch(resource):
        raise IdentifierError(f"{number} is no number of a document", "count from 1 to 999999")
    return resource


def sealed_path(dpp_id: DppId, group: Group, version: int) -> str:
    """Return where a payload lies, from `/` on."""
    return f"/dpp/{dpp_id}/sealed/{group}/{version}.json"


def sealed_document_path(dpp_id: DppId, salt: bytes) -> str:
    """Return where a document lies, from `/` on: its name tells nothing but its salt."""
    return f"/dpp/{dpp_id}/sealed/doc/{salt.hex()}"


def form_error(message: str, remedy: str = "") -> VerificationError:
    """Return the error for what is no sealed file."""
    return VerificationError(message, remedy, check=SealedCheck.FORM)


def bytes_of(members: JsonObject, name: str) -> bytes:
    """Return a member that is bytes in base64url; `VerificationError` (check `form`) otherwise."""
    try:
        return from_base64url(_text(members, name))
    except VerificationError as error:
        raise form_error(error.message, error.remedy) from error


def _canonical(sealing: Sealing | SealedHeader, key: GroupKeyId, salt: str) -> bytes:
    # Not by `canonical_json`, which takes many times as long: no member needs escaping, and they
    # stand here in the order of RFC 8785.
    return (
        f'{{"group":"{sealing.group}","key":"{key}","level":"{sealing.level}",'
        f'"passport":"{sealing.passport}","resource":"{sealing.resource}",{salt}'
        f'"v":{FORMAT_VERSION},"version":{sealing.version}}}'
    ).encode("ascii")


def _check_level(passport: DppId, level: Level, group: Group) -> None:
    if group not in RESTRICTED_GROUPS:
        raise IdentifierError(f"group {group} is not sealed", "anyone may read it")
    if level is not SEALED_LEVEL[group]:
        raise IdentifierError(f"group {group} has no level {level}", f"write {SEALED_LEVEL[group]}")
    if level not in _levels_of(passport):
        raise IdentifierError(f"passport {passport} is not of a {level}")


def _levels_of(passport: DppId) -> tuple[Level, ...]:
    match passport.key:
        case Gtin():
            return (Level.MODEL,)
        case BatteryKey() | Giai():
            return (Level.BATTERY,)
        case OwnIdentifier():
            return tuple(Level)


def _check_resource(resource: str, level: Level, version: int) -> None:
    if resource == PAYLOAD:
        if not 1 <= version <= LARGEST_INTEGER:
            raise IdentifierError(f"version {version} of a payload is none", "count from 1")
    elif not _DOCUMENT.fullmatch(resource):
        raise IdentifierError(f"resource {quoted(resource)} is neither payload nor doc/N")
    elif level is not Level.MODEL:
        raise IdentifierError("a battery has no documents", "its records are in its payload")
    elif version:
        raise IdentifierError(f"version {version} of a document is none", "write 0")


def _text(members: JsonObject, name: str) -> str:
    value = members[name]
    if not isinstance(value, str):
        raise form_error(f"member {quoted(name)} is no text")
    return value


def _integer(members: JsonObject, name: str) -> int:
    value = members[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise form_error(f"member {quoted(name)} is no whole number")
    return value


def _one_of(members: JsonObject, name: str, known: tuple[str, ...]) -> str:
    value = _text(members, name)
    if value not in known:
        raise form_error(f"{name} {quoted(value)} is not known", f"use one of {', '.join(known)}")
    return value
