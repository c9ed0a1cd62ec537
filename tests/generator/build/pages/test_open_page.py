"""The page that opens restricted data: whom it may ask, its words, and how passports lead to it."""

import json
import re
import shutil
from pathlib import Path

import pytest

from generator.build.pages.open_page import open_policy
from generator.build.pages.open_words import PURPOSES, TEXTS, open_words
from generator.build.pages.theme import find_theme
from generator.publish.headers import CONTENT_SECURITY_POLICY
from passport.access.rule import Purpose
from passport.base_url import BaseUrl
from passport.broker_address import BrokerAddress
from passport.registry import Group, registry
from tests.browser.opening_site import build_opening_site
from tests.small_site import tree

SITE = BaseUrl("https://id.example.com")
KEYS = BrokerAddress(BaseUrl("https://keys.example.com"), (Group.AUTHORITY,))
GTIN = "09506000134352"
MINIMAL = Path(__file__).parents[3] / "sites" / "minimal"
NARROW = "connect-src &#39;self&#39;"
BROWSER = Path(__file__).parents[4] / "browser"
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every page of a site with brokers, by its file."""
    project = tmp_path_factory.mktemp("open") / "project"
    site = build_opening_site(Path(shutil.copytree(MINIMAL, project)))
    files = tree(site).items()
    return {path: content.decode() for path, content in files if path.endswith(".html")}


def directives(policy: str) -> dict[str, list[str]]:
    parts = (part.split() for part in policy.split(";"))
    return {name: values for name, *values in parts}


def test_the_page_may_ask_the_site_and_its_brokers_and_nobody_else() -> None:
    found = directives(open_policy(SITE, (KEYS, KEYS)))
    assert found["connect-src"] == ["'self'", str(SITE), str(KEYS.url)]
    shared = directives(CONTENT_SECURITY_POLICY)
    # A policy in a page can't say who may frame it.
    assert shared.keys() - found.keys() == {"frame-ancestors"}
    assert found.keys() - shared.keys() == {"trusted-types"}
    same = found.keys() & shared.keys() - {"connect-src"}
    assert {name: found[name] for name in same} == {name: shared[name] for name in same}


def test_every_page_says_whom_it_may_ask(pages: dict[str, str]) -> None:
    policies = {path: POLICY.findall(html) for path, html in pages.items()}
    opening = {path for path in pages if path.rpartition("/")[2] == "open.html"}
    assert opening == {"open.html", "de/open.html"}
    assert {path: found for path, found in policies.items() if len(found) != 1} == {}
    others = {found[0] for path, found in policies.items() if path not in opening}
    assert others == {NARROW}
    for path in opening:
        assert "https://keys.example.com;" in policies[path][0]
        before, _, after = pages[path].partition(POLICY.search(pages[path])[0])  # type: ignore[index]
        assert "<link" not in before
        assert "<script" in after


def test_a_passport_leads_to_the_page_in_its_language(pages: dict[str, str]) -> None:
    links = {
        path: re.findall(r'href="((?:/de)?/open)#([^"]+)"', html) for path, html in pages.items()
    }
    leading = {path: found for path, found in links.items() if found}
    assert {f"01/{GTIN}.html", f"de/01/{GTIN}.html"} < leading.keys()
    for path, found in leading.items():
        place = "/de/open" if path.startswith("de/") else "/open"
        assert {page for page, _ in found} == {place}
        (dpp_id,) = {fragment.partition("/")[0] for _, fragment in found}
        assert ("_21_" in dpp_id) == ("/21/" in path)
        groups = [fragment.partition("/")[2] for _, fragment in found]
        assert groups == ["xiii-2", "xiii-3", *(["xiii-4"] if "_21_" in dpp_id else [])]


@pytest.mark.parametrize("code", ["en", "de"])
def test_words_name_everything_that_may_be_sealed(code: str, tmp_path: Path) -> None:
    words = json.loads(open_words(find_theme(tmp_path, "default").language(code)))
    restricted = [point for point in registry().data_points if not point.is_public]
    assert set(words["points"]) == {point.member for point in restricted}
    lists = {point["codes"] for point in words["points"].values()}
    lists |= {f["codes"] for point in words["points"].values() for f in point["fields"].values()}
    assert lists | set(words["events"].values()) <= {*words["codes"], ""}
    assert words["purposes"].keys() == set(Purpose) == PURPOSES.keys()
    assert (
        words["counted"]["years"]
        == {
            "en": {"one": "year", "other": "years"},
            "de": {"one": "Jahr", "other": "Jahre"},
        }[code]
    )


def test_the_script_says_nothing_that_the_words_lack() -> None:
    script = "".join((BROWSER / name).read_text("utf-8") for name in ("open.js", "opening.js"))
    said = set(re.findall(r'(?:saying|tell)\((?:"?\w+"?), "([^"]+)"', script))
    said |= set(re.findall(r'new NotOpened\("([^"]+)"', script))
    assert len(said) > 15
    assert said - TEXTS.keys() == set()
