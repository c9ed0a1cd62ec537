"""Headers: the contract's URLs each have a kind, and hosts are told the same as the server."""

import re
import tomllib
from pathlib import Path

import pytest

from generator.build.artifact import CacheClass
from generator.content.documents import MEDIA_TYPES
from generator.publish.headers import (
    CONTENT_SECURITY_POLICY,
    KINDS,
    headers_for,
    kind_of,
)
from generator.publish.hosts import netlify_headers
from passport.errors import PublishError

NETLIFY_TOML = Path(__file__).parents[3] / "netlify.toml"


@pytest.mark.parametrize(
    ("disk_path", "media_type", "cache"),
    [
        ("index.html", "text/html", CacheClass.PAGE),
        ("404.html", "text/html", CacheClass.PAGE),
        ("01/09506000134352/21/ABC.html", "text/html", CacheClass.PAGE),
        ("de/01/09506000134352.html", "text/html", CacheClass.PAGE),
        ("dpp/01_1/passport.json", "application/vc", CacheClass.DATA),
        ("dpp/01_1/did.json", "application/did", CacheClass.DATA),
        ("dpp/01_1/linkset.json", "application/linkset+json", CacheClass.DATA),
        ("dpp/01_1/versions.json", "application/json", CacheClass.DATA),
        ("dpp/01_1/v/3.json", "application/vc", CacheClass.WRITTEN_ONCE),
        ("dpp/01_1/sealed/xiii-4/7.json", "application/json", CacheClass.SEALED),
        ("dpp/01_1/sealed/doc/00ff", "application/octet-stream", CacheClass.SEALED),
        ("v1/dpps/01_1", "application/json", CacheClass.DATA),
        (".well-known/did.json", "application/did", CacheClass.DATA),
        (".well-known/did.jsonl", "text/jsonl", CacheClass.DATA),
        (".well-known/security.txt", "text/plain", CacheClass.DATA),
        ("log/1/checkpoint", "text/plain", CacheClass.DATA),
        ("log/1/tile/0/x001/234.p/17", "application/octet-stream", CacheClass.WRITTEN_ONCE),
        ("status/1/revocation/0", "application/vc", CacheClass.DATA),
        ("manifest/index.json", "application/json", CacheClass.DATA),
        ("access/policy.json", "application/json", CacheClass.DATA),
        ("schema/passport/1.json", "application/schema+json", CacheClass.ASSET),
        ("assets/site.ab12cd34.css", "text/css", CacheClass.ASSET),
        ("assets/0123456789abcdef/report.pdf", "application/pdf", CacheClass.ASSET),
    ],
)
def test_every_url_of_the_contract_has_a_kind(
    disk_path: str, media_type: str, cache: CacheClass
) -> None:
    kind = kind_of(disk_path)
    assert (kind.media_type, kind.cache) == (media_type, cache)
    assert kind_of(disk_path).media_type == media_type


@pytest.mark.parametrize(
    "disk_path", [".gitignore", "notes.txt", "assets/page.html", "dpp/01_1.html/x.html", "dpp/x"]
)
def test_what_has_no_url_has_no_media_type(disk_path: str) -> None:
    with pytest.raises(PublishError, match="no media type is known"):
        kind_of(disk_path)


def test_every_document_that_content_may_name_can_be_published() -> None:
    for suffix, media_type in MEDIA_TYPES.items():
        assert kind_of(f"assets/0123456789abcdef/name{suffix}").media_type == media_type


def test_a_page_may_load_from_its_own_site_only() -> None:
    headers = dict(headers_for("text/html", CacheClass.PAGE))
    assert headers == {
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
            "connect-src 'self' https:; form-action 'none'; base-uri 'none'; "
            "frame-ancestors 'none'; require-trusted-types-for 'script'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": (
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
            "magnetometer=(), microphone=(), payment=(), usb=()"
        ),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=63072000",
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "public, max-age=0, must-revalidate",
    }


def test_the_policy_has_no_hole() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY
    # Each page narrows this one: tests/generator/build/pages/test_open_page.py.
    assert "http" not in CONTENT_SECURITY_POLICY.replace("connect-src 'self' https:", "")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.pattern)
def test_programs_of_other_origins_read_data_and_nothing_else(kind: object) -> None:
    assert isinstance(kind, type(KINDS[0]))
    headers = dict(headers_for(kind.media_type, kind.cache))
    is_data = kind.media_type.startswith("application/") and kind.media_type != "application/pdf"
    assert ("Access-Control-Allow-Origin" in headers) == (
        is_data or kind.media_type in {"text/jsonl", "text/plain"}
    )
    assert ("charset" in headers["Content-Type"]) == kind.media_type.startswith("text/")
    immutable = kind.cache in {CacheClass.ASSET, CacheClass.WRITTEN_ONCE}
    assert ("immutable" in headers["Cache-Control"]) == immutable


def test_no_two_rules_give_one_url_the_same_header() -> None:
    samples = [re.sub(r":\w+", "x1", kind.pattern).replace("*", "a/b") for kind in KINDS]
    for sample in samples:
        assert sum(matches(kind.pattern, sample) for kind in KINDS) == 1, sample
    shared = {name for name, _ in headers_for("text/html", CacheClass.PAGE)[:-2]}
    for rule in tomllib.loads(netlify_headers())["headers"][1:]:
        assert not shared & rule["values"].keys()


def matches(pattern: str, url: str) -> bool:
    """Tell whether a host's rule matches, as the host's own tools have it: cases don't count."""
    parts = [
        "[^/]+" if part.startswith(":") else re.escape(part).replace(r"\*", ".*")
        for part in pattern.split("/")
    ]
    return re.fullmatch("/".join(parts), url, re.IGNORECASE) is not None


def test_a_host_s_rules_say_what_the_table_says() -> None:
    rules = tomllib.loads(netlify_headers())["headers"]
    assert rules[0]["for"] == "/*"
    for kind, rule in zip(KINDS, rules[1:], strict=True):
        assert rule["for"] == kind.pattern
        together = {**rules[0]["values"], **rule["values"]}
        assert together == dict(headers_for(kind.media_type, kind.cache))


def test_netlify_toml_holds_the_rendered_rules() -> None:
    assert NETLIFY_TOML.read_text(encoding="utf-8").endswith("\n" + netlify_headers())
