"""What hosts are told is the table of headers, in each host's own language."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from generator.build.artifact import PAGE_TYPE, CacheClass
from generator.publish.headers import COMMON_HEADERS, KINDS, Kind, headers_for
from generator.publish.hosts import (
    RENDERERS,
    cloudfront_function,
    cloudfront_policy,
    headers_file,
    nginx_snippet,
)
from tests.cli import CommandLine

PAGE = Kind(pattern="/*", media_type=PAGE_TYPE, cache=CacheClass.PAGE)
NAMES_IN_POLICY = {
    "ContentSecurityPolicy": "Content-Security-Policy",
    "ContentTypeOptions": "X-Content-Type-Options",
    "ReferrerPolicy": "Referrer-Policy",
    "StrictTransportSecurity": "Strict-Transport-Security",
}


def wanted(kind: Kind) -> dict[str, str]:
    return dict(headers_for(kind.media_type, kind.cache))


def test_a_headers_file_says_what_the_table_says() -> None:
    rules: dict[str, dict[str, str]] = {}
    for line in headers_file().splitlines():
        if line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            rules[pattern][name] = value  # noqa: F821 (a rule's pattern comes first)
        else:
            pattern = line
            rules[pattern] = {}
    assert list(rules) == ["/*", *(kind.pattern for kind in KINDS)]
    for kind in KINDS:
        assert rules["/*"] | rules[kind.pattern] == wanted(kind)


def test_nginx_is_told_what_the_table_says() -> None:
    snippet = nginx_snippet()
    common = dict(re.findall(r'^add_header (\S+) "(.*)" always;$', snippet, re.MULTILINE))
    assert common == dict(COMMON_HEADERS)
    blocks = re.findall(r"^location (.+?) \{\n(.*?)\n\}$", snippet, re.MULTILINE | re.DOTALL)
    said = [_of_block(text) for _, text in blocks]
    assert said[:2] == said[-1:] * 2 == [_own(PAGE)] * 2
    assert said[2:-1] == [_own(kind) for kind in KINDS]
    assert not any("add_header" in text for _, text in blocks)


def _of_block(text: str) -> dict[str, str]:
    found = {
        "Content-Type": re.findall(r'default_type "(.*)";', text),
        "Cache-Control": re.findall(r'set \$passport_cache "(.*)";', text),
        "Access-Control-Allow-Origin": re.findall(r'set \$passport_readers "(.*)";', text),
    }
    return {name: values[0] for name, values in found.items() if values[0]}


def _own(kind: Kind) -> dict[str, str]:
    return {name: value for name, value in wanted(kind).items() if name not in dict(COMMON_HEADERS)}


def test_cloudfront_s_policy_says_what_all_answers_share() -> None:
    policy = json.loads(cloudfront_policy())
    said = {each["Header"]: each["Value"] for each in policy["CustomHeadersConfig"]["Items"]}
    assert policy["CustomHeadersConfig"]["Quantity"] == len(said)
    security = policy["SecurityHeadersConfig"]
    for name, header in NAMES_IN_POLICY.items():
        values = {k: v for k, v in security[name].items() if k != "Override"}
        said[header] = str(next(iter(values.values()), "nosniff"))
    said["Strict-Transport-Security"] = f"max-age={said['Strict-Transport-Security']}"
    assert said == dict(COMMON_HEADERS)
    assert all(each["Override"] for each in security.values())


@pytest.mark.parametrize("kind", [PAGE, *KINDS], ids=lambda kind: kind.pattern)
def test_cloudfront_s_function_lets_programs_read_data_only(kind: Kind) -> None:
    headers = wanted(kind)
    event = {"response": {"headers": {"content-type": {"value": headers["Content-Type"]}}}}
    script = f"{cloudfront_function()}\nconsole.log(JSON.stringify(handler({json.dumps(event)})));"
    done = subprocess.run(
        ["node", "-e", script], capture_output=True, text=True, check=True, timeout=60
    )
    answered = json.loads(done.stdout)["headers"].get("access-control-allow-origin")
    expected = headers.get("Access-Control-Allow-Origin")
    assert answered == ({"value": expected} if expected else None)


@pytest.mark.parametrize("form", RENDERERS)
def test_each_form_is_printed(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = CommandLine(monkeypatch, capsys)
    text = run("hosts", form).out
    assert text == RENDERERS[form]()
    assert json.loads(run("hosts", form, "--json").out) == {"form": form, "text": text}


def test_no_rule_is_too_long_for_a_host() -> None:
    """Cloudflare Pages reads 100 rules of at most 2,000 characters a line; functions have 10 KB."""
    lines = headers_file().splitlines()
    assert max(map(len, lines)) <= 2000
    assert sum(not line.startswith(" ") for line in lines) <= 100
    assert len(cloudfront_function().encode()) <= 10_000


def test_netlify_keeps_addresses_as_they_are() -> None:
    text = (Path(__file__).parents[3] / "netlify.toml").read_text("utf-8")
    assert "pretty_urls = false" in text
    assert "[[redirects]]" not in text
