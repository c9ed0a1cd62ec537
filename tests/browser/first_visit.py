"""A first visit to a page, measured: what comes over the wire, and when something is painted.

The browser's cache is empty. Bytes are those of the
answers' bodies as they travelled; a host's own lines above them are its own.
"""

from collections import Counter
from dataclasses import dataclass

from playwright.sync_api import Browser, Request

SLOW_KBIT, SLOW_MS = 400, 400
"""A phone in a basement (issue: 400 kbit/s, and 400 ms until an answer begins)."""
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


@dataclass(frozen=True, slots=True)
class Visit:
    """Bytes by address, and the first paint in seconds."""

    received: dict[str, int]
    first_paint: float

    @property
    def total(self) -> int:
        """All bytes that a first visit takes, what its script asks for included."""
        return sum(self.received.values())


def visit(browser: Browser, url: str, *, slow: bool = False) -> Visit:
    """Visit a page in a browser that has never been there, until its script has said all."""
    context = browser.new_context(viewport={"width": 360, "height": 780})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    if slow:
        conditions = {
            "offline": False,
            "latency": SLOW_MS,
            "downloadThroughput": SLOW_KBIT * 1000 / 8,
            "uploadThroughput": SLOW_KBIT * 1000 / 8,
        }
        session.send("Network.emulateNetworkConditions", conditions)
    answered: list[Request] = []
    # Playwright marks what it calls, which a bound method of a list does not bear.
    page.on("requestfinished", lambda request: answered.append(request))  # noqa: PLW0108
    page.goto(url)
    if page.locator("#verdict").count():
        page.locator("#check button").wait_for(timeout=60_000)
    page.wait_for_load_state("networkidle")
    paint = float(page.evaluate(_PAINT)) / 1000
    received: Counter[str] = Counter()
    for request in answered:
        received[request.url] += max(0, request.sizes()["responseBodySize"])
    context.close()
    return Visit(dict(received), paint)
