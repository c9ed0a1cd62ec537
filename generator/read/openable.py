"""Which sealed files of a site group keys open: what an heir has, and what stays closed to him.

DESIGN 6. Every sealed file is tried whose key is at hand, so that a wrong or damaged escrow shows
while somebody can still mend it. Plaintext is thrown away unread. Nothing is written.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from generator.read.sources import Source, needed
from passport.errors import VerificationError
from passport.sealing.group_key import GroupKeyId, Mac
from passport.sealing.sealed import open_sealed
from passport.sealing.sealed_file import parse_sealed
from passport.sealing.sealed_header import content_key
from passport.sealing.tombstone import is_tombstone

_MOST_NAMED = 5


@dataclass(slots=True)
class Openable:
    """How many sealed files each key opens, and how many need a key that is not at hand."""

    opened: Counter[GroupKeyId] = field(default_factory=Counter)
    closed: Counter[GroupKeyId] = field(default_factory=Counter)
    withdrawn: int = 0
    failures: list[str] = field(default_factory=list)
    failed: int = 0


def try_keys(
    source: Source,
    paths: Iterable[str],
    keys: Mapping[GroupKeyId, Mac],
    after_file: Callable[[], None] = lambda: None,
) -> Openable:
    """Try every sealed file; one that doesn't open is counted, the first few are named."""
    found = Openable()
    for path in paths:
        content = needed(source, path)
        if is_tombstone(content):
            found.withdrawn += 1
        else:
            _try(found, path, content, keys)
        after_file()
    return found


def _try(found: Openable, path: str, content: bytes, keys: Mapping[GroupKeyId, Mac]) -> None:
    try:
        file = parse_sealed(content)
        key_id = file.header.key
        if key_id not in keys:
            found.closed[key_id] += 1
            return
        secret = content_key(file.header, keys[key_id])
        open_sealed(file, secret, expected=file.header.sealing)
        found.opened[key_id] += 1
    except VerificationError as error:
        found.failed += 1
        if len(found.failures) < _MOST_NAMED:
            found.failures.append(f"{path}: {error.message}")
