"""The code keeps its rooms and floors, and the rules would notice if it did not."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture import FLOORS, ROOMS, Declared, Module, Violation, violations

ROOT = Path(__file__).parent.parent


def read_modules() -> list[Module]:
    return [
        Module(module_name(path), path.read_text("utf-8"), path.name == "__init__.py")
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    ]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read_declared() -> Declared:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    return Declared(
        always=names(project["dependencies"]),
        extras=names(line for extra, lines in extras.items() if extra != "test" for line in lines),
    )


def names(requirements: Iterable[str]) -> frozenset[str]:
    return frozenset(canonicalize_name(Requirement(line).name) for line in requirements)


def test_the_code_keeps_every_rule() -> None:
    modules = read_modules()
    assert {module.room for module in modules} == set(ROOMS)
    found = violations(modules, read_declared())
    assert not found, "\n" + "\n".join(map(str, found))


def test_the_walk_reaches_every_folder_of_generator() -> None:
    seen = {module.folder for module in read_modules() if module.room == "generator"}
    code = {path.parent.name for path in (ROOT / "generator").glob("*/*.py")}
    assert seen - {""} == code
    assert code <= FLOORS.keys()


DECLARED = Declared(
    always=frozenset({"click", "pyyaml", "pynacl", "rfc8785"}), extras=frozenset({"openpyxl"})
)


def module(name: str, source: str) -> Module:
    return Module(name, f'"""A planted module."""\n{source}\n')


CLEAN = (
    Module("passport", '"""The core."""', is_package=True),
    Module("generator", '"""The generator."""', is_package=True),
    Module("generator.content", '"""Content."""', is_package=True),
    module("passport.values", "import hashlib\nfrom urllib.parse import quote\nimport rfc8785"),
    module("passport.registry", "import tomllib\nfrom importlib.resources import files"),
    module("passport.log", "from datetime import datetime\ndatetime.fromisoformat('2026-11-22')"),
    module("passport.sealing", "class Sealed:\n    '''A.'''\n    def open(self): self.open()"),
    module("generator.store.folder", "import os, time, random\nfrom passport import values"),
    module("generator.content.tables", "import yaml\nimport openpyxl\nfrom generator import X"),
    module("generator.build.plan", "from generator.content import tables\nopen('x')"),
    module("generator.cli.main", "import importlib, click\nfrom generator.build import plan"),
    module("broker.app", "from passport.values import Quantity"),
)


def test_clean_code_breaks_no_rule() -> None:
    assert violations(CLEAN, DECLARED) == ()


@pytest.mark.parametrize(
    ("name", "source", "rule", "line"),
    [
        ("passport.bad", "from generator.content import tables", "room", 2),
        ("generator.build.bad", "import broker.app", "room", 2),
        ("broker.bad", "from generator import content", "room", 2),
        ("broker.bad", "\nif True:\n    from tests import decoders", "room", 4),
        ("generator.content.bad", "from generator.build import plan", "floor", 2),
        ("generator.content.bad", "import generator.read.open", "floor", 2),
        ("generator.store.bad", "from ..content.tables import rows", "floor", 2),
        ("generator.review.bad", "from generator.labels import sheet", "floor", 2),
        ("generator.publish.bad", "from generator.cli.main import main", "floor", 2),
        ("generator.helpers", "", "floor", 1),
        ("generator.content.bad", "from generator.nowhere import x", "floor", 2),
        ("passport.bad", "def f():\n    '''F.'''\n    import passport.x", "hidden-import", 4),
        ("generator.build.bad", "from importlib import import_module", "hidden-import", 2),
        ("passport.bad", "import os", "pure", 2),
        ("passport.bad", "import os.path as p", "pure", 2),
        ("passport.bad", "from urllib import request", "pure", 2),
        ("passport.bad", "from pathlib import Path", "pure", 2),
        ("passport.bad", "import secrets", "pure", 2),
        ("passport.bad", "import yaml", "pure", 2),
        ("passport.bad", "import tomllib", "pure", 2),
        ("passport.bad", "from importlib.resources import files", "pure", 2),
        ("passport.bad", "def f():\n    '''F.'''\n    from time import time", "pure", 4),
        ("passport.bad", "\nopen('x')", "pure", 3),
        ("passport.bad", "read = open", "pure", 2),
        ("passport.bad", "import datetime\ndatetime.datetime.now()", "pure", 3),
        ("passport.bad", "from datetime import datetime as d\nnow = d.utcnow", "pure", 3),
        ("passport.bad", "from datetime import UTC, date\ndate.today()", "pure", 3),
        ("passport.bad", "from nacl.utils import random", "pure", 2),
        ("passport.bad", "from nacl.signing import SigningKey\nSigningKey.generate()", "pure", 3),
        ("passport.bad", "import nacl.signing\nnacl.signing.SigningKey.generate()", "pure", 3),
        ("generator.build.bad", "import requests", "undeclared", 2),
        ("generator.content.zzz", "import openpyxl", "extra", 2),
        ("passport.bad", "def f(): pass", "docstring", 2),
        ("passport.bad", "class A:\n    x = 1", "docstring", 2),
    ],
)
def test_a_planted_violation_is_found(name: str, source: str, rule: str, line: int) -> None:
    found = violations((*CLEAN, module(name, source)), DECLARED)
    assert [(v.module, v.rule, v.line) for v in found] == [(name, rule, line)]


def test_a_module_without_a_docstring_is_found() -> None:
    found = violations((Module("passport.bad", "X = 1"),), DECLARED)
    assert found == (Violation("passport.bad", 1, "docstring", "the module has none"),)


@pytest.mark.parametrize(
    "import_back",
    [
        "from passport.one import A",
        "from passport import one",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from passport.one import A",
    ],
)
def test_a_planted_cycle_is_found(import_back: str) -> None:
    planted = (module("passport.one", "import passport.two"), module("passport.two", import_back))
    assert [v.rule for v in violations((*CLEAN, *planted), DECLARED)] == ["cycle"]
