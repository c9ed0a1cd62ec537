"""`cellfolio keys`: what each step prints and leaves behind, and that no seed is ever shown."""

import json
import secrets
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.cli import keys as command
from generator.keys.register import Register
from generator.keys.seeds import seed_from_file
from passport.broker_address import brokers_of
from passport.did.webvh import DidLog, verify_did_log
from passport.encoding.base64url import base64url
from passport.signing.keys import KeyId, demo_signer
from tests.access_project import edit
from tests.cli import CommandLine
from tests.fake_kms import FakeKms
from tests.generator.cli.key_commands import KeyCommands
from tests.key_steps import START, seed_of
from tests.private_keys import spellings
from tests.small_project import write_lot, write_model, write_project
from tests.small_site import tree

SEEDS = 40


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that can be built; seeds are canaries, and a second passes by itself."""
    seeds = iter(range(1, SEEDS))
    seconds = iter(range(SEEDS))
    monkeypatch.setattr(secrets, "token_bytes", lambda _: seed_of(next(seeds)))
    monkeypatch.setattr(command, "fresh_second", lambda: START + timedelta(days=next(seconds)))
    folder = write_project(tmp_path / "site project")
    write_model(folder, "rack", "51.2")
    write_lot(folder, "A1,rack,2026-12-01,")
    return folder


@pytest.fixture
def keys(project: Path, run: CommandLine) -> "Keys":
    return Keys(project, run)


class Keys(KeyCommands):
    def set(self, old: str, new: str) -> None:
        """Change the project's settings."""
        edit(self.project, "cellfolio.toml", old, new)

    def states(self) -> dict[str, str]:
        listed = json.loads(self.good("list", "--json"))["keys"]
        return {key["id"]: key["state"] for key in listed}

    @property
    def log(self) -> DidLog:
        return verify_did_log((self.folder / "did.jsonl").read_bytes(), now=datetime.now(UTC))


def test_a_dry_run_shows_the_plan_and_makes_nothing(keys: Keys) -> None:
    out = keys.good("init", "--dry-run")
    assert out.splitlines()[-1] == "dry run: nothing was written"
    for name in ("issuing-1", "update-1", "update-2", "checkpoint-1", "bundle-1"):
        assert f"  {name}: new, " in out
    assert not keys.folder.exists()


def test_init_makes_keys_and_says_what_to_do(keys: Keys) -> None:
    out = keys.good("init")
    private = keys.folder / "private"
    assert sorted(keys.files()) == [
        "did.jsonl",
        "keys.toml",
        "private/.gitignore",
        "private/bundle-1.key",
        "private/checkpoint-1.key",
        "private/issuing-1.key",
        "private/update-1.key",
        "private/update-2.key",
    ]
    assert f"take update-2 offline, off this machine: {private}/update-2.key" in out
    assert "destroy every copy of update-1" in out
    assert f"  {private}/issuing-1.key\n" in out
    assert f"  {private}/update-1.key\n" not in out
    assert 'write keys = "keys" in cellfolio.toml' in out
    assert "https://id.example.com is for trying out" in out
    assert seed_from_file(keys.folder, KeyId.parse("update-2")) == seed_of(3)


def test_keys_are_made_once(keys: Keys) -> None:
    keys.good("init")
    keys.refused("has keys already: see `cellfolio keys list`", "init")


def test_a_real_site_is_not_told_that_it_is_a_trial(keys: Keys) -> None:
    keys.set("https://id.example.com", "https://id.battery-works.eu")
    assert "trying out" not in keys.good("init")


def test_the_folder_is_the_one_of_the_settings(keys: Keys) -> None:
    keys.set('keys = "demo"', 'keys = "own-keys"')
    out = keys.good("init")
    assert "it still says demo" not in out
    assert (keys.project / "own-keys/keys.toml").is_file()
    assert not keys.folder.exists()


@pytest.mark.parametrize("name", ["", "..", "a/b", "/keys", ".keys", "site", "content", "themes"])
def test_no_other_folder_is_taken(keys: Keys, name: str) -> None:
    keys.set('keys = "demo"', f'keys = "{name}"')
    keys.refused("keys", "init")


def test_rotating_keeps_the_old_key_and_uses_up_an_update_key(keys: Keys) -> None:
    keys.good("init")
    before = keys.files()
    assert "issuing-1: active, now retired" in keys.good("rotate", "issuing", "--dry-run")
    assert keys.files() == before
    out = keys.good("rotate", "issuing")
    assert out.splitlines()[1:7] == [
        "  issuing-1: active, now retired",
        "  update-1: active, now retired",
        "  update-2: next, now active",
        f"  issuing-2: new, active, {keys.folder}/private/issuing-2.key",
        f"  update-3: new, next, {keys.folder}/private/update-3.key",
        "  did.jsonl: entry 2",
    ]
    assert "destroy every copy of update-2" in out
    assert "trying out" not in out
    assert (keys.folder / "did.jsonl").read_bytes().startswith(before["did.jsonl"])


