"""The architecture as rules over syntax trees: who may import whom, and what the core may touch.

Rooms are the top-level packages, floors the folders inside generator; both point down only. A rule
takes parsed modules and yields violations. It imports nothing of ours and reads no file, so that
planted source text can test it.
"""

import ast
import graphlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

ROOMS: Mapping[str, frozenset[str]] = {
    "passport": frozenset({"passport"}),
    "generator": frozenset({"generator", "passport"}),
    "broker": frozenset({"broker", "passport"}),
}
"""What each top-level package may import of ours."""

OURS = frozenset(ROOMS) | {"tests", "benchmarks"}

FLOORS: Mapping[str, int] = {
    "aws": 0,
    "store": 1,
    "keys": 2,
    "content": 3,
    "read": 3,
    "build": 4,
    "publish": 5,
    "review": 6,
    "labels": 6,
    "cli": 7,
}
"""The floors inside generator: an import stays in its own folder or points to a lower floor."""

PURE_LIBRARIES = frozenset({"cryptography", "nacl", "rfc8785"})
PURE_STANDARD = frozenset(
    """
    __future__ abc base64 binascii bisect calendar collections contextlib copy dataclasses datetime
    decimal difflib enum fractions functools graphlib gzip hashlib heapq hmac html ipaddress
    itertools json math numbers operator re string struct textwrap types typing unicodedata
    urllib.parse zlib
    """.split()  # noqa: SIM905 (a list of forty names reads better as text)
)
"""What passport may import of the standard library: nothing that knows a file, host or clock."""

READS_PACKAGE_DATA = "passport.registry"
PACKAGE_DATA_READERS = frozenset({"importlib.resources", "tomllib"})

IMPURE_BUILTINS = frozenset(
    {"__import__", "breakpoint", "compile", "eval", "exec", "input", "open", "print"}
)
IMPURE_NAMES = re.compile(
    r"datetime\.datetime\.(now|today|utcnow)|datetime\.date\.today"  # the clock
    r"|nacl\.utils(\..*)?|nacl\..*\.generate"  # randomness
)

DISTRIBUTION_OF = {
    "PIL": "pillow",
    "nacl": "pynacl",
    "ruamel": "ruamel-yaml",
    "yaml": "pyyaml",
    "zxingcpp": "zxing-cpp",
}
"""Imported name to distribution, where they differ."""


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One broken rule: the module, the line, the rule's name and what is wrong."""

    module: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        """Return `module:line: rule: message`."""
        return f"{self.module}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True, slots=True, order=True)
class Import:
    """One imported name, dotted in full: `from a.b import c` imports `a.b.c`."""

    name: str
    line: int
    alias: str
    in_function: bool

    @property
    def root(self) -> str:
        """Return the top-level package."""
        return self.name.partition(".")[0]

    def within(self, names: frozenset[str]) -> bool:
        """Tell whether the name is one of these or lies inside one."""
        parts = self.name.split(".")
        return any(".".join(parts[:n]) in names for n in range(1, len(parts) + 1))


