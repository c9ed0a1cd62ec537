"""Keys in AWS KMS: real boto3 against a service that keeps KMS's limits."""

import sys
from pathlib import Path

import pytest

from generator.keys.aws_kms import KmsSigner, kms_client, kms_public_key
from generator.keys.register import Source
from generator.keys.signers import kms_key
from passport.errors import ConfigError, HostError, VerificationError
from passport.signing.ed25519 import PublicKey, verify
from tests.fake_kms import ACCOUNT, SPKI, FakeKms
from tests.key_steps import seed_of

SEED = seed_of(1)
KEY = PublicKey.of(SEED)


@pytest.fixture
def arn(kms: FakeKms) -> str:
    """Return the ARN of a key that can sign."""
    return kms.add("1234abcd", SEED)


def signer_of(arn: str, public_key: PublicKey = KEY) -> KmsSigner:
    return KmsSigner(arn=arn, public_key=public_key, client=kms_client(arn))


def test_kms_signs_as_any_ed25519_key_does(kms: FakeKms, arn: str) -> None:
    new = kms_key(arn)
    assert (new.public_key, new.source, new.arn, new.seed) == (KEY, Source.AWS_KMS, arn, None)
    verify(KEY, b"message", new.signer.sign(b"message"))
    assert kms.asked[-1][1] | {"Message": ""} == {
        "KeyId": arn,
        "Message": "",
        "MessageType": "RAW",
        "SigningAlgorithm": "ED25519_SHA_512",
    }


def test_a_build_asks_for_signatures_only(kms: FakeKms, arn: str) -> None:
    signer_of(arn).sign(b"message")
    assert [operation for operation, _ in kms.asked] == ["Sign"]


@pytest.mark.parametrize("length", [1, 64, 4096])
def test_messages_up_to_the_limit_are_signed(arn: str, length: int) -> None:
    assert len(signer_of(arn).sign(bytes(length))) == 64


def test_a_longer_message_is_not_even_sent(kms: FakeKms, arn: str) -> None:
    with pytest.raises(ValueError, match="4097 bytes"):
        signer_of(arn).sign(bytes(4097))
    assert kms.asked == []


def test_the_fake_keeps_the_limit_that_the_signer_knows(arn: str) -> None:
    client = kms_client(arn)
    asked = {"KeyId": arn, "MessageType": "RAW", "SigningAlgorithm": "ED25519_SHA_512"}
    with pytest.raises(Exception, match="between 1 and 4096"):
        client.sign(Message=bytes(4097), **asked)
    with pytest.raises(Exception, match="incompatible"):
        client.sign(Message=bytes(64), **(asked | {"MessageType": "DIGEST"}))
    with pytest.raises(Exception, match="incompatible"):
        client.sign(Message=bytes(64), **(asked | {"SigningAlgorithm": "ECDSA_SHA_256"}))


@pytest.mark.parametrize(
    ("member", "value", "told"),
    [
        ("state", "Disabled", "DisabledException"),
        ("state", "PendingDeletion", "KMSInvalidStateException"),
        ("usage", "KEY_AGREEMENT", "InvalidKeyUsageException"),
        ("algorithms", ("ECDSA_SHA_256",), "InvalidKeyUsageException"),
        ("seed", seed_of(2), "signed with another key than"),
    ],
)
def test_an_unfit_key_signs_nothing(
    kms: FakeKms, arn: str, member: str, value: object, told: str
) -> None:
    setattr(kms.keys[arn], member, value)
    with pytest.raises(HostError, match=told):
        signer_of(arn).sign(b"message")


@pytest.mark.parametrize(
    ("member", "value", "told"),
    [
        ("spec", "ECC_NIST_P256", "KeySpec 'ECC_NIST_P256'"),
        ("usage", "KEY_AGREEMENT", "KeyUsage 'KEY_AGREEMENT'"),
        ("state", "Disabled", "DisabledException"),
        ("spki", SPKI + KEY.raw + b"\0", "no Ed25519 public key"),
        ("spki", SPKI + KEY.raw[:-1], "no Ed25519 public key"),
        ("spki", KEY.raw, "no Ed25519 public key"),
        # The same key as X25519, and with a parameter that RFC 8410 forbids.
        ("spki", bytes.fromhex("302a300506032b656e032100") + KEY.raw, "no Ed25519 public key"),
        ("spki", bytes.fromhex("302c300706032b65700500032100") + KEY.raw, "no Ed25519 public key"),
    ],
)
def test_an_unfit_key_is_not_entered(
    kms: FakeKms, arn: str, member: str, value: object, told: str
) -> None:
    setattr(kms.keys[arn], member, value)
    with pytest.raises(HostError, match=told):
        kms_public_key(arn, kms_client(arn))


def test_a_public_key_of_small_order_is_refused(kms: FakeKms, arn: str) -> None:
    kms.keys[arn].spki = SPKI + bytes(32)
    with pytest.raises(VerificationError, match="no point of full order"):
        kms_public_key(arn, kms_client(arn))


def test_a_key_that_is_not_there_is_told(kms: FakeKms) -> None:
    assert kms.keys == {}
    with pytest.raises(HostError, match=r"NotFoundException.*: check region"):
        signer_of(f"{ACCOUNT}none").sign(b"message")


def test_a_hiccup_of_kms_is_tried_again(kms: FakeKms, arn: str) -> None:
    kms.failures = 1
    assert len(signer_of(arn).sign(b"message")) == 64
    assert len(kms.asked) == 2


def test_without_credentials_the_remedy_says_so(
    kms: FakeKms, arn: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(HostError, match="credentials"):
        signer_of(arn).sign(b"message")
    assert kms.asked == []


def test_without_the_extra_the_remedy_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(HostError, match=r"pip install 'cellfolio\[aws\]'"):
        kms_client(f"{ACCOUNT}1234abcd")


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "1234abcd",
        "alias/issuing",
        "arn:aws:kms:eu-central-1:111122223333:alias/issuing",
        "arn:aws:s3:eu-central-1:111122223333:key/1234abcd",
        "arn:aws:kms:eu-central-1:111122223333:key/1234abcd\n",
        'arn:aws:kms:eu-central-1:111122223333:key/"',
    ],
)
def test_a_key_is_named_by_its_own_arn(arn: str) -> None:
    with pytest.raises(ConfigError, match="no ARN of a key"):
        kms_key(arn)
