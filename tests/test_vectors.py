"""The vector loader is strict, so that a vector can't pass by being misspelt."""

import json
from pathlib import Path

import pytest

from passport.errors import IdentifierError
from tests.vector_files import FILES, committed, made
from tests.vectors import FOLDER, Vector, expected, load_vectors, parse_vectors

GOOD = {"name": "a", "why": "because", "input": 1, "expect": {"ok": 2}}
REFUSAL = {"error": "IdentifierError", "says": "words"}


@pytest.mark.parametrize(
    "broken",
    [
        [],
        {},
        [GOOD, GOOD],
        [GOOD | {"note": "x"}],
        [GOOD | {"why": " "}],
        [GOOD | {"expect": "ok"}],
        [GOOD | {"expect": {"ok": 1, "error": "IdentifierError"}}],
        [GOOD | {"expect": {"error": "IdentifierError"}}],
        [GOOD | {"expect": REFUSAL | {"hint": "x"}}],
        [{name: GOOD[name] for name in ("name", "why", "expect")}],
    ],
)
def test_refuses_what_is_no_vector(broken: object) -> None:
    with pytest.raises(ValueError, match=r"member|vector|text"):
        parse_vectors(json.dumps(broken))


def test_refuses_a_member_that_stands_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        parse_vectors('[{"name": "a", "name": "b", "why": "c", "input": 1, "expect": {"ok": 1}}]')


REFUSED = Vector(name="a", why="b", input=1, error="IdentifierError", says="dots")


def test_the_refusal_for_the_right_reason_passes() -> None:
    with expected(REFUSED):
        raise IdentifierError("too many dots", "leave one out")


def test_a_refusal_for_another_reason_fails() -> None:
    with pytest.raises(AssertionError), expected(REFUSED):
        raise IdentifierError("too many dashes", "leave one out")


def test_a_refusal_that_does_not_happen_fails() -> None:
    with pytest.raises(pytest.fail.Exception), expected(REFUSED):
        pass


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_what_its_maker_writes(name: str) -> None:
    assert committed(name) == made(name)


PUBLISHED = {"w3c"}
"""Files of examples that others published; they hold what those accept."""


@pytest.mark.parametrize(
    "path",
    sorted(path for path in FOLDER.glob("*/*.json") if path.stem not in PUBLISHED),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_each_file_refuses_more_than_it_accepts(path: Path) -> None:
    vectors = load_vectors(path.parent.name, path.stem)
    assert sum(bool(vector.error) for vector in vectors) > len(vectors) / 2
