"""Pictures in Chromium: nothing in them meets or is cut off, and screen readers are told them."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.served_site import open_all

TELECOM = "/01/09506000134352/21/T48L2611-0001"
VEHICLE = "/01/09506000134406/21/V63-2611-00871"
BICYCLE = "/01/09506000134413"
BATTERIES = [
    f"{language}{path}" for language in ("", "/de") for path in (TELECOM, VEHICLE, BICYCLE)
]

_TEXTS = """() => [...document.querySelectorAll('.picture')].map(picture => {
  const room = picture.getBoundingClientRect();
  const boxes = [...picture.querySelectorAll('text')].map(text => {
    const {left, right, top, bottom} = text.getBoundingClientRect();
    return {said: text.textContent, left, right, top, bottom};
  });
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 4 && b.top < a.bottom - 4;
  return {
    name: boxes[0].said,
    outside: boxes.filter(({left, right, top, bottom}) => left < room.left - 1
      || right > room.right + 1 || top < room.top - 3 || bottom > room.bottom + 3),
    meeting: boxes.flatMap((a, n) => boxes.slice(n + 1).filter(b => meet(a, b)).map(b => [a, b])),
    size: parseFloat(getComputedStyle(picture).fontSize),
  };
})"""
_PAINTS = """() => [...document.querySelectorAll('.picture rect, .picture line')].map(mark => {
  const {fill, stroke} = getComputedStyle(mark);
  return mark.localName === 'line' || fill === 'none' ? stroke : fill;
})"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    yield page
    page.close()


@pytest.mark.parametrize("width", [320, 768, 1440])
@pytest.mark.parametrize("path", BATTERIES)
def test_texts_neither_meet_nor_leave_the_picture(
    phone: Page, sample_origin: str, path: str, width: int
) -> None:
    phone.set_viewport_size({"width": width, "height": 800})
    phone.goto(sample_origin + path)
    open_all(phone)
    found = phone.evaluate(_TEXTS)
    assert len(found) >= (3 if path.endswith(BICYCLE) else 6)
    assert [(each["name"], each["outside"]) for each in found if each["outside"]] == []
    assert [(each["name"], each["meeting"]) for each in found if each["meeting"]] == []
    assert min(each["size"] for each in found) >= 12


def test_text_of_twice_the_size_stays_in_the_picture(phone: Page, sample_origin: str) -> None:
    phone.goto(f"{sample_origin}/de{VEHICLE}")
    open_all(phone)
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    assert [each["outside"] for each in phone.evaluate(_TEXTS) if each["outside"]] == []


def test_screen_readers_are_told_name_and_figures(phone: Page, sample_origin: str) -> None:
    phone.goto(sample_origin + VEHICLE)
    open_all(phone)
    nodes = phone.context.new_cdp_session(phone).send("Accessibility.getFullAXTree")["nodes"]
    told = {
        node["name"]["value"]: node.get("description", {}).get("value", "")
        for node in nodes
        if node.get("role", {}).get("value") == "image" and node["name"]["value"]
    }
    assert "268.8" in told["Voltage"]
    assert "Minimum voltage" in told["Voltage"]
    assert "0.0408" in told["Carbon footprint"]
    assert "Timeline" in told
    assert "22 November 2026" in told["Timeline"] or "Version 1" in told["Timeline"]


@pytest.mark.parametrize("colours", ["light", "dark", "forced"])
def test_marks_are_seen_on_their_ground(
    phone: Page, sample_origin: str, colours: Literal["light", "dark", "forced"]
) -> None:
    if colours == "forced":
        phone.emulate_media(forced_colors="active")
    else:
        phone.emulate_media(color_scheme=colours)
    phone.goto(sample_origin + VEHICLE)
    open_all(phone)
    ground = phone.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    paints = set(phone.evaluate(_PAINTS))
    assert paints
    assert all(contrast(paint, ground) >= 3 for paint in paints), (paints, ground)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio of two colours as browsers write them."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
