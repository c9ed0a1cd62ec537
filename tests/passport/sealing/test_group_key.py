"""Group keys: one name each, which a wrong key doesn't have."""

import base64
import hashlib
import hmac

import pytest

from passport.errors import IdentifierError
from passport.registry import Group
from passport.sealing.group_key import GroupKey, GroupKeyId, SecretMac, key_check

SECRET = SecretMac(bytes(range(32)))
CHECK = "jrlqtxzvmewoynad"


def test_a_check_is_eighty_bits_of_a_mac() -> None:
    digest = hmac.new(bytes(range(32)), b"cellfolio/key-id/v1", hashlib.sha256).digest()
    assert key_check(SECRET) == base64.b32encode(digest[:10]).decode().lower() == CHECK
    assert key_check(SecretMac(bytes(32))) != CHECK


def test_a_key_has_one_name() -> None:
    key = GroupKey.of(Group.INTEREST_BATTERY, "2027a", SECRET)
    assert str(key.key_id) == f"xiii-4/2027a/{CHECK}"
    assert GroupKeyId.parse(str(key.key_id)) == key.key_id


def test_names_are_in_order() -> None:
    names = [f"{g}/{e}/{CHECK}" for g in ("xiii-2", "xiii-4") for e in ("2026a", "2026b", "2027a")]
    assert [str(name) for name in sorted(map(GroupKeyId.parse, reversed(names)))] == names


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_key_has_thirty_two_bytes(length: int) -> None:
    with pytest.raises(ValueError, match=f"{length} bytes, not 32"):
        SecretMac(bytes(length))


def test_the_public_group_has_no_key() -> None:
    with pytest.raises(IdentifierError, match="xiii-1 has no key"):
        GroupKey.of(Group.PUBLIC, "2027a", SECRET)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "xiii-4",
        "xiii-4/2027a",
        f"xiii-1/2027a/{CHECK}",
        f"XIII-4/2027a/{CHECK}",
        f"xiii-5/2027a/{CHECK}",
        f"xiii-4/27a/{CHECK}",
        f"xiii-4/2027/{CHECK}",
        f"xiii-4/2027abc/{CHECK}",
        f"xiii-4/2027A/{CHECK}",
        f"xiii-4/2027a\n/{CHECK}",
        f"xiii-4/２０２７a/{CHECK}",
        f"xiii-4/2027a/{CHECK[:-1]}",
        f"xiii-4/2027a/{CHECK}a",
        f"xiii-4/2027a/{CHECK.upper()}",
        f"xiii-4/2027a/{CHECK[:-1]}1",
        f"xiii-4/2027a/{CHECK}/",
        f"xiii-4/2027a/{CHECK}\n",
        f"/xiii-4/2027a/{CHECK}",
    ],
)
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError):
        GroupKeyId.parse(text)
