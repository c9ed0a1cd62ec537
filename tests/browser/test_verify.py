"""The page verifies itself in Chromium: what it says of a genuine passport, and of every lie."""

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserType, Page, Route, expect

from generator.cli.build import build
from passport.encoding.canonical import canonical_json
from passport.signing.proof import sign
from tests import forge
from tests.browser.tls_site import TlsSite, browser_told, serving_tls
from tests.cli import CommandLine
from tests.small_project import write, write_lot, write_model, write_project

HOST = "id.example.com"
ELSEWHERE = "copies.example.org"
MODEL = "/01/09506000134352"
BATTERY = f"{MODEL}/21/A1"
PAGE = f"{BATTERY[1:]}.html"
PASSPORT = "dpp/01_09506000134352_21_A1/passport.json"
OTHER = "dpp/01_09506000134352_21_A2/passport.json"
DID = ".well-known/did.json"
STEPS = 8
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
WITHDRAWN = (
    '{"passport": "01_09506000134352_21_A2", "version": 2, "reason": "wrong-capacity",'
    ' "withdrawn_on": "2026-11-18"}\n'
)


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A site as it was first, and as it is: every passport in a second version, one withdrawn."""
    project = write_project(tmp_path_factory.mktemp("project"))
    write(project, "themes/default/static/logo.svg", LOGO)
    write_lot(project, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,")
    write_model(project, "rack", "51.2")
    build(project, project / "site")
    first = Path(shutil.copytree(project / "site", project / "first"))
    write_model(project, "rack", "48.0")
    build(project, project / "site")
    write(project, "content/withdrawn.jsonl", WITHDRAWN)
    build(project, project / "site")
    return [first, project / "site"]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsSite]:
    with serving_tls(tmp_path_factory.mktemp("tls"), HOST, ELSEWHERE) as site:
        yield site


@pytest.fixture(scope="module")
def named_browser(
    browser_type_launch_args: dict[str, object], browser_type: BrowserType, tls: TlsSite
) -> Iterator[Browser]:
    """A browser that finds the site under its names."""
    with browser_told(browser_type, browser_type_launch_args, *tls.browser_arguments) as found:
        yield found


@pytest.fixture
def host(tls: TlsSite, states: list[Path]) -> TlsSite:
    """The host with a fresh copy of the site, to be damaged."""
    tls.shows(states[1])
    return tls


@pytest.fixture
def page(named_browser: Browser, host: TlsSite) -> Iterator[Page]:
    assert host.path(PAGE).is_file()
    context = named_browser.new_context(accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    context.close()


def verdict(page: Page, path: str = BATTERY, host: str = HOST) -> str:
    """Open a page; returns the kind of its verdict."""
    page.goto(f"https://{host}{path}")
    sentence = page.locator("#verdict p")
    expect(sentence).not_to_be_empty(timeout=20_000)
    return str(page.locator("#verdict").get_attribute("class")).removeprefix("verdict ")


def said(page: Page) -> str:
    return page.locator("#verdict").inner_text()


def held(page: Page) -> int:
    """How many steps hold."""
    return page.locator("#check .checks li").count()


def told(page: Page) -> str:
    """The last line of the checks: what failed, in our words."""
    return page.locator("#check .checks li").last.inner_text()


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that is there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rewrite(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Change a JSON document; it stays canonical, as every file of a site is."""
    document = json.loads(path.read_bytes())
    change(document)
    path.write_bytes(canonical_json(document))


@pytest.mark.parametrize("path", [BATTERY, MODEL, f"/de{MODEL}"])
def test_a_genuine_passport(page: Page, path: str) -> None:
    assert verdict(page, path) == "genuine"
    assert HOST in said(page)
    assert held(page) == STEPS


def test_it_says_nothing_to_anybody_else(page: Page) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    assert verdict(page) == "genuine"
    assert complaints == []
    assert [url for url in asked if not url.startswith(f"https://{HOST}/")] == []
    kept = "async () => [localStorage.length, sessionStorage.length, document.cookie,"
    assert page.evaluate(f"{kept} (await indexedDB.databases()).length]") == [0, 0, "", 0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<span class="n">48.0</span>', '<span class="n">84.0</span>'),
        ("\u00a0Ah<", "\u00a0kAh<"),
        ("Industrial battery", "Battery of a vehicle"),
        ("November 2026<", "November 2025<"),
        ('<dd class="serial">A1<', '<dd class="serial">A2<'),
        ("Leipzig", "Lepizig"),
    ],
    ids=["number", "unit", "code", "date", "serial", "text"],
)
def test_a_value_changed_in_the_page(page: Page, host: TlsSite, old: str, new: str) -> None:
    edit(host.path(PAGE), old, new)
    assert verdict(page) == "refused"
    assert "not the one that was published" in said(page)


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        (".facts .n", "84.0"),
        ("#nominal_voltage .u", "kV"),
        ("#rated_capacity .n", "1,000"),
        ("#manufacturing_date dd", "November 2025"),
    ],
)
def test_a_value_changed_on_the_screen_though_the_page_arrived_whole(
    page: Page, selector: str, text: str
) -> None:
    def change_and_go_on(route: Route) -> None:
        script = "([where, what]) => { document.querySelector(where).textContent = what; }"
        page.evaluate(script, [selector, text])
        route.continue_()

    page.route("**/verify.js", change_and_go_on)
    assert verdict(page) == "refused"
    assert "a value shown is not the signed one" in said(page)
    assert told(page).startswith("values: ")


