"""`cellfolio unlock` against real brokers: who gets what, and what everybody else is told."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from passport.access.bundle import sign_bundle
from passport.did.key import did_key
from tests.broker_process import BUNDLE_SIGNER, ROOT, RunningBroker
from tests.broker_tokens import NOW, public_of, seed_of
from tests.cli import CommandLine
from tests.restricted_site import DRAWING, MODEL
from tests.role_credentials import LIST_URL, role, status_list
from tests.unlocking import (
    FIRST,
    MODEL_URI,
    SECOND,
    SITE,
    Alter,
    Asking,
    altering,
    battery_uri,
    broker_at,
    build_site,
    dpp_id,
    unlock_bundle,
)

A1 = battery_uri("A1")
WITHDRAWN = f"xiii-4 of {dpp_id('A4')} was withdrawn at 2027-01-01"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    with broker_at(tmp_path_factory.mktemp("broker") / "first") as found:
        yield found


@pytest.fixture
def unlock(run: CommandLine, tmp_path: Path, site: Path, broker: RunningBroker) -> Asking:
    return Asking(run, tmp_path, site, ((FIRST, broker.public),))


# Who gets what


def test_a_recycler_opens_points_2_and_4_and_not_3(unlock: Asking) -> None:
    report = unlock.report(A1, groups="xiii-2 xiii-4")
    assert [each["group"] for each in report["opened"]] == ["xiii-2", "xiii-4"]
    model, battery = report["opened"]
    assert "CANARY-ACTION" in json.dumps(model["data"])
    assert "mechanical-damage" in json.dumps(battery["data"])
    assert model["passport"] == f"{SITE}/dpp/{MODEL}/passport.json"
    assert battery["grant"]["operations"] == ["view"]
    assert "releases no key of xiii-3" in unlock.refusal(A1, groups="xiii-3")


def test_market_surveillance_opens_point_3_and_not_4(unlock: Asking) -> None:
    how = {"who": "authority", "purpose": "market-surveillance"}
    assert unlock.groups(A1, groups="xiii-3", **how) == ["xiii-3"]
    assert "releases no key of xiii-4" in unlock.refusal(A1, groups="xiii-4", **how)


@pytest.mark.requirement("R5.3")
def test_a_purchaser_opens_its_own_battery_and_not_its_neighbours(unlock: Asking) -> None:
    how = {"who": "buyer", "purpose": "energy-market", "groups": "xiii-4"}
    assert unlock.groups(A1, **how) == ["xiii-4"]
    assert "this product" in unlock.refusal(battery_uri("A3"), **how)


def test_what_is_released_is_handed_over_though_the_rest_is_refused(unlock: Asking) -> None:
    done = unlock(A1, groups="xiii-2 xiii-3 xiii-4", words=("--json",))
    assert done.code == 3
    assert "releases no key of xiii-3" in done.err
    report = json.loads(done.out)
    assert [each["group"] for each in report["opened"]] == ["xiii-2", "xiii-4"]
    assert [each["what"] for each in report["unopened"]] == ["xiii-3"]


def test_many_passports_take_one_release(unlock: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counting(path: str, answer: httpx.Response) -> tuple[int, bytes]:
        asked.append(path)
        return answer.status_code, answer.content

    monkeypatch.setattr("sys.stdin", StringIO(f"{A1}\n{battery_uri('A3')}\n\n{A1}\n"))
    with altered(unlock, counting) as asking:
        report = asking.report("-", battery_uri("A5"))
    opened = [(each["group"], len(each["products"])) for each in report["opened"]]
    assert sorted(opened) == [("xiii-2", 3), ("xiii-4", 1), ("xiii-4", 1), ("xiii-4", 1)]
    assert asked == ["/token", "/token", "/release"]  # the first to be told a nonce


def test_a_passports_own_address_does_as_well(unlock: Asking) -> None:
    assert unlock.groups(f"{SITE}/dpp/{dpp_id('A1')}/passport.json") == ["xiii-2", "xiii-4"]
    assert unlock.groups(MODEL_URI, groups="xiii-2") == ["xiii-2"]


# Files


def test_a_folder_holds_data_points_and_documents_for_its_owner_alone(
    unlock: Asking, tmp_path: Path
) -> None:
    out = tmp_path / "opened"
    report = unlock.report(A1, words=("-o", out))
    files = {path for path in out.rglob("*") if path.is_file()}
    drawing = out / f"id.example.com/{MODEL}/xiii-2/4-view.pdf"
    assert drawing.read_bytes() == DRAWING
    assert {path.name for path in files} == {"xiii-2.json", "xiii-4.json", "4-view.pdf"}
    documents = report["opened"][0]["documents"]
    assert {out / each["file"] for each in (*report["opened"], documents[0])} == files
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    folders = [out, *(path for path in out.rglob("*") if path.is_dir())]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o700 for path in folders)
    assert "data" not in report["opened"][0]


def test_a_folder_in_use_is_left_alone_and_nobody_is_asked(unlock: Asking, tmp_path: Path) -> None:
    (tmp_path / "opened").mkdir()
    (tmp_path / "opened/kept").touch()
    asking = replace(unlock, brokers=(dead(FIRST), dead(SECOND)))
    done = asking(A1, words=("-o", tmp_path / "opened"))
    assert done.code == 2
    assert [path.name for path in (tmp_path / "opened").iterdir()] == ["kept"]


def test_nothing_is_left_where_nothing_was_opened(unlock: Asking, tmp_path: Path) -> None:
    unlock.refusal(A1, groups="xiii-3", words=("-o", tmp_path / "opened"))
    assert [path.name for path in tmp_path.iterdir()] == ["recycler.jwk"]


# What an official is told


def test_an_unregistered_key(unlock: Asking) -> None:
    unlock.key("stranger", "recycler")
    told = unlock.refusal(A1, who="stranger")
    assert "refuses client recycler" in told
    assert "client-request" in told


@pytest.mark.parametrize(
    ("url", "how", "told"),
    [
        (A1, {"who": "nobody"}, ["refuses client nobody"]),
        (A1, {"who": "expired"}, ["not entitled to ask on", "the dates of your entry"]),
        (A1, {"purpose": "second-life"}, [f"{FIRST}/policy"]),
        (battery_uri("A2"), {"groups": "xiii-4"}, ["has ceased"]),
        (battery_uri("A4"), {"groups": "xiii-4"}, [WITHDRAWN]),
    ],
    ids=["nobody entered it", "it expired", "wrong purpose", "ceased", "withdrawn"],
)
def test_a_refusal_says(unlock: Asking, url: str, how: dict[str, Any], told: list[str]) -> None:
    refusal = unlock.refusal(url, **how)
    assert [each for each in told if each not in refusal] == []


def test_a_key_that_names_no_client(unlock: Asking) -> None:
    unlock.key("unnamed", "")
    assert "--client ID" in unlock.refusal(A1, who="unnamed", code=2)
    done = unlock(A1, who="unnamed", words=("--client", "recycler"))
    assert "refuses client recycler" in done.err


def test_a_key_that_others_may_read(unlock: Asking) -> None:
    for mode in (0o640, 0o604):
        unlock.key("recycler").chmod(mode)
        assert "chmod go=" in unlock.refusal(A1)


def test_a_model_has_no_point_4(unlock: Asking) -> None:
    assert "name one of its batteries" in unlock.refusal(MODEL_URI, groups="xiii-4", code=2)


def test_one_passport_does_not_keep_the_others_back(unlock: Asking) -> None:
    urls = [battery_uri(name) for name in ("A1", "A2", "A3", "A4")]
    done = unlock(*urls, groups="xiii-4", words=("--json",))
    assert done.code == 3
    assert "2 of 4 could not be opened" in done.err
    assert [each["product"] for each in json.loads(done.out)["unopened"]] == [urls[1], urls[3]]


def test_a_denied_client(unlock: Asking, broker: RunningBroker) -> None:
    assert unlock.groups(A1, who="denied") == ["xiii-2", "xiii-4"]
    config = broker.process.args[-2]  # type: ignore[index]
    code = "from broker.cli.main import main; main()"
    command = [sys.executable, "-c", code, "--config", config, "deny", "client", "denied"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    unlock.refusal(A1, who="denied", groups="xiii-4")


# Brokers that are down


def test_an_expired_bundle_releases_nothing(run: CommandLine, tmp_path: Path, site: Path) -> None:
    ended = unlock_bundle(valid_until=datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1))
    with broker_at(tmp_path / "first", made=ended) as broker:
        asking = Asking(run, tmp_path, site, ((FIRST, broker.public), dead(SECOND)))
        told = asking.refusal(A1, groups="xiii-4")
    assert "no broker answers for xiii-4" in told
    assert "no policy is in force here" in told


def test_an_older_bundle_changes_nothing(run: CommandLine, tmp_path: Path, site: Path) -> None:
    newer = unlock_bundle(2, clients=tuple(c for c in unlock_bundle().clients if c.id != "denied"))
    with broker_at(tmp_path / "first", made=newer) as broker:
        asking = Asking(run, tmp_path, site, ((FIRST, broker.public), dead(SECOND)))
        assert asking.groups(A1) == ["xiii-2", "xiii-4"]
        (tmp_path / "first/bundle.json").write_bytes(sign_bundle(unlock_bundle(1), BUNDLE_SIGNER))
        os.kill(broker.process.pid, signal.SIGHUP)
        until(lambda: "not newer than 2" in (tmp_path / "first/broker.log").read_text())
        assert "refuses client denied" in asking.refusal(A1, who="denied")
        assert asking.groups(A1) == ["xiii-2", "xiii-4"]


def test_the_second_broker_takes_over(run: CommandLine, tmp_path: Path, site: Path) -> None:
    with broker_at(tmp_path / "second", SECOND) as second:
        with broker_at(tmp_path / "first") as first:
            pair = ((FIRST, first.public), (SECOND, second.public))
            asking = Asking(run, tmp_path, site, pair)
            assert asking.groups(A1) == ["xiii-2", "xiii-4"]
            assert "release" not in (tmp_path / "second/broker.log").read_text()
        assert asking.groups(A1, battery_uri("A3")) == ["xiii-2", "xiii-4", "xiii-4"]
    told = asking.refusal(A1, groups="xiii-4")
    assert f"{FIRST}/token can't be read" in told
    assert f"{SECOND}/token can't be read" in told


def until(holds: Callable[[], bool]) -> None:
    latest = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < latest
        time.sleep(0.05)


def dead(url: str) -> tuple[str, str]:
    """A broker at an address where nobody listens."""
    return url, "http://127.0.0.1:9"


# Answers that were changed


def released_as(change: Callable[[dict[str, Any]], object]) -> Alter:
    """Change the members of a release, and nothing else."""

    def alter(path: str, answer: httpx.Response) -> tuple[int, bytes]:
        if path != "/release":
            return answer.status_code, answer.content
        members = json.loads(answer.content)
        change(members)
        return answer.status_code, json.dumps(members).encode()

    return alter


def flip(members: dict[str, Any]) -> None:
    sealed = members["sealed"]
    members["sealed"] = sealed[:50] + ("A" if sealed[50] != "A" else "B") + sealed[51:]


def be_generous(members: dict[str, Any]) -> None:
    """Say that a refused key was released."""
    members["items"] = [members["items"][0]] * len(members["items"])


def replayed() -> Alter:
    """Gives the first answer to every request."""
    kept: list[bytes] = []

    def alter(path: str, answer: httpx.Response) -> tuple[int, bytes]:
        if path == "/release":
            kept.append(answer.content)
            return answer.status_code, kept[0]
        return answer.status_code, answer.content

    return alter


@contextmanager
def altered(unlock: Asking, alter: Alter) -> Iterator[Asking]:
    """Ask a broker whose answers are changed."""
    with altering(unlock.brokers[0][1], alter) as url:
        yield replace(unlock, brokers=((FIRST, url),))


@pytest.mark.parametrize("change", [flip, be_generous, lambda members: members["items"].pop()])
def test_an_altered_answer_opens_nothing(
    unlock: Asking, change: Callable[[dict[str, Any]], object]
) -> None:
    with altered(unlock, released_as(change)) as asking:
        told = asking.refusal(A1, groups="xiii-2 xiii-3", code=4)
    assert f"answer of {FIRST}" in told


def test_an_answer_for_another_request_opens_nothing(unlock: Asking) -> None:
    with altered(unlock, replayed()) as asking:
        assert asking.groups(A1) == ["xiii-2", "xiii-4"]
        assert "belongs to another request" in asking.refusal(A1, code=4)


def once(status: int, code: str) -> Alter:
    """Answers the first release so, and gives the broker's own answers after that."""
    problems = [json.dumps({"code": code}).encode()]

    def alter(path: str, answer: httpx.Response) -> tuple[int, bytes]:
        if path == "/release" and problems:
            return status, problems.pop()
        return answer.status_code, answer.content

    return alter


