"""What every test gets: the same cases of property tests in every run of a commit, and its turn."""

import signal

import pytest
from hypothesis import settings

from tests.cli import CommandLine

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

# A job in the background ignores Ctrl-C and hands that on; servers that tests interrupt must not.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Return a function that runs `cellfolio` with the given words."""
    return CommandLine(monkeypatch, capsys)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser's tests last.

    Playwright's event loop runs in the main thread until the session ends; a test that came after
    and needs a loop of its own (other people's verifiers do) would fail. This hook is the last,
    because pytest's own sorts by fixtures.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
