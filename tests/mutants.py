"""Mutants of the verifier: one small lie in the code each, which some test must notice.

`python -m tests.mutants [MODULE…]` prints the mutants that its tests let live, and `python -m
tests.mutants 7` shows the 7th at work; `make soak` holds the list to what is explained. A mutant
lives in the memory of a process of its own, no file is changed. Comparisons and conditions are
turned round, `and` and `or` swapped or cut, raises and bare calls dropped, constants changed.
Messages are not code here.
"""

import ast
import importlib.abc
import importlib.machinery
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
TARGETS = {
    "passport.encoding.strict_json": ("strict_json",),
    "passport.encoding.canonical": ("strict_json", "proof"),
    "passport.encoding.json_members": ("proof", "did_document", "credential", "did_webvh"),
    "passport.encoding.multibase": ("multibase", "proof"),
    "passport.signing.ed25519": ("ed25519", "proof"),
    "passport.encoding.timestamp": ("timestamp", "proof"),
    "passport.signing.proof": ("proof", "did_document", "credential"),
    "passport.credential": ("credential", "proof"),
    "passport.manifest": ("manifest",),
    "passport.did.document": ("did_document", "proof", "did_web", "did_webvh", "credential"),
    "passport.did.key": ("did_key", "did_webvh"),
    "passport.did.web": ("did_web",),
    "passport.did.webvh": ("did_webvh",),
    "passport.did.webvh_parameters": ("did_webvh",),
    "passport.access.decision": ("access",),
    "passport.access.refusal": ("access",),
    "passport.access.bundle": ("access_bundle",),
    "passport.sealing.hpke": ("hpke",),
    "passport.sealing.sealed": ("sealed",),
    "passport.sealing.sealed_file": ("sealed",),
    "passport.sealing.sealed_header": ("sealed",),
    "passport.sealing.size_class": ("size_class", "sealed"),
    "passport.sealing.tombstone": ("tombstone",),
    "passport.status_bits": ("status_list",),
    "broker.jws": ("jws", "dpop", "tokens"),
    "broker.dpop": ("dpop",),
    "broker.client_assertion": ("tokens",),
    "broker.access_token": ("tokens",),
    "broker.role_credential": ("role_credential",),
    "broker.role_status": ("role_credential",),
    "broker.release": ("release", "limits", "failures"),
    "broker.release_record": ("release", "denials", "limits", "failures"),
    "broker.denials": ("denials",),
    "broker.audit": ("audit", "audit_verify", "failures"),
    "broker.audit_verify": ("audit_verify",),
    "broker.bundle_file": ("release", "bundles"),
    "broker.uses": ("release", "audit"),
}
"""Modules, and the names of their tests: test_*.py below the folder of the module's room."""
LATEST_SECONDS = 60
"""A mutant that runs longer loops, which is noticed too."""
BARE = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""No plugins: they take longer to load than these tests to run."""

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """A module with one lie: its `node`th node is another.

    While it is first in `sys.meta_path`, it is what is imported.
    """

    module: str
    node: int
    lie: ast.AST
    line: int

    def __str__(self) -> str:
        old = list(ast.walk(_tree(self.module)))[self.node]
        told = f"{ast.unparse(old)} -> {ast.unparse(self.lie)}"
        return f"{self.module}:{self.line}: {' '.join(told.split())[:160]}"

    def find_spec(
        self, fullname: str, _path: object = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return spec_from_loader(fullname, self) if fullname == self.module else None

    def exec_module(self, module: ModuleType) -> None:
        tree = _tree(self.module)
        _replace(tree, list(ast.walk(tree))[self.node], self.lie)
        code = compile(ast.fix_missing_locations(tree), self.module, "exec")
        exec(code, module.__dict__)  # noqa: S102

    def is_noticed(self) -> bool:
        """Run the tests of its module on it, in this process."""
        sys.meta_path.insert(0, self)
        return pytest.main(["-x", "-q", "-p", "no:cacheprovider", *_tests(self.module)]) != 0


def mutants() -> tuple[Mutant, ...]:
    """Return every mutant of the verifier."""
    return tuple(mutant for module in TARGETS for mutant in _mutants_of(module))


def survivors(modules: Collection[str]) -> list[str]:
    """Return the mutants of modules that no test notices; an error if tests fail as things are."""
    for module in modules:
        assert _passes("pytest", "-q", "-p", "no:cacheprovider", *_tests(module)), module
    chosen = [(n, mutant) for n, mutant in enumerate(mutants()) if mutant.module in modules]
    with ThreadPoolExecutor(2) as pool:
        alive = pool.map(lambda one: _passes("tests.mutants", str(one[0])), chosen)
        return [str(mutant) for (_, mutant), lives in zip(chosen, alive, strict=True) if lives]


def _tests(module: str) -> list[str]:
    room = ROOT / "tests" / module.partition(".")[0]
    return [str(next(room.rglob(f"test_{name}.py"))) for name in TARGETS[module]]


def _passes(*words: str) -> bool:
    command = [sys.executable, "-m", *words]
    try:
        subprocess.run(
            command, check=True, cwd=ROOT, env=BARE, capture_output=True, timeout=LATEST_SECONDS
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return False
    return True


def _tree(module: str) -> ast.Module:
    return ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))


def _mutants_of(module: str) -> Iterator[Mutant]:
    tree = _tree(module)
    messages = {id(node) for said in _said(tree) for node in ast.walk(said)}
    for number, node in enumerate(ast.walk(tree)):
        for lie in () if id(node) in messages else _lies(node):
            yield Mutant(module=module, node=number, lie=lie, line=getattr(node, "lineno", 0))


def _said(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what is only said: messages, docstrings, how a class is made, what `*` exports."""
    for node in ast.walk(tree):
        match node:
            case ast.Raise(ast.Call()):
                yield node.exc  # type: ignore[misc]
            case ast.ClassDef():
                yield from node.decorator_list
            case ast.Expr(ast.Constant()) | ast.JoinedStr() | ast.Assign([ast.Name("__all__")]):
                yield node


def _lies(node: ast.AST) -> Sequence[ast.AST]:
    match node:
        case ast.Compare(left, [operator], [right]) if type(operator) in _TURNED:
            return [ast.Compare(left, [_TURNED[type(operator)]()], [right])]
        case ast.BoolOp(operator, values):
            other: ast.boolop = ast.Or() if isinstance(operator, ast.And) else ast.And()
            return [ast.BoolOp(other, values), *_cut(operator, values)]
        case ast.UnaryOp(ast.Not(), operand):
            return [operand]
        case ast.Raise() | ast.Expr(ast.Call()):
            return [ast.Pass()]
        case ast.If(test, body, orelse):
            return [ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)]
        case ast.IfExp(test, body, orelse):
            return [ast.IfExp(test, orelse, body)]
        case ast.Constant(bool(value)):
            return [ast.Constant(not value)]
        case ast.Constant(int(value)):
            return [ast.Constant(value + 1)]
        case ast.Constant(str(value)):
            return [ast.Constant(f"{value}x")]
    return []


def _cut(operator: ast.boolop, values: list[ast.expr]) -> Iterator[ast.expr]:
    for index in range(len(values)):
        rest = [*values[:index], *values[index + 1 :]]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and old in value:
                value[value.index(old)] = new


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1].isdigit():
        sys.exit(mutants()[int(sys.argv[1])].is_noticed())
    sys.stdout.write("".join(f"{one}\n" for one in survivors(sys.argv[1:] or tuple(TARGETS))))
