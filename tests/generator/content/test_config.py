"""Settings: what each may hold, and that none is read past."""

from dataclasses import asdict
from pathlib import Path

import pytest

from generator.content.config import SiteConfig, read_config
from passport.errors import ConfigError

LEAST = {
    "base_url": '"https://id.example.com"',
    "issuer": '"maker"',
    "keys": '"demo"',
    "languages": '["en", "de"]',
}
OTHERS = {
    "battery_languages": '["de"]',
    "guidance": '"2.0"',
    "theme": '"own"',
    "allow_any_serial": "true",
    "retention_years": "15",
    "after_cessation": '"keep"',
    "private_root": '"../private"',
    "anchor": '"refs/cellfolio/anchor"',
    "status_days": "30",
    "brokers": '[{url = "https://keys.example.com", groups = ["xiii-4", "xiii-2"]}]',
    "deploy": '{url = "s3://passports", region = "eu-central-1"}',
}


def _broker(url: str = "https://k.example", groups: str = '["xiii-2"]') -> str:
    return f'[{{url = "{url}", groups = {groups}}}]'


def read(folder: Path, **settings: str) -> SiteConfig:
    lines = [f"{name} = {value}" for name, value in (LEAST | settings).items()]
    (folder / "cellfolio.toml").write_text("\n".join(lines), encoding="utf-8")
    return read_config(folder)


def test_every_setting_is_read(tmp_path: Path) -> None:
    assert set(LEAST | OTHERS) == set(SiteConfig.__dataclass_fields__) - {"is_preview"}
    least, whole = asdict(read(tmp_path)), asdict(read(tmp_path, **OTHERS))
    assert {name for name in whole if whole[name] != least[name]} == set(OTHERS)
    assert (whole["anchor"], whole["status_days"]) == ("refs/cellfolio/anchor", 30)
    assert whole["battery_languages"] == ("en", "de")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("languages", "[]", "languages is empty"),
        ("languages", '["en", 5]', "languages is no list of languages"),
        ("languages", '"en"', "languages is no list of languages"),
        ("languages", '["en", "xx"]', "languages: there is no language 'xx'"),
        ("languages", '["english"]', "languages: 'english' is not a language code"),
        ("battery_languages", '["fr"]', "battery_languages names a language that languages does"),
        ("allow_any_serial", '"yes"', "allow_any_serial = 'yes' is neither true nor false"),
        ("retention_years", "0", "retention_years = 0 is no number of years"),
        ("status_days", "true", "status_days = True is no number of days"),
        ("status_days", "40000", "status_days = 40000 is no number of days"),
        ("brokers", '"https://keys.example.com"', "brokers is no list of tables"),
        ("brokers", '[{url = "https://k.example"}]', "broker 1 has not just a url and groups"),
        ("brokers", _broker(groups="[]"), "broker 1: https://k.example releases no group"),
        ("brokers", _broker(groups='["xiii-5"]'), "broker 1: 'xiii-5' is no restricted group"),
        ("brokers", _broker(groups='["xiii-1"]'), "broker 1: 'xiii-1' is no restricted group"),
        ("brokers", _broker(groups='["xiii-2", "xiii-2"]'), "broker 1: https://k.example has a"),
        ("brokers", _broker(url="https://k.example/x"), "broker 1: base URL"),
        ("brokers", _broker(url="http://k.example"), "broker 1: base URL"),
        ("brokers", _broker()[:-1] + "," + _broker()[1:], "https://k.example is a broker twice"),
        ("anchor", '"site/anchor"', "anchor = 'site/anchor' lies in the site"),
        ("anchor", "5", "anchor is not a text"),
        ("private_root", '"cellfolio.toml"', "private_root = 'cellfolio.toml' is a file"),
        ("guidance", '"3.0"', "no guidance version '3.0'"),
        ("after_cessation", '"burn"', "after_cessation = 'burn' is not known"),
        ("keys", '"site"', "keys = 'site' is neither demo nor a folder for keys"),
        ("base_url", '"id.example.com"', "base_url: "),
        ("issuer", '""', "issuer is not a text"),
        ("anchor", '"a\\u0000b"', "anchor is not a text"),
        ("status_days", "9" * 5000, "Exceeds the limit"),
        ("brokers", "[" * 5000, "maximum recursion depth exceeded"),
        ("isuer", '"maker"', "unknown setting 'isuer': write issuer if"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, **{name: value})
    assert str(caught.value).startswith(f"cellfolio.toml: {told}")
    assert caught.value.remedy


def test_a_real_site_has_brokers_that_can_be_reached(tmp_path: Path) -> None:
    real = '"https://id.battery-works.eu"'
    with pytest.raises(ConfigError, match=r"nobody can reach the broker https://k\.example"):
        read(tmp_path, base_url=real, brokers=_broker())
    (broker,) = read(tmp_path, base_url=real, brokers=_broker("https://k.battery-works.eu")).brokers
    assert str(broker.url) == "https://k.battery-works.eu"
