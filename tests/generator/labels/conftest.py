"""What tests of labels get: the command, and a sample that may be printed."""

import pytest

from tests.cli import CommandLine
from tests.released_sample import ReleasedSample, release_sample


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Return a function that runs `cellfolio` with the given words."""
    return CommandLine(monkeypatch, capsys)


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> ReleasedSample:
    """Return the sample with keys and an address of its own, built."""
    return release_sample(tmp_path_factory.mktemp("released") / "project")