def test_a_changed_passport(page: Page, host: TlsSite) -> None:
    edit(host.path(PASSPORT), '"48.0"', '"84.0"')
    assert verdict(page) == "refused"
    assert "its signature does not hold" in said(page)
    assert told(page).startswith("signature: ")


def test_a_passport_with_a_member_twice(page: Page, host: TlsSite) -> None:
    edit(host.path(PASSPORT), '"version":2', '"version":1,"version":2')
    assert verdict(page) == "refused"
    assert "stands twice" in told(page)


def test_a_did_document_with_other_keys(page: Page, host: TlsSite) -> None:
    key = forge.signer_named("attacker").public_key.multikey
    rewrite(host.path(DID), lambda did: did["verificationMethod"][0].update(publicKeyMultibase=key))  # type: ignore[index]
    assert verdict(page) == "refused"
    assert told(page).startswith("signature: ")


def test_a_did_document_of_somebody_else(page: Page, host: TlsSite) -> None:
    text = host.path(DID).read_text(encoding="utf-8")
    host.path(DID).write_text(text.replace(HOST, ELSEWHERE), encoding="utf-8")
    assert verdict(page) == "refused"
    assert told(page).startswith("did-document: ")


def test_a_passport_and_a_did_document_by_an_attacker(page: Page, host: TlsSite) -> None:
    """Both fit each other: what was never published is not in the log."""
    attacker = forge.signer_named("attacker")
    key = attacker.public_key.multikey
    rewrite(host.path(DID), lambda did: did["verificationMethod"][0].update(publicKeyMultibase=key))  # type: ignore[index]
    document = json.loads(host.path(PASSPORT).read_bytes())
    proof = document.pop("proof")
    document["credentialSubject"]["nominalVoltage"]["value"] = "84.0"
    signed = sign(
        document, attacker, created=forge.TIME, verification_method=proof["verificationMethod"]
    )
    host.path(PASSPORT).write_bytes(canonical_json(signed))
    assert verdict(page) == "refused"
    assert "the log does not hold it" in said(page)


def test_the_proof_of_another_passport(page: Page, host: TlsSite) -> None:
    proof = json.loads(host.path(OTHER).read_bytes())["proof"]
    rewrite(host.path(PASSPORT), lambda document: document.update(proof=proof))
    assert verdict(page) == "refused"
    assert told(page).startswith("signature: ")


def test_the_passport_of_another_battery(page: Page, host: TlsSite) -> None:
    shutil.copy(host.path(OTHER), host.path(PASSPORT))
    assert verdict(page) == "refused"
    assert "another product" in said(page)


def test_an_older_version(page: Page, host: TlsSite, states: list[Path]) -> None:
    for name in (PASSPORT, PAGE):
        shutil.copy(states[0] / name, host.path(name))
    assert verdict(page) == "superseded"
    assert "another version" in said(page)


def test_an_older_state_of_the_site_under_the_log_of_today(
    page: Page, host: TlsSite, states: list[Path]
) -> None:
    assets = {path.relative_to(states[0]).as_posix() for path in states[0].glob("assets/*/*")}
    for name in (PASSPORT, PAGE, "manifest/index.json", "manifest/all.json", *assets):
        shutil.copy(states[0] / name, host.path(name))
    assert verdict(page) == "unknown"
    assert "older state than its log" in said(page)


def test_a_withdrawn_passport(page: Page) -> None:
    assert verdict(page, f"{MODEL}/21/A2") == "withdrawn"
    assert "enuine" not in said(page)


def test_a_copy_on_another_host(page: Page) -> None:
    assert verdict(page, host=ELSEWHERE) == "copy"
    assert f"https://{HOST}{BATTERY}" in said(page)
    assert "genuine" not in said(page).lower()


def test_a_copy_that_was_changed(page: Page, host: TlsSite) -> None:
    edit(host.path(PASSPORT), '"48.0"', '"84.0"')
    assert verdict(page, host=ELSEWHERE) == "refused"


def test_a_status_list_that_cannot_be_read(page: Page) -> None:
    page.route("**/status/**", lambda route: route.abort())
    assert verdict(page) == "unknown"
    assert "freshness unknown" in said(page)


def test_a_status_list_that_expired(page: Page) -> None:
    page.clock.set_fixed_time("2060-01-01T00:00:00Z")
    assert verdict(page) == "unknown"
    assert "has expired" in said(page)


