"""The browser of these tests. Without one they fail and say how to get one; they never skip."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import QUIET_ARGUMENTS, BrowserMissingError, find_chromium
from tests.browser.served_site import serving
from tests.built_sample import built_sample

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that `-m "not browser"` leaves them all out."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


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


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site."""
    return built_sample(tmp_path_factory)


@pytest.fixture(scope="session")
def sample_origin(sample: Path) -> Iterator[str]:
    """Where the sample site is served."""
    with serving(sample) as url:
        yield url
