"""Where the content keys of sealed files come from, as far as opening them cares.

A broker releases them, or they follow from group keys that somebody holds (DESIGN 6). Either way
each header gets its key, or an error that says why there is none and what to do: one that is
refused doesn't keep the others from being opened.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from passport.access.decision import Grant
from passport.errors import HostError, PassportError
from passport.sealing.group_key import GroupKeyId, Mac
from passport.sealing.sealed_header import SealedHeader, content_key


@dataclass(frozen=True, slots=True)
class ContentKey:
    """The key of one sealed file, and what a broker granted with it."""

    secret: bytes = field(repr=False)
    grant: Grant | None = None


KeyOrError: TypeAlias = ContentKey | PassportError


class ContentKeys(Protocol):
    """Gives content keys of sealed files of one site."""

    def keys_of(self, headers: Sequence[SealedHeader]) -> tuple[KeyOrError, ...]:
        """Return, for each header, its key or why it isn't to be had; at best raises nothing."""


@dataclass(frozen=True, slots=True)
class HeldGroupKeys:
    """Group keys that somebody holds: those of an escrow file, or a project's own.

    `find` returns the key of a name, or raises an error of ours that says what to do.
    """

    find: Callable[[GroupKeyId], Mac]

    def keys_of(self, headers: Sequence[SealedHeader]) -> tuple[KeyOrError, ...]:
        """Derive the key of each header whose group key is held."""
        return tuple(self._keys(headers))

    def _keys(self, headers: Sequence[SealedHeader]) -> Iterator[KeyOrError]:
        for header in headers:
            try:
                yield ContentKey(content_key(header, self.find(header.key)))
            except PassportError as error:
                yield error


def among(keys: Mapping[GroupKeyId, Mac]) -> Callable[[GroupKeyId], Mac]:
    """Return a function that finds group keys among these and nowhere else."""

    def find(key_id: GroupKeyId) -> Mac:
        if key_id not in keys:
            held = ", ".join(sorted(map(str, keys))) or "none"
            raise HostError(
                f"the file is sealed with {key_id}, and the keys given are {held}",
                "ask whoever gave you the keys for that one",
            )
        return keys[key_id]

    return find
