"""`cellfolio open`: restricted groups by group keys, and nothing by any other."""

import json
import shutil
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from passport.registry import Group
from passport.sealing.escrow import EscrowedKey, escrow_json
from passport.sealing.group_key import GroupKey, SecretMac
from passport.signing.keys import demo_secret
from tests.access_project import edit
from tests.cli import CommandLine
from tests.restricted_site import DRAWING, MODEL
from tests.unlocking import MODEL_URI, SITE, battery_uri, build_site, dpp_id

A1 = battery_uri("A1")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("project"))


def escrow(group: Group, secret: bytes = b"") -> bytes:
    """What `age -d` prints."""
    secret = secret or demo_secret(f"group/{group}/2026a")
    key = GroupKey.of(group, "2026a", SecretMac(secret))
    return escrow_json([EscrowedKey(key.key_id, secret)])


def at(site: Path) -> tuple[str, str]:
    return "--at", f"{SITE}={site}"


def test_an_escrow_file_opens_its_group_and_no_other(
    run: CommandLine, site: Path, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.json"
    keys.write_bytes(escrow(Group.INTEREST_MODEL))
    done = run("open", A1, "--keys", keys, *at(site), "--json")
    assert done.code == 0, done.err
    [opened] = json.loads(done.out)["opened"]
    assert opened["group"] == "xiii-2"
    assert "CANARY-ACTION" in json.dumps(opened["data"])
    assert "1 document besides" in done.err

    done = run("open", A1, "--group", "xiii-4", "--keys", keys, *at(site))
    assert done.code == 3
    assert done.out == ""
    assert "ask whoever gave you the keys" in done.err


def test_keys_come_through_a_pipe(
    run: CommandLine, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = TextIOWrapper(BytesIO(escrow(Group.INTEREST_BATTERY)))
    monkeypatch.setattr("sys.stdin", piped)
    done = run("open", A1, "--keys", "-", *at(site))
    assert done.code == 0, done.err
    assert json.loads(done.out)["opened"][0]["data"]["history"][0]["event"] == "mechanical-damage"


def test_keys_of_the_same_name_that_are_not_those_open_nothing(
    run: CommandLine, site: Path, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.json"
    content = escrow(Group.INTEREST_MODEL)
    keys.write_bytes(content.replace(b'"key":"', b'"key":"A')[: len(content)])
    done = run("open", MODEL_URI, "--keys", keys, *at(site))
    assert (done.code, done.out) == (2, "")
    keys.write_bytes(escrow(Group.INTEREST_MODEL, bytes(range(32))))
    done = run("open", MODEL_URI, "--keys", keys, *at(site))
    assert (done.code, done.out) == (3, "")


def test_a_project_opens_what_it_sealed(run: CommandLine, site: Path, tmp_path: Path) -> None:
    out = tmp_path / "opened"
    done = run("--project", site.parent, "open", A1, *at(site), "-o", out)
    assert done.code == 0, done.err
    assert (out / f"id.example.com/{MODEL}/xiii-2/4-view.pdf").read_bytes() == DRAWING
    names = sorted(path.name for path in out.rglob("*.json"))
    assert names == ["xiii-2.json", "xiii-3.json", "xiii-4.json"]
    assert len(done.out.splitlines()) == 4


def test_a_model_has_points_2_and_3(run: CommandLine, site: Path) -> None:
    done = run("--project", site.parent, "open", MODEL_URI, *at(site), "--json")
    assert done.code == 0, done.err
    assert [each["group"] for each in json.loads(done.out)["opened"]] == ["xiii-2", "xiii-3"]


def test_a_project_with_keys_of_its_own_says_whose_file_it_is_not(
    run: CommandLine, site: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(site.parent, other, ignore=shutil.ignore_patterns("site"))
    edit(other, "cellfolio.toml", "id.example.com", "id.other.example")
    edit(other, "cellfolio.toml", '"demo"', '"keys"')
    assert run("--project", other, "keys", "init").code == 0
    run.fails_saying("keys groups init", "--project", other, "open", A1, *at(site))
    assert run("--project", other, "keys", "groups", "init").code == 0
    told = "no key of this project"
    run.fails_saying(told, "--project", other, "open", A1, "--group", "xiii-4", *at(site), code=3)


def test_a_file_alone_is_opened_with_a_warning(
    run: CommandLine, site: Path, tmp_path: Path
) -> None:
    file = site / f"dpp/{dpp_id('A1')}/sealed/xiii-4/1.json"
    done = run("--project", site.parent, "open", file)
    assert done.code == 0, done.err
    assert "batteryStatus" in json.loads(done.out)
    assert "no passport was verified" in done.err
    assert run("--project", site.parent, "open", file, "--group", "xiii-2").code == 2

    [document] = (site / f"dpp/{MODEL}/sealed/doc").iterdir()
    assert run("--project", site.parent, "open", document).code == 2
    done = run("--project", site.parent, "open", document, "-o", tmp_path / "opened")
    assert done.code == 0, done.err
    assert (tmp_path / "opened/4-document").read_bytes() == DRAWING


def test_an_altered_file_opens_nothing(run: CommandLine, site: Path, tmp_path: Path) -> None:
    content = (site / f"dpp/{dpp_id('A1')}/sealed/xiii-4/1.json").read_bytes()
    file = tmp_path / "file.json"
    file.write_bytes(content.replace(b'"version":1', b'"version":2'))
    run.fails_saying("another content key", "--project", site.parent, "open", file, code=4)
    assert run("--project", site.parent, "open", tmp_path / "none").code == 2


@pytest.mark.parametrize(("name", "told"), [("A2", "has ceased"), ("A4", "was withdrawn")])
def test_what_ceased_or_was_withdrawn_is_told(
    run: CommandLine, site: Path, name: str, told: str
) -> None:
    words = ("open", battery_uri(name), "--group", "xiii-4", *at(site))
    done = run("--project", site.parent, *words)
    assert (done.code, done.out, told in done.err) == (3, "", True)
