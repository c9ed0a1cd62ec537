"""What a hostile payload becomes on the screen: text, whatever its members are called and hold.

The modules run in Chromium as they are, from the folder where they lie.
"""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page

from generator.build.pages.open_words import open_words
from generator.build.pages.theme import find_theme

BROWSER = Path(__file__).parents[2] / "browser"
MARKUP = "<img src=x onerror=alert(1)><script>alert(1)</script>"
SHOWN = """async ([data, words]) => {
  const { shownPayload } = await import('/show.js');
  const made = [];
  const saving = (named) => (made.push(named.fileName), document.createElement('button'));
  document.body.replaceChildren(...shownPayload(JSON.parse(data), words, 'en', saving));
  const all = [...document.body.querySelectorAll('*')];
  return {
    text: document.body.innerText,
    names: [...new Set(all.map(({localName}) => localName))],
    attributes: [...new Set(all.flatMap((each) => each.getAttributeNames()))],
    languages: [...new Set(all.map(({lang}) => lang).filter(Boolean))],
    made,
  };
}"""
SAFE = {"dl", "div", "dt", "dd", "span", "ul", "li", "h3", "button", "i", "p"}


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and says nothing."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    handler = partial(Quiet, directory=str(BROWSER))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    found = browser.new_page()
    yield found
    found.close()


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> object:
    theme = find_theme(tmp_path_factory.mktemp("none"), "default")
    return json.loads(open_words(theme.language("en")))


def shown(page: Page, origin: str, words: object, data: str) -> dict[str, Any]:
    page.goto(f"{origin}/show.js")
    found: dict[str, Any] = page.evaluate(SHOWN, [data, words])
    return found


HOSTILE = {
    MARKUP: {"value": MARKUP},
    "__proto__": {"value": "polluted"},
    "constructor": {"value": "built"},
    "toString": "called",
    "damageWarnings": {"value": {"en": MARKUP}},
    "tools": {"value": [{"tool": {'x" onclick="alert(1)': MARKUP}, "constructor": "field"}]},
    "fasteners": {"value": [{"kind": "__proto__", "count": MARKUP, "torque": {"unit": MARKUP}}]},
    "batteryStatus": {"value": "constructor", "basis": MARKUP, "asOf": MARKUP, "method": [MARKUP]},
    "fullCycles": {"value": MARKUP, "unit": "cycles", "conditions": {"cRate": {"unit": 1}}},
    "powerFade": {"low": "1", "high": "2", "unit": "%"},
    "expectedLifetimeYears": {"value": "1", "unit": "years"},
    "cellLayout": {"notApplicable": {"de": MARKUP}},
    "safetyMeasures": None,
    "partNumbers": {"value": [[[["deep"]]], 7, False, None]},
    "documents": [{"resource": "doc/1", "fileName": f"../{MARKUP}", "title": {"en": MARKUP}}],
    "history": [
        {"kind": MARKUP, "time": MARKUP, "values": {MARKUP: {"value": MARKUP}}},
        {"kind": "histogram", "time": "2026-11-02", "point": "constructor", "records": [{}]},
        {"kind": "repair", "parts": [MARKUP, {"a": MARKUP}], "more": MARKUP},
    ],
}


def test_whatever_an_author_writes_becomes_text(page: Page, origin: str, words: object) -> None:
    said: list[str] = []

    def refuse(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    found = shown(page, origin, words, json.dumps(HOSTILE))
    assert said == []
    assert set(found["names"]) <= SAFE
    assert set(found["attributes"]) <= {"class", "lang"}
    assert all(len(language) <= 3 for language in found["languages"])
    text = found["text"]
    for part in ("polluted", "built", "called", "field", "deep", MARKUP, "1 to 2", "1\u00a0year"):
        assert part in text, part
    assert found["made"] == [f"../{MARKUP}"]
    assert page.evaluate("({}).value") is None


def test_an_empty_group_says_so(page: Page, origin: str, words: object) -> None:
    assert shown(page, origin, words, "{}")["text"] == "Nothing is stated."
