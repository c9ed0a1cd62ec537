"""The browser of these tests. Without one they fail and say how to get one; they never skip."""

import os
from pathlib import Path

import pytest

from tests.browser.chromium import QUIET_ARGUMENTS, BrowserMissingError, find_chromium

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, so that `-m "not browser"` leaves them out; run them last.

    Playwright's event loop runs in the main thread until the session ends; a test that came after
    and needs a loop of its own (other people's verifiers do) would fail.
    """
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.is_relative_to(HERE))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Launch the Chromium found on this machine, quiet: it asks nothing of the network itself."""
    try:
        program = str(find_chromium(os.environ))
    except BrowserMissingError as error:
        missing = str(error)
    else:
        arguments = list(QUIET_ARGUMENTS)
        return {**browser_type_launch_args, "executable_path": program, "args": arguments}
    # Outside the handler, so that the remedies are told once and without a chain.
    pytest.fail(missing, pytrace=False)
