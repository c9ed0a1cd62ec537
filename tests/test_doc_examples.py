"""Pages on content: commands do on the sample what a page shows."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli import CommandLine

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"(?:^    .*\n)+", re.MULTILINE)
SHOWN = [
    (page, block)
    for page in ("content", "telecom-ups")
    for block in BLOCK.findall((ROOT / f"docs/{page}.md").read_text("utf-8"))
    if block.startswith("    cellfolio ")
]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def test_the_pages_show_commands() -> None:
    assert {page for page, _ in SHOWN} == {"content", "telecom-ups"}


@pytest.mark.parametrize(("page", "block"), SHOWN)
def test_a_command_does_what_its_page_shows(run: CommandLine, page: str, block: str) -> None:
    """A line below a command is one of its output; with … at its end, how such a line begins."""
    printed: list[str] = []
    for line in block.splitlines():
        text = line[4:]
        if text.startswith("cellfolio "):
            done = run("--project", ROOT, *shlex.split(text)[1:])
            assert (done.code, done.err) == (0, ""), f"docs/{page}.md: {text}"
            printed = done.out.splitlines()
        elif text.endswith("…"):
            assert any(each.startswith(text[:-1]) for each in printed), text
        else:
            assert text in printed
