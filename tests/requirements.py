"""Which test holds which requirement, and the table of both at the end of docs/content.md.

The lines stand in requirements.toml, the marks in the tests: `@pytest.mark.requirement("R1.2")`.
They are read from syntax trees, so that the table is whole whatever a run selects. Called as
`python -m tests.requirements`, it prints the page with its table made anew.
"""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "content.md"
HEADING = "\n## What is required, and the tests that hold it\n"
MARK = "pytest.mark.requirement"


@dataclass(frozen=True, slots=True, order=True)
class MarkedTest:
    """A test that names a requirement."""

    requirement: str
    file: str
    name: str

    @property
    def words(self) -> str:
        """The test's name as a person reads it."""
        return self.name.removeprefix("test_").replace("_", " ")


def sections() -> dict[str, dict[str, str]]:
    """Return the lines by section: `title`, and a text for each number."""
    return tomllib.loads((Path(__file__).parent / "requirements.toml").read_text("utf-8"))


def requirements() -> dict[str, str]:
    """Return the text of each requirement by its id, as `R1.2`."""
    return {
        f"{section}.{number}": text
        for section, lines in sections().items()
        for number, text in lines.items()
        if number != "title"
    }


def marked_tests() -> list[MarkedTest]:
    """Return every mark of every test, by requirement."""
    return sorted(
        MarkedTest(requirement, path.relative_to(ROOT).as_posix(), name)
        for path in (ROOT / "tests").rglob("test_*.py")
        if "node_modules" not in path.parts
        for name, requirement in _marks(ast.parse(path.read_text("utf-8")))
    )


def page() -> str:
    """Return docs/content.md with its table as it should be."""
    written, _, _ = PAGE.read_text("utf-8").partition(HEADING)
    return written + HEADING + "".join(_tables())


def _marks(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == MARK:
                yield from ((node.name, str(ast.literal_eval(each))) for each in mark.args)


def _tables() -> Iterator[str]:
    yield "\nMade by `make docs` from `tests/requirements.toml` and the tests that name them.\n"
    found = marked_tests()
    for section, lines in sections().items():
        yield f"\n### {lines['title']}\n\n| | what | held by |\n|---|---|---|\n"
        for number, text in lines.items():
            if number != "title":
                key = f"{section}.{number}"
                told = "<br>".join(map(_link, (each for each in found if each.requirement == key)))
                yield f"| {key} | {text} | {told} |\n"


def _link(test: MarkedTest) -> str:
    return f"[{test.words}](../{test.file})"


if __name__ == "__main__":
    click.echo(page(), nl=False)
