"""The browser that the other tests of this folder rely on: how it is chosen, and that it works."""

from pathlib import Path
from typing import Literal

import pytest
import segno
from playwright.sync_api import Browser

from tests.browser.chromium import VARIABLE, BrowserMissingError, find_chromium
from tests.decoders import read_qr


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "browser"
    path.touch()
    return path


def nothing(_name: str) -> None:
    return None


def test_the_named_browser_comes_first(program: Path) -> None:
    found = find_chromium({VARIABLE: str(program)}, lambda: program.parent, lambda name: name)
    assert found == program


def test_a_named_browser_that_is_not_there_is_an_error(program: Path) -> None:
    with pytest.raises(BrowserMissingError, match=r"CELLFOLIO_BROWSER names .*/gone, which is no"):
        find_chromium({VARIABLE: str(program.parent / "gone")}, lambda: program, lambda name: name)


def test_playwrights_own_build_comes_before_the_path(program: Path) -> None:
    assert find_chromium({}, lambda: program, lambda name: f"/usr/bin/{name}") == program


def test_the_path_is_searched_in_order(tmp_path: Path) -> None:
    installed = {"google-chrome": "/opt/chrome", "chromium-browser": "/snap/chromium"}
    assert find_chromium({}, lambda: tmp_path / "gone", installed.get) == Path("/snap/chromium")


def test_no_browser_names_every_remedy(tmp_path: Path) -> None:
    with pytest.raises(BrowserMissingError) as caught:
        find_chromium({}, lambda: tmp_path / "gone", nothing)
    for remedy in ("playwright install --with-deps chromium", "apt-get install", VARIABLE):
        assert remedy in str(caught.value)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_code_on_a_phone_screen_is_read_by_both_decoders(
    browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    text = f"https://id.example.com/id/test/{scheme}"
    svg = segno.make_qr(text, error="q", boost_error=False).svg_inline(scale=4, light="#fff")
    page = browser.new_page(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, color_scheme=scheme
    )
    page.set_content(f"<style>:root {{ color-scheme: light dark }}</style><p>{svg}</p>")
    assert read_qr(page.screenshot()) == text
    page.close()
