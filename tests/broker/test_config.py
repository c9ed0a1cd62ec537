"""Settings and keys: everything that a broker refuses to start with, and `check-config`."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from broker.bundle_file import Snapshot
from broker.config import Listener, Settings, read_settings, settings_of
from broker.keyring import AUDIT, TOKEN, open_keyring
from broker.limits import Rate
from broker.service import open_service, utc_now
from passport.access.bundle import sign_bundle
from passport.encoding.base64url import base64url
from passport.encoding.canonical import Json
from passport.errors import ConfigError, HostError, VerificationError
from passport.signing.keys import KeyId, Purpose, SeedSigner, demo_secret, demo_signer
from tests.broker_bundles import bundle
from tests.broker_process import command, write_project
from tests.broker_tokens import seed_of

REAL = "https://keys.maker.eu"
BUNDLE_KEY = SeedSigner(seed_of("bundle")).public_key.multikey
DEMO_BUNDLE_KEY = demo_signer(KeyId(Purpose.BUNDLE, 1)).public_key.multikey
GOOD: Mapping[str, object] = {
    "url": REAL,
    "keys": "keys",
    "bundle": "bundle.json",
    "bundle_key": BUNDLE_KEY,
    "database": "broker.sqlite3",
}


def changed(**changes: object) -> Settings:
    members = {**GOOD, **changes}
    return settings_of({name: value for name, value in members.items() if value is not None})


def test_what_is_not_said_has_its_default() -> None:
    settings = changed()
    assert (str(settings.public), str(settings.admin)) == ("127.0.0.1:8460", "127.0.0.1:8461")
    assert settings.origins == settings.proxies == ()
    assert not settings.is_demo


def test_everything_can_be_said() -> None:
    settings = changed(
        public="[::1]:0",
        admin="0.0.0.0:9000",
        origins=["https://id.maker.eu", "https://id2.maker.eu:8443"],
        proxies=["10.0.0.1", "fd00::1"],
        anchor="elsewhere/checkpoint",
        limits={"client": {"per_second": 5, "burst": 7}, "client_keys": 9},
    )
    assert settings.public == Listener("::1", 0)
    assert str(settings.public) == "[::1]:0"
    assert settings.origins == ("https://id.maker.eu", "https://id2.maker.eu:8443")
    assert (settings.limits.client, settings.limits.client_keys) == (Rate(5.0, 7), 9)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"url": None}, "url is missing"),
        ({"bundle": None}, "bundle is missing"),
        ({"bundle_key": None}, "bundle_key is missing"),
        ({"database": None}, "database is missing"),
        ({"url": ""}, "url is no text"),
        ({"url": 1}, "url is no text"),
        ({"url": "http://keys.maker.eu"}, "not encrypted"),
        ({"url": "https://keys.maker.eu/"}, "goes on behind the host"),
        ({"url": "https://KEYS.maker.eu"}, "upper-case"),
        ({"bundle_key": "z6Mk"}, "bundle_key"),
        ({"bundle_key": DEMO_BUNDLE_KEY}, "everybody has them"),
        ({"keys": "demo"}, "everybody has them"),
        ({"origins": "https://id.maker.eu"}, "origins is no list"),
        ({"origins": ["*"]}, "is no web address"),
        ({"origins": ["https://id.maker.eu/"]}, "goes on behind the host"),
        ({"origins": ["null"]}, "is no web address"),
        ({"origins": [1]}, "origins is no text"),
        ({"proxies": ["10.0.0.0/8"]}, "proxies"),
        ({"proxies": ["*"]}, "proxies"),
        ({"public": "127.0.0.1"}, "is no address"),
        ({"public": "127.0.0.1:65536"}, "is no address"),
        ({"public": "127.0.0.256:80"}, "is no address"),
        ({"public": "localhost:80"}, "is no address"),
        ({"public": "127.0.0.1:80", "admin": "127.0.0.1:80"}, "are one address"),
        ({"audit_keys": ["x"]}, "audit_keys"),
        ({"aws_kms": []}, "aws_kms is no table"),
        ({"aws_kms": {"xiii-2/2027a": "key"}}, "no ARN"),
        ({"limits": {"clients": 1}}, "'clients' is none"),
        ({"limits": {"client": 5}}, "is no rate"),
        ({"limits": {"client": {"per_second": 0, "burst": 1}}}, "0 a second"),
        ({"limits": {"client": {"per_second": 1}}}, "is no rate"),
        ({"limits": {"client": {"per_second": 1, "burst": 0}}}, "no whole number"),
        ({"limits": {"client_keys": -1}}, "no whole number"),
        ({"limits": {"client_keys": True}}, "no whole number"),
        ({"token": "secret"}, "'token' is no setting"),
    ],
)
def test_a_wrong_setting_is_refused(changes: Mapping[str, Json], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        changed(**changes)
    assert message in str(caught.value)


def test_variables_go_before_the_file_and_paths_follow_it(tmp_path: Path) -> None:
    file = tmp_path / "broker.toml"
    file.write_text(f'url = "{REAL}"\nkeys = "keys"\nbundle = "a.json"\ndatabase = "/var/b"\n')
    environment = {
        "CELLFOLIO_BROKER_BUNDLE_KEY": BUNDLE_KEY,
        "CELLFOLIO_BROKER_BUNDLE": "elsewhere/b.json",
        "CELLFOLIO_BROKER_ORIGINS": "https://a.maker.eu https://b.maker.eu",
        "PATH": "/bin",
    }
    settings = read_settings(file, environment)
    assert (settings.keys, settings.bundle) == (tmp_path / "keys", Path("elsewhere/b.json"))
    assert settings.database == Path("/var/b")
    assert settings.origins == ("https://a.maker.eu", "https://b.maker.eu")


def test_variables_are_enough() -> None:
    environment = {f"CELLFOLIO_BROKER_{k.upper()}": str(v) for k, v in GOOD.items()}
    assert read_settings(None, environment) == changed()


def test_a_variable_that_sets_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="CELLFOLIO_BROKER_URLS sets nothing"):
        read_settings(None, {"CELLFOLIO_BROKER_URLS": REAL})


@pytest.mark.parametrize("content", [b"url =", b"\xff", b"[limits]\n[limits]\n"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broker.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="write it in TOML"):
        read_settings(file, {})


def test_a_file_that_others_may_write_is_refused(tmp_path: Path) -> None:
    file = write_project(tmp_path, bundle())
    file.chmod(0o666)
    with pytest.raises(ConfigError, match="others may write"):
        read_settings(file, {})
    with pytest.raises(ConfigError, match="can't be read"):
        read_settings(tmp_path / "none.toml", {})


# Keys


def key_folder(folder: Path, **secrets: bytes) -> Path:
    keys = folder / "keys"
    keys.mkdir()
    found = {
        TOKEN: seed_of("token"),
        AUDIT: seed_of("audit"),
        "group-xiii-2-2027a": seed_of("group"),
        **{name.replace("_", "-"): secret for name, secret in secrets.items()},
    }
    for name, secret in found.items():
        (keys / f"{name}.key").write_text(base64url(secret) + "\n")
        (keys / f"{name}.key").chmod(0o600)
    return keys


def in_folder(folder: Path, **changes: object) -> Settings:
    (folder / "bundle.json").write_bytes(sign_bundle(bundle(), SeedSigner(seed_of("bundle"))))
    names = {"keys": "keys", "bundle": "bundle.json", "database": "broker.sqlite3"}
    return changed(**{name: str(folder / path) for name, path in names.items()}, **changes)


def _read(settings: Settings) -> Snapshot:
    return open_service(settings, {}).broker.bundle.read(utc_now())


def test_own_keys_and_bundle_are_checked_and_found_good(tmp_path: Path) -> None:
    key_folder(tmp_path)
    snapshot = _read(in_folder(tmp_path))
    assert [str(key)[:12] for key in snapshot.keys] == ["xiii-2/2027a"]
    assert snapshot.bundle == bundle()


@pytest.mark.parametrize(
    ("secrets", "message"),
    [
        ({"broker_token": b"short"}, "holds no key"),
        ({"broker_token": bytes(32)}, "no random key"),
        ({"broker_token": b"0123456789" * 3 + b"01"}, "no random key"),
        ({"broker_token": b"a" * 33}, "holds no key"),
        ({"broker_token": seed_of("audit")}, "are one key"),
        ({"broker_token": demo_secret("broker-token")}, "everybody has them"),
        ({"broker_audit": demo_signer(KeyId(Purpose.ISSUING, 1)).seed}, "everybody has them"),
        ({"group_xiii_3_2026a": demo_secret("group/xiii-3/2026a")}, "everybody has them"),
        ({"group_xiii_3_2026a": b"short"}, "holds no key"),
    ],
)
def test_a_weak_or_public_key_is_refused_without_showing_it(
    tmp_path: Path, secrets: Mapping[str, bytes], message: str
) -> None:
    key_folder(tmp_path, **secrets)
    with pytest.raises((ConfigError, HostError)) as caught:
        _read(in_folder(tmp_path))
    assert message in str(caught.value)
    for secret in secrets.values():
        assert base64url(secret) not in str(caught.value)


@pytest.mark.parametrize("name", [TOKEN, AUDIT, "group-xiii-2-2027a"])
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, name: str, mode: int) -> None:
    keys = key_folder(tmp_path)
    (keys / f"{name}.key").chmod(mode)
    with pytest.raises(HostError, match="others on this machine"):
        _read(in_folder(tmp_path))


@pytest.mark.parametrize("name", [TOKEN, AUDIT])
def test_a_missing_key_is_named(tmp_path: Path, name: str) -> None:
    keys = key_folder(tmp_path)
    (keys / f"{name}.key").unlink()
    with pytest.raises(HostError, match=f"{name}.key can't be read"):
        _read(in_folder(tmp_path))


def test_keys_in_the_environment_go_before_files(tmp_path: Path) -> None:
    settings = changed(keys=None, bundle=str(tmp_path / "b"), database=str(tmp_path / "d"))
    environment = {
        "CELLFOLIO_KEY_BROKER_TOKEN": base64url(seed_of("token")),
        "CELLFOLIO_KEY_BROKER_AUDIT": base64url(seed_of("audit")),
    }
    keyring = open_keyring(settings, environment)
    assert keyring.token.seed == seed_of("token")
    assert base64url(seed_of("token")) not in repr(keyring)
    assert str(seed_of("token")) not in repr(keyring)
    with pytest.raises(HostError, match="CELLFOLIO_KEY_BROKER_TOKEN is not set"):
        open_keyring(settings, {})


def test_a_store_that_others_may_read_is_refused(tmp_path: Path) -> None:
    key_folder(tmp_path)
    database = tmp_path / "broker.sqlite3"
    database.touch(0o644)
    database.chmod(0o644)
    with pytest.raises(ConfigError, match="others on this machine may read"):
        _read(in_folder(tmp_path))


def test_a_bundle_by_another_key_is_refused(tmp_path: Path) -> None:
    key_folder(tmp_path)
    other = SeedSigner(seed_of("other")).public_key.multikey
    with pytest.raises(VerificationError, match="the signature is not by"):
        _read(in_folder(tmp_path, bundle_key=other))


# The command


def test_check_config_tells_what_would_be_in_use(tmp_path: Path) -> None:
    code, told, errors = command(write_project(tmp_path, bundle()), "check-config")
    assert (code, errors) == (0, "")
    assert "bundle 1, in force until 2099-01-01T00:00:00Z" in told
    assert told.count("group key xiii-") == 3
    assert not (tmp_path / "broker.sqlite3").exists()


def test_check_config_and_serve_leave_with_codes_that_say_why(tmp_path: Path) -> None:
    config = write_project(tmp_path, bundle())
    config.write_text(config.read_text() + "\nurl2 = 1\n")
    assert command(config, "check-config")[0] == 2
    config = write_project(tmp_path, bundle())
    content = (tmp_path / "bundle.json").read_bytes()
    (tmp_path / "bundle.json").write_bytes(content.replace(b"recycler Ltd", b"recycler Inc"))
    assert command(config, "check-config")[0] == 4
    (tmp_path / "bundle.json").unlink()
    code, _, errors = command(config, "check-config")
    assert code == 3
    assert "bundle.json can't be read: no such file" in errors
