"""Opening restricted data in Chromium, before the real broker: who may, who may not, and leaks."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserType, FilePayload, Page, expect

from generator.cli.build import build
from passport.access.rule import Actor
from passport.encoding.canonical import canonical_json
from tests.broker_bundles import ROLE_ISSUER
from tests.broker_tokens import NOW
from tests.browser.opening_site import (
    BATTERY,
    BATTERY_DPP,
    DPP,
    HOST,
    KEYS,
    MARKUP,
    OWN,
    SITE,
    Visitor,
    broker_of,
    build_opening_site,
    visitor,
)
from tests.browser.served_site import check_with_axe, overflow, targets
from tests.browser.tls_front import TlsFront, tls_front
from tests.browser.tls_site import TlsSite, browser_told, serving_tls
from tests.role_credentials import INDEX, LIST_URL, role, status_list
from tests.small_project import write

MINIMAL = Path(__file__).parents[1] / "sites" / "minimal"
REPORT = MINIMAL / "content/models/rack/restricted/report.pdf"
LINK = f"{SITE}/open#{BATTERY_DPP}"
SHIFT = datetime.now(UTC).replace(microsecond=0) - NOW
DISMANTLING, SURVEILLANCE = "Dismantling", "Market surveillance"
KEPT = """async () => ({
  local: localStorage.length, session: sessionStorage.length, cookie: document.cookie,
  caches: (await caches.keys()).length,
  databases: (await indexedDB.databases()).map(({name}) => name),
})"""
STORED = """() => new Promise((resolve) => {
  indexedDB.open('cellfolio').onsuccess = ({target: {result}}) => {
    const names = [...result.objectStoreNames];
    const all = result.transaction(names).objectStore(names[0]).getAll();
    all.onsuccess = async () => {
      const {privateKey, publicKey, ...more} = all.result[0];
      const out = await crypto.subtle.exportKey('pkcs8', privateKey).catch(({name}) => name);
      result.close();
      resolve([names, all.result.length, Object.keys(more), privateKey.extractable, out]);
    };
  };
})"""


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
    """A browser that finds the site, the broker, and another origin under their names."""
    rules, trust = host.browser_arguments
    rules = rules.replace("rules=", f"rules=MAP {KEYS}:443 127.0.0.1:{front.port},")
    with browser_told(browser_type, browser_type_launch_args, rules, trust) as found:
        yield found


@pytest.fixture(scope="module")
def people(
    named_browser: Browser, front: TlsFront, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Visitor]]:
    """A recycler, on two origins, an authority, and one whom the operator does not know."""
    found = {name: visitor(named_browser) for name in ("recycler", "authority", "stranger")}
    found["elsewhere"] = visitor(named_browser, OWN)
    known = (
        ("recycler", Actor.RECYCLER, found["recycler"]),
        ("elsewhere", Actor.RECYCLER, found["elsewhere"]),
        ("authority", Actor.MARKET_SURVEILLANCE, found["authority"]),
    )
    with broker_of(tmp_path_factory.mktemp("broker"), front, known):
        yield found


@contextmanager
def silent(page: Page) -> Iterator[list[str]]:
    """Gives what the page asks for; nothing may be said on its console, or asked of others."""
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield asked
    assert complaints == []
    known = (f"{SITE}/", f"https://{KEYS}/", f"https://{OWN}/", f"blob:{SITE}/", "about:")
    assert [url for url in asked if not url.startswith(known)] == []


def arrive(page: Page, *groups: str, name: str = "", link: str = LINK) -> Page:
    """Follow a link, and choose groups."""
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("#passport")).to_contain_text("Genuine", timeout=20_000)
    for box in page.locator("[name=group]").all():
        box.set_checked(box.get_attribute("value") in groups)
    page.get_by_label("Your id among").fill(name)
    page.get_by_label("Or your role").set_input_files([])
    return page


def opens(page: Page, purpose: str = DISMANTLING) -> str:
    """Press the button; returns what is shown."""
    page.get_by_label("What for").select_option(label=purpose)
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.locator("#opened h2").first).to_be_visible(timeout=20_000)
    return page.locator("#opened").inner_text()


def told(page: Page) -> str:
    """Press the button; returns why nothing is asked for."""
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.locator("#said")).not_to_be_empty(timeout=20_000)
    expect(page.get_by_role("button", name="Open", exact=True)).to_be_enabled(timeout=20_000)
    assert page.locator("#opened > *").count() == 0
    return page.locator("#said").inner_text()


def files(*contents: bytes) -> list[FilePayload]:
    return [
        {"name": f"{number}.json", "mimeType": "application/json", "buffer": content}
        for number, content in enumerate(contents)
    ]


def test_a_recycler_opens_what_dismantling_takes(people: dict[str, Visitor]) -> None:
    page = people["recycler"].page
    with silent(page) as asked:
        page.goto(f"{SITE}{BATTERY}")
        page.locator("#check button").wait_for(timeout=60_000)
        page.locator("#access > summary").click()
        page.locator("#access a").first.click()
        expect(page.locator("#passport")).to_contain_text("Genuine", timeout=20_000)
        page.get_by_label("State and use of this battery").check()
        page.get_by_label("Your id among").fill("recycler")
        offered = page.get_by_label("What for").locator("option")
        expect(offered).to_have_text([DISMANTLING, "Use on the energy market"])
        text = opens(page)
    for part in ("Secret cover", "SC-20771", "25.3\u00a0%", "Annex XIII 2", "98.4\u00a0Ah"):
        assert part in text
    assert f"Released by {KEYS}, for this purpose only." in text
    assert "12 November 2026" in text
    assert "echanical damage" in text
    assert page.url == f"{LINK}/xiii-2"
    assert not [url for url in asked if "Secret" in url or "recycler" in url]


def test_an_authority_opens_test_reports_and_nothing_else(people: dict[str, Visitor]) -> None:
    page = arrive(people["authority"].page, "xiii-3", name="authority", link=f"{SITE}/open#{DPP}")
    with silent(page):
        text = opens(page, SURVEILLANCE)
        assert "Annex XIII 3" in text
        with page.expect_download() as download:
            page.get_by_role("button", name="Save").click()
    assert download.value.suggested_filename.endswith("-report.pdf")
    assert download.value.url.startswith("blob:")
    assert Path(download.value.path()).read_bytes() == REPORT.read_bytes()
    arrive(page, "xiii-2", "xiii-3", name="authority")
    text = opens(page, SURVEILLANCE)
    assert "never says why" in text
    assert "Secret cover" not in text


def test_what_is_saved_has_no_type_that_a_browser_would_run(people: dict[str, Visitor]) -> None:
    page = arrive(people["authority"].page, "xiii-3", name="authority")
    opens(page, SURVEILLANCE)
    page.evaluate("""() => {
      const made = URL.createObjectURL;
      window.types = [];
      URL.createObjectURL = (blob) => (window.types.push(blob.type), made.call(URL, blob));
    }""")
    with page.expect_download():
        page.get_by_role("button", name="Save").click()
    assert page.evaluate("window.types") == ["application/octet-stream"]


def test_a_recycler_is_refused_what_is_not_for_recyclers(people: dict[str, Visitor]) -> None:
    page = arrive(people["recycler"].page, "xiii-3", name="recycler")
    text = opens(page, SURVEILLANCE)
    assert f"{KEYS} does not release it to you for this purpose" in text
    assert "15365" not in text


def test_who_is_not_known_is_told_what_to_do(people: dict[str, Visitor]) -> None:
    page = arrive(people["stranger"].page, "xiii-2", name="recycler")
    text = opens(page)
    assert f"{KEYS} does not know you" in text
    assert "register the key below" in text
    assert people["stranger"].jwk["x"] in page.locator("#key").inner_text()


def test_what_is_missing_in_the_form_is_said(people: dict[str, Visitor]) -> None:
    page = arrive(people["recycler"].page, name="recycler")
    assert told(page) == "Choose what to open."
    arrive(page, "xiii-2")
    assert told(page) == "Say who you are: an id, or a role credential."


def test_a_broker_that_is_down(people: dict[str, Visitor], front: TlsFront) -> None:
    page, behind = people["recycler"].page, front.behind
    front.leads_to(None)
    try:
        arrive(page, "xiii-2", name="recycler")
        text = opens(page)
        assert f"{KEYS} does not answer. Nothing is lost: try again later." in text
    finally:
        front.leads_to(behind)
    assert "Secret cover" in opens(page)


def test_a_role_credential(people: dict[str, Visitor]) -> None:
    page = arrive(people["stranger"].page, "xiii-2", "xiii-4")
    own = role(subject={"id": people["stranger"].did}, shift=SHIFT)
    page.get_by_label("Or your role").set_input_files(files(status_list(shift=SHIFT), own))
    with silent(page):
        assert "Secret cover" in opens(page)


@pytest.mark.parametrize("case", ["withdrawn", "expired", "unknown issuer"])
def test_a_role_credential_that_does_not_count(people: dict[str, Visitor], case: str) -> None:
    page = arrive(people["stranger"].page, "xiii-2")
    shift = SHIFT - timedelta(days=40 if case == "expired" else 0)
    seed = bytes(32) if case == "unknown issuer" else ROLE_ISSUER
    own = role(subject={"id": people["stranger"].did}, shift=shift, seed=seed)
    listed = status_list(withdrawn=(INDEX,) if case == "withdrawn" else (), shift=SHIFT)
    page.get_by_label("Or your role").set_input_files(files(own, listed))
    text = opens(page)
    assert f"{KEYS} does not accept the role credential" in text


def test_a_role_credential_of_somebody_else(people: dict[str, Visitor]) -> None:
    page = arrive(people["stranger"].page, "xiii-2")
    chosen = files(role(shift=SHIFT), status_list(shift=SHIFT))
    page.get_by_label("Or your role").set_input_files(chosen)
    with silent(page) as asked:
        assert "another key than the one of this browser" in told(page)
    assert asked == []


@pytest.mark.parametrize("count", [0, 1])
def test_a_role_credential_without_its_list(people: dict[str, Visitor], count: int) -> None:
    page = arrive(people["stranger"].page, "xiii-2")
    chosen = files(b"no credential", role(shift=SHIFT))[: count + 1]
    page.get_by_label("Or your role").set_input_files(chosen)
    text = told(page)
    assert "as a second file" in text
    assert (LIST_URL in text) == bool(count)


def test_what_an_author_wrote_is_text(people: dict[str, Visitor]) -> None:
    page = arrive(people["recycler"].page, "xiii-2", name="recycler")
    assert MARKUP in opens(page)
    assert page.locator("#opened :is(img, b, a, script, iframe)").count() == 0
    assert "run" not in page.title()


def test_nothing_is_kept_but_a_key_that_cannot_be_read_out(people: dict[str, Visitor]) -> None:
    page = arrive(people["recycler"].page, "xiii-2", name="recycler")
    assert "Secret cover" in opens(page)
    empty = {"local": 0, "session": 0, "cookie": "", "caches": 0}
    assert page.evaluate(KEPT) == {**empty, "databases": ["cellfolio"]}
    assert page.evaluate(STORED) == [["keys"], 1, [], False, "InvalidAccessError"]
    assert page.evaluate("history.state") is None
    page.goto(f"{SITE}/")
    page.go_back()
    expect(page.locator("#passport")).to_contain_text("Genuine", timeout=20_000)
    assert "Secret" not in page.locator("body").inner_text()


def test_a_key_is_forgotten(named_browser: Browser, people: dict[str, Visitor]) -> None:
    assert people
    found = visitor(named_browser)
    page = found.page
    page.get_by_role("button", name="Forget the key").click()
    expect(page.locator("#said")).to_have_text("The key is gone, and what was opened with it.")
    expect(page.locator("#key dl")).to_be_hidden()
    assert page.evaluate(KEPT)["databases"] == []
    page.get_by_role("button", name="Make a key").click()
    expect(page.locator("#did")).to_contain_text("did:key:z6Mk")
    assert page.locator("#did").inner_text() != found.did
    found.context.close()


def test_no_database_is_there_before_a_key(named_browser: Browser, host: TlsSite) -> None:
    assert host.path("open.html").is_file()
    context = named_browser.new_context()
    page = context.new_page()
    page.goto(LINK)
    expect(page.locator("#passport")).to_contain_text("Genuine", timeout=20_000)
    assert page.evaluate(KEPT)["databases"] == []
    context.close()


def test_the_page_on_an_origin_of_its_own(people: dict[str, Visitor]) -> None:
    page = people["elsewhere"].page
    page.goto(f"https://{OWN}/open")
    with silent(page) as asked:
        address = page.get_by_label("Address under the code")
        address.fill(f"{SITE}/de{BATTERY}")
        address.press("Tab")
        expect(page.locator("#passport")).to_contain_text(f"Genuine: signed by {HOST}")
        page.get_by_label("Composition, spare parts").check()
        page.get_by_label("Your id among").fill("elsewhere")
        assert "Secret cover" in opens(page)
    assert [
        url for url in asked if url.startswith(f"https://{OWN}/") and "/assets/" not in url
    ] == []


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (f"https://elsewhere.example.org{BATTERY}", f"opens passports of {HOST} only"),
        ("AR-0001", "no address of a battery passport"),
        ("javascript:alert(1)", "no address of a battery passport"),
        (f"{SITE}/dpp/01_09506000134352_21_GONE/passport.json", "not in order"),
    ],
)
def test_an_address_that_is_not_opened_here(
    people: dict[str, Visitor], address: str, says: str
) -> None:
    page = people["recycler"].page
    page.goto("about:blank")
    page.goto(f"{SITE}/open")
    page.get_by_label("Address under the code").fill(address)
    page.keyboard.press("Tab")
    expect(page.locator("#passport")).to_contain_text(says)


def test_a_sealed_file_that_was_changed(
    people: dict[str, Visitor], host: TlsSite, site: Path
) -> None:
    path = host.path(f"dpp/{DPP}/sealed/xiii-2/1.json")
    members = json.loads(path.read_bytes())
    page = people["recycler"].page
    try:
        path.write_bytes(path.read_bytes().replace(b'"salt":"', b'"salt":"A'))
        arrive(page, "xiii-2", "xiii-4", name="recycler")
        text = opens(page)
        assert "It is not what was signed" in text
        assert "98.4" in text
        path.unlink()
        arrive(page, "xiii-2", name="recycler")
        assert "It is not what was signed" in opens(page)
    finally:
        host.shows(site)
    assert members["group"] == "xiii-2"


def test_a_sealed_file_that_the_issuer_took_away(
    people: dict[str, Visitor], host: TlsSite, site: Path
) -> None:
    page, project = people["recycler"].page, site.parent
    later = Path(shutil.copytree(site, project / "later"))
    refusal = {"passport": DPP, "group": "xiii-2", "before_version": 2, "reason": "wrong"}
    line = json.dumps({**refusal, "refused_on": "2026-11-20"})
    write(project, "content/access/refused.jsonl", f"{line}\n")
    build(project, later)
    try:
        host.shows(later)
        arrive(page, "xiii-2", "xiii-4", name="recycler")
        text = opens(page)
        assert "The issuer has withdrawn it" in text
        assert "98.4" in text
        path = host.path(f"dpp/{DPP}/sealed/xiii-2/1.json")
        tombstone = json.loads(path.read_bytes())
        path.write_bytes(canonical_json({**tombstone, "withdrawn": "2026-11-01T00:00:00Z"}))
        arrive(page, "xiii-2", name="recycler")
        assert "It is not what was signed" in opens(page)
    finally:
        host.shows(site)


def test_a_passport_that_was_changed_opens_nothing(
    people: dict[str, Visitor], host: TlsSite, site: Path
) -> None:
    path = host.path(f"dpp/{BATTERY_DPP}/passport.json")
    page = people["recycler"].page
    try:
        path.write_bytes(path.read_bytes().replace(b'"51.2"', b'"15.2"'))
        page.goto("about:blank")
        page.goto(f"{LINK}/xiii-2")
        expect(page.locator("#passport")).to_contain_text("its signature does not hold")
        page.get_by_label("Your id among").fill("recycler")
        page.get_by_role("button", name="Open", exact=True).click()
        expect(page.get_by_role("button", name="Open", exact=True)).to_be_enabled()
        assert page.locator("#opened > *").count() == 0
    finally:
        host.shows(site)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_heard_and_hit(people: dict[str, Visitor], scheme: str) -> None:
    page = people["recycler"].page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 320, "height": 640})
    arrive(page, "xiii-2", "xiii-3", "xiii-4", name="recycler")
    assert "never says why" in opens(page)
    check_with_axe(page)
    assert overflow(page) == 0
    assert [each for each in targets(page) if min(each[1:]) < 24] == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) == 0
    page.set_viewport_size({"width": 1280, "height": 720})
    page.emulate_media(color_scheme="light")


def test_it_is_used_by_keyboard_alone(people: dict[str, Visitor]) -> None:
    page = arrive(people["recycler"].page)
    page.locator("#address").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.type("recycler")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    heading = page.locator("#opened h2")
    expect(heading).to_be_focused(timeout=20_000)
    assert "Secret cover" in page.locator("#opened").inner_text()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Save ")


def test_it_speaks_the_language_of_its_page(people: dict[str, Visitor]) -> None:
    page = people["recycler"].page
    page.goto(f"{SITE}/de/open#{BATTERY_DPP}/xiii-4")
    expect(page.locator("#passport")).to_contain_text("Echt", timeout=20_000)
    page.get_by_label("Ihre Kennung").fill("recycler")
    page.get_by_label("Wofür").select_option(label="Zerlegung")
    page.get_by_role("button", name="Öffnen", exact=True).click()
    expect(page.locator("#opened")).to_contain_text("98,4\u00a0Ah", timeout=20_000)
    assert "12. November 2026" in page.locator("#opened").inner_text()


def test_without_scripts_it_names_the_command(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "open.html").as_uri())
    assert "cellfolio unlock" in page.locator("main").inner_text()
    assert page.locator("#open").is_hidden()
    context.close()
