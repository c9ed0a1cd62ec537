"""What an escrow file holds once `age` has opened it: names and keys of one group.

DESIGN 6. Canonical JSON, `{"keys":[{"id":"xiii-2/2027a/<check>","key":"<base64url>"}]}`, so that
whoever inherits it needs no software of ours. Each key must fit its name. Who may have such a file,
and how it is encrypted, isn't known here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.canonical import canonical_json
from passport.encoding.json_members import as_object, list_of, only, text_of
from passport.encoding.strict_json import parse_object
from passport.errors import VerificationError, failing
from passport.sealing.group_key import KEY_LENGTH, GroupKey, GroupKeyId, SecretMac


@dataclass(frozen=True, slots=True)
class EscrowedKey:
    """A group key that leaves its machine; `VerificationError` unless the secret fits the name."""

    key_id: GroupKeyId
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_LENGTH or self.key.key_id != self.key_id:
            raise VerificationError(
                f"the key given for {self.key_id} is another one", "ask for the right file"
            )

    @property
    def key(self) -> GroupKey:
        """The key as it opens sealed files."""
        return GroupKey.of(self.key_id.group, self.key_id.epoch, SecretMac(self.secret))


def escrow_json(keys: Iterable[EscrowedKey]) -> bytes:
    """Return the file's plaintext; `VerificationError` for no keys, or those of two groups."""
    listed = _one_group(tuple(sorted(keys, key=lambda each: each.key_id)))
    return canonical_json(
        {"keys": [{"id": str(each.key_id), "key": base64url(each.secret)} for each in listed]}
    )


def parse_escrow(content: bytes) -> tuple[EscrowedKey, ...]:
    """Read the plaintext of an escrow file; `VerificationError` never shows any of it."""
    members = parse_object(content)
    only(members, frozenset({"keys"}))
    found = []
    for raw in list_of(members, "keys"):
        entry = as_object(raw, "keys")
        only(entry, frozenset({"id", "key"}))
        with failing():
            key_id = GroupKeyId.parse(text_of(entry, "id"))
        found.append(EscrowedKey(key_id, _secret(text_of(entry, "key"), key_id)))
    return _one_group(tuple(found))


def _one_group(keys: tuple[EscrowedKey, ...]) -> tuple[EscrowedKey, ...]:
    groups = {each.key_id.group for each in keys}
    if len(groups) != 1 or len({each.key_id for each in keys}) < len(keys):
        raise VerificationError(
            f"an escrow of {len(keys)} keys is of {len(groups)} groups",
            "one file holds the keys of one group, each once",
        )
    return keys


def _secret(text: str, key_id: GroupKeyId) -> bytes:
    try:
        return from_base64url(text)
    except VerificationError:
        # The error of the codec quotes what it could not read.
        raise VerificationError(
            f"what is given for {key_id} is no key", "it is base64url"
        ) from None
