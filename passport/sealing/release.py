"""A release: what a client asks a broker for, and what the broker answers.

Spec: DESIGN 7. A request names 1 to 100 sealed files by their headers, one purpose, one operation
and a fresh X25519 key; the answer says of each whether its content key is released, and holds the
released keys in their order, sealed with HPKE to that key. What HPKE is told of the two
(`release_info`) binds them: an answer opens only for the request it was given to. Who may have
what, and how HPKE works, are other modules' matter.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from passport.access.decision import Grant
from passport.access.rule import Operation, Purpose, Reuse
from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.encoding.json_members import as_object, list_of, object_of, only, text_of, texts_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time, time_text
from passport.errors import VerificationError, failing
from passport.quoting import quoted
from passport.sealing.group_key import KEY_LENGTH
from passport.sealing.hpke import KEM_ID, RecipientKey
from passport.sealing.sealed_header import SealedHeader

MOST_HEADERS = 100
"""Headers in one request."""
LARGEST_REQUEST = 64 * 1024
"""Bytes of the largest body of a request."""
LARGEST_ANSWER = 64 * 1024
"""Bytes of the largest answer: a hundred grants, and a hundred keys in base64url."""
RECIPIENT = "recipient"
"""The check that a request fails whose key HPKE can't or mustn't seal to."""

_VERSION = 1
_INFO = b"cellfolio/release/v1\0"
_REQUEST = frozenset({"v", "purpose", "operation", "recipient", "headers"})
_RECIPIENT = frozenset({"kem", "key"})
_ANSWER = frozenset({"v", "id", "bundle", "items", "sealed"})
_GRANT = frozenset({"operations", "reuse", "expires"})
_PURPOSES = frozenset(Purpose)
_OPERATIONS = frozenset(Operation)
_REUSES = frozenset(Reuse)
_ID = re.compile("[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRequest:
    """The body of `POST /release`."""

    purpose: Purpose
    operation: Operation
    recipient: RecipientKey
    """Made for this request; whoever holds its secret reads the answer."""
    headers: tuple[SealedHeader, ...]

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read a body; `VerificationError` for anything that no client of ours would send."""
        with failing("request"):
            members = parse_object(body, largest=LARGEST_REQUEST)
            only(members, _REQUEST)
            _check_version(members)
            return cls(
                purpose=Purpose(_one_of(members, "purpose", _PURPOSES)),
                operation=Operation(_one_of(members, "operation", _OPERATIONS)),
                recipient=_recipient(object_of(members, "recipient")),
                headers=_headers(list_of(members, "headers")),
            )

    def to_bytes(self) -> bytes:
        """Return the body."""
        members: JsonObject = {
            "v": _VERSION,
            "purpose": self.purpose,
            "operation": self.operation,
            "recipient": {"kem": KEM_ID, "key": base64url(self.recipient.raw)},
            "headers": [header.to_json() for header in self.headers],
        }
        return canonical_json(members)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAnswer:
    """The body of the answer."""

    id: str
    """The name under which the broker's audit log has the release: of base64url's characters."""
    bundle: int
    """`seq` of the policy bundle that decided."""
    grants: tuple[Grant | None, ...]
    """In the order of the request's headers; None for a refused one."""
    sealed: bytes
    """The released content keys, one after the other, sealed with HPKE."""

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read an answer; `VerificationError` if no broker of ours wrote it."""
        with failing("answer"):
            members = parse_object(content, largest=LARGEST_ANSWER)
            only(members, _ANSWER)
            _check_version(members)
            return cls(
                id=_name(members),
                bundle=_number(members, "bundle"),
                grants=tuple(_item(as_object(item, "items")) for item in list_of(members, "items")),
                sealed=from_base64url(text_of(members, "sealed")),
            )

    def to_bytes(self) -> bytes:
        """Return the body."""
        return self._canonical(f'"sealed":"{base64url(self.sealed)}",')

    @property
    def digest(self) -> bytes:
        """SHA-256 of everything but the sealed keys."""
        return sha256(self._canonical("")).digest()

    def keys_of(self, opened: bytes) -> tuple[bytes | None, ...]:
        """Give each header its content key, None where it was refused; `VerificationError`."""
        released = sum(grant is not None for grant in self.grants)
        if len(opened) != released * KEY_LENGTH:
            raise VerificationError(
                f"{len(opened)} bytes are not the {released} keys that the answer tells of",
                "ask again; if it stays so, the broker is not one of ours",
                check="answer",
            )
        keys = (opened[at : at + KEY_LENGTH] for at in range(0, len(opened), KEY_LENGTH))
        return tuple(None if grant is None else next(keys) for grant in self.grants)

    def _canonical(self, sealed: str) -> bytes:
        # Not by `canonical_json`, which takes many times as long, and a broker does this for every
        # answer: no member needs escaping, and they stand here in the order of RFC 8785.
        texts = {grant: _item_text(grant) for grant in set(self.grants)}
        items = ",".join(texts[grant] for grant in self.grants)
        return (
            f'{{"bundle":{self.bundle},"id":"{self.id}","items":[{items}],{sealed}"v":{_VERSION}}}'
        ).encode()


def release_info(body: bytes, answer: ReleaseAnswer) -> bytes:
    """Return HPKE's `info`: this request, as its bytes were, and this answer."""
    return _INFO + sha256(body).digest() + answer.digest


