"""Reading members of a JSON object that must be there and of one type.

For formats that are read by hand, each with its own checks, rather than by a schema. Nothing is
converted and nothing is defaulted: a member of another type is an error that names it.
"""

from passport.encoding.canonical import Json, JsonObject
from passport.errors import VerificationError
from passport.quoting import quoted


def text_of(members: JsonObject, name: str) -> str:
    """Return a text that is there and not empty; `VerificationError` otherwise."""
    value = members.get(name)
    if not isinstance(value, str) or not value:
        raise _wrong(members, name, "a text")
    return value


def object_of(members: JsonObject, name: str) -> JsonObject:
    """Return an object that is there; `VerificationError` otherwise."""
    return as_object(members.get(name), name)


def as_object(value: Json, name: str) -> JsonObject:
    """Return a value that is an object; `name` says in the error what it should have been."""
    if not isinstance(value, dict):
        raise VerificationError(f"{quoted(name)} is no object")
    return value


def list_of(members: JsonObject, name: str) -> tuple[Json, ...]:
    """Return the items of a list, none if it is missing; `VerificationError` for another type."""
    value = members.get(name, [])
    if not isinstance(value, list):
        raise _wrong(members, name, "a list")
    return tuple(value)


def texts_of(members: JsonObject, name: str) -> tuple[str, ...]:
    """Return a list of texts, none if it is missing; `VerificationError` for another type."""
    values = list_of(members, name)
    if not all(isinstance(value, str) for value in values):
        raise _wrong(members, name, "a list of texts")
    return tuple(value for value in values if isinstance(value, str))


def only(members: JsonObject, names: frozenset[str]) -> None:
    """Hold an object to known members; `VerificationError` names the first other one."""
    for name in members:
        if name not in names:
            raise VerificationError(
                f"member {quoted(name)} is not known here",
                f"allowed are {', '.join(sorted(names))}",
            )


def _wrong(members: JsonObject, name: str, kind: str) -> VerificationError:
    if name not in members:
        return VerificationError(f"member {quoted(name)} is missing")
    return VerificationError(f"member {quoted(name)} is not {kind}")
