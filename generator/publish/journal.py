"""The publishing journal: which staged file becomes which file of the site.

Format, one line each, UTF-8:

    cellfolio publish journal 1
    {sha256, hex}  {path under the site folder}          line n is about the staged file n, from 1
    end {number of moves} {sha256 of all lines above}

A journal is durable before the first move, so whoever finds one can finish it and nothing else.
This module knows the format, in both directions. It doesn't know folders.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from passport.errors import PublishError

_HEADER = b"cellfolio publish journal 1\n"
_MOVE = re.compile(rb"([0-9a-f]{64})  ([^\x00-\x1f\x7f]+)\n")
_REMEDY = "restore the site and the folder beside it from a backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One staged file and its place in the site."""

    number: int  # the staged file's name, from 1
    digest: str  # sha256 of its bytes, hex
    path: str  # under the site folder, POSIX


def journal_lines(moves: Iterable[Move]) -> Iterator[bytes]:
    """Print a journal line by line, as the moves come."""
    seal = sha256(_HEADER)
    yield _HEADER
    count = 0
    for move in moves:
        line = f"{move.digest}  {move.path}\n".encode()
        seal.update(line)
        count += 1
        yield line
    yield f"end {count} {seal.hexdigest()}\n".encode()


def read_moves(lines: Iterable[bytes]) -> Iterator[Move]:
    """Read a journal as it comes; `PublishError` for damage, which may show only at its end."""
    rest = iter(lines)
    if next(rest, b"") != _HEADER:
        raise PublishError("the publishing journal is of another version or damaged", _REMEDY)
    seal = sha256(_HEADER)
    for number, line in enumerate(rest, start=1):
        if line.startswith(b"end "):
            _check_end(line, number - 1, seal.hexdigest(), rest)
            return
        seal.update(line)
        yield _read_move(line, number)
    raise PublishError("the publishing journal has no end", _REMEDY)


def _read_move(line: bytes, number: int) -> Move:
    match = _MOVE.fullmatch(line)
    path = match[2].decode(errors="replace") if match else ""
    if not match or any(part in {"", ".", ".."} for part in path.split("/")):
        raise PublishError(f"the publishing journal is damaged at move {number}", _REMEDY)
    return Move(number=number, digest=match[1].decode(), path=path)


def _check_end(line: bytes, count: int, seal: str, rest: Iterator[bytes]) -> None:
    if line != f"end {count} {seal}\n".encode() or next(rest, None) is not None:
        raise PublishError("the publishing journal is damaged at its end", _REMEDY)
