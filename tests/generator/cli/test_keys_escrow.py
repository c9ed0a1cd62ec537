"""Escrow: stock `age` opens what the policy allows, for whom it allows it, and nothing else does.

Row A24 of the attacks, without shares: the right identity opens, another or a flipped bit fails.
"""

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.cli import key_ring
from generator.keys.escrow_record import read_escrows
from generator.keys.group_sources import group_keys_of
from generator.keys.groups_toml import parse_register, register_text
from generator.keys.to_log import read_lines
from passport.base_url import BaseUrl
from passport.log.entry import EntryType, LogEntry
from passport.registry import Group
from passport.sealing.escrow import parse_escrow
from tests.access_project import client_file, edit
from tests.cli import CommandLine
from tests.fake_kms import found_by_boto3
from tests.generator.cli.key_commands import KeyCommands
from tests.key_steps import HOST
from tests.small_project import write_project
from tests.stock_age import Identity

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
BY = ("--by", "Ada Example")
RECYCLER, AUTHORITY = "hafenkreis", "marktaufsicht-nord"


class Keys(KeyCommands):
    """`cellfolio keys …` on a project with keys of its own and the sample's policy."""

    by = BY

    def escrow(self, group: str, to: str, *words: object) -> Path:
        """Make an escrow file and return it."""
        out = self.project.parent / f"{group}-{to[:20]}-{len(read_escrows(self.folder))}.age"
        self.good("escrow", "--group", group, "--to", to, "--out", out, *words)
        return out

    def refusal(self, *words: object, code: int = 2) -> str:
        """Ask for an escrow that must be refused: nothing may be written or recorded."""
        before = (len(read_escrows(self.folder)), len(read_lines(self.folder)))
        out = self.project.parent / "refused.age"
        given = words if "--out" in words else (*words, "--out", out)
        done = self("escrow", *given, *BY)
        assert (done.code, done.out) == (code, "")
        assert not out.exists()
        assert (len(read_escrows(self.folder)), len(read_lines(self.folder))) == before
        return done.err

    def demo(self) -> None:
        edit(self.project, "cellfolio.toml", 'keys = "keys"', 'keys = "demo"')

    def stranger(self) -> Identity:
        return Identity.fresh(self.project.parent / "stranger.txt")


