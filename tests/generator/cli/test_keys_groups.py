"""`cellfolio keys groups`: what each step prints and leaves behind; no key is ever shown."""

import json
import secrets
from datetime import timedelta
from pathlib import Path

import pytest

from generator.cli import key_ring
from generator.keys.group_sources import group_keys_of
from generator.keys.groups import EpochState, GroupKeys
from passport.base_url import BaseUrl
from passport.encoding.base64url import base64url
from passport.errors import HostError
from passport.registry import Group
from passport.sealing.group_key import GroupKeyId
from tests.access_project import edit
from tests.cli import CommandLine
from tests.fake_kms import FakeKms
from tests.generator.cli.key_commands import KeyCommands
from tests.key_steps import HOST, START, seed_of
from tests.private_keys import spellings
from tests.sealed_site import BATTERIES, write_passport, write_sealed
from tests.small_project import write_project

SEEDS = 60
BATTERY = Group.INTEREST_BATTERY
BY = ("--by", "Ada Example")


@pytest.fixture
def groups(tmp_path: Path, run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> "Groups":
    """Group keys of a project; secrets are canaries, and each step is a day later."""
    seeds, days = iter(range(1, SEEDS)), iter(range(SEEDS))
    monkeypatch.setattr(secrets, "token_bytes", lambda _: seed_of(next(seeds)))
    monkeypatch.setattr(key_ring, "this_second", lambda: START + timedelta(days=next(days)))
    project = write_project(tmp_path / "site project")
    edit(project, "cellfolio.toml", 'keys = "demo"', 'keys = "keys"')
    with (project / "cellfolio.toml").open("a") as settings:
        settings.write('[[brokers]]\nurl = "https://keys.example.com"\ngroups = ["xiii-4"]\n')
    return Groups(project, run)


class Groups(KeyCommands):
    under = ("keys", "groups")
    by = BY

    @property
    def private(self) -> Path:
        return self.folder / "private"

    def states(self) -> dict[str, str]:
        listed = json.loads(self.good("list", "--json"))["epochs"]
        return {epoch["id"].rpartition("/")[0]: epoch["state"] for epoch in listed}

    @property
    def keys(self) -> GroupKeys:
        keys = group_keys_of(BaseUrl(HOST), "keys", self.project, {})
        assert keys is not None
        return keys

    def write_site(self) -> None:
        """Write a site of two batteries; one has an older payload too."""
        key, salt = self.keys.current[BATTERY], self.keys.salt
        for battery in BATTERIES:
            path = write_sealed(self.site, battery, 2, key, salt)
            write_passport(self.site, BaseUrl(HOST), battery, [path])
        write_sealed(self.site, BATTERIES[0], 1, key, salt)

    def reseal(self) -> None:
        """Seal what counts anew, as a build does."""
        for battery in BATTERIES:
            path = write_sealed(self.site, battery, 3, self.keys.current[BATTERY], self.keys.salt)
            write_passport(self.site, BaseUrl(HOST), battery, [path])


def test_init_makes_a_key_for_each_group_and_one_for_salts(groups: Groups) -> None:
    assert "dry run: nothing was written" in groups.good("init", "--dry-run")
    assert not groups.folder.exists()
    out = groups.good("init")
    assert sorted(groups.files()) == [
        "groups.toml",
        "private/.gitignore",
        "private/group-xiii-2-2026a.key",
        "private/group-xiii-3-2026a.key",
        "private/group-xiii-4-2026a.key",
        "private/salt-1.key",
    ]
    told = "back up, in two places and encrypted; nothing can make them again:"
    assert f"{told}\n  {groups.private}" in out
    assert "give xiii-4/2026a to the broker https://keys.example.com, and escrow it" in out
    assert "give xiii-2/2026a to a broker" in out
    assert f"commit {groups.folder}/groups.toml" in out
    assert groups.keys.state(groups.keys.current[BATTERY].key_id) is EpochState.CURRENT


def test_keys_are_made_once(groups: Groups) -> None:
    groups.good("init")
    groups.refused("has group keys already: see `cellfolio keys groups list`", "init")


def test_rotation_makes_a_key_with_a_label_that_was_never_used(groups: Groups) -> None:
    groups.good("init")
    before = groups.files()
    assert "xiii-4/2026a: current, now rotated" in groups.good("rotate", "xiii-4", "--dry-run")
    assert groups.files() == before
    out = groups.good("rotate", "xiii-4", "--reason", "each spring")
    assert "take the key of xiii-4/2026a off this machine" in out
    groups.good("rotate", "xiii-4")
    assert groups.states() == {
        "xiii-2/2026a": "current",
        "xiii-3/2026a": "current",
        "xiii-4/2026a": "rotated",
        "xiii-4/2026b": "rotated",
        "xiii-4/2026c": "current",
    }
    (groups.private / "group-xiii-4-2026a.key").unlink()
    assert groups.keys.current[BATTERY].key_id.epoch == "2026c"
    assert 'reason = "each spring"' in (groups.folder / "groups.toml").read_text()


def test_a_new_salt_key_seals_everything_anew(groups: Groups) -> None:
    groups.good("init")
    old = groups.keys.salt
    out = groups.good("rotate", "salt")
    assert "salt-2: new" in out
    assert "the next build seals everything anew, once" in out
    assert groups.keys.salt != old
    groups.refused("can't be in AWS KMS", "rotate", "salt", "--aws-kms", "arn")


def test_a_key_is_destroyed_only_when_nothing_needs_it(groups: Groups) -> None:
    groups.good("init")
    groups.write_site()
    groups.refused("run `cellfolio keys groups rotate xiii-4` first", "close", "xiii-4/2026a")
    groups.good("rotate", "xiii-4")
    told = "is rotated, so its key can't be destroyed: run `cellfolio keys groups close"
    groups.refused(told, "destroy", "xiii-4/2026a")
    out = groups.good("close", "xiii-4/2026a")
    assert "build with the private root and the group keys, and publish" in out
    key = groups.private / "group-xiii-4-2026a.key"
    told = "is still needed: 2 files that count are sealed with it, such as /dpp/01_"
    groups.refused(told, "destroy", "xiii-4/2026a")
    assert key.exists()
    groups.reseal()
    plan = json.loads(groups.good("destroy", "xiii-4/2026a", "--dry-run", "--json"))
    assert (plan["dry_run"], plan["sealed_files"], plan["still_counting"]) == (True, 3, 0)
    assert key.exists()
    out = groups.good("destroy", "xiii-4/2026a")
    assert "lost to everybody: 3 sealed files of older versions" in out
    assert "destroy every other copy of xiii-4/2026a" in out
    assert not key.exists()
    assert "closed      destroyed" in groups.good("list")
    assert groups("destroy", "xiii-4/2026a", *BY).code == 2
    assert groups.good("rotate", "xiii-4").count("2026c") > 0


def test_destroying_needs_a_site_to_look_at(groups: Groups) -> None:
    groups.good("init")
    groups.good("rotate", "xiii-4")
    groups.good("close", "xiii-4/2026a")
    groups.refused("there is no site in", "destroy", "xiii-4/2026a")
    groups.write_site()
    damaged = groups.site / f"dpp/{BATTERIES[1]}/sealed/xiii-4/2.json"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert groups("destroy", "xiii-4/2026a", *BY).code == 4
    damaged.write_text('{"proof": {}, "type": "SealedTombstone"}')
    write_passport(groups.site, BaseUrl(HOST), BATTERIES[1], [])
    assert "is still needed" not in groups("destroy", "xiii-4/2026a", *BY).err


def test_compromise_says_what_is_lost_and_makes_a_successor(groups: Groups) -> None:
    groups.good("init")
    groups.write_site()
    out = groups.good("compromise", "xiii-4/2026a", "--reason", "stolen laptop")
    assert "lost: all 3 files on the site sealed with xiii-4/2026a must count as read" in out
    assert groups.states()["xiii-4/2026a"] == "compromised"
    assert groups.states()["xiii-4/2026b"] == "current"
    (old,) = (k for k, s in groups.keys.states.items() if s is EpochState.COMPROMISED)
    assert groups.keys.must_reseal(old)
    assert not groups.keys.must_reseal(groups.keys.current[BATTERY].key_id)
    groups.reseal()
    groups.good("destroy", "xiii-4/2026a")


def test_an_old_epoch_may_be_compromised_too(groups: Groups) -> None:
    groups.good("init")
    groups.good("rotate", "xiii-4")
    told = json.loads(groups.good("compromise", "xiii-4/2026a", "--json"))
    assert [epoch["state"] for epoch in told["epochs"]] == ["compromised"]
    assert told["sealed_files"] is None
    out = groups.good("compromise", "xiii-2/2026a")
    assert "lost: every file sealed with xiii-2/2026a" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rotate", "xiii-1"), "xiii-1"),
        (("rotate", "xiii-4", "--environment", "--aws-kms", "arn"), "name one of the two"),
        (("rotate", "xiii-4", "--aws-kms", "arn"), "'arn' is no ARN of a key in AWS KMS"),
        (("close", "xiii-4/2020a"), "there is no epoch 'xiii-4/2020a'"),
        (("compromise", "xiii-4"), "there is no epoch 'xiii-4'"),
        (("compromise", "xiii-4/2026a", "--site", "nowhere"), "there is no site in nowhere"),
        (("rotate", "xiii-4", "--reason", "a\nb"), "it is not said who does this"),
    ],
)
def test_wrong_words_change_nothing(groups: Groups, words: tuple[object, ...], told: str) -> None:
    groups.good("init")
    groups.refused(told, *words)


