"""Strict JSON: bytes become a value only if every reader would read the same value from them.

Spec: RFC 8259, narrowed by RFC 7493 (I-JSON): equal names, rounded numbers, lone surrogates and
byte-order marks are errors; white space and the order of members are free. A number is its own
canonical form (RFC 8785): not `75.30`, `1.0`, `-0` or `1E-7`, which would be other bytes once
signed again. `passport.encoding.canonical` is the way back. What the members mean isn't known here.
"""

import json
from typing import NoReturn

from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.errors import JsonError
from passport.quoting import quoted

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest document that is read unless the caller says otherwise."""
DEEPEST = 64
"""Objects and arrays that may lie inside one another."""
LARGEST_INTEGER = 2**53 - 1
"""The last integer that every reader holds exactly (RFC 7493 2.2)."""

_LONGEST_NUMBER = 25
_CONTAINERS = (dict, list)


def parse_json(data: bytes, *, largest: int = LARGEST) -> Json:
    """Read one JSON value; `JsonError` unless all readers agree on what it is."""
    if len(data) > largest:
        raise _error(f"{len(data)} bytes are more than the {largest} allowed")
    if data.startswith(b"\xef\xbb\xbf"):
        raise _error("a byte-order mark stands in front", "leave it out (RFC 8259 8.1)")
    try:
        text = data.decode()
        value: Json = _DECODER.decode(text)
    except UnicodeDecodeError as error:
        raise _error(f"byte {error.start} is not UTF-8", "encode the text in UTF-8") from error
    except json.JSONDecodeError as error:
        raise _error(_syntax(error)) from error
    except RecursionError as error:
        raise _too_deep() from error
    _check_depth(value, 0)
    if b"\\u" in data:  # UTF-8 has no halves of pairs, only escapes have
        _check_texts(value)
    return value


def parse_object(data: bytes, *, largest: int = LARGEST) -> JsonObject:
    """Read one JSON object, as every document of ours is; `JsonError` otherwise."""
    value = parse_json(data, largest=largest)
    if not isinstance(value, dict):
        raise _error("the document is no object", "begin it with {")
    return value


def _check_depth(value: Json, depth: int) -> None:
    """Refuse what only shows once the value is whole: objects and arrays in one another."""
    if not isinstance(value, dict) and not isinstance(value, list):
        return
    if depth == DEEPEST:
        raise _too_deep()
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, _CONTAINERS):
            _check_depth(part, depth + 1)


def _check_texts(value: Json) -> None:
    """Refuse halves of surrogate pairs."""
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        for name, part in value.items():
            _check_text(name)
            _check_texts(part)
    elif isinstance(value, list):
        for part in value:
            _check_texts(part)


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _error(
            f"{quoted(text)} holds half a surrogate pair", "write both halves, or the character"
        ) from error


def _members(pairs: list[tuple[str, Json]]) -> JsonObject:
    members: dict[str, Json] = {}
    for name, value in pairs:
        if name in members:
            raise _error(f"member {quoted(name)} stands twice", "keep one of them")
        members[name] = value
    return members


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER or abs(int(text)) > LARGEST_INTEGER:
        raise _error(
            f"{quoted(text)} is beyond 2^53 - 1, where readers round", "write it as text in quotes"
        )
    if text == "-0":
        raise _error("-0 is read as 0 by some", "write 0")
    return int(text)


def _fraction(text: str) -> float:
    if len(text) > _LONGEST_NUMBER or abs(float(text)) > LARGEST_INTEGER:
        raise _error(f"{quoted(text)} is out of range", "write it as text in quotes")
    number = float(text)
    canonical = canonical_json(number).decode()
    if text != canonical:
        raise _error(
            f"{quoted(text)} is not the shortest form of its number",
            f"write {canonical}, or text in quotes where the digits matter",
        )
    return number


def _constant(text: str) -> NoReturn:
    raise _error(f"{text} is no JSON number", "leave the member out, or say why it is missing")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members,
    parse_int=_integer,
    parse_float=_fraction,
    parse_constant=_constant,
)


def _syntax(error: json.JSONDecodeError) -> str:
    place = f"line {error.lineno}, column {error.colno}"
    if error.msg == "Extra data":
        return f"{place}: something follows the value"
    return f"{place}: {error.msg[:1].lower()}{error.msg[1:]}"


def _too_deep() -> JsonError:
    return _error(f"more than {DEEPEST} objects or arrays lie inside one another")


def _error(message: str, remedy: str = "") -> JsonError:
    return JsonError(message, remedy, check="json")