@pytest.mark.parametrize(
    ("status", "code"), [(401, "invalid_token"), (401, "use_dpop_nonce"), (409, "policy_changed")]
)
def test_what_passes_is_asked_for_once_more(unlock: Asking, status: int, code: str) -> None:
    with altered(unlock, once(status, code)) as asking:
        assert asking.groups(A1) == ["xiii-2", "xiii-4"]


@pytest.mark.parametrize("answer", [(200, b"x" * (1 << 20)), (302, b"")], ids=["long", "elsewhere"])
def test_what_is_no_answer_of_a_broker_is_a_broker_that_is_down(
    unlock: Asking, broker: RunningBroker, answer: tuple[int, bytes]
) -> None:
    with altering(broker.public, lambda _path, _answer: answer) as url:
        asking = replace(unlock, brokers=((FIRST, url), (SECOND, url)))
        assert "no broker answers for xiii-4" in asking.refusal(A1, groups="xiii-4")
        pair = ((FIRST, url), (SECOND, broker.public))
        # A broker of another name takes no proofs for this one.
        refusal = replace(unlock, brokers=pair).refusal(A1, groups="xiii-4")
    assert "refuses client recycler" in refusal


def test_what_a_broker_says_cannot_steer_a_terminal(unlock: Asking) -> None:
    def failing(_path: str, _answer: httpx.Response) -> tuple[int, bytes]:
        return 401, b'{"code": "invalid_client", "detail": "\\u001b[2Jgone\\u202e"}'

    with altered(unlock, failing) as asking:
        assert "?[2Jgone?" in asking.refusal(A1, groups="xiii-4")