@pytest.fixture
def keys(tmp_path: Path, run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Keys:
    monkeypatch.setattr(key_ring, "this_second", lambda: NOW)
    project = write_project(tmp_path / "project")
    edit(project, "cellfolio.toml", 'keys = "demo"', 'keys = "keys"')
    shutil.copytree(ROOT / "content/access", project / "content/access")
    keys = Keys(project, run)
    keys.good("groups", "init")
    return keys


def identity(keys: Keys, client: str) -> Identity:
    return Identity.of_demo_client(keys.project.parent / f"{client}.txt", client)


def test_stock_age_opens_what_the_policy_allows(keys: Keys) -> None:
    keys.good("groups", "rotate", "xiii-4")
    file = keys.escrow("xiii-4", RECYCLER)
    opened = identity(keys, RECYCLER).opens(file)
    assert opened.returncode == 0, opened.stderr
    members = json.loads(opened.stdout)
    labels = [each["id"].rpartition("/")[0] for each in members["keys"]]
    assert labels == ["xiii-4/2026a", "xiii-4/2026b"]
    current = group_keys_of(BaseUrl(HOST), "keys", keys.project, {})
    assert current is not None
    found = {each.key_id: each.key for each in parse_escrow(opened.stdout)}
    key = current.current[Group.INTEREST_BATTERY]
    assert found[key.key_id].mac.mac(b"message") == key.mac.mac(b"message")
    assert file.stat().st_mode & 0o777 == 0o600


def test_another_identity_and_a_flipped_bit_open_nothing(keys: Keys) -> None:
    file = keys.escrow("xiii-3", AUTHORITY)
    own = identity(keys, AUTHORITY)
    assert own.opens(file).returncode == 0
    for other in (identity(keys, RECYCLER), keys.stranger()):
        done = other.opens(file)
        assert (done.returncode, done.stdout) == (1, b"")
    content = file.read_bytes()
    damaged = file.with_suffix(".damaged")
    for place in (10, len(content) // 2, len(content) - 1):
        flipped = bytearray(content)
        flipped[place] ^= 1
        damaged.write_bytes(flipped)
        done = own.opens(damaged)
        assert (done.returncode, done.stdout) == (1, b"")
    damaged.write_bytes(content[:-1])
    assert own.opens(damaged).returncode == 1


@pytest.mark.parametrize(
    ("client", "group", "told"),
    [
        (RECYCLER, "xiii-3", "the policy entitles hafenkreis to xiii-2, xiii-4, not to xiii-3"),
        (AUTHORITY, "xiii-4", "entitles marktaufsicht-nord to xiii-2, xiii-3, not to xiii-4"),
        ("funkmast-betrieb", "xiii-4", "the client funkmast-betrieb has no `age` member"),
        ("nobody", "xiii-4", "'nobody' is no client in content/access/clients"),
    ],
)
def test_the_lattice_holds(keys: Keys, client: str, group: str, told: str) -> None:
    assert told in keys.refusal("--group", group, "--to", client)


def test_a_recipient_is_the_same_as_its_client(keys: Keys) -> None:
    recipient = identity(keys, RECYCLER).recipient
    assert "not to xiii-3" in keys.refusal("--group", "xiii-3", "--to", recipient)
    words = ("--trustee", "A friend", "--reason", "a favour")
    for to in (RECYCLER, recipient):
        err = keys.refusal("--group", "xiii-3", "--to", to, *words)
        assert "so the policy decides, not --trustee" in err
    keys.escrow("xiii-2", recipient)
    assert [each.client for each in read_escrows(keys.folder)] == [RECYCLER]


def test_a_purchaser_gets_no_key_of_everybodys_batteries(keys: Keys) -> None:
    path = keys.project / "content/access/clients/funkmast-betrieb.yaml"
    path.write_text(f"{path.read_text()}age: {keys.stranger().recipient}\n")
    err = keys.refusal("--group", "xiii-4", "--to", "funkmast-betrieb")
    assert "entitles funkmast-betrieb to no group" in err


def test_whoever_may_not_ask_gets_nothing(keys: Keys) -> None:
    edit(keys.project, client_file(RECYCLER), "status: active", "status: suspended")
    err = keys.refusal("--group", "xiii-4", "--to", RECYCLER)
    assert "the client hafenkreis may not ask on 2026-12-01" in err
    (keys.project / "content/access/policy.yaml").write_text("version: wrong\n")
    assert "in the content" in keys.refusal("--group", "xiii-4", "--to", RECYCLER, code=1)


def test_a_trustee_needs_a_reason(keys: Keys) -> None:
    trustee = keys.stranger()
    to = ("--group", "xiii-3", "--to", trustee.recipient)
    assert "is the `age` member of no client" in keys.refusal(*to)
    assert "is a trustee for no reason" in keys.refusal(*to, "--trustee", "Notary N.")
    reason = ("--trustee", "Notary N.", "--reason", "insolvency, contract 7")
    file = keys.escrow("xiii-3", trustee.recipient, *reason)
    assert trustee.opens(file).returncode == 0
    (record,) = read_escrows(keys.folder)
    assert (record.trustee, record.client) == ("Notary N.", "")
    assert record.made.reason == "insolvency, contract 7"


def test_an_escrow_is_recorded_and_logged(keys: Keys) -> None:
    file = keys.escrow("xiii-2", AUTHORITY)
    (record,), (line,) = read_escrows(keys.folder), read_lines(keys.folder)
    assert line.entry == LogEntry.of_bytes(EntryType.ESCROW, file.read_bytes())
    assert line.entry.digest == record.digest
    assert line.keys == record.keys
    assert [str(key_id).rpartition("/")[0] for key_id in record.keys] == ["xiii-2/2026a"]
    text = (keys.folder / "escrow.toml").read_text()
    assert f'client = "{AUTHORITY}"' in text
    assert 'by = "Ada Example"' in text


@pytest.mark.parametrize("folder", ["project/site", "project/site/assets", "link", "published/dpp"])
def test_an_escrow_never_lies_in_a_site(keys: Keys, folder: str) -> None:
    around = keys.project.parent
    published = (f"published/{name}" for name in (".well-known", "manifest", "dpp"))
    for name in ("project/site/assets", *published):
        (around / name).mkdir(parents=True)
    (around / "link").symlink_to(keys.project / "site")
    out = around / folder / "x.age"
    assert "lies in the site" in keys.refusal("--group", "xiii-2", "--to", RECYCLER, "--out", out)
    assert not [*around.rglob("*.age")]


def test_a_file_is_never_overwritten(keys: Keys) -> None:
    there = keys.project.parent / "there.age"
    there.write_text("kept")
    err = keys.refusal("--group", "xiii-2", "--to", RECYCLER, "--out", there)
    assert "is there already" in err
    assert there.read_text() == "kept"


def test_a_dry_run_writes_nothing(keys: Keys) -> None:
    out = keys.project.parent / "x.age"
    words = ("--group", "xiii-2", "--to", RECYCLER, "--out", out, "--dry-run")
    told = json.loads(keys.good("escrow", *words, "--json"))
    assert (told["dry_run"], told["client"], told["digest"]) == (True, RECYCLER, None)
    assert "dry run: nothing was written" in keys.good("escrow", *words)
    assert not out.exists()
    assert not (keys.folder / "escrow.toml").exists()


def test_check_names_epochs_in_no_escrow(keys: Keys, run: CommandLine) -> None:
    def warned() -> list[str]:
        checked = json.loads(run("--project", keys.project, "check", "--json").out)
        problems = [each for each in checked["problems"] if each["rule"] == "no-escrow"]
        lines = (keys.folder / "groups.toml").read_text().splitlines()
        for each in problems:
            assert (each["severity"], each["file"]) == ("warning", "keys/groups.toml")
            assert each["message"].split()[3] in lines[each["line"] - 1]
        return [each["message"].split()[3] for each in problems]

    assert warned() == ["xiii-2/2026a", "xiii-3/2026a", "xiii-4/2026a"]
    keys.escrow("xiii-2", RECYCLER)
    keys.escrow("xiii-4", RECYCLER)
    assert warned() == ["xiii-3/2026a"]
    keys.good("groups", "rotate", "xiii-4")
    assert warned() == ["xiii-3/2026a", "xiii-4/2026b"]
    keys.demo()
    assert warned() == []


def test_a_key_that_is_not_at_hand_is_named(keys: Keys) -> None:
    keys.good("groups", "rotate", "xiii-4")
    private = keys.folder / "private"
    (private / "group-xiii-4-2026a.key").unlink()
    out = keys.project.parent / "x.age"
    words = ("--group", "xiii-4", "--to", RECYCLER, "--out", out)
    assert "  not at hand, so not in it: xiii-4/2026a" in keys.good("escrow", *words)
    (private / "group-xiii-4-2026b.key").unlink()
    err = keys.refusal("--group", "xiii-4", "--to", RECYCLER, code=3)
    assert "the key of xiii-4/2026b is not at hand: bring it back, as " in err


def test_of_a_key_in_kms_the_imported_material_is_needed(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    with found_by_boto3(monkeypatch) as kms:
        keys.good("groups", "rotate", "xiii-4", "--aws-kms", kms.add_hmac("one"))
    file = keys.escrow("xiii-4", RECYCLER)
    assert b"xiii-4/2026b" in identity(keys, RECYCLER).opens(file).stdout
    (keys.folder / "private/group-xiii-4-2026b.key").unlink()
    err = keys.refusal("--group", "xiii-4", "--to", RECYCLER, code=3)
    assert "xiii-4/2026b lies in AWS KMS, which hands no key out" in err
    assert "CELLFOLIO_KEY_GROUP_XIII_4_2026B" in err


def test_a_destroyed_epoch_is_in_no_escrow_and_misses_none(keys: Keys, run: CommandLine) -> None:
    keys.good("groups", "rotate", "xiii-4")
    keys.good("groups", "close", "xiii-4/2026a")
    (keys.project / "site/dpp").mkdir(parents=True)
    keys.good("groups", "destroy", "xiii-4/2026a")
    keys.escrow("xiii-4", RECYCLER)
    (record,) = read_escrows(keys.folder)
    assert [key_id.epoch for key_id in record.keys] == ["2026b"]
    problems = json.loads(run("--project", keys.project, "check", "--json").out)["problems"]
    assert "xiii-4" not in str([p["message"] for p in problems if p["rule"] == "no-escrow"])
    text = (keys.folder / "groups.toml").read_text()
    assert register_text(parse_register(text)) == text


def test_the_demos_keys_can_be_escrowed_too(keys: Keys) -> None:
    keys.demo()
    file = keys.escrow("xiii-2", RECYCLER)
    opened = identity(keys, RECYCLER).opens(file).stdout
    demo = group_keys_of(BaseUrl(HOST), "demo", keys.project, {})
    assert demo is not None
    (found,) = parse_escrow(opened)
    assert found.key_id == demo.current[Group.INTEREST_MODEL].key_id


def test_without_the_extra_the_remedy_is_to_install_it(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyrage", None)
    err = keys.refusal("--group", "xiii-2", "--to", RECYCLER, code=3)
    assert "pip install 'cellfolio[escrow]'" in err


def test_a_recipient_of_another_kind_is_refused(keys: Keys) -> None:
    words = ("--trustee", "Notary N.", "--reason", "contract 7")
    err = keys.refusal("--group", "xiii-2", "--to", f"age1{'q' * 58}", *words)
    assert "is no recipient of age's X25519 kind" in err
