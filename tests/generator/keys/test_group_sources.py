"""Where a build gets group keys: files, the environment, KMS, the demo; and when it gets none."""

from pathlib import Path

import pytest

from generator.keys.group_sources import group_keys_of, open_epoch, secret_of_epoch
from generator.keys.groups import (
    Epoch,
    EpochState,
    GroupKeys,
    GroupRegister,
    SaltKey,
    epoch_name,
)
from generator.keys.groups_toml import register_text
from generator.keys.kms_mac import import_secret
from generator.keys.register import Source
from generator.keys.seeds import seed_path, write_seed
from generator.keys.toml_table import Act
from passport.base_url import BaseUrl
from passport.encoding.base64url import base64url
from passport.errors import ConfigError, HostError
from passport.registry import Group
from passport.sealing.group_key import RESTRICTED_GROUPS, GroupKey, GroupKeyId, SecretMac, key_check
from passport.signing.keys import demo_secret
from tests.fake_kms import FakeKms
from tests.key_steps import HOST, START, seed_of

SALT = seed_of(1)
SECRETS = {group: seed_of(n) for n, group in enumerate(RESTRICTED_GROUPS, 2)}
NOW = Act(START, "Ada Example")
BATTERY = Group.INTEREST_BATTERY
VARIABLE = "CELLFOLIO_KEY_GROUP_XIII_4_2026A"


def epoch_of(group: Group, source: Source = Source.FILE, arn: str = "") -> Epoch:
    key = GroupKey.of(group, "2026a", SecretMac(SECRETS[group]))
    history = ((EpochState.CURRENT, NOW),)
    return Epoch(key_id=key.key_id, source=source, arn=arn, history=history)


def write_register(folder: Path, *epochs: Epoch) -> None:
    salt = SaltKey(number=1, check=key_check(SecretMac(SALT)), source=Source.FILE, made=NOW)
    folder.mkdir(parents=True, exist_ok=True)
    register = GroupRegister((salt,), epochs)
    (folder / "groups.toml").write_text(register_text(register), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a register, and all its keys in files."""
    folder = tmp_path / "keys"
    write_register(folder, *map(epoch_of, RESTRICTED_GROUPS))
    write_seed(folder, "salt-1", SALT)
    for group, secret in SECRETS.items():
        write_seed(folder, epoch_name(group, "2026a"), secret)
    return folder


def keys_of(folder: Path, **environment: str) -> GroupKeys | None:
    return group_keys_of(BaseUrl(HOST), "keys", folder.parent, environment)


def all_keys(folder: Path, **environment: str) -> GroupKeys:
    keys = keys_of(folder, **environment)
    assert keys is not None
    return keys


def test_the_demos_keys_are_everybodys(tmp_path: Path) -> None:
    keys = group_keys_of(BaseUrl(HOST), "demo", tmp_path, {})
    assert keys is not None
    assert keys.salt == SecretMac(demo_secret("salt"))
    assert [*keys.current] == [*RESTRICTED_GROUPS]
    for group, key in keys.current.items():
        assert key == GroupKey.of(group, "2026a", SecretMac(demo_secret(f"group/{group}/2026a")))
        assert keys.state(key.key_id) is EpochState.CURRENT
    with pytest.raises(ConfigError, match="everybody has them"):
        group_keys_of(BaseUrl("https://id.battery-works.eu"), "demo", tmp_path, {})


def test_files_are_asked(folder: Path) -> None:
    keys = all_keys(folder)
    assert {group: key.mac for group, key in keys.current.items()} == {
        group: SecretMac(secret) for group, secret in SECRETS.items()
    }
    assert keys.salt == SecretMac(SALT)
    for secret in (SALT, *SECRETS.values()):
        assert base64url(secret) not in repr(keys)
        assert repr(secret) not in repr(keys)


def test_a_variable_goes_before_a_file(folder: Path) -> None:
    seed_path(folder, "group-xiii-4-2026a").unlink()
    with pytest.raises(HostError, match=f"there is no private key .* nor {VARIABLE}"):
        keys_of(folder)
    keys = all_keys(folder, **{VARIABLE: base64url(SECRETS[BATTERY])})
    assert keys.current[BATTERY].mac == SecretMac(SECRETS[BATTERY])


def test_a_wrong_key_is_told_from_its_check(folder: Path) -> None:
    with pytest.raises(ConfigError, match="group-xiii-4-2026a is not xiii-4/2026a/"):
        keys_of(folder, **{VARIABLE: base64url(SALT)})
    with pytest.raises(ConfigError, match="salt-1 is not salt-1"):
        keys_of(folder, CELLFOLIO_KEY_SALT_1=base64url(SECRETS[BATTERY]))


def test_a_machine_without_any_key_has_none(folder: Path, tmp_path: Path) -> None:
    for path in (folder / "private").glob("*.key"):
        path.unlink()
    assert keys_of(folder) is None
    assert group_keys_of(BaseUrl(HOST), "nowhere", tmp_path, {}) is None


def test_a_part_of_the_keys_is_an_error(folder: Path) -> None:
    seed_path(folder, "salt-1").unlink()
    with pytest.raises(HostError, match="there is no private key salt-1"):
        keys_of(folder)


def test_an_older_epochs_secret_is_not_asked(folder: Path) -> None:
    epochs = [epoch_of(group) for group in RESTRICTED_GROUPS]
    secret = seed_of(20)
    key_id = GroupKey.of(BATTERY, "2026b", SecretMac(secret)).key_id
    newer = Epoch(key_id=key_id, source=Source.FILE, history=((EpochState.CURRENT, NOW),))
    old = epochs[2].changed(EpochState.ROTATED, NOW)
    write_register(folder, *epochs[:2], old, newer)
    seed_path(folder, "group-xiii-4-2026a").unlink()
    write_seed(folder, "group-xiii-4-2026b", secret)
    keys = all_keys(folder)
    assert keys.current[BATTERY].key_id == key_id
    assert keys.state(old.key_id) is EpochState.ROTATED
    assert not keys.must_reseal(old.key_id)
    with pytest.raises(HostError, match="there is no private key group-xiii-4-2026a"):
        secret_of_epoch(old, folder, {})


def test_a_key_that_was_never_made_here_has_no_state(folder: Path) -> None:
    keys = all_keys(folder)
    with pytest.raises(ConfigError, match=r"which groups\.toml does not have"):
        keys.state(GroupKeyId(BATTERY, "2020a", "a" * 16))


def test_kms_is_asked_by_its_arn(kms: FakeKms, folder: Path) -> None:
    arn = kms.add_hmac("1234abcd")
    import_secret(arn, SECRETS[BATTERY])
    in_kms = epoch_of(BATTERY, Source.AWS_KMS, arn)
    write_register(folder, *map(epoch_of, RESTRICTED_GROUPS[:2]), in_kms)
    seed_path(folder, "group-xiii-4-2026a").unlink()
    keys = all_keys(folder)
    assert keys.current[BATTERY].mac.mac(b"m") == SecretMac(SECRETS[BATTERY]).mac(b"m")
    with pytest.raises(HostError, match="there is no private key group-xiii-4-2026a"):
        secret_of_epoch(in_kms, folder, {})


def test_another_key_in_kms_is_refused(kms: FakeKms, folder: Path) -> None:
    arn = kms.add_hmac("1234abcd")
    import_secret(arn, SALT)
    with pytest.raises(ConfigError, match=f"at hand as {arn} is not xiii-4/2026a/"):
        open_epoch(epoch_of(BATTERY, Source.AWS_KMS, arn), folder, {})