# Sites that were changed


@pytest.fixture
def copied(unlock: Asking, tmp_path: Path) -> Asking:
    """Ask about a copy of the site, which may be spoilt."""
    return replace(unlock, site=Path(shutil.copytree(unlock.site, tmp_path / "site")))


def test_a_swapped_file_is_refused_before_anybody_is_asked(copied: Asking) -> None:
    path = f"{copied.site}/dpp/{{}}/sealed/xiii-4/1.json"
    shutil.copyfile(path.format(dpp_id("A3")), path.format(dpp_id("A1")))
    asking = replace(copied, brokers=(dead(FIRST), dead(SECOND)))
    assert f"xiii-4 of {dpp_id('A1')}" in asking.refusal(A1, groups="xiii-4", code=4)


def test_a_passport_that_is_not_genuine_is_refused(copied: Asking) -> None:
    passport = copied.site / f"dpp/{dpp_id('A1')}/passport.json"
    passport.write_bytes(passport.read_bytes().replace(b"51.2", b"51.3"))
    asking = replace(copied, brokers=(dead(FIRST), dead(SECOND)))
    asking.refusal(A1, groups="xiii-4", code=4)


def test_a_missing_file_is_told(copied: Asking) -> None:
    (copied.site / f"dpp/{dpp_id('A1')}/sealed/xiii-4/1.json").unlink()
    assert "is missing" in copied.refusal(A1, groups="xiii-4", code=4)


