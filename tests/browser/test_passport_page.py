"""Pages in Chromium: for eyes, screen readers, keyboards, cameras, printers and strict hosts."""

import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.served_site import (
    BATTERY,
    MODEL,
    ORIGIN,
    PAGES,
    build_site,
    check_with_axe,
    open_all,
    overflow,
    serving,
    targets,
)
from tests.decoders import read_qr

Scheme = Literal["light", "dark"]

FOCUSABLE = """() => {
  const all = [...document.querySelectorAll('a[href], summary, input, select, button')];
  window.stops = all.filter(e => e.checkVisibility());
  return window.stops.length;
}"""
MODULE = re.compile(
    r'<script type="module" src="/assets/[0-9a-f]{16}/(?:find|open|verify)\.js"'
    r' integrity="sha256-[0-9A-Za-z+/]{43}="></script>'
)
"""The one way in which a page may load something that runs."""
SECRETS = ("Secret", "SC-20771", "15365-14-7", "16S1P", "under tension")
"""Of the restricted files of this site; their titles may be shown, their values never."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def origin(site: Path) -> Iterator[str]:
    with serving(site) as url:
        yield url


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 360, "height": 780}, device_scale_factor=2)
    yield page
    page.close()


def verdict_of(page: Page) -> str:
    """What the script of a passport's page has to say, once it has said all of it."""
    page.locator("#check button").wait_for(timeout=60_000)
    return page.locator("#verdict").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(phone: Page, origin: str, path: str, scheme: Scheme) -> None:
    phone.emulate_media(color_scheme=scheme)
    phone.goto(origin + path)
    open_all(phone)
    assert "color-contrast" in check_with_axe(phone)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_the_smallest_phone(phone: Page, origin: str, path: str) -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto(origin + path)
    open_all(phone)
    assert overflow(phone) == 0
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(phone) == 0


@pytest.mark.parametrize("path", PAGES)
def test_every_target_can_be_hit(phone: Page, origin: str, path: str) -> None:
    phone.goto(origin + path)
    open_all(phone)
    assert [found for found in targets(phone) if min(found[1:]) < 24] == []


@pytest.mark.parametrize("colours", ["light", "dark", "forced"])
@pytest.mark.parametrize("path", [BATTERY, MODEL])
def test_the_code_on_the_screen_says_the_address(
    phone: Page, origin: str, path: str, colours: str
) -> None:
    if colours == "forced":
        phone.emulate_media(forced_colors="active")
    else:
        phone.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    phone.goto(origin + path)
    assert read_qr(phone.screenshot(full_page=True)) == ORIGIN + path
    assert f"{ORIGIN}{path}" in phone.locator("figure").inner_text()


def test_the_number_under_the_code_is_spelt_as_labels_spell_it(phone: Page, origin: str) -> None:
    phone.goto(origin + BATTERY)
    assert "(01) 09506000134352 (21) AR-0001" in phone.locator("figure").inner_text()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_at_peace_with_its_policy_and_asks_nobody_else(
    phone: Page, origin: str, path: str
) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    phone.on("console", lambda message: complaints.append(message.text))
    phone.on("pageerror", lambda error: complaints.append(str(error)))
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(origin + path)
    open_all(phone)
    phone.wait_for_load_state("networkidle")
    # That the address is unknown is what Chromium itself notes of the page for unknown addresses.
    assert [text for text in complaints if path != "/nowhere" or "404" not in text] == []
    assert [url for url in asked if not url.startswith(f"{origin}/")] == []


@pytest.mark.parametrize("path", [BATTERY, MODEL])
def test_a_page_says_the_same_without_scripts(browser: Browser, origin: str, path: str) -> None:
    texts, languages = [], []
    for scripts in (True, False):
        context = browser.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(origin + path)
        if scripts:
            verdict_of(page)
            page.locator(".switch select").wait_for()
        said = page.locator(".switch :is(a, option)").all_inner_texts()
        languages.append({text.strip() for text in said})
        parts = (".top > p", ".id", ".body")
        texts.append([page.locator(part).inner_text() for part in parts])
        context.close()
    assert texts[0] == texts[1]
    assert languages[0] > languages[1] == {"English", "Deutsch", "Norsk bokmål"}
    assert "Acme Rack" in texts[0][1]