@pytest.mark.parametrize("words", [("list",), ("rotate", "xiii-4"), ("destroy", "xiii-4/2026a")])
def test_without_keys_the_remedy_is_init(groups: Groups, words: tuple[str, ...]) -> None:
    done = groups(*words)
    assert done.code == 2
    assert "make keys with `cellfolio keys groups init`" in done.err
    assert not groups.folder.exists()


def test_keys_of_the_environment_leave_no_file(
    groups: Groups, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = "CELLFOLIO_KEY_GROUP_XIII_4_2026A"
    groups.refused(f"{variable} is not set", "init", "--environment", "xiii-4", code=3)
    monkeypatch.setenv(variable, base64url(seed_of(90)))
    out = groups.good("init", "--environment", "xiii-4")
    assert variable in out
    assert not (groups.private / "group-xiii-4-2026a.key").exists()
    (groups.private / "salt-1.key").unlink()
    lines = groups.good("list").splitlines()
    assert [line.split()[0].rpartition("/")[0] or line.split()[0] for line in lines] == [
        "salt-1", "xiii-2/2026a", "xiii-3/2026a", "xiii-4/2026a"
    ]  # fmt: skip
    assert [line.endswith("(not at hand)") for line in lines] == [True, False, False, False]


def test_a_key_for_kms_is_kept_until_it_is_escrowed(groups: Groups, kms: FakeKms) -> None:
    arns = [kms.add_hmac(name) for name in ("one", "two")]
    assert kms.keys[arns[0]].state == "PendingImport"
    groups.good("init", "--aws-kms", "xiii-4", arns[0], "--dry-run")
    assert kms.keys[arns[0]].state == "PendingImport"
    out = groups.good("init", "--aws-kms", "xiii-4", arns[0])
    path = groups.private / "group-xiii-4-2026a.key"
    assert f"{path} is what AWS KMS holds: once it is escrowed, take it off this machine" in out
    path.unlink()
    assert groups.keys.current[BATTERY].mac.mac(b"m")
    groups.refused("waits for no key material", "rotate", "xiii-4", "--aws-kms", arns[0], code=3)
    out = groups.good("rotate", "xiii-4", "--aws-kms", arns[1])
    check = groups.keys.current[BATTERY].key_id.check
    assert f"xiii-4/2026b/{check}: new, current, {arns[1]}" in out


def test_a_failed_import_leaves_everything_as_it_was(groups: Groups, kms: FakeKms) -> None:
    groups.good("init")
    arn = kms.add_hmac("one")
    kms.keys[arn].spki = b"no key"
    groups.refused("", "rotate", "xiii-4", "--aws-kms", arn, code=3)


def test_an_act_is_somebodys(
    groups: Groups, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "none"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(tmp_path / "none"))
    done = groups("init")
    assert (done.code, "nobody is named who does this" in done.err) == (2, True)
    (tmp_path / "git").write_text("[user]\nname = Bea Example\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "git"))
    assert groups("init").code == 0
    assert 'by = "Bea Example"' in (groups.folder / "groups.toml").read_text()


def test_a_secret_that_a_killed_run_left_is_not_overwritten(groups: Groups) -> None:
    groups.private.mkdir(parents=True, mode=0o700)
    left = groups.private / "group-xiii-4-2026a.key"
    left.write_text("left behind\n")
    done = groups("init", *BY)
    assert (done.code, "is there already, though no register names it" in done.err) == (3, True)
    assert left.read_text() == "left behind\n"
    assert not (groups.folder / "groups.toml").exists()


def test_no_key_is_ever_printed(groups: Groups) -> None:
    groups.good("init")
    groups.write_site()
    groups.good("rotate", "xiii-4")
    groups.good("rotate", "salt")
    groups.good("compromise", "xiii-2/2026a", "--json")
    groups.good("list")
    (groups.private / "salt-2.key").write_text("wrong\n")
    with pytest.raises(HostError, match="holds no private key"):
        _ = groups.keys
    told = groups.printed.encode() + (groups.folder / "groups.toml").read_bytes()
    for number in range(1, SEEDS):
        assert not any(spelling in told for spelling in spellings(seed_of(number)))
    assert GroupKeyId.parse(json.loads(groups.good("list", "--json"))["epochs"][0]["id"])
