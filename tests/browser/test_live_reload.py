"""`serve --watch` in a browser: an open page shows a rebuild, under the policy it came with."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from generator.cli.reload import Reloads
from generator.cli.server import SiteServer
from generator.publish.folder import publish
from tests.generator.publish.sites import page as html

FRAME = "<!doctype html><html lang=en><title>x</title><body><h1>{}</h1></body></html>"


@pytest.fixture
def reloads() -> Reloads:
    return Reloads()


@pytest.fixture
def server(tmp_path: Path, reloads: Reloads) -> Iterator[SiteServer]:
    show(tmp_path, "before")
    with SiteServer(tmp_path / "site", "127.0.0.1", 0, reloads) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def show(folder: Path, text: str) -> None:
    unknown = html("/404.html", FRAME.format("unknown"))
    publish((unknown, html("/", FRAME.format(text))), folder / "site")


def test_an_open_page_shows_the_rebuilt_one(
    browser: Browser, server: SiteServer, reloads: Reloads, tmp_path: Path
) -> None:
    complaints: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(server.url)
    expect(page.get_by_role("heading")).to_have_text("before")
    show(tmp_path, "after")
    reloads.announce()
    expect(page.get_by_role("heading")).to_have_text("after")
    # A browser asks for an icon of its own accord; the theme names one.
    page.close()
    assert [text for text in complaints if "404" not in text] == []
