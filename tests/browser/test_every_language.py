"""A model's page and a battery's in every official language of the Union, all of them built."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from generator.build.pages.catalogues import EU_LANGUAGES
from generator.cli.build import build
from tests.browser.served_site import check_with_axe, open_all, overflow, serving

pytestmark = pytest.mark.soak

PROJECT = Path(__file__).parents[2]
MODEL = "/01/09506000134352"
BATTERY = f"{MODEL}/21/T48L2611-0001"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample with pages in all languages, served."""
    project = tmp_path_factory.mktemp("languages")
    for folder in ("content", "keys"):
        shutil.copytree(PROJECT / folder, project / folder)
    settings = (PROJECT / "cellfolio.toml").read_text(encoding="utf-8")
    every = f"languages = {sorted(EU_LANGUAGES, key='en'.__ne__)}".replace("'", '"')
    (project / "cellfolio.toml").write_text(
        settings.replace('languages = ["en", "de"]', every), encoding="utf-8"
    )
    build(project, project / "site")
    with serving(project / "site") as url:
        yield url


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    yield page
    page.close()


@pytest.mark.parametrize("product", [MODEL, BATTERY], ids=["model", "battery"])
@pytest.mark.parametrize("code", EU_LANGUAGES)
def test_everybody_can_read_it(phone: Page, origin: str, code: str, product: str) -> None:
    phone.goto(origin + ("" if code == "en" else f"/{code}") + product)
    assert phone.locator("html").get_attribute("lang") == code
    open_all(phone)
    phone.locator(".switch select").wait_for(timeout=60_000)
    for scheme in ("light", "dark"):
        phone.emulate_media(color_scheme=scheme)
        check_with_axe(phone)
    assert overflow(phone) == 0
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(phone) == 0
