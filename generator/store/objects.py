"""Objects: what a deploy needs of a store, be it a bucket or a folder.

An object is bytes under a key, with the headers that it is served with. A write may be conditional
on what lies there (RFC 9110 13.1): nothing, or the very object that was seen. Keys are relative to
the site; this module knows neither URLs nor formats.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256
from typing import Protocol

from passport.errors import HostError

PROBE_KEY = ".cellfolio/probe"
DIGEST = "sha256"
"""Under this name the SHA-256 of an object's bytes is kept with it, in hex."""
_NO_ETAG = '"00000000000000000000000000000000"'

Headers = Mapping[str, str]


class Expected(Enum):
    """What a write expects under its key, unless that is the tag of a known object."""

    NOTHING = auto()
    ANYTHING = auto()


Condition = Expected | str
"""What must lie under a key for a write to happen: a `str` is an object's tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An object that is there: its tag, its SHA-256 in hex, and its headers.

    `digest` is "" where whoever wrote it said none, `headers` None where the store keeps none.
    """

    tag: str
    digest: str
    headers: Headers | None


class ObjectStore(Protocol):
    """A store of objects; raises `HostError` when it can't be reached or refuses."""

    def get(self, key: str) -> bytes | None:
        """Return an object's bytes, None when there is none."""

    def head(self, key: str) -> Stored | None:
        """Return what is known of an object without its bytes."""

    def put(self, key: str, content: bytes, digest: str, headers: Headers, on: Condition) -> str:
        """Write an object and return its tag, "" if something else lay there than expected."""

    def delete(self, key: str) -> None:
        """Delete an object; nothing happens where there is none."""

    def every_key(self, prefix: str = "") -> Iterator[str]:
        """Yield every key, or those below a prefix that ends with a slash."""


def keeps_conditions(store: ObjectStore) -> bool:
    """Try whether a store makes conditional writes when their condition holds, and only then.

    Some answer that all is well and write all the same; some refuse them all, or name tags that
    aren't the object's. The probe is deleted. `HostError` for a store that takes nothing at all.
    """
    content = secrets.token_bytes(16)
    digest, key = sha256(content).hexdigest(), f"{PROBE_KEY}-{secrets.token_hex(8)}"

    def put(on: Condition) -> str:
        return store.put(key, content, digest, {}, on)

    try:
        tag = put(Expected.NOTHING)
        return bool(tag and put(tag)) and not put(Expected.NOTHING) and not put(_NO_ETAG)
    except HostError:
        put(Expected.ANYTHING)
        return False
    finally:
        store.delete(key)
