"""What a first visit to a passport weighs, script and everything that it asks for included."""

import pytest
from playwright.sync_api import Browser

from tests.browser.first_visit import visit
from tests.browser.test_pictures import BICYCLE, TELECOM, VEHICLE

PAGE, FIRST_VISIT, SCRIPT = 14_000, 60_000, 12_000


@pytest.mark.parametrize("path", [TELECOM, VEHICLE, f"/de{VEHICLE}", BICYCLE])
def test_a_first_visit_is_light(browser: Browser, sample_origin: str, path: str) -> None:
    found = visit(browser, sample_origin + path)
    kinds = {url.rpartition("/")[2]: size for url, size in found.received.items()}
    assert 0 < found.received[sample_origin + path] <= PAGE
    assert 0 < kinds["verify.js"] <= SCRIPT
    assert found.total <= FIRST_VISIT, found.received
