"""The gates before release: an address of one's own, proven values, a reviewed scope."""

from datetime import date
from pathlib import Path

import pytest

from generator.content.deploy_settings import DeploySettings, parse_deploy
from generator.content.release import released, require_own_address
from passport.base_url import BaseUrl
from passport.errors import ConfigError, ContentError
from tests.own_site import EVIDENCE, OWN
from tests.small_project import write, write_lot, write_model, write_project

TODAY = date(2026, 12, 1)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_project(tmp_path)
    write_model(tmp_path, "rack", "51.2")
    write_lot(tmp_path, "A1,rack,2026-12-01,")
    settings = tmp_path / "cellfolio.toml"
    settings.write_text(settings.read_text().replace("https://id.example.com", OWN))
    return tmp_path


def refusal(project: Path) -> list[str]:
    with pytest.raises(ContentError) as refused:
        released(project, TODAY)
    return [problem.rule for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://id.example.com", "reserved"),
        ("https://localhost:8443", "reserved"),
        ("https://maker.netlify.app", "below a domain of its host"),
        ("https://d111111abcdef8.cloudfront.net", "below a domain of its host"),
    ],
)
def test_an_address_that_is_not_ones_own_is_refused(address: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        require_own_address(BaseUrl(address))
    require_own_address(BaseUrl(OWN))


def test_values_without_evidence_and_an_unreviewed_scope_are_refused(project: Path) -> None:
    assert refusal(project) == ["unproven-value", "unproven-value"]
    write(project, "content/models/rack/evidence.yaml", EVIDENCE)
    assert len(released(project, TODAY).content.batteries) == 1
    model = project / "content/models/rack/model.yaml"
    model.write_text(model.read_text().replace("  reviewer: Second Person\n", ""))
    assert refusal(project) == ["unreviewed-scope"]


def test_content_with_errors_is_refused(project: Path) -> None:
    write_lot(project, "A1,nowhere,2026-12-01,")
    assert "unknown-model" in refusal(project)


def test_a_target_is_read_from_the_settings() -> None:
    table = {"url": "s3://passports/a/b", "endpoint": "https://s3.maker-packs.eu", "pages": "html"}
    settings = parse_deploy(table, "cellfolio.toml")
    assert settings == DeploySettings(
        url="s3://passports/a/b", endpoint="https://s3.maker-packs.eu", pages="html"
    )
    assert (settings.bucket, settings.prefix, settings.is_bucket) == ("passports", "a/b", True)
    assert not DeploySettings(url="../public").is_bucket
    assert parse_deploy(None, "cellfolio.toml") is None


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("s3://passports", "deploy is no table"),
        ({}, "deploy names no url"),
        ({"url": "s3://UPPER"}, "no address of a bucket"),
        ({"url": "s3://passports//x"}, "no address of a bucket"),
        ({"url": "s3://passports/../x"}, "no address of a bucket"),
        ({"url": "s3://passports", "endpoint": "http://store.maker.eu"}, "not encrypted"),
        ({"url": "s3://passports", "region": "a b"}, "no region"),
        ({"url": "s3://passports", "pages": "php"}, "not known"),
        ({"url": "s3://passports", "cloudfront": "https://x"}, "no distribution's id"),
        ({"url": "s3://passports", "secret": "x"}, "unknown setting deploy.secret"),
        ({"url": 3}, "deploy.url is not a text"),
    ],
)
def test_a_target_that_is_no_target_is_refused(table: object, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        parse_deploy(table, "cellfolio.toml")
