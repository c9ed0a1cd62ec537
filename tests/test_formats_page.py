"""docs/formats.md: its examples are the program's, and it tells of every check by its name."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from passport.context import context_path
from passport.credential import PassportCheck
from passport.keys import Purpose
from passport.proof import Check
from passport.schema import schema_path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/formats.md").read_text("utf-8")


def test_the_examples_are_what_the_program_makes() -> None:
    printed = subprocess.run(
        [sys.executable, "docs/print_formats.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout == PAGE, "run `make docs`"


@pytest.mark.parametrize(
    ("heading", "checks"), [("The passport", PassportCheck), ("The proof", Check)]
)
def test_every_check_is_told_in_its_order(
    heading: str, checks: "type[PassportCheck | Check]"
) -> None:
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = section.partition("| check | what must hold |\n| --- | --- |\n")[2]
    assert re.findall(r"^\| `([a-z]+)` \|", table.partition("\n\n")[0], re.MULTILINE) == [*checks]


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_of_a_key_is_told(purpose: Purpose) -> None:
    assert f"| `{purpose}-1`" in PAGE


@pytest.mark.parametrize("path", [context_path(), schema_path()])
def test_versions_are_those_of_today(path: str) -> None:
    assert f"`{path}`" in PAGE
