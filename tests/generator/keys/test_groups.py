"""The register of group keys: its text, its rules, and that no label comes back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from generator.keys.groups import Epoch, EpochState, GroupRegister, SaltKey, labels_of
from generator.keys.groups_toml import parse_register, register_text
from generator.keys.register import Source
from generator.keys.toml_table import Act
from passport.errors import ConfigError
from passport.registry import Group
from passport.sealing.group_key import RESTRICTED_GROUPS, GroupKey, GroupKeyId, SecretMac, key_check
from tests.key_steps import START, seed_of

NOW = Act(START, "Ada Example")
LATER = Act(START + timedelta(days=1), 'B. "Bee" Exämple', "the laptop was stolen")
MODEL, BATTERY = Group.INTEREST_MODEL, Group.INTEREST_BATTERY


def key_id(group: Group, epoch: str, number: int) -> GroupKeyId:
    return GroupKey.of(group, epoch, SecretMac(seed_of(number))).key_id


def epoch(group: Group, label: str, number: int, *states: EpochState) -> Epoch:
    history = tuple((state, NOW) for state in (EpochState.CURRENT, *states))
    key = key_id(group, label, number)
    return Epoch(key_id=key, source=Source.FILE, history=history)


def register() -> GroupRegister:
    """Return what `init` makes."""
    salt = SaltKey(number=1, check=key_check(SecretMac(bytes(32))), source=Source.FILE, made=NOW)
    current = (epoch(group, "2026a", n) for n, group in enumerate(RESTRICTED_GROUPS, 1))
    return GroupRegister((salt,), tuple(current))


def rotated() -> GroupRegister:
    """Return a register in which 4 was rotated."""
    first = register()
    old = first.current(BATTERY).changed(EpochState.ROTATED, LATER)
    return first.changed(old, epoch(BATTERY, "2026b", 9))


def test_the_text_comes_back_as_it_was() -> None:
    full = rotated()
    in_kms = replace(
        epoch(MODEL, "2025a", 11, EpochState.ROTATED),
        source=Source.AWS_KMS,
        arn="arn:aws:kms:eu-central-1:111122223333:key/1234abcd",
    )
    closed = in_kms.changed(EpochState.CLOSED, LATER)
    full = full.changed(replace(closed, destroyed=LATER))
    assert parse_register(register_text(full)) == full
    assert register_text(parse_register(register_text(full))) == register_text(full)


def test_rotation_keeps_the_old_epoch() -> None:
    full = rotated()
    states = [(each.label, each.state) for each in full.of_group(BATTERY)]
    assert states == [("xiii-4/2026a", "rotated"), ("xiii-4/2026b", "current")]
    assert full.state(key_id(BATTERY, "2026a", 3)) is EpochState.ROTATED
    assert full.named("xiii-4/2026a").key_id == key_id(BATTERY, "2026a", 3)


def test_labels_are_never_used_again() -> None:
    full = rotated()
    assert full.free_label(BATTERY, 2026) == "2026c"
    assert full.free_label(BATTERY, 2027) == "2027a"
    assert full.free_label(MODEL, 2026) == "2026b"
    labels = [*labels_of(2026)]
    assert (labels[25:28], len(labels)) == (["2026z", "2026aa", "2026ab"], 26 + 26 * 26)


@pytest.mark.parametrize(
    ("states", "then"),
    [
        ((), EpochState.CLOSED),
        ((), EpochState.CURRENT),
        ((EpochState.ROTATED,), EpochState.CURRENT),
        ((EpochState.ROTATED,), EpochState.ROTATED),
        ((EpochState.ROTATED, EpochState.CLOSED), EpochState.ROTATED),
        ((EpochState.COMPROMISED,), EpochState.CLOSED),
        ((EpochState.COMPROMISED,), EpochState.COMPROMISED),
    ],
)
def test_no_state_goes_back(states: tuple[EpochState, ...], then: EpochState) -> None:
    before = epoch(MODEL, "2026a", 1, *states)
    with pytest.raises(ConfigError, match="can't be") as caught:
        before.changed(then, LATER)
    assert caught.value.remedy
    with pytest.raises(ConfigError, match="can't have been"):
        replace(before, history=(*before.history, (then, LATER)))


def test_a_register_must_hold_together() -> None:
    full = register()
    twice = epoch(BATTERY, "2026b", 3, EpochState.ROTATED)
    with pytest.raises(ConfigError, match="stands there twice"):
        full.changed(twice)
    with pytest.raises(ConfigError, match="2 epochs of xiii-4 are current, not one"):
        full.changed(epoch(BATTERY, "2026b", 9))
    with pytest.raises(ConfigError, match="0 epochs of xiii-2 are current, not one"):
        GroupRegister(full.salts, full.epochs[1:])
    with pytest.raises(ConfigError, match="not numbered from 1 on"):
        GroupRegister((), full.epochs)
    with pytest.raises(ConfigError, match="is current, yet it was destroyed"):
        replace(full.current(MODEL), destroyed=NOW)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[[salt]]", "[salt]", "salt is no list of tables"),
        ("[[salt]]", "[[salt]]\nmore = 1", "a [[salt]] has a member 'more'"),
        ("salt-1", "salt-2", "salt-2 stands where salt-1 should"),
        ('state = "current"', 'state = "resting"', "'resting' is not a valid EpochState"),
        ("time = 2026-03-01T09:30:00Z", "time = 2026-03-01", "no point in time"),
        ("xiii-2/2026a", "xiii-1/2026a", "names no group key"),
        ("xiii-2/2026a", "xiii-2/26a", "'26a' is no epoch"),
        ('by = "Ada Example"', 'by = ""', "by is '', no text"),
        ('by = "Ada Example"', 'by = " "', "it is not said who does this"),
        ('source = "file"', 'source = "aws-kms"', "is in AWS KMS"),
        ("[[epoch]]", "[[epoch]", "Expected"),
    ],
)
def test_what_no_command_wrote_is_refused(old: str, new: str, told: str) -> None:
    text = register_text(register())
    assert old in text
    with pytest.raises(ConfigError) as caught:
        parse_register(text.replace(old, new, 1))
    assert told in str(caught.value)
    assert caught.value.remedy
