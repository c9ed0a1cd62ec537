"""What differs between two states, by name: where a thing stands in a file is no difference.

What a difference means, and who answers for it, isn't known here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import TypeVar

from passport.problems import Place

T = TypeVar("T")


def differing(
    before: Mapping[str, T], after: Mapping[str, T]
) -> Iterator[tuple[str, T | None, T | None]]:
    """Yield what came, went or says something else, sorted by name; None for what isn't there."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if without_places(old) != without_places(new):
            yield name, old, new


def happened(old: object, new: object) -> str:
    """Say what became of one of them."""
    return "added" if old is None else "removed" if new is None else "changed"


def members_changed(old: object, new: object) -> list[str]:
    """The members that differ, as people read them; none where a side is missing."""
    if not is_dataclass(old) or not is_dataclass(new):
        return []
    sides = ({each.name: getattr(side, each.name) for each in fields(side)} for side in (old, new))
    return [name for name, _, _ in differing(*sides)]


def without_places(value: object) -> object:
    """A record as plain values."""
    match value:
        case Place():
            return None
        case tuple():
            return tuple(map(without_places, value))
        case _ if is_dataclass(value):
            return tuple(without_places(getattr(value, each.name)) for each in fields(value))
    return value