def test_a_damaged_document_leaves_the_rest_whole(copied: Asking, tmp_path: Path) -> None:
    [document] = copied.site.glob(f"dpp/{MODEL}/sealed/doc/*")
    document.write_bytes(document.read_bytes()[:-1] + b"x")
    out = tmp_path / "opened"
    assert copied(A1, words=("-o", out)).code == 4
    names = {path.name for path in out.rglob("*.*") if path.is_file()}
    assert names == {"xiii-2.json", "xiii-4.json"}


# Role credentials


def test_who_holds_a_role_credential_is_released_keys(unlock: Asking, tmp_path: Path) -> None:
    asking = with_credential(unlock, tmp_path)
    words = ("--credential", tmp_path / "role.json")
    assert asking.groups(A1, who="holder", words=words) == ["xiii-2", "xiii-4"]
    told = asking.refusal(A1, who="recycler", words=words, code=2)
    assert did_key(public_of(seed_of("recycler"))) in told


def test_a_withdrawn_role_credential_opens_nothing(unlock: Asking, tmp_path: Path) -> None:
    asking = with_credential(unlock, tmp_path, withdrawn=(94567,))
    told = asking.refusal(A1, who="holder", words=("--credential", tmp_path / "role.json"))
    assert "was withdrawn" in told
    assert "ask the issuer of the role credential" in told


def with_credential(unlock: Asking, folder: Path, withdrawn: tuple[int, ...] = ()) -> Asking:
    """Write a role credential, and its issuer's status list as a copy of that issuer's site."""
    shift = datetime.now(UTC) - NOW
    (folder / "role.json").write_bytes(role(shift=shift))
    origin, _, path = LIST_URL.partition("/lists/")
    (folder / "roles/lists").mkdir(parents=True)
    (folder / f"roles/lists/{path}").write_bytes(status_list(withdrawn=withdrawn, shift=shift))
    return replace(unlock, brokers=(*unlock.brokers, (origin, str(folder / "roles"))))
