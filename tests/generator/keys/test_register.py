"""The register: read back as written, and refused unless its keys can be so together."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from generator.keys.register import Key, Register, Source, State, check_arn
from passport.errors import ConfigError
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import KeyId, Purpose, Revocation
from tests.fake_kms import ACCOUNT
from tests.key_steps import START, seed_of

NAMES = ("issuing-1", "update-1", "update-2", "checkpoint-1", "bundle-1")


def key(name: str, number: int, state: State = State.ACTIVE) -> Key:
    return Key(
        key_id=KeyId.parse(name),
        public_key=PublicKey.of(seed_of(number)),
        source=Source.FILE,
        created=START,
        state=state,
    )


REGISTER = Register(
    tuple(
        key(name, number, State.NEXT if name == "update-2" else State.ACTIVE)
        for number, name in enumerate(NAMES)
    )
)
TEXT = str(REGISTER)


def test_it_is_read_back() -> None:
    in_kms = replace(key("issuing-2", 9), source=Source.AWS_KMS, arn=f"{ACCOUNT}1234abcd")
    retired = REGISTER.rotated(in_kms)
    revocation = Revocation(time=datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC), log_size=17)
    register = retired.revoked(KeyId.parse("issuing-1"), revocation)
    assert Register.parse(str(register)) == register
    assert "revoked = 2027-01-02T03:04:05Z\nlog_size = 17\n" in str(register)


def test_it_says_which_key_does_what() -> None:
    assert [str(REGISTER.active(purpose).key_id) for purpose in Purpose] == [
        "issuing-1",
        "update-1",
        "checkpoint-1",
        "bundle-1",
    ]
    assert str(REGISTER.next_update.key_id) == "update-2"
    assert str(REGISTER.free_id(Purpose.UPDATE)) == "update-3"
    in_document = [str(key.key_id) for key in REGISTER.in_document]
    assert in_document == ["issuing-1", "checkpoint-1"]


def test_a_name_is_never_given_twice() -> None:
    rotated = REGISTER.rotated(key("issuing-7", 9))
    assert str(rotated.free_id(Purpose.ISSUING)) == "issuing-8"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "issuing-1"', 'id = "issuing-01"', "names no key"),
        ('id = "issuing-1"', 'id = "bundle-1"', "stands there twice"),
        ('id = "issuing-1"', "id = 1", "id is 1, no text"),
        ('id = "issuing-1"\n', "", "id is None, no text"),
        ('public = "z6Mk', 'public = "z6LS', "no Ed25519 public key|not"),
        ('source = "file"', 'source = "paper"', "'paper' is not a valid Source"),
        ('source = "file"', 'source = "aws-kms"', "not what it needs"),
        ('source = "file"', f'source = "file"\narn = "{ACCOUNT}1"', "not what it needs"),
        ('state = "active"', 'state = "asleep"', "'asleep' is not a valid State"),
        ('state = "active"', 'state = "retired"', "0 keys for issuing are active, not one"),
        ('state = "active"', 'state = "revoked"', "a revoked key, and no other"),
        ('state = "active"', 'state = "active"\nlog_size = 1', "revoked is None"),
        ('state = "active"', 'state = "active"\nlog_size = -1', "log_size is -1"),
        ('state = "active"', 'state = "active"\nlog_size = true', "log_size is True"),
        ('state = "next"', 'state = "active"', "2 keys for update are active"),
        ("created = 2026-03-01T09:30:00Z", "created = 2026-03-01", "no point in time"),
        ("created = 2026-03-01T09:30:00Z", "created = 2026-03-01T09:30:00", "no point in time"),
        ("[[key]]", '[[key]]\nseed = "x"', "members that it may not have"),
        ("[[key]]", "[[keys]]", "no list of"),
        ("[[key]]", "[[key]", "keys.toml: "),
    ],
)
def test_what_no_command_wrote_is_refused(old: str, new: str, told: str) -> None:
    changed = TEXT.replace(old, new, 1)
    assert changed != TEXT
    with pytest.raises(ConfigError, match=told):
        Register.parse(changed)


@pytest.mark.parametrize(
    ("text", "told"), [("", "it is no list of [[key]]"), ("key = [1]", "no list of")]
)
def test_what_is_no_list_of_keys_is_refused(text: str, told: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(told)):
        Register.parse(text)


def test_only_an_update_key_waits_for_its_turn() -> None:
    with pytest.raises(ConfigError, match="other than an update key is next"):
        Register((*REGISTER.keys, key("issuing-2", 9, State.NEXT)))


def test_one_key_has_one_label() -> None:
    with pytest.raises(ConfigError, match="used once"):
        REGISTER.rotated(key("issuing-2", 0))


@pytest.mark.parametrize("name", ["key/1234abcd", "key/mrk-1234abcd5678"])
def test_arns_of_keys_are_known(name: str) -> None:
    arn = f"arn:aws-cn:kms:cn-north-1:111122223333:{name}"
    assert check_arn(arn) == arn
