"""Members whose texts are codes of a closed set, each problem at the code's own place.

For files whose codes are types in the code rather than lists of the registry. Knows no set itself.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from generator.content.yaml.members import Members, parsed
from generator.content.yaml.near_misses import instead_of
from passport.errors import ValueFormatError
from passport.quoting import quoted

E = TypeVar("E", bound=StrEnum)


def code_of(kind: type[E], noun: str) -> Callable[[str], E]:
    """Return the parser of a set's codes; it raises `ValueFormatError` naming the nearest one."""

    def parse(text: str) -> E:
        try:
            return kind(text)
        except ValueError as error:
            known = [member.value for member in kind]
            raise ValueFormatError(
                f"{quoted(text)} is no {noun}", instead_of(text, known)
            ) from error

    return parse


def read_code(
    members: Members, name: str, kind: type[E], noun: str, *, required: bool = False
) -> E | None:
    """Read a member that is one code."""
    return members.parse(name, code_of(kind, noun), required=required)


def read_codes(
    members: Members, name: str, kind: type[E], noun: str, *, required: bool = False
) -> tuple[E, ...]:
    """Read a member that is a list of codes, or one; an unknown or repeated one is noted."""
    items = members.nodes(name, required=required)
    if required and not items and name in members.mapping.names:
        remedy = f"name every {noun} that is meant"
        members.error(name, "empty-value", "the list is empty", remedy)
    found: list[E] = []
    for item in items:
        code = parsed(code_of(kind, noun), item, members.at(name), members.findings)
        if code is not None and code in found:
            message = f"{code} stands here again"
            members.findings.error(
                item.place, members.at(name), "duplicate-value", message, "keep one of the two"
            )
        elif code is not None:
            found.append(code)
    return tuple(found)
