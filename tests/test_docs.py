"""The documentation says what the program says, and names nothing that isn't there."""

import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from generator.cli.main import COMMANDS
from generator.content.check import check
from passport.identifiers import product_path
from passport.model import battery_key
from tests.architecture import FLOORS

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
LINK = re.compile(r"(?:\]\(|src=\")(?!https?://|#)([^)#\"]+)")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.mark.parametrize("name", ["cli", "datapoints"])
def test_a_printed_page_is_what_the_program_says(name: str) -> None:
    command = [sys.executable, f"docs/print_{name}.py"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    written = (ROOT / f"docs/{name}.md").read_text("utf-8")
    assert written == printed.stdout, "run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_told_of(name: str) -> None:
    assert f"\n## cellfolio {name}\n" in (ROOT / "docs/cli.md").read_text("utf-8")


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_between_files_leads_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text("utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_that_a_page_names_is_there(document: Path) -> None:
    # Lines of a shell and code within a sentence; "cellfolio" alone is the project.
    named = re.findall(
        r"(?:^\s{4}|`)cellfolio ([a-z][a-z-]*)", document.read_text("utf-8"), re.MULTILINE
    )
    assert set(named) <= set(COMMANDS)


def test_every_file_that_the_walks_name_is_there() -> None:
    named = re.findall(r"`((?:[a-z]+/)+[\w.-]*)`", ARCHITECTURE)
    steps = re.findall(
        r"^[0-9]+\. (?:\*\*.+\*\* )?`[^`]+\.(?:py|js)`: ", ARCHITECTURE, re.MULTILINE
    )
    assert len(steps) == len(re.findall(r"^[0-9]+\. ", ARCHITECTURE, re.MULTILINE)) > 0
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_floor_has_its_row() -> None:
    assert set(re.findall(r"^\| `generator/([a-z]+)/` \|", ARCHITECTURE, re.MULTILINE)) == set(
        FLOORS
    )


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "docs/dependencies.md").read_text("utf-8").casefold()
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    for requirement in (*PROJECT["dependencies"], *extras):
        name = re.split(r"[\[>=<]", requirement)[0].casefold()
        assert f"`{name}`" in text, name


def test_the_changelog_tells_of_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## \[{re.escape(PROJECT['version'])}\]", text, re.MULTILINE)


@pytest.mark.parametrize("name", ["docs/demo.py", "docs/architecture.md", "docs/unlock.md"])
def test_every_battery_that_is_pointed_to_is_in_the_sample(name: str) -> None:
    content = check(ROOT, date(2026, 12, 1)).content
    models = {model.slug: model for model in content.models}
    keys = (battery_key(models[battery.model], battery) for battery in content.batteries)
    paths = {product_path(key) for key in keys}
    named = re.findall(r"/01/[0-9]{14}/21/[0-9A-Z-]+", (ROOT / name).read_text("utf-8"))
    assert named
    assert set(named) <= paths
