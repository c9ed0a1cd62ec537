"""Labels as SVG, drawn by a browser: read by two decoders, the text where it was set."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from generator.content.load import load
from generator.labels.colours import Colours
from generator.labels.content import label_content
from generator.labels.layout import lay_out
from generator.labels.pdf import load_fonts
from generator.labels.svg import svg
from generator.labels.symbol import symbol_of
from passport.label_design import LabelDesign
from passport.problems import Findings
from tests.decoders import read_qr

ROOT = Path(__file__).parents[2]
MM = 96 / 25.4
_BOXES = """[...document.querySelectorAll("text")].map(text => {
  const {x, y, width, height} = text.getBBox();
  return {x, y, width, height};
})"""


@pytest.fixture(scope="module")
def drawings() -> dict[str, bytes]:
    """A label of each model of the sample, by what its code says."""
    content = load(ROOT, Findings())
    models = {model.slug: model for model in content.models}
    makers = {operator.slug: operator for operator in content.operators}
    fonts, design = load_fonts(None, None), LabelDesign()
    found = {}
    for battery in {battery.model: battery for battery in content.batteries}.values():
        model = models[battery.model]
        maker = makers[model.manufacturer]
        label = label_content(content.config.base_url, model, maker, battery)
        symbol = symbol_of(text := str(label.uri), design.level)
        laid = lay_out(label, design, symbol, fonts, draft=False)
        found[text] = svg(laid.drawing, Colours())
    return found


@pytest.mark.requirement("R6.2")
def test_drawings_are_read_in_light_and_dark_surroundings(
    browser: Browser, drawings: dict[str, bytes]
) -> None:
    assert len(drawings) > 3
    page = browser.new_page(device_scale_factor=3)
    for ground in ("white", "black"):
        for text, drawing in drawings.items():
            page.set_content(f'<body style="margin:9px;background:{ground}">{drawing.decode()}')
            element = page.locator("svg")
            box = element.bounding_box()
            assert box is not None
            assert (box["width"], box["height"]) == pytest.approx((66 * MM, 40 * MM), abs=1)
            assert read_qr(element.screenshot()) == text


def test_text_is_as_wide_as_it_was_set(browser: Browser, drawings: dict[str, bytes]) -> None:
    """Whatever font the browser has, no line leaves the label or meets the code."""
    page = browser.new_page()
    for drawing in drawings.values():
        page.set_content(f'<body style="margin:0">{drawing.decode()}')
        boxes = page.evaluate(_BOXES)
        code = page.evaluate("document.querySelector('path').getBoundingClientRect().right")
        assert len(boxes) >= 6
        for box in boxes:
            assert box["x"] + box["width"] <= 66 - 1
            assert box["x"] * MM > code + 4 * 0.5 * MM
            assert box["y"] + box["height"] <= 40
