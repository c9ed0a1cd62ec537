"""Group keys in AWS KMS: GenerateMac against moto, the import against a service with its limits."""

import base64
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from generator.keys.kms_mac import check_importable, import_secret, kms_mac
from passport.errors import HostError
from passport.registry import Group
from passport.sealing.group_key import GroupKey, SecretMac, key_check
from tests.fake_kms import FakeKms
from tests.key_steps import seed_of

REGION = "eu-central-1"
SECRET = seed_of(1)


@pytest.fixture
def moto_arn(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the ARN of a key for MACs in moto."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    with mock_aws():
        kms = boto3.client("kms", region_name=REGION)
        made = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        yield made["KeyMetadata"]["Arn"]


@pytest.fixture
def arn(kms: FakeKms) -> str:
    """Return the ARN of a key that waits for its material."""
    return kms.add_hmac("1234abcd")


def test_kms_makes_macs_that_kms_verifies(moto_arn: str) -> None:
    message = b"cellfolio/content-key/v1\0" + b"x" * 4000
    mac = kms_mac(moto_arn).mac(message)
    assert len(mac) == 32
    verified = boto3.client("kms", region_name=REGION).verify_mac(
        KeyId=moto_arn, Message=message, Mac=mac, MacAlgorithm="HMAC_SHA_256"
    )
    assert verified["MacValid"] is True
    key = GroupKey.of(Group.AUTHORITY, "2026a", kms_mac(moto_arn))
    assert key.key_id.check == key_check(kms_mac(moto_arn))


def test_kms_takes_4096_bytes(kms: FakeKms, arn: str) -> None:
    import_secret(arn, SECRET)
    mac = kms_mac(arn)
    assert mac.mac(b"x" * 4096) == SecretMac(SECRET).mac(b"x" * 4096)
    for message in (b"", b"x" * 4097):
        with pytest.raises(ValueError, match="not 1 to 4096"):
            mac.mac(message)
    assert [operation for operation, _ in kms.asked].count("GenerateMac") == 2


def test_an_imported_key_answers_as_in_memory(kms: FakeKms, arn: str) -> None:
    check_importable(arn)
    import_secret(arn, SECRET)
    assert key_check(kms_mac(arn)) == key_check(SecretMac(SECRET))
    (imported,) = (told for name, told in kms.asked if name == "ImportKeyMaterial")
    assert imported["ExpirationModel"] == "KEY_MATERIAL_DOES_NOT_EXPIRE"
    assert SECRET not in base64.b64decode(str(imported["EncryptedKeyMaterial"]))


def test_a_key_takes_its_material_once(arn: str) -> None:
    import_secret(arn, SECRET)
    with pytest.raises(HostError, match="waits for no key material: it is 'Enabled'"):
        check_importable(arn)
    with pytest.raises(HostError, match="IncorrectKeyMaterialException"):
        import_secret(arn, seed_of(2))


def test_a_key_that_kms_made_itself_is_refused(kms: FakeKms, arn: str) -> None:
    """Nobody could escrow it."""
    kms.keys[arn].origin = "AWS_KMS"
    with pytest.raises(HostError, match="has Origin 'AWS_KMS', not EXTERNAL") as caught:
        check_importable(arn)
    assert "--origin EXTERNAL" in caught.value.remedy
    with pytest.raises(HostError, match="UnsupportedOperationException"):
        import_secret(arn, SECRET)


def test_a_key_for_something_else_is_refused(kms: FakeKms) -> None:
    with pytest.raises(HostError, match="has KeySpec 'ECC_NIST_EDWARDS25519', not HMAC_256"):
        check_importable(kms.add("signs", seed_of(3)))


def test_a_key_without_material_makes_no_mac(arn: str) -> None:
    with pytest.raises(HostError, match="pending import") as caught:
        kms_mac(arn).mac(b"message")
    assert "kms:GenerateMac" in caught.value.remedy


def test_a_strange_wrapping_key_gets_no_secret(kms: FakeKms, arn: str) -> None:
    kms.keys[arn].spki = b"no key"
    with pytest.raises(HostError, match="no RSA key for wrapping"):
        import_secret(arn, SECRET)
    assert "ImportKeyMaterial" not in [name for name, _ in kms.asked]
