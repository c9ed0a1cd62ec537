"""The journal: printed and read in one form, and refused in any other."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from generator.publish.journal import Move, journal_lines, read_moves
from passport.errors import PublishError

MOVES = tuple(
    Move(number=number, digest=sha256(path.encode()).hexdigest(), path=path)
    for number, path in enumerate(("index.html", "01/1/21/A B.html", "id/x/é.html"), start=1)
)
LINES = tuple(journal_lines(MOVES))


def test_what_is_printed_is_read() -> None:
    assert tuple(read_moves(LINES)) == MOVES


def test_the_format_is_readable() -> None:
    assert LINES[0] == b"cellfolio publish journal 1\n"
    assert LINES[2].decode() == f"{MOVES[1].digest}  01/1/21/A B.html\n"
    assert LINES[-1].startswith(b"end 3 ")


Lines = list[bytes]
DAMAGES: dict[str, Callable[[Lines], Lines]] = {
    "empty": lambda _: [],
    "another-version": lambda lines: [b"cellfolio publish journal 2\n", *lines[1:]],
    "no-end": lambda lines: lines[:-1],
    "half-an-end": lambda lines: [*lines[:-1], lines[-1][:-5]],
    "a-move-missing": lambda lines: [lines[0], *lines[2:]],
    "moves-swapped": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
    "more-after-the-end": lambda lines: [*lines, lines[1]],
    "another-path": lambda lines: with_first_path(lines, b"INDEX.html"),
    "a-path-above": lambda lines: with_first_path(lines, b"../index.html"),
    "an-absolute-path": lambda lines: with_first_path(lines, b"/index.html"),
    "half-a-digest": lambda lines: [lines[0], lines[1][:40] + b"\n", *lines[2:]],
    "not-utf-8": lambda lines: with_first_path(lines, b"\xff.html"),
}


def with_first_path(lines: Lines, path: bytes) -> Lines:
    return [lines[0], lines[1].replace(b"index.html", path), *lines[2:]]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_refused(damage: Callable[[Lines], Lines]) -> None:
    with pytest.raises(PublishError, match="publishing journal"):
        tuple(read_moves(damage(list(LINES))))
