"""A page in a language that the site has no pages in: switched in place, and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from tests.browser.tls_site import browser_told, serving_tls

HOST = "id.example.com"
PAGE = f"https://{HOST}/01/09506000134352/21/T48L2611-0001"


@pytest.fixture(scope="module")
def named_browser(
    browser_type_launch_args: dict[str, object],
    browser_type: BrowserType,
    sample: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Browser]:
    """A browser that finds the sample under its name."""
    with serving_tls(tmp_path_factory.mktemp("tls"), HOST) as site:
        site.shows(sample)
        told = site.browser_arguments
        with browser_told(browser_type, browser_type_launch_args, *told) as found:
            yield found


@pytest.fixture
def page(named_browser: Browser) -> Iterator[Page]:
    context = named_browser.new_context()
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(PAGE)
    expect(page.locator("#verdict")).to_contain_text("Genuine")
    expect(page.locator(".switch option")).to_have_count(24)
    yield page
    assert told == []
    context.close()


def switch(page: Page, code: str) -> None:
    page.locator(".switch select").select_option(code)
    expect(page.locator("html")).to_have_attribute("lang", code)


def test_labels_and_numbers_are_those_of_the_language(page: Page) -> None:
    switch(page, "fr")

    weight = page.locator('.facts [data-member="mass"], [data-member="mass"]').first
    expect(weight).to_contain_text("43,0")
    expect(page.locator("body")).to_contain_text("Numéro de série")
    expect(page.locator("body")).not_to_contain_text("Serial number")


def test_what_no_catalogue_has_keeps_its_language(page: Page) -> None:
    switch(page, "sv")

    name = page.locator("h1")
    expect(name).to_have_text("Feldmark T48-100")
    assert name.evaluate("element => element.closest('[lang]').lang") == "en"
    label = page.get_by_text("Serienummer", exact=True).first
    assert label.evaluate("element => element.closest('[lang]').lang") == "sv"


def test_switching_back_leaves_the_page_as_it_was_built(page: Page) -> None:
    before = page.locator("main").inner_html()
    switch(page, "el")
    assert page.locator("main").inner_html() != before
    switch(page, "en")

    assert page.locator("main").inner_html() == before


def test_a_language_that_the_site_has_is_its_own_page(page: Page) -> None:
    page.locator(".switch select").select_option("de")
    page.wait_for_url(f"https://{HOST}/de/01/09506000134352/21/T48L2611-0001")

    expect(page.locator("body")).to_contain_text("Seriennummer")


def test_every_language_can_be_shown(page: Page, tmp_path: Path) -> None:
    codes = page.locator(".switch option").evaluate_all("all => all.map(each => each.value)")
    for code in codes:
        if code not in ("en", "de"):
            switch(page, code)
            page.screenshot(path=tmp_path / f"{code}.png")
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= page.evaluate("innerWidth")