@dataclass(frozen=True)
class Module:
    """One source file, parsed."""

    name: str
    source: str
    is_package: bool = False

    @property
    def room(self) -> str:
        """Return the top-level package."""
        return self.name.partition(".")[0]

    @property
    def folder(self) -> str:
        """Return the folder inside the room, "" for the room itself."""
        return folder_of(self.name)

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree."""
        return ast.parse(self.source)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Return every import, those for type checkers and inside functions included."""
        return tuple(self._imports(self.tree, in_function=False))

    def _imports(self, node: ast.AST, *, in_function: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for name in child.names:
                    alias = name.asname or name.name.partition(".")[0]
                    yield Import(name.name, child.lineno, alias, in_function)
            elif isinstance(child, ast.ImportFrom):
                base = self._base(child)
                for name in child.names:
                    alias = name.asname or name.name
                    yield Import(f"{base}.{name.name}", child.lineno, alias, in_function)
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            yield from self._imports(child, in_function=in_function or is_function)

    def _base(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        kept = parts[: len(parts) - node.level + self.is_package]
        return ".".join([*kept, node.module] if node.module else kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The distributions that pyproject.toml declares, by normalised name."""

    always: frozenset[str]
    extras: frozenset[str]


def folder_of(name: str) -> str:
    """Return the second part of a dotted name: `content` of `generator.content.check`."""
    return name.split(".")[1] if "." in name else ""


def resolve(name: str, known: frozenset[str]) -> str:
    """Return the module that a dotted name belongs to: the longest known prefix, else the root."""
    while name not in known and "." in name:
        name = name.rpartition(".")[0]
    return name


def rooms(modules: Iterable[Module]) -> Iterator[Violation]:
    """Passport imports nothing of ours; generator and broker never meet; nothing imports tests."""
    for module in modules:
        for found in module.imports:
            if found.root in OURS - ROOMS[module.room]:
                yield Violation(
                    module.name, found.line, "room", f"{module.room} may not import {found.name}"
                )


def floors(modules: Iterable[Module]) -> Iterator[Violation]:
    """Inside generator an import stays in its folder or points down."""
    for module in modules:
        if module.room != "generator":
            continue
        if module.folder and module.folder not in FLOORS:
            message = f"{module.folder} has no floor; give it one in FLOORS"
            yield Violation(module.name, 1, "floor", message)
            continue
        for found in module.imports:
            if found.root == "generator" and not _points_down(module.folder, found.name):
                message = f"{module.folder or 'generator'} may not import {found.name}"
                yield Violation(module.name, found.line, "floor", message)


def _points_down(folder: str, name: str) -> bool:
    target = folder_of(name)
    if name.count(".") < 2 and target not in FLOORS:
        return True  # a name that generator/__init__.py itself defines
    return target == folder or FLOORS.get(target, len(FLOORS)) < FLOORS.get(folder, -1)


def cycles(modules: Iterable[Module]) -> Iterator[Violation]:
    """No module imports itself by way of others, type-only imports included."""
    found = {module.name: module for module in modules}
    graph = {
        name: {resolve(i.name, frozenset(found)) for i in module.imports} & found.keys()
        for name, module in found.items()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        circle = error.args[1]
        yield Violation(circle[0], 1, "cycle", " <- ".join(circle))


def hidden_imports(modules: Iterable[Module]) -> Iterator[Violation]:
    """Own packages are imported at the top; only the command line loads modules by name."""
    for module in modules:
        for found in module.imports:
            if found.in_function and found.root in OURS:
                message = f"{found.name} is imported inside a function"
                yield Violation(module.name, found.line, "hidden-import", message)
            by_name = found.name in {"importlib", "importlib.import_module"}
            if by_name and module.folder != "cli":
                message = "only generator.cli may load modules by name"
                yield Violation(module.name, found.line, "hidden-import", message)


def purity(modules: Iterable[Module]) -> Iterator[Violation]:
    """Passport knows no file, network, clock or randomness; the registry reads package data."""
    for module in modules:
        if module.room != "passport":
            continue
        allowed = PURE_STANDARD | PURE_LIBRARIES
        if module.name == READS_PACKAGE_DATA:
            allowed |= PACKAGE_DATA_READERS
        for found in module.imports:
            if found.root in OURS:
                continue
            if not found.within(allowed) or IMPURE_NAMES.fullmatch(found.name):
                message = f"passport may not import {found.name}"
                yield Violation(module.name, found.line, "pure", message)
        yield from _impure_uses(module)


def _impure_uses(module: Module) -> Iterator[Violation]:
    bound = {found.alias: _bound_name(found) for found in module.imports}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and node.id in IMPURE_BUILTINS - bound.keys():
            yield Violation(module.name, node.lineno, "pure", f"passport may not use {node.id}")
        if isinstance(node, ast.Attribute):
            name = _dotted(node, bound)
            if IMPURE_NAMES.fullmatch(name):
                yield Violation(module.name, node.lineno, "pure", f"passport may not use {name}")


def _bound_name(found: Import) -> str:
    # `import a.b` binds `a`, any other import binds the whole name.
    return found.root if found.alias == found.root else found.name


def _dotted(node: ast.expr, bound: Mapping[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, bound)}.{node.attr}"
    return bound.get(node.id, node.id) if isinstance(node, ast.Name) else "?"


def dependencies(modules: Iterable[Module], declared: Declared) -> Iterator[Violation]:
    """A library is declared; in generator one module owns an extra's library."""
    owners: dict[str, str] = {}
    for module in modules:
        for found in module.imports:
            if found.root in OURS or found.root in sys.stdlib_module_names:
                continue
            library = DISTRIBUTION_OF.get(found.root, found.root.lower().replace("_", "-"))
            if library in declared.always:
                continue
            owner = owners.setdefault(library, module.name)
            if library not in declared.extras:
                message = f"{library} is not declared in pyproject.toml"
                yield Violation(module.name, found.line, "undeclared", message)
            elif module.room == "generator" and owner != module.name:
                message = f"{library} is an extra that {owner} owns"
                yield Violation(module.name, found.line, "extra", message)


def docstrings(modules: Iterable[Module]) -> Iterator[Violation]:
    """Every module, and every public function and class in it, says what it is for."""
    for module in modules:
        if not ast.get_docstring(module.tree):
            yield Violation(module.name, 1, "docstring", "the module has none")
        for node in module.tree.body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if not node.name.startswith("_") and not ast.get_docstring(node):
                yield Violation(module.name, node.lineno, "docstring", f"{node.name} has none")


def violations(modules: Iterable[Module], declared: Declared) -> tuple[Violation, ...]:
    """Return what breaks any rule, sorted by place."""
    modules = tuple(modules)
    rules = (rooms, floors, cycles, hidden_imports, purity, docstrings)
    found = {violation for rule in rules for violation in rule(modules)}
    return tuple(sorted(found | set(dependencies(modules, declared))))
