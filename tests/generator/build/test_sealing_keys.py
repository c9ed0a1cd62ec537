"""Group keys rotated, closed, compromised, destroyed: what builds seal anew, and what stays."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.cli import key_ring
from generator.keys.group_sources import read_register, secret_of_epoch
from generator.keys.groups_toml import register_text
from generator.keys.register import Source
from passport.registry import Group
from passport.sealing.sealed_file import parse_sealed
from passport.sealing.sealed_header import SealedHeader
from tests.access_project import edit
from tests.cli import CommandLine
from tests.fake_kms import FakeKms, found_by_boto3
from tests.restricted_site import BATTERY, HARM, MODEL, XIII_2, SealedSite
from tests.small_project import write_lot
from tests.small_site import tree

OTHER = f"{MODEL}_21_A2"
DAY = 86_400
START = 1_798_761_600  # 2027-01-01
Tree = dict[str, bytes]


class KeyedSite(SealedSite):
    """The site with keys of its own, each build a day later."""

    def __init__(self, folder: Path, run: CommandLine) -> None:
        super().__init__(folder, run)
        self.day = 0
        self.has_own_keys()
        self.does("build", "--genesis")
        self.is_genuine()

    def groups(self, *words: object) -> None:
        done = self.run("--project", self.folder, "keys", "groups", *words, "--by", "Tester")
        assert done.code == 0, done.err

    def next_day(self) -> dict[str, object]:
        self.day += 1
        self.run.monkeypatch.setenv("SOURCE_DATE_EPOCH", str(START + self.day * DAY))
        return self.builds()

    def next_day_twice(self, folder: Path) -> tuple[Tree, Callable[[], Tree]]:
        """Build; what came of it, and a second build from the same site and anchor."""
        anchor = self.folder.parent / "anchor"
        before = anchor.read_bytes()
        shutil.copytree(self.site, folder / "previous")
        self.next_day()

        def again() -> Tree:
            anchor.write_bytes(before)
            self.does("build", "--previous", folder / "previous", "--out", folder / "other")
            return tree(folder / "other")

        return tree(self.site), again

    def headers(self) -> dict[str, SealedHeader]:
        """The header of each file that a current passport binds, by its path."""
        paths = [
            each["id"].removeprefix("https://id.example.com/")
            for path in sorted(self.site.glob("dpp/*/passport.json"))
            for each in json.loads(path.read_bytes()).get("relatedResource", [])
        ]
        return {path: parse_sealed(self.sealed[path]).header for path in paths}

    def epochs(self, group: Group) -> set[str]:
        """The epochs that current files of a group are sealed under."""
        return {each.key.epoch for each in self.headers().values() if each.group is group}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: CommandLine) -> KeyedSite:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(START))
    # A key's label begins with the year in which it is made.
    monkeypatch.setattr(key_ring, "this_second", lambda: datetime(2026, 12, 1, tzinfo=UTC))
    return KeyedSite(tmp_path / "project", run)


def test_rotation_seals_only_what_changes(site: KeyedSite) -> None:
    before = site.sealed
    site.groups("rotate", "xiii-4")
    assert site.next_day()["new_versions"] == 0
    assert site.sealed == before

    site.happens(HARM)
    assert site.next_day()["new_versions"] == 1
    added = f"dpp/{BATTERY}/sealed/xiii-4/2.json"
    assert site.sealed.keys() - before.keys() == {added}
    assert before.items() <= site.sealed.items()
    assert site.headers()[added].key.epoch == "2026b"
    assert site.headers()[f"dpp/{OTHER}/sealed/xiii-4/1.json"].key.epoch == "2026a"
    assert "mechanical-damage" in json.dumps(site.payload(Group.INTEREST_BATTERY, 2, BATTERY))


def test_closing_seals_anew_what_lives_and_destroys_no_key_too_early(site: KeyedSite) -> None:
    said = site.payload(Group.INTEREST_BATTERY, 1, OTHER)
    before = site.sealed
    site.groups("rotate", "xiii-4")
    site.happens(HARM)
    site.next_day()
    destroy = ("keys", "groups", "destroy", "xiii-4/2026a", "--by", "Tester")
    assert site.fails(*destroy)[0] == 2
    site.groups("close", "xiii-4/2026a")
    assert site.fails(*destroy)[0] == 2
    assert site.next_day()["new_versions"] == 1

    assert site.epochs(Group.INTEREST_BATTERY) == {"2026b"}
    assert before.items() <= site.sealed.items(), "what was published stays"
    assert site.payload(Group.INTEREST_BATTERY, 2, OTHER) == said
    version = site.second_version(OTHER)
    assert (version["reason"], version["changed"]) == ("restricted data renewed", [])
    after = tree(site.site)
    site.groups("destroy", "xiii-4/2026a")
    assert site.next_day()["new_versions"] == 0
    assert site.sealed.items() == {k: v for k, v in after.items() if "/sealed/" in k}.items()
    assert not list((site.folder / "keys/private").glob("group-xiii-4-2026a*"))


def test_a_compromised_key_has_a_successor_that_seals_what_lives(site: KeyedSite) -> None:
    before = site.sealed
    said = site.payload(Group.INTEREST_MODEL, 1)
    site.groups("compromise", "xiii-2/2026a", "--reason", "stolen laptop")
    assert site.next_day()["new_versions"] == 1

    assert site.epochs(Group.INTEREST_MODEL) == {"2026b"}
    assert site.epochs(Group.AUTHORITY) == site.epochs(Group.INTEREST_BATTERY) == {"2026a"}
    added = site.sealed.keys() - before.keys()
    assert sorted(path.split("/")[3] for path in added) == ["doc", "xiii-2"]
    assert before.items() <= site.sealed.items()
    now = site.payload(Group.INTEREST_MODEL, 2)
    assert now.keys() == said.keys()
    assert "CANARY-ACTION" in json.dumps(now)


def test_another_salt_key_seals_everything_anew_once(site: KeyedSite) -> None:
    before = site.sealed
    said = site.payload(Group.INTEREST_BATTERY, 1, OTHER)
    site.groups("rotate", "salt")
    assert site.next_day()["new_versions"] == 3
    assert len(site.sealed) == 2 * len(before)
    assert before.items() <= site.sealed.items()
    assert site.payload(Group.INTEREST_BATTERY, 2, OTHER) == said
    after = site.sealed
    assert site.next_day()["new_versions"] == 0
    assert site.sealed == after


def test_two_builds_from_one_site_are_one(site: KeyedSite, tmp_path: Path) -> None:
    site.groups("rotate", "xiii-2")
    site.groups("close", "xiii-2/2026a")
    site.happens(HARM)
    first, again = site.next_day_twice(tmp_path)
    assert again() == first


def test_a_build_without_group_keys_carries_over_and_refuses_what_is_new(site: KeyedSite) -> None:
    before = site.sealed
    for path in (site.folder / "keys/private").glob("[gs]*.key"):
        path.unlink()
    edit(site.folder, "content/models/rack/performance.yaml", "100 Ah", "101 Ah")
    site.says(XIII_2.replace("the lid", "the cover"))
    assert site.next_day()["new_versions"] == 3
    assert site.sealed == before

    write_lot(site.folder, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,", "A3,rack,2026-12-01,")
    site.fails_saying(f"group xiii-4 of {MODEL}_21_A3 was never sealed", "build")


def test_keys_in_kms_make_the_bytes_that_files_make(site: KeyedSite, tmp_path: Path) -> None:
    site.happens(HARM)
    site.says(XIII_2.replace("the lid", "the cover"))
    first, again = site.next_day_twice(tmp_path)
    with found_by_boto3(site.run.monkeypatch) as kms:
        _move_to_kms(site, kms)
        assert again() == first
        assert {operation for operation, _ in kms.asked} == {"GenerateMac"}


def _move_to_kms(site: KeyedSite, kms: FakeKms) -> None:
    """Put each group's secret into KMS and take its file away."""
    folder = site.folder / "keys"
    register = read_register(folder)
    assert register is not None
    moved = []
    for epoch in register.epochs:
        secret, _ = secret_of_epoch(epoch, folder, {})
        arn = kms.add_hmac(str(epoch.key_id.group))
        kms.keys[arn].seed, kms.keys[arn].state = secret, "Enabled"
        moved.append(replace(epoch, source=Source.AWS_KMS, arn=arn))
        (folder / "private" / f"{epoch.name}.key").unlink()
    (folder / "groups.toml").write_text(register_text(register.changed(*moved)))


def test_what_was_withdrawn_stays_so_when_its_key_is_given_up(site: KeyedSite) -> None:
    path = f"dpp/{BATTERY}/sealed/xiii-4/1.json"
    site.refuses(passport=BATTERY, group="xiii-4", before_version=2)
    site.next_day()
    tombstone = site.sealed[path]
    site.groups("compromise", "xiii-4/2026a", "--reason", "stolen laptop")
    site.next_day()

    assert site.sealed[path] == tombstone
    assert f"dpp/{BATTERY}/sealed/xiii-4/2.json" not in site.sealed
    assert f"dpp/{OTHER}/sealed/xiii-4/2.json" in site.sealed
