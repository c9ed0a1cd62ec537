"""Small objects in which a target says of itself what is being put there; they move by CAS.

`.cellfolio/deploy.json` is a deploy's (`lease`), `.cellfolio/mirror.json` a mirror's
(`mirror_state`). This module reads and swaps them; it doesn't know what they say.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Protocol, TypeVar

from generator.store.objects import Condition, ObjectStore
from passport.encoding.canonical import JsonObject
from passport.encoding.strict_json import parse_object
from passport.errors import PublishError, VerificationError

WAIT = "wait until it has ended, then run the same command again"
_HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store"}


class OwnState(Protocol):
    """What such an object says."""

    def to_bytes(self) -> bytes:
        """Print it."""


State = TypeVar("State", bound=OwnState)


def read_own(
    objects: ObjectStore, key: str, parse: Callable[[JsonObject], State]
) -> tuple[State, str] | None:
    """Return a state and its object's tag, None where nothing lies.

    `PublishError` for one that is damaged, or moves all the time.
    """
    for _ in range(3):  # tag and bytes are asked for apart; a swap in between shows by the digest
        stored, content = objects.head(key), objects.get(key)
        if stored is None or content is None:
            return None
        if stored.digest in ("", sha256(content).hexdigest()):
            return _parsed(key, content, parse), stored.tag
    raise PublishError(f"{key} is written to by others", WAIT)


def swap_own(
    objects: ObjectStore,
    key: str,
    state: State,
    on: Condition,
    parse: Callable[[JsonObject], State],
) -> str:
    """Write a state if `on` holds and return its tag, "" if somebody else wrote."""
    content = state.to_bytes()
    tag = objects.put(key, content, sha256(content).hexdigest(), _HEADERS, on)
    if tag:
        return tag
    # A store may have done what its lost answer did not tell.
    found = read_own(objects, key, parse)
    return found[1] if found is not None and found[0] == state else ""


def _parsed(key: str, content: bytes, parse: Callable[[JsonObject], State]) -> State:
    try:
        return parse(parse_object(content))
    except VerificationError as error:
        raise PublishError(
            f"{key} is damaged, {error.message}",
            "delete it and run the same command again: it looks at every file then",
        ) from error
