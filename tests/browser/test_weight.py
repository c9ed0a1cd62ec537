"""What a first visit to a passport weighs, script and everything that it asks for included."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from generator.cli.build import build
from tests.browser.first_visit import visit
from tests.browser.served_site import serving
from tests.browser.test_pictures import BICYCLE, ROOT, TELECOM, VEHICLE

PAGE, FIRST_VISIT, SCRIPT = 14_000, 60_000, 12_000


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample site, served as a host does that compresses."""
    site = tmp_path_factory.mktemp("weight") / "site"
    build(ROOT, site)
    with serving(site) as url:
        yield url


@pytest.mark.parametrize("path", [TELECOM, VEHICLE, f"/de{VEHICLE}", BICYCLE])
def test_a_first_visit_is_light(browser: Browser, origin: str, path: str) -> None:
    found = visit(browser, origin + path)
    kinds = {url.rpartition("/")[2]: size for url, size in found.received.items()}
    assert 0 < found.received[origin + path] <= PAGE
    assert 0 < kinds["verify.js"] <= SCRIPT
    assert found.total <= FIRST_VISIT, found.received
