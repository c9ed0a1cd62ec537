"""A small site, built once and served as `cellfolio serve` does, and what tests ask of its pages.

It is the sample of `tests/sites/minimal` in three languages, of which Norwegian has no catalogue.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from generator.cli.build import build
from generator.cli.server import SiteServer

ORIGIN = "https://id.example.com"
MODEL = "/01/09506000134352"
BATTERY = f"{MODEL}/21/AR-0001"
LANGUAGES = ("en", "de", "nb")
_SOURCE = Path(__file__).parents[1] / "sites" / "minimal"
_LISTED = 'languages = ["en", "de", "nb"]\nbattery_languages = ["en", "de", "nb"]'

OPERATOR = "/operators/acme"

PAGES = (
    *(BATTERY, f"/de{BATTERY}", f"/nb{BATTERY}", MODEL, f"/de{MODEL}", OPERATOR),
    *("/", "/open", "/nowhere"),
)
"""Every kind of page, and long words."""

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_TARGETS = """() => [...document.querySelectorAll('a, summary, button, input')]
    .filter(e => e.checkVisibility())
    .map(e => [e.innerText, e.getBoundingClientRect().width, e.getBoundingClientRect().height])"""


def build_site(folder: Path) -> Path:
    """Build the site; returns its folder."""
    project = Path(shutil.copytree(_SOURCE, folder / "project"))
    settings = project / "cellfolio.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('languages = ["en"]', _LISTED), encoding="utf-8")
    build(project, folder / "site")
    return folder / "site"


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Serve a site on a free port; gives its origin."""
    with SiteServer(site, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.url.rstrip("/")
        finally:
            server.shutdown()
            thread.join()


def open_all(page: Page) -> None:
    """Open every group and explanation."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return max(0, int(width))


def targets(page: Page) -> list[tuple[str, float, float]]:
    """Text, width and height of everything visible that can be tapped."""
    return [(text, width, height) for text, width, height in page.evaluate(_TARGETS)]


def check_with_axe(page: Page) -> set[str]:
    """Hold a page to WCAG 2.2 AA and best practice; returns the rules that it passes."""
    # Of what passes, one element a rule is told: writing down every one took a third of the time.
    found = Axe().run(page, options={"runOnly": _RULES, "resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    return {rule["id"] for rule in found.response["passes"]}
