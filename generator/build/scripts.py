"""Modules of `browser/` joined into one file, which a page loads by one address and one digest.

A page has one script (its policy, its weight), while the code stays in modules that tests import
one by one. Joining is plain text: a module's imports stand in front of it, once; `import` and
`export` go, and so do comments, indentation and what nobody mentions. What can't be joined so is
refused: a name that two modules use at their top, an import under another name, a text that goes
on over lines. It knows neither themes nor pages.
"""

import re
from collections.abc import Callable, Iterator

from passport.errors import ConfigError

Read = Callable[[str], bytes]
"""Returns a module by its file name, b"" where there is none."""

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z0-9_]+\.js)";\n', re.MULTILINE)
_COMMENTS = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_TRAILING = re.compile(r"(?<=[;,{]) // [^\n\"'`]*$", re.MULTILINE)
_INDENTED = re.compile(r"\n\s*")
_ENDS_OF_LISTS = re.compile(r"(?<=[(\[])\n|,\n(?=[)\]])")
_NAMES = re.compile(
    r"^(?:export )?(?:async )?(?:function|class|const|let) ([A-Za-z_$][\w$]*)", re.MULTILINE
)
_STATEMENT = re.compile(r"^[^\s)}\]][^\n]*\n(?:(?:[ \t)}\]][^\n]*)?\n)*", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_LEFT_OVER = re.compile(r"^(?:import\b|export (?:default|\{|\*))", re.MULTILINE)


def joined_script(name: str, read: Read) -> bytes:
    """Return a module with all that it imports; the same modules give the same bytes.

    Raises `ConfigError` for modules that can't be joined. b"" where there is no such module.
    """
    if not read(name):
        return b""
    parts, owners = [], dict[str, str]()
    for module, text in _modules(name, read, []):
        for top in _NAMES.findall(text):
            if owners.setdefault(top, module) != module:
                raise _error(module, f"{top} is a name in {owners[top]} too")
        parts += _STATEMENT.findall(_code(module, text))
    statements = _mentioned(parts)
    return "".join(_on_few_lines(text) for text in statements).encode()


def _modules(name: str, read: Read, seen: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each module behind those that it imports."""
    seen.append(name)
    text = read(name).decode()
    if not text:
        raise _error(name, "there is no such module")
    for names, imported in _IMPORT.findall(text):
        if " as " in names:
            raise _error(name, "it imports something under another name")
        if imported not in seen:
            yield from _modules(imported, read, seen)
    yield name, text


def _code(module: str, text: str) -> str:
    """Return a module's code without what only readers of its source need."""
    code = _TRAILING.sub("", _COMMENTS.sub("", _IMPORT.sub("", text)))
    if _LEFT_OVER.search(code):
        raise _error(module, "it imports or exports in a form that is not joined")
    # Indentation within a text that goes on over lines would be part of it.
    if any(line.count("`") % 2 for line in code.splitlines()):
        raise _error(module, "a text goes on over lines")
    return re.sub(r"^export ", "", code, flags=re.MULTILINE)


def _on_few_lines(statement: str) -> str:
    """Return a statement without indentation, each of its lists in one line."""
    bare = _INDENTED.sub("\n", statement).strip()
    return _ENDS_OF_LISTS.sub("", bare).replace(",\n", ", ") + "\n"


def _mentioned(statements: list[str]) -> list[str]:
    """Leave out functions and constants that no other statement names, until all are named."""
    words = [frozenset(_WORD.findall(statement)) for statement in statements]
    kept = [
        statement
        for number, statement in enumerate(statements)
        if not (match := _NAMES.match(statement))
        or any(match[1] in other for at, other in enumerate(words) if at != number)
    ]
    return kept if len(kept) == len(statements) else _mentioned(kept)


def _error(module: str, why: str) -> ConfigError:
    return ConfigError(f"browser/{module} can't be joined, {why}", "change the module")
