"""What an escrow file holds: one group's keys, each fitting its name, and never shown."""

import json

import pytest

from passport.errors import VerificationError
from passport.registry import Group
from passport.sealing.escrow import EscrowedKey, escrow_json, parse_escrow
from passport.sealing.group_key import GroupKey, GroupKeyId, SecretMac

SECRETS = {epoch: f"canary secret {epoch}".ljust(32).encode() for epoch in ("2026a", "2026b")}


def escrowed(epoch: str, group: Group = Group.AUTHORITY) -> EscrowedKey:
    secret = SECRETS[epoch]
    return EscrowedKey(GroupKey.of(group, epoch, SecretMac(secret)).key_id, secret)


def test_the_text_comes_back_as_it_was() -> None:
    keys = (escrowed("2026a"), escrowed("2026b"))
    content = escrow_json(reversed(keys))
    assert parse_escrow(content) == keys
    (first, _) = json.loads(content)["keys"]
    assert first["id"] == str(keys[0].key_id)
    assert first["key"] == "Y2FuYXJ5IHNlY3JldCAyMDI2YSAgICAgICAgICAgICA"
    assert keys[0].key.mac == SecretMac(SECRETS["2026a"])
    assert "canary" not in repr(keys)


def test_a_key_fits_its_name() -> None:
    with pytest.raises(VerificationError, match="is another one"):
        EscrowedKey(escrowed("2026a").key_id, SECRETS["2026b"])
    with pytest.raises(VerificationError, match="is another one"):
        EscrowedKey(escrowed("2026a").key_id, b"short")
    with pytest.raises(VerificationError, match="is another one"):
        EscrowedKey(GroupKeyId(Group.AUTHORITY, "2026a", "a" * 16), SECRETS["2026a"])


def test_a_file_is_of_one_group() -> None:
    two = (escrowed("2026a"), escrowed("2026b", Group.INTEREST_MODEL))
    for keys in ((), two, (two[0], two[0])):
        with pytest.raises(VerificationError, match="one file holds the keys of one group"):
            escrow_json(keys)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"keys"', '"more":1,"keys"', "member 'more'"),
        ('"id"', '"more":1,"id"', "member 'more'"),
        ("xiii-3", "xiii-1", "names no group key"),
        ('"key":"Y2F', '"key":"Y2G', "is another one"),
        ('ICA"}', 'ICA="}', "is no key"),
        ('"key":"Y2F', '"kex":"Y2F', "member 'kex'"),
    ],
)
def test_what_was_altered_is_refused_and_not_shown(old: str, new: str, told: str) -> None:
    text = escrow_json((escrowed("2026a"),)).decode()
    assert old in text
    with pytest.raises(VerificationError) as caught:
        parse_escrow(text.replace(old, new, 1).encode())
    assert told in str(caught.value)
    assert "Y2" not in str(caught.value)
