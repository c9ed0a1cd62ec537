"""Opening restricted data in Chromium, before the real broker: who may, who may not, and leaks."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from passport.access import Actor
from tests.browser.opening_site import (
    BATTERY,
    BATTERY_DPP,
    HOST,
    KEYS,
    OWN,
    SITE,
    Visitor,
    broker_of,
    build_opening_site,
    visitor,
)
from tests.browser.tls_front import TlsFront, tls_front
from tests.browser.tls_site import TlsSite, serving_tls

MINIMAL = Path(__file__).parents[1] / "sites" / "minimal"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("opening") / "project"
    return build_opening_site(Path(shutil.copytree(MINIMAL, project)))


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Iterator[TlsSite]:
    with serving_tls(tmp_path_factory.mktemp("tls"), HOST, OWN, KEYS) as served:
        served.shows(site)
        yield served


@pytest.fixture(scope="module")
def front(host: TlsSite) -> Iterator[TlsFront]:
    with tls_front(host.folder.parent / "host.pem") as found:
        yield found


@pytest.fixture(scope="module")
def named_browser(
    browser_type_launch_args: dict[str, object],
    browser_type: BrowserType,
    host: TlsSite,
    front: TlsFront,
) -> Iterator[Browser]:
    arguments = browser_type_launch_args["args"]
    assert isinstance(arguments, list)
    rules, trust = host.browser_arguments
    elsewhere = f"MAP {KEYS}:443 127.0.0.1:{front.port}"
    rules = rules.replace("rules=", f"rules={elsewhere},")
    options = {**browser_type_launch_args, "args": [*arguments, rules, trust]}
    found = browser_type.launch(**options)  # type: ignore[arg-type]
    yield found
    found.close()


@pytest.fixture(scope="module")
def people(
    named_browser: Browser, front: TlsFront, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Visitor]]:
    """A recycler, an authority, one who holds a role credential, and a stranger."""
    found = {name: visitor(named_browser) for name in ("recycler", "authority", "role", "stranger")}
    known = (
        ("recycler", Actor.RECYCLER, found["recycler"]),
        ("authority", Actor.MARKET_SURVEILLANCE, found["authority"]),
    )
    with broker_of(tmp_path_factory.mktemp("broker"), front, known):
        yield found


def arrive(page: Page, path: str, *groups: str, name: str = "") -> None:
    """Follow a link of a passport's page, and fill in the form."""
    page.goto("about:blank")
    page.goto(f"{SITE}{path}")
    expect(page.locator("#passport")).to_contain_text("enuine", timeout=20_000)
    for box in page.locator("[name=group]").all():
        box.set_checked(box.get_attribute("value") in groups)
    page.get_by_label("Your id among").fill(name)


def choose(page: Page, purpose: str) -> None:
    page.get_by_label("What for").select_option(label=purpose)
    page.get_by_role("button", name="Open", exact=True).click()


def opened(page: Page) -> str:
    expect(page.locator("#opened h2").first).to_be_visible(timeout=20_000)
    return page.locator("#opened").inner_text()


def said(page: Page) -> str:
    button = page.get_by_role("button", name="Open", exact=True)
    expect(button).to_be_enabled(timeout=20_000)
    return page.locator("#said").inner_text()


def test_a_recycler_opens_what_dismantling_takes(people: dict[str, Visitor]) -> None:
    page = people["recycler"].page
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{SITE}{BATTERY}")
    page.locator("#access > summary").click()
    page.locator("#access a").first.click()
    assert page.url == f"{SITE}/open#{BATTERY_DPP}/xiii-2"
    expect(page.locator("#passport")).to_contain_text("enuine", timeout=20_000)
    page.get_by_label("State and use of this battery").check()
    page.get_by_label("Your id among").fill("recycler")
    assert page.get_by_label("What for").locator("option").all_inner_texts() == [
        "Dismantling",
        "Use on the energy market",
    ]
    choose(page, "Dismantling")
    text = opened(page)
    for part in ("Secret cover", "SC-20771", "25.3\u00a0%", "Annex XIII 2", "98.4\u00a0Ah"):
        assert part in text
    assert f"Released by {KEYS}, for this purpose only." in text
    assert "echanical damage" in text
    assert complaints == []
    assert page.url == f"{SITE}/open#{BATTERY_DPP}/xiii-2"
