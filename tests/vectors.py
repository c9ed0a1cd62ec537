"""Loads test vectors: what a format accepts and refuses, as data that every twin runs.

`tests/vectors/{format}/{case}.json` is a list of vectors. Each has `name`, `why`, `input` and
`expect`: `{"ok": value}`, or `{"error": class, "says": words}` where the words stand in the message
of the right refusal. A vector with anything else in it is refused: a typo must not weaken a test.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from passport import errors

FOLDER = Path(__file__).parent / "vectors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One case; `ok` holds the expected value unless `error` names the class of the refusal."""

    name: str
    why: str
    input: object
    ok: object = None
    error: str = ""
    says: str = ""


def load_vectors(kind: str, case: str) -> tuple[Vector, ...]:
    """Return the vectors of `tests/vectors/{kind}/{case}.json`; `ValueError` when they're not."""
    return parse_vectors((FOLDER / kind / f"{case}.json").read_text(encoding="utf-8"))


def parse_vectors(text: str) -> tuple[Vector, ...]:
    """Read a list of vectors: at least one, no two of one name, no unknown member."""
    raw = json.loads(text, object_pairs_hook=_members)
    if not isinstance(raw, list) or not raw:
        raise ValueError("no list of vectors")
    vectors = tuple(_vector(item) for item in raw)
    if len({vector.name for vector in vectors}) < len(vectors):
        raise ValueError("two vectors have one name")
    return vectors


@contextmanager
def expected(vector: Vector) -> Iterator[None]:
    """Hold the block to the vector's refusal, if it has one."""
    if not vector.error:
        yield
        return
    with pytest.raises(getattr(errors, vector.error)) as caught:
        yield
    assert type(caught.value).__name__ == vector.error
    assert vector.says in str(caught.value)


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError(f"a member stands twice among {[name for name, _ in pairs]}")
    return members


def _vector(raw: object) -> Vector:
    members = _exactly(raw, {"name", "why", "input", "expect"})
    name, why = _words(members["name"]), _words(members["why"])
    expect = members["expect"]
    if isinstance(expect, dict) and "ok" in expect:
        ok = _exactly(expect, {"ok"})["ok"]
        return Vector(name=name, why=why, input=members["input"], ok=ok)
    refusal = _exactly(expect, {"error", "says"})
    return Vector(
        name=name,
        why=why,
        input=members["input"],
        error=_words(refusal["error"]),
        says=_words(refusal["says"]),
    )


def _exactly(raw: object, names: set[str]) -> dict[str, object]:
    if not isinstance(raw, dict) or set(raw) != names:
        raise ValueError(f"{raw!r} has not exactly the members {sorted(names)}")
    return raw


def _words(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError(f"{raw!r} is no text")
    return raw
