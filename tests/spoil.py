"""Spoils documents by chance: their bytes, or the values that they hold."""

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

STRANGE: tuple[object, ...] = (
    None, True, False, 0, -1, 1, 2**53 - 1, 1.5, "", "x", "\x00", "\u202e", "é", "did:web:",
    "https://", "https://[", "https://localhost/01/09506000134352", "z", "z6Mk", "#", "did:key:z",
    "0000-00-00T00:00:00Z", "{SCID}", "__proto__", "a" * 2000, [], {}, [[]], [{}], {"id": None},
)  # fmt: skip


def spoilt_bytes(data: bytes, chance: Random) -> bytes:
    """Return bytes that differ: some changed, cut out, doubled, turned round or put in."""
    begin = chance.randrange(len(data))
    end = min(len(data), begin + chance.randrange(1, 40))
    part, other = data[begin:end], bytes(chance.choices(b'"{}[]:,\\ \n0aZ\x00\xc3', k=3))
    changes = (b"", part + part, part[::-1], other, bytes([part[0] ^ 1 << chance.randrange(8)]))
    return data[:begin] + chance.choice(changes) + data[end:]


def spoilt_value(value: Any, chance: Random) -> Any:  # noqa: ANN401 (JSON)
    """Return a copy of a JSON value in which one part is missing, strange, doubled or another's."""
    spoilt = copy.deepcopy(value)
    inside, name = chance.choice([*_places(spoilt)])
    other, at = chance.choice([*_places(spoilt)])
    match chance.randrange(5):
        case 0:
            del inside[name]
        case 1:
            inside[name] = copy.deepcopy(other[at])
        case 2 if isinstance(inside, list):
            inside.append(inside[name])
        case 2:
            inside[f"{name}x"] = inside.pop(name)
        case 3 if isinstance(inside[name], str) and inside[name]:
            text = inside[name]
            cut = chance.randrange(len(text))
            inside[name] = (
                text[:cut] + chance.choice(("", "/", "#", ":", ".", "A")) + text[cut + 1 :]
            )
        case _:
            inside[name] = copy.deepcopy(chance.choice(STRANGE))
    return spoilt


def _places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 (JSON)
    """Yield each part of a value as what it is in and where."""
    if isinstance(value, dict | list):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield value, name
            yield from _places(value[name])
