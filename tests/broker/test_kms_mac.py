"""Group keys in AWS KMS, against moto."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from broker.group_keys import held_keys
from broker.kms_mac import KmsMac, kms_keys
from passport.errors import ConfigError, HostError
from passport.registry import Group
from passport.sealing.group_key import GroupKey

REGION = "eu-central-1"


@pytest.fixture
def arn(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    with mock_aws():
        kms = boto3.client("kms", region_name=REGION)
        made = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        yield made["KeyMetadata"]["Arn"]


def test_a_key_in_kms_is_held_under_its_own_name(arn: str, tmp_path: Path) -> None:
    mac = KmsMac(arn, boto3.client("kms", region_name=REGION))
    key = GroupKey.of(Group.AUTHORITY, "2027a", mac)
    held = held_keys(tmp_path, {}, {str(key.key_id): arn})
    message = b"cellfolio/content-key/v1\0" + b"x" * 4000
    verified = boto3.client("kms", region_name=REGION).verify_mac(
        KeyId=arn, Message=message, Mac=held[key.key_id].mac(message), MacAlgorithm="HMAC_SHA_256"
    )
    assert verified["MacValid"] is True


def test_another_keys_arn_is_refused(arn: str) -> None:
    other = "xiii-3/2027a/" + "a" * 16
    with pytest.raises(ConfigError, match=f"is not the key {other}"):
        list(kms_keys({other: arn}))
    with pytest.raises(ConfigError, match="aws_kms: "):
        list(kms_keys({"xiii-3/2027a": arn}))


def test_the_answer_of_another_key_is_refused(arn: str) -> None:
    kms = boto3.client("kms", region_name=REGION)
    other = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]
    kms.meta.events.register(
        "provide-client-params.kms.GenerateMac", lambda params, **_: {**params, "KeyId": other}
    )
    assert len(KmsMac(other, kms).mac(b"m")) == 32
    with pytest.raises(HostError, match=f"answered {arn} with another key's MAC"):
        KmsMac(arn, kms).mac(b"m")


def test_a_key_that_kms_does_not_have_is_a_fault_of_the_host(arn: str) -> None:
    missing = arn.rpartition("/")[0] + "/11111111-2222-3333-4444-555555555555"
    with pytest.raises(HostError, match="AWS KMS does not serve"):
        list(kms_keys({"xiii-3/2027a/" + "a" * 16: missing}))