def _check_version(members: JsonObject) -> None:
    if members.get("v") is not _VERSION:
        raise VerificationError(f"{quoted(str(members.get('v')))} is no version known here")


def _one_of(members: JsonObject, name: str, known: frozenset[str]) -> str:
    value = text_of(members, name)
    if value not in known:
        raise VerificationError(
            f"{quoted(value)} is no {name}", f"known are {', '.join(sorted(known))}"
        )
    return value


def _recipient(members: JsonObject) -> RecipientKey:
    with failing(RECIPIENT):
        only(members, _RECIPIENT)
        if text_of(members, "kem") != KEM_ID:
            raise VerificationError(
                f"{quoted(text_of(members, 'kem'))} is no kind of key known here",
                f"send an X25519 key, {KEM_ID}",
            )
        return RecipientKey(from_base64url(text_of(members, "key")))


def _headers(items: tuple[Json, ...]) -> tuple[SealedHeader, ...]:
    if not 0 < len(items) <= MOST_HEADERS:
        raise VerificationError(
            f"there are {len(items)} headers", f"ask for 1 to {MOST_HEADERS} at a time"
        )
    headers = tuple(SealedHeader.parse(as_object(item, "headers")) for item in items)
    if len(set(headers)) < len(headers):
        raise VerificationError("a header stands there twice", "ask once for each file")
    return headers


def _name(members: JsonObject) -> str:
    name = text_of(members, "id")
    if not _ID.fullmatch(name):
        raise VerificationError(f"{quoted(name)} is no name of a release")
    return name


def _number(members: JsonObject, name: str) -> int:
    value = members.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise VerificationError(f"member {quoted(name)} is no whole number")
    return value


def _item(members: JsonObject) -> Grant | None:
    only(members, frozenset({"status", "grant"}))
    if members.get("status") == "refused" and "grant" not in members:
        return None
    if members.get("status") != "released":
        raise VerificationError("an item is neither released nor refused")
    grant = object_of(members, "grant")
    only(grant, _GRANT)
    return Grant(
        tuple(
            Operation(_one_of({"operation": each}, "operation", _OPERATIONS))
            for each in texts_of(grant, "operations")
        ),
        Reuse(_one_of(grant, "reuse", _REUSES)),
        parse_time(text_of(grant, "expires")),
    )


def _item_text(grant: Grant | None) -> str:
    if grant is None:
        return '{"status":"refused"}'
    operations = ",".join(f'"{operation}"' for operation in grant.operations)
    return (
        f'{{"grant":{{"expires":"{time_text(grant.expires)}","operations":[{operations}],'
        f'"reuse":"{grant.reuse}"}},"status":"released"}}'
    )