@pytest.mark.parametrize("path", [BATTERY, MODEL, "/", "/open", "/nowhere"])
def test_the_keyboard_reaches_everything(phone: Page, origin: str, path: str) -> None:
    phone.goto(origin + path)
    if path in (BATTERY, MODEL):
        verdict_of(phone)
        phone.locator(".switch select").wait_for()
    if path == "/open":
        phone.locator("#make").wait_for()
    open_all(phone)
    stops = phone.evaluate(FOCUSABLE)
    reached = []
    for _ in range(stops):
        phone.keyboard.press("Tab")
        reached.append(phone.evaluate("window.stops.indexOf(document.activeElement)"))
    assert reached == list(range(stops))


def test_the_keyboard_opens_a_group(phone: Page, origin: str) -> None:
    phone.goto(origin + BATTERY)
    group = phone.locator("#performance")
    group.locator("summary").first.focus()
    phone.keyboard.press("Enter")
    assert group.get_attribute("open") is not None
    assert phone.locator("#warranty_period dd").first.is_visible()


def test_hazards_are_one_tap_away(phone: Page, origin: str) -> None:
    phone.goto(origin + BATTERY)
    assert "Extinguish with Water" in phone.locator(".danger").inner_text()
    row = phone.locator("#hazardous_substances")
    assert not row.is_visible()
    phone.get_by_role("link", name="Hazardous substances").click()
    assert row.is_visible()
    assert "Ethylene carbonate" in row.inner_text()


def test_the_first_screen_tells_which_battery_this_is(phone: Page, origin: str) -> None:
    phone.goto(origin + BATTERY)
    for text in ("Acme Rack", "AR-0001", "AR-48", "Fire and hazards", "Current passport"):
        box = phone.get_by_text(text, exact=False).first.bounding_box()
        assert box is not None, text
        assert box["y"] + box["height"] < 780, text


def test_a_withheld_group_says_what_it_covers_and_for_whom(phone: Page, origin: str) -> None:
    phone.goto(origin + BATTERY)
    open_all(phone)
    group = phone.locator("#circularity .withheld").inner_text()
    for text in ("Restricted", "Disassembly sequence", "legitimate interest", "Annex XIII 2"):
        assert text in group
    assert "Restricted" in phone.locator("#condition > summary").inner_text()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_a_restricted_value_or_anything_that_runs(
    phone: Page, origin: str, path: str
) -> None:
    answer = phone.request.get(origin + path)
    html = answer.text()
    assert [secret for secret in SECRETS if secret.casefold() in html.casefold()] == []
    assert "<script" not in MODULE.sub("", html)
    assert " style=" not in html
    assert phone.goto(origin + path) is not None
    handlers = "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
    assert [name for name in phone.evaluate(handlers) if name.startswith("on")] == []


def test_what_is_not_translated_says_so(phone: Page, origin: str) -> None:
    phone.goto(f"{origin}/nb{BATTERY}")
    assert phone.locator("html").get_attribute("lang") == "nb"
    label = phone.get_by_text("Serial number", exact=True).first
    assert label.get_attribute("lang") == "en"
    assert phone.locator(".facts [lang=en]", has_text="Nominal voltage").count() == 1
    assert "51,2" in phone.locator(".facts").inner_text()


def test_languages_are_plain_links(browser: Browser, origin: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(origin + BATTERY)
    page.get_by_role("link", name="Deutsch").click()
    assert page.url == f"{origin}/de{BATTERY}"
    assert "Seriennummer" in page.locator("main").inner_text()
    found = page.locator("link[hreflang]").evaluate_all("all => all.map(e => e.hreflang)")
    assert found == ["en", "de", "nb"]
    context.close()


def test_paper_holds_every_value_and_a_code_that_reads(
    browser: Browser, origin: str, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(origin + BATTERY)
    sheet = tmp_path / "passport.pdf"
    page.pdf(path=sheet, prefer_css_page_size=True)
    page.close()
    text = subprocess.run(["pdftotext", sheet, "-"], capture_output=True, check=True).stdout
    for value in (b"Ethylene carbonate", b"51.2", b"Two persons carry it"):
        assert value in text
    assert text.count(b"\f") <= 3, "more than three sheets"
    picture = ["pdftoppm", "-r", "150", "-l", "1", "-png", "-singlefile", sheet, tmp_path / "sheet"]
    subprocess.run(picture, check=True)
    out = io.BytesIO()
    Image.open(tmp_path / "sheet.png").convert("RGB").save(out, "PNG")
    assert read_qr(out.getvalue()) == ORIGIN + BATTERY