def test_rotating_the_bundles_key_leaves_the_log_alone(keys: Keys) -> None:
    keys.good("init")
    out = keys.good("rotate", "bundle")
    assert "did.jsonl: entry" not in out
    assert "offline" not in out
    assert keys.states()["bundle-1"] == "retired"


def test_revoking_needs_a_rotation_first(keys: Keys) -> None:
    keys.good("init")
    told = "run `cellfolio keys rotate issuing` first"
    keys.refused(told, "revoke", "issuing-1", "--log-size", 7)
    keys.good("rotate", "issuing")
    assert "dry run" in keys.good("revoke", "issuing-1", "--log-size", 7, "--dry-run")
    assert keys.states()["issuing-1"] == "retired"
    assert "issuing-1: retired, now revoked" in keys.good("revoke", "issuing-1", "--log-size", 7)
    listed = json.loads(keys.good("list", "--json"))["keys"][0]
    assert (listed["state"], listed["log_size"]) == ("revoked", 7)
    assert listed["revoked"] == "2026-03-05T09:30:00Z"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("revoke", "issuing-1"), "--log-size"),
        (("revoke", "issuing-1", "--log-size", -1), "--log-size"),
        (("revoke", "salt-1", "--log-size", 1), "'salt-1' names no key: write it like issuing-1"),
        (("rotate", "salt"), "salt"),
        (("rotate", "update", "--environment"), "a new update key lies in a file"),
        (("rotate", "update", "--aws-kms", "arn"), "a new update key lies in a file"),
        (("rotate", "issuing", "--aws-kms", "arn"), "'arn' is no ARN of a key in AWS KMS"),
        (("rotate", "issuing", "--environment", "--aws-kms", "arn"), "name one of the two"),
        (("move",), "of https://id.example.com already"),
    ],
)
def test_wrong_words_change_nothing(keys: Keys, words: tuple[object, ...], told: str) -> None:
    keys.good("init")
    keys.refused(told, *words)


@pytest.mark.parametrize("words", [("list",), ("export-public",), ("rotate", "issuing"), ("move",)])
def test_without_keys_the_remedy_is_init(keys: Keys, words: tuple[str, ...]) -> None:
    keys.refused("keys.toml: make keys with `cellfolio keys init`", *words)
    assert not keys.folder.exists()


def test_a_list_says_which_private_keys_are_missing(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.good("init")
    for name in ("update-1", "update-2", "issuing-1"):
        (keys.folder / f"private/{name}.key").unlink()
    monkeypatch.setenv("CELLFOLIO_KEY_ISSUING_1", "whatever")
    lines = keys.good("list").splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["issuing-1", "active"],
        ["update-1", "active"],
        ["update-2", "next"],
        ["checkpoint-1", "active"],
        ["bundle-1", "active"],
    ]
    assert [line.endswith("(not at hand)") for line in lines] == [False, True, True, False, False]
    held = [key["at_hand"] for key in json.loads(keys.good("list", "--json"))["keys"]]
    assert held == [True, False, False, True, True]


def test_what_is_exported_is_what_others_pin(keys: Keys) -> None:
    keys.good("init")
    lines = keys.good("export-public").splitlines()
    assert lines[:2] == ["did:web:id.example.com", str(keys.log.latest.did)]
    assert lines[2].startswith("id.example.com/log/1+")
    assert [line.split()[0] for line in lines[3:]][:2] == ["issuing-1", "update-1"]
    exported = json.loads(keys.good("export-public", "--json"))
    assert [exported["did"], exported["webvh"], *exported["vkeys"]] == lines[:3]
    assert len(exported["keys"]) == 5


def test_a_move_is_told_by_the_log(keys: Keys) -> None:
    keys.good("init")
    keys.set("https://id.example.com", "https://moved.example.org")
    keys.refused("tell the move with `cellfolio keys move`", "rotate", "issuing")
    assert "did.jsonl: entry 2" in keys.good("move")
    log = keys.log
    assert log.latest.did.location.base_url.host == "moved.example.org"
    assert str(log.versions[0].did) in keys.good("export-public") + str(log.latest.state)


def test_keys_of_the_environment_and_of_kms_leave_no_file(
    keys: Keys, kms: FakeKms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELLFOLIO_KEY_BUNDLE_1", base64url(seed_of(90)))
    arns = [kms.add(f"key-{number}", seed_of(90 + number)) for number in (1, 2)]
    words = ("--environment", "bundle", "--aws-kms", "issuing", arns[0])
    out = keys.good("init", *words)
    assert f"issuing-1: new, active, {arns[0]}" in out
    assert "bundle-1: new, active, CELLFOLIO_KEY_BUNDLE_1" in out
    keys.good("rotate", "issuing", "--aws-kms", arns[1])
    private = [path.name for path in (keys.folder / "private").glob("*.key")]
    assert sorted(private) == [
        "checkpoint-1.key", "update-1.key", "update-2.key", "update-3.key"
    ]  # fmt: skip
    listed = {key["id"]: key for key in json.loads(keys.good("list", "--json"))["keys"]}
    assert (listed["issuing-2"]["source"], listed["issuing-2"]["place"]) == ("aws-kms", arns[1])
    assert [listed[name]["at_hand"] for name in ("issuing-2", "bundle-1")] == [None, True]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--aws-kms", "update", "arn"), 2, ""),
        (("--environment", "update"), 2, ""),
        (("--environment", "issuing"), 3, "CELLFOLIO_KEY_ISSUING_1 is not set"),
    ],
)
def test_keys_that_can_t_be_there_are_not_made(
    keys: Keys, words: tuple[str, ...], code: int, told: str
) -> None:
    done = keys("init", *words)
    assert (done.code, told in done.err) == (code, True)
    assert not keys.folder.exists()