@pytest.mark.parametrize("what", ["dpp", "log", "manifest"])
def test_a_host_that_does_not_answer(page: Page, what: str) -> None:
    page.route(f"**/{what}/**", lambda route: route.abort())
    assert verdict(page) == "refused"
    assert "the site does not answer" in said(page)


@pytest.mark.parametrize("name", [PASSPORT, DID, "log/1/checkpoint", "manifest/all.json"])
def test_a_file_that_is_missing(page: Page, host: TlsSite, name: str) -> None:
    host.path(name).unlink()
    assert verdict(page) == "refused"
    assert "is missing" in told(page)


def test_a_browser_that_cannot_check(page: Page) -> None:
    page.add_init_script("SubtleCrypto.prototype.generateKey = async () => { throw new Error(); };")
    assert verdict(page) == "unable"
    assert "This browser cannot check" in said(page)
    assert f"cellfolio verify https://{HOST}{BATTERY}" in page.locator("#check").inner_text()


def test_words_that_were_changed(page: Page, host: TlsSite) -> None:
    for path in host.folder.glob("assets/*/words.en.json"):
        edit(path, "It cannot be confirmed", "It is genuine")
    assert verdict(page) == "refused"
    assert "genuine" not in said(page)


def test_a_picture_that_was_changed(page: Page, host: TlsSite) -> None:
    for path in host.folder.glob("assets/*/logo.svg"):
        edit(path, "M0 0h9", "M9 9h9")
    assert verdict(page) == "refused"
    assert told(page).endswith("/logo.svg")


def test_a_style_sheet_that_was_changed_is_not_used(page: Page, host: TlsSite) -> None:
    for path in host.folder.glob("assets/*/site.css"):
        path.write_text('.n::after { content: "84.0"; }', encoding="utf-8")
    assert verdict(page) == "genuine"
    assert page.evaluate("document.styleSheets.length") == 0


def test_a_script_for_languages_that_was_changed_is_not_run(page: Page, host: TlsSite) -> None:
    for path in host.folder.glob("assets/*/languages.js"):
        path.write_text("document.body.replaceChildren('84.0');", encoding="utf-8")
    with page.expect_response("**/languages.js"):
        assert verdict(page) == "genuine"
    page.wait_for_load_state("networkidle")
    assert said(page)
    assert page.locator(".switch select").count() == 0


@pytest.mark.parametrize("name", ["texts.fr.json", "words.fr.json"])
def test_a_catalogue_that_was_changed_says_nothing(page: Page, host: TlsSite, name: str) -> None:
    for path in host.folder.glob(f"assets/*/{name}"):
        path.write_bytes(path.read_bytes().replace("é".encode(), b"84.0"))
    assert verdict(page) == "genuine"
    with page.expect_event("pageerror"):
        page.locator(".switch select").select_option("fr")
    assert page.locator("html").get_attribute("lang") == "en"


def test_another_language_writes_the_values_that_were_checked(page: Page, host: TlsSite) -> None:
    assert verdict(page) == "genuine"
    edit(host.path(PASSPORT), '"48.0"', '"84.0"')
    page.locator(".switch select").select_option("fr")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("#manufacturing_date")).to_contain_text("novembre 2026")
    assert "84" not in page.locator("#nominal_voltage").inner_text()


def test_a_tile_of_the_log_with_a_flipped_bit(page: Page, host: TlsSite) -> None:
    (tile,) = (p for p in host.path("log/1/tile/0").iterdir() if not re.search(r"p/\d$", str(p)))
    newest = max(tile.iterdir() if tile.is_dir() else [tile], key=lambda p: p.stat().st_size)
    content = bytearray(newest.read_bytes())
    content[40] ^= 1
    newest.write_bytes(content)
    assert verdict(page) == "refused"
    assert told(page).startswith("tile: ")


def test_what_it_says_can_be_read_heard_and_hit(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    assert verdict(page, f"/de{MODEL}") == "genuine"
    assert page.locator("#verdict").get_attribute("role") == "status"
    found = Axe().run(page, context="#check")
    assert found.violations_count == 0, found.generate_report()
    box = page.get_by_role("button").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_was_checked_is_kept_in_one_file_that_the_command_line_verifies_offline(
    page: Page,
    host: TlsSite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verdict(page) == "genuine"
    with page.expect_download() as download:
        page.get_by_role("button", name="Download what was checked").click()
    assert download.value.suggested_filename == "01_09506000134352_21_A1.zip"
    kept = tmp_path / "kept.zip"
    download.value.save_as(kept)
    with zipfile.ZipFile(kept) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert archive.read(PAGE) == host.path(PAGE).read_bytes()
    assert {PAGE, PASSPORT, DID, ".well-known/did.jsonl", "log/1/checkpoint"} <= set(names)
    done = CommandLine(monkeypatch, capsys)("verify", kept, "--json")
    assert done.code == 0, done.err
    report = json.loads(done.out)
    assert (report["verdict"], report["version"]) == ("genuine copy", 2)
