"""Modules of `browser/` joined into one file, which a page loads by one address and one digest.

The code stays in modules that tests import one by one. A script is their text, each behind those
that it imports, without comments, needless space and what nobody mentions; one that stands beside
another, which its page loads first, takes from that what both need. What can't be joined so is
refused. It knows neither themes nor pages.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from passport.errors import ConfigError

Read = Callable[[str], bytes]
"""Returns a module by its file name, b"" where there is none."""

_TOKEN = re.compile(
    r"(?P<gap>(?:\s|//[^\n]*|/\*(?s:.*?)\*/)+)"
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
    # A regular expression: in our modules a space or = follows the sign of a division.
    r"|/(?![\s=])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/"
    r"|[\w$#]+|."
)
_NEEDS_SPACE = re.compile(r"[\w$#/][\w$#]|\+\+|--")
_NESTED_TEXT = re.compile(r"`$|`.*\$\{[^}]*`$", re.DOTALL)
_IMPORT = re.compile(r'import\{([^}]*)\}from"\./([a-z0-9_]+\.js)";')
_NAME = re.compile(r"(?:async )?(?:function|class|const|let) ([A-Za-z_$][\w$]*)")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")


@dataclass(frozen=True, slots=True)
class _Statement:
    """One at the top of a module, the name that it declares, "" for none, and all its words."""

    module: str
    name: str
    text: str
    words: frozenset[str] = field(default=frozenset(), compare=False)


def joined_script(name: str, read: Read, *takers: str) -> bytes:
    """Return a module with all that it imports; the same modules give the same bytes.

    It exports what `takers` take that stand beside it. Raises `ConfigError` for modules that can't
    be joined.
    """
    statements = _statements(name, read)
    given = {each for taker in takers for each in _taken(taker, statements, read)[0]}
    return _text(statements, f"export{{{','.join(sorted(given))}}};" if given else "")


def script_beside(name: str, other: str, address: str, read: Read) -> bytes:
    """Return a module with what it imports and the script at `address`, of `other`, lacks."""
    taken, own = _taken(name, _statements(other, read), read)
    return _text([_Statement("", "", f'import{{{",".join(taken)}}}from"{address}";'), *own])


def _taken(name: str, given: list[_Statement], read: Read) -> tuple[list[str], list[_Statement]]:
    """Return the names that a module takes from statements, and the statements of its own."""
    needed, there = _statements(name, read), set(given)
    own = [each for each in needed if each not in there]
    words = {word for each in own for word in each.words}
    return sorted(each.name for each in needed if each in there and each.name in words), own


def _text(statements: list[_Statement], end: str = "") -> bytes:
    return "".join(
        f"{text}\n" for text in (*(each.text for each in statements), end) if text
    ).encode()


def _statements(name: str, read: Read) -> list[_Statement]:
    """Return what a module and those that it imports state, but for what nobody mentions."""
    found = list(_all_statements(name, read, []))
    owners = dict[str, str]()
    for each in found:
        if each.name and owners.setdefault(each.name, each.module) != each.module:
            raise _error(each.module, f"{each.name} is a name in {owners[each.name]} too")
    return _mentioned(found)


def _all_statements(name: str, read: Read, seen: list[str]) -> Iterator[_Statement]:
    seen.append(name)
    if not (text := read(name).decode()):
        raise _error(name, "there is no such module")
    for part in _parts(name, text):
        if isinstance(part, _Statement):
            yield part
        elif part not in seen:
            yield from _all_statements(part, read, seen)


@cache
def _parts(module: str, text: str) -> tuple[_Statement | str, ...]:
    """Return the statements of a module, and the names of those that it imports, in order."""
    return tuple(_part(module, statement) for statement in _bare(module, text))


def _part(module: str, statement: str) -> _Statement | str:
    if match := _IMPORT.fullmatch(statement):
        if " as " in match[1]:
            raise _error(module, "it imports something under another name")
        return match[2]
    own = statement.removeprefix("export ")
    declared = _NAME.match(own)
    if own.startswith(("import", "export")) or (own != statement and not declared):
        raise _error(module, "it imports or exports in a form that is not joined")
    name = declared[1] if declared else ""
    return _Statement(module, name, own, frozenset(_WORD.findall(own)))


def _bare(module: str, text: str) -> Iterator[str]:
    """Yield each statement at the top of a module, without what only readers of it need."""
    statement, depth, gap = "", 0, ""
    for match in _TOKEN.finditer(text):
        part = match[0]
        if match["gap"]:
            gap = part
            if "\n" in gap and not depth and statement.endswith((";", "}")):
                yield statement
                statement = ""
            continue
        if _NESTED_TEXT.match(part):
            raise _error(module, "a text lies within a text")
        between = " " if gap and _NEEDS_SPACE.match(statement[-1:] + part[0]) else ""
        statement += between + part
        depth += (part in "([{") - (part in ")]}")
        gap = ""
    if statement:
        yield statement


def _mentioned(statements: list[_Statement]) -> list[_Statement]:
    """Leave out functions and constants that no other statement names, until all are named."""
    naming = Counter(word for each in statements for word in each.words)
    kept = [
        each
        for each in statements
        if not each.name or naming[each.name] > (each.name in each.words)
    ]
    return kept if len(kept) == len(statements) else _mentioned(kept)


def _error(module: str, why: str) -> ConfigError:
    return ConfigError(f"browser/{module} can't be joined, {why}", "change the module")