def test_a_second_is_waited_for() -> None:
    first, second = command.fresh_second(), command.fresh_second()
    assert timedelta(seconds=1) <= second - first <= timedelta(seconds=5)
    assert first.microsecond == 0
    assert second.timestamp() <= time.time()


def test_a_site_is_built_and_verified_with_keys_of_its_own(keys: Keys, run: CommandLine) -> None:
    keys.good("init")
    keys.good("groups", "init", "--by", "Tester")
    keys.set('keys = "demo"', 'keys = "keys"\nanchor = "../anchor"')
    for path in (keys.folder / "private").glob("*.key"):
        if path.name.startswith(("update-", "bundle-")):
            path.unlink()
    site = keys.project / "site"
    assert "--genesis" in run("--project", keys.project, "build").err
    built = run("--project", keys.project, "build", "--genesis")
    assert built.code == 0, built.err
    verified = run("--project", keys.project, "verify", site, "--json")
    assert json.loads(verified.out)["verdict"] == "genuine"
    assert (site / ".well-known/did.jsonl").read_bytes() == (keys.folder / "did.jsonl").read_bytes()
    register = Register.parse((keys.folder / "keys.toml").read_text())
    assert demo_signer(KeyId.parse("issuing-1")).public_key not in {
        key.public_key for key in register.keys
    }
    published = b"".join(tree(site).values())
    assert register.keys[0].public_key.multikey.encode() in published
    assert_no_seed(published)


def test_no_seed_is_ever_printed(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    keys("init", "--dry-run")
    keys("init")
    keys("init")
    for words in (("issuing",), ("checkpoint", "--dry-run"), ("update",), ("bundle",)):
        keys("rotate", *words)
    keys("revoke", "issuing-1", "--log-size", 3)
    for words in (("list",), ("list", "--json"), ("export-public",), ("export-public", "--json")):
        keys(*words)
    path = keys.folder / "private/update-5.key"
    path.chmod(0o644)
    assert keys("rotate", "issuing").code == 3
    path.chmod(0o600)
    path.write_text(path.read_text() + "x")
    assert keys("rotate", "issuing").code == 3
    monkeypatch.setenv("CELLFOLIO_KEY_UPDATE_5", (keys.folder / "private/update-4.key").read_text())
    assert keys("rotate", "issuing").code == 2
    public = b"".join(
        content for name, content in keys.files().items() if not name.startswith("private")
    )
    assert_no_seed(keys.printed.encode() + public)
    assert "revoked" in keys.printed


def assert_no_seed(content: bytes) -> None:
    assert b"canary" not in content
    for number in range(1, SEEDS):
        assert not [text for text in spellings(seed_of(number)) if text in content]


BROKERS = '[[brokers]]\nurl = "https://{}"\ngroups = ["xiii-4", "xiii-2"]\n'


def test_brokers_are_told_by_the_log(keys: Keys, run: CommandLine) -> None:
    settings = keys.project / "cellfolio.toml"
    own = settings.read_text().replace('keys = "demo"', 'keys = "keys"')
    settings.write_text(own + BROKERS.format("keys.example.com"))
    keys.good("init")
    assert brokers_told(keys) == ["https://keys.example.com"]
    done = keys("brokers")
    assert (done.code, "names these brokers already" in done.err) == (2, True)
    settings.write_text(own + BROKERS.format("keys-2.example.com"))
    checked = run("--project", keys.project, "check")
    assert checked.code == 2
    assert "the DID log names the broker https://keys.example.com for xiii-2 and" in checked.err
    assert "tell the change with `cellfolio keys brokers`" in checked.err
    before = keys.files()
    out = keys.good("brokers", "--dry-run")
    assert "broker https://keys-2.example.com: xiii-2, xiii-4" in out
    assert keys.files() == before
    assert "did.jsonl: entry 2" in keys.good("brokers")
    assert brokers_told(keys) == ["https://keys-2.example.com"]
    assert run("--project", keys.project, "check").code != 2
    keys.good("rotate", "issuing")
    assert brokers_told(keys) == ["https://keys-2.example.com"]
    settings.write_text(own)
    keys.good("brokers")
    assert brokers_told(keys) == []


def brokers_told(keys: Keys) -> list[str]:
    return [str(broker.url) for broker in brokers_of(keys.log.latest.state)]
