"""`cellfolio adopt`: what it refuses, what it sets up, and how a successor goes on from there."""

import json
import shutil
import stat
from pathlib import Path

import pytest

from broker.config import read_settings
from broker.group_keys import held_keys
from broker.keyring import open_keyring
from generator.keys.register import Register
from generator.publish.mirror_state import Phase
from passport.access.bundle import verify_bundle
from passport.encoding.base64url import base64url
from passport.encoding.timestamp import parse_time
from tests.broker_process import running
from tests.cli import CommandLine, Run
from tests.deploy.test_mirror import lease_of
from tests.drill import GROUPS, Drill, _use_own_keys, base_environment
from tests.drill_operator import BROKER, CLIENT, SITE, URIS, write_operator
from tests.small_site import tree
from tests.stock_age import Identity

NEW = "https://keys.successor-packs.eu"


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is left of an operator: its project, a mirror, decrypted escrow files, two bundles."""
    folder = tmp_path_factory.mktemp("left")
    drill = Drill(folder, base_environment())
    write_operator(folder)
    to = Identity.fresh(folder / "identity.txt").recipient
    project = "cellfolio --project operator"
    drill.does(f"{project} keys init")
    drill.does(f"{project} keys groups init --by Ada")
    _use_own_keys(folder)
    drill.does(f"{project} access bundle --out bundle.json")
    for group in GROUPS:
        drill.does(f"{project} keys escrow --group {group} --to {to} --trustee N. --reason R "
                   f"--by Ada --out {group}.age")  # fmt: skip
        drill.does(f"age -d -i identity.txt -o {group}.json {group}.age")
    drill.does(f"{project} build --genesis")
    drill.does("cellfolio mirror operator/site mirror")
    drill.does(f"{project} access bundle --out unlogged.json")
    return folder


@pytest.fixture
def heir(left: Path, tmp_path: Path, run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> "Heir":
    """A copy of it to work on."""
    shutil.copytree(left, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Heir(tmp_path, run)


class Heir:
    def __init__(self, folder: Path, run: CommandLine) -> None:
        self.folder, self.run = folder, run
        self.out = folder / "successor"

    def adopts(self, *words: object, groups: tuple[str, ...] = GROUPS) -> Run:
        keys = [word for group in groups for word in ("--keys", f"{group}.json")]
        return self.run("adopt", "mirror", *keys, *words)

    def does(self, *words: object, groups: tuple[str, ...] = GROUPS) -> dict[str, object]:
        done = self.adopts(*words, "--json", groups=groups)
        assert done.code == 0, done.err
        report: dict[str, object] = json.loads(done.out)
        return report


def test_without_out_nothing_is_written(heir: Heir) -> None:
    before = tree(heir.folder)
    report = heir.does("--bundle", "bundle.json", groups=("xiii-2", "xiii-4"))
    assert (report["baseUrl"], report["out"], report["failed"]) == (SITE, None, 0)
    assert sorted(key.partition("/")[0] for key in report["opened"]) == ["xiii-2", "xiii-4"]  # type: ignore[attr-defined]
    assert [key.partition("/")[0] for key in report["closed"]] == ["xiii-3"]  # type: ignore[attr-defined]
    assert tree(heir.folder) == before
    assert "stay closed" in heir.adopts(groups=("xiii-2",)).out


def test_it_sets_up_files_and_a_broker(heir: Heir) -> None:
    report = heir.does("--bundle", "bundle.json", "--out", "successor")
    assert (report["broker"], report["bundle"], report["clients"]) == (BROKER, 2, 1)
    assert heir.run("verify", heir.out / "site").code == 0
    config = heir.out / "broker/broker.toml"
    settings = read_settings(config, {})
    assert settings.keys is not None
    assert {str(key_id) for key_id in held_keys(settings.keys, {}, {})} == {*report["opened"]}  # type: ignore[misc]
    open_keyring(settings, {})
    for path in (*settings.keys.iterdir(), heir.out / "private/bundle-1.key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for path in (settings.keys, heir.out / "private"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    content = settings.bundle.read_bytes()
    until = json.loads(content)["validFrom"]
    bundle = verify_bundle(content, settings.bundle_key, parse_time(until))
    assert [client.id for client in bundle.clients] == [CLIENT]
    published = b"".join(tree(heir.out / "site").values())
    secrets = [path.read_bytes().strip() for path in settings.keys.iterdir()]
    assert not [secret for secret in secrets if secret in published]
    assert SITE in (heir.out / "README.md").read_text()


def test_called_again_it_signs_the_next_bundle_and_keeps_keys(heir: Heir) -> None:
    heir.does("--bundle", "bundle.json", "--out", "successor")
    before = tree(heir.out)
    report = heir.does("--bundle", "bundle.json", "--out", "successor", "--valid-days", "7")
    assert report["bundle"] == 3
    changed = {name for name, content in tree(heir.out).items() if before[name] != content}
    assert changed <= {"broker/bundle.json", "README.md"}


def test_a_broker_under_a_new_name_is_asked_when_it_is_named(heir: Heir) -> None:
    report = heir.does("--bundle", "bundle.json", "--broker", NEW, "--out", "successor")
    assert (report["broker"], report["brokersNamed"]) == (NEW, [BROKER])
    assert f"--broker {NEW}" in (heir.out / "README.md").read_text()
    config = heir.out / "broker/broker.toml"
    free = {f"CELLFOLIO_BROKER_{name}": "127.0.0.1:0" for name in ("PUBLIC", "ADMIN")}
    with running(config, free) as broker:
        words = ("unlock", URIS[0], "--group", "xiii-4", "--purpose", "dismantling",
                 "--key", f"{CLIENT}.jwk", "--at", f"{SITE}=successor/site",
                 "--at", f"{NEW}={broker.public}")  # fmt: skip
        done = heir.run(*words, "--broker", NEW)
        assert done.code == 0, done.err
        assert heir.run(*words, "--at", f"{BROKER}={broker.public}").code != 0


def test_the_files_alone_need_no_key(heir: Heir) -> None:
    report = heir.does("--out", "successor", groups=())
    assert (report["broker"], report["bundle"]) == (None, None)
    assert sorted(path.name for path in heir.out.iterdir()) == [
        "README.md", "passports.conf", "site"
    ]  # fmt: skip


def test_without_a_bundle_nobody_is_a_client(heir: Heir) -> None:
    report = heir.does("--out", "successor")
    assert report["clients"] == 0
    assert "names no clients" in (heir.out / "README.md").read_text()


def test_a_bundle_must_be_the_operators(heir: Heir) -> None:
    done = heir.adopts("--bundle", "unlogged.json", "--out", "successor")
    assert (done.code, "does not hold this bundle" in done.err) == (4, True)
    assert not heir.out.exists()
    register = Register.parse((heir.folder / "operator/keys/keys.toml").read_text())
    pinned = next(key for key in register.keys if str(key.key_id) == "bundle-1").public_key
    report = heir.does("--bundle", "unlogged.json", "--bundle-key", pinned.multikey)
    assert report["clients"] == 1
    changed = (heir.folder / "unlogged.json").read_bytes().replace(b"Recycler Ltd", b"Attacker Ltd")
    (heir.folder / "unlogged.json").write_bytes(changed)
    done = heir.adopts("--bundle", "unlogged.json", "--bundle-key", pinned.multikey)
    assert (done.code, "bundle/signature" in done.err) == (4, True)


def test_what_is_damaged_is_not_adopted(heir: Heir) -> None:
    page = heir.folder / "mirror/01/09506000134352/21/T48L-0001.html"
    page.write_bytes(page.read_bytes() + b" ")
    done = heir.adopts("--out", "successor")
    assert (done.code, "T48L-0001" in done.err) == (4, True)
    assert not heir.out.exists()


@pytest.mark.parametrize("spoil", ["another key", "no JSON", "two groups"])
def test_an_escrow_file_that_is_none_is_refused(spoil: str, heir: Heir) -> None:
    path = heir.folder / "xiii-2.json"
    members = json.loads(path.read_bytes())
    secret = members["keys"][0]["key"]
    match spoil:
        case "another key":
            members["keys"][0]["key"] = base64url(bytes(range(32)))
        case "two groups":
            members["keys"] += json.loads((heir.folder / "xiii-3.json").read_bytes())["keys"]
    path.write_text("no" if spoil == "no JSON" else json.dumps(members))
    done = heir.adopts("--out", "successor")
    assert done.code == 2
    assert secret not in done.err
    assert not heir.out.exists()


def test_a_place_within_the_mirror_is_refused(heir: Heir) -> None:
    assert "lies in the mirror" in heir.adopts("--out", "mirror/successor").err


def test_a_mirror_that_was_left_half_placed_is_finished_first(heir: Heir) -> None:
    lease = lease_of(heir.folder / "mirror")
    lease.take(lease.state.site, lease.state.checkpoint, Phase.PLACING)
    done = heir.adopts()
    assert (done.code, "--out" in done.err) == (1, True)
    heir.does("--out", "successor")
    assert heir.does()["failed"] == 0


def test_with_the_next_update_key_a_successor_goes_on_publishing(heir: Heir) -> None:
    """It has the operator's Git repository and one private key, and makes its own others."""
    private = heir.folder / "operator/keys/private"
    for path in private.glob("*.key"):
        if path.name != "update-2.key":
            path.unlink()
    heir.does("--out", "successor", groups=())
    shutil.rmtree(heir.folder / "operator/site")
    (heir.folder / "anchor").unlink()
    project = ("--project", heir.folder / "operator")
    for purpose in ("issuing", "checkpoint"):
        done = heir.run(*project, "keys", "rotate", purpose)
        assert done.code == 0, done.err
    operator = heir.folder / "operator/content/operators/maker.yaml"
    operator.write_text(operator.read_text().replace("email: post", "email: successor"))
    new = heir.folder / "new"
    done = heir.run(*project, "build", "--previous", "successor/site", "--out", new)
    assert done.code == 0, done.err
    assert heir.run("verify", new).code == 0
    assert {name for name in tree(heir.out / "site") if name.startswith("01/")} == {
        name for name in tree(new) if name.startswith("01/")
    }
    done = heir.run("mirror", new, "mirror", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["replaced"] > 0
