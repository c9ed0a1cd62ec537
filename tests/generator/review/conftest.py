"""What tests of commands get: `run("check", ...)` as in a shell."""

import pytest

from tests.cli import CommandLine


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Return a function that runs `cellfolio` with the given words."""
    return CommandLine(monkeypatch, capsys)
