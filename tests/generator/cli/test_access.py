"""`cellfolio access`: what is told of rows and clients, who gains by a change, what is signed."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.keys.bundles import BUNDLES_NAME
from generator.keys.to_log import read_lines
from passport.access.bundle import Bundle, bundle_digest, verify_bundle
from passport.access.decision import Why
from passport.access.refusal import PassportRefusal
from passport.errors import VerificationError
from passport.identifiers import DppId
from passport.log.entry import EntryType
from passport.signing.ed25519 import PublicKey
from passport.signing.keys import KeyId, demo_signer
from tests.access_project import (
    A1,
    A2,
    MODEL,
    POLICY,
    REFUSED,
    client_file,
    edit,
    write_access_project,
    write_client,
    write_issuers,
)
from tests.cli import CommandLine, Run
from tests.small_project import COLLECTOR, write, write_lot

DEMO_KEY = demo_signer(KeyId.parse("bundle-1")).public_key

Access = Callable[..., Run]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_access_project(tmp_path / "site")


@pytest.fixture
def access(project: Path, run: CommandLine) -> Access:
    """Run `cellfolio access …` on the project."""
    return lambda *words: run("--project", project, "access", *words)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a bundle is written."""
    return tmp_path / "broker" / "bundle.json"


def told(done: Run) -> dict[str, object]:
    assert done.code == 0, done.err
    report: dict[str, object] = json.loads(done.out)
    return report


def bundle_at(path: Path, key: PublicKey = DEMO_KEY) -> Bundle:
    return verify_bundle(path.read_bytes(), key, datetime.now(UTC))


def test_check_lists_what_a_lawyer_must_look_at(access: Access) -> None:
    done = access("check")
    assert done.code == 0
    assert "model-dismantling: Art. 77(2)(c)" in done.out
    assert done.out.splitlines()[-1] == "no problem: 19 rows, 3 clients, 0 issuers, 0 refusals"
    assert "authority-market-surveillance" not in done.out


def test_check_fails_for_errors_and_for_warnings_only_if_strict(
    project: Path, access: Access
) -> None:
    overdue = told(access("check", "--as-of", "2027-05-01", "--json"))
    assert isinstance(overdue["problems"], list)
    assert {each["rule"] for each in overdue["problems"]} == {"review-overdue"}
    assert access("check", "--as-of", "2027-05-01", "--strict").code == 1
    edit(project, POLICY, "actors: repairer\n", "actors: anybody\n")
    done = access("check")
    assert done.code == 1
    assert f"{POLICY}:" in done.out
    assert "[error: value-format]" in done.out


def test_show_prints_rows_clients_and_refusals(project: Path, access: Access) -> None:
    write_issuers(project, "did:key:z6Mkfgb5TPbmguBXgxxuyabYnFz5KkiqAfLx1YXHATnfhm7c")
    refuse(project, A2)
    out = access("show").out
    assert "battery-repair: permit xiii-4 once a battery" in out
    assert "model-authorities-by-annex: deny (not adopted) xiii-2 once a model" in out
    assert "client buyer: purchaser of 1 batteries; active, until 2099-10-31" in out
    assert f"refused since 2026-11-01: passport {A2}" in out
    report = told(access("show", "--json"))
    assert report.keys() == {"policy", "clients", "issuers", "refusals"}
    assert "Head of" not in json.dumps(report)


@pytest.mark.parametrize(
    ("words", "answer", "rule"),
    [
        (("recycler", "xiii-2", "--purpose", "dismantling"), "yes", "model-dismantling"),
        (("recycler", "xiii-4", "--purpose", "recycling"), "yes", "battery-recycling"),
        (("recycler", "xiii-3", "--purpose", "dismantling"), "no", ""),
        (("recycler", "xiii-4", "--purpose", "repair"), "no", ""),
        (("authority", "xiii-3", "--purpose", "market-surveillance"), "yes", "authority-market"),
        (("authority", "xiii-4", "--purpose", "market-surveillance"), "no", ""),
        (("buyer", "xiii-4", "--purpose", "energy-market"), "yes", "battery-energy-market"),
        (("buyer", "xiii-2", "--purpose", "energy-market", "--passport", A1), "yes", "model-en"),
        (("buyer", "xiii-2", "--purpose", "energy-market", "--passport", MODEL), "yes", "model-en"),
        (
            ("buyer", "xiii-4", "--purpose", "energy-market", "--passport", A2),
            "no",
            "battery-energy-market",
        ),
        (("recycler", "xiii-4", "--purpose", "safety", "--operation", "share"), "no", ""),
        (("recycler", "xiii-4", "--purpose", "safety", "--as-of", "2026-10-01"), "no", ""),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_explain_names_the_row_and_its_basis(
    access: Access, words: tuple[str, ...], answer: str, rule: str
) -> None:
    done = access("explain", *words)
    assert done.code == 0, done.err
    assert done.out.startswith(f"{answer}: ")
    assert f"row {rule}" in done.out if rule else "  row " not in done.out
    assert ("basis: Art. 77(2)" in done.out) is bool(rule)
    report = told(access("explain", *words, "--json"))
    assert report["allowed"] is (answer == "yes")
    assert str(report["rule"] or "").startswith(rule)


def test_explain_tells_the_rows_that_would_help_and_those_not_followed(access: Access) -> None:
    done = access("explain", "recycler", "xiii-4", "--purpose", "repair")
    assert "also: row battery-recycling (permit) for recycling" in done.out
    done = access("explain", "authority", "xiii-2", "--purpose", "market-surveillance")
    assert "row model-authorities-by-annex (deny, not adopted)" in done.out


def test_explain_says_what_was_refused_or_has_ceased(project: Path, access: Access) -> None:
    recycle(project, A1)
    refuse(project, A2)
    for battery in (A1, A2):
        words = ("recycler", "xiii-4", "--purpose", "safety", "--passport", battery)
        report = told(access("explain", *words, "--json"))
        assert report["why"] == Why.WITHDRAWN


def test_a_ceased_passport_is_refused_in_the_bundle_and_no_longer_anybody_s(
    project: Path, access: Access, out: Path
) -> None:
    recycle(project, A1)
    report = told(access("bundle", "--out", out, "--json"))
    bundle = bundle_at(out)
    assert bundle.refusals == (PassportRefusal(DppId.parse(A1)),)
    assert report["clients"] == ["authority", "recycler"]
    edit(project, client_file("buyer"), f"[{A1}]", f"[{A1}, {A2}]")
    told(access("bundle", "--out", out, "--json"))
    (holding,) = bundle_at(out).client("buyer").holdings
    assert {str(product) for product in holding.products} == {A2, MODEL}


def test_a_mistake_in_a_model_keeps_nobody_from_taking_a_client_away(
    project: Path, run: CommandLine, access: Access, out: Path
) -> None:
    edit(project, "content/models/rack/model.yaml", "placed_as: pack", "placed_as: brick")
    edit(project, client_file("recycler"), "status: active", "status: ended")
    assert run("--project", project, "check").code == 1
    report = told(access("bundle", "--out", out, "--json"))
    assert report["clients"] == ["authority", "buyer"]


def test_events_that_can_t_be_read_stop_a_bundle(project: Path, access: Access, out: Path) -> None:
    write(project, "content/events/2026.jsonl", json.dumps({"battery": A1, "kind": "recycle"}))
    assert access("bundle", "--out", out).code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("nobody", "xiii-4", "--purpose", "safety"),
        ("recycler", "xiii-4", "--purpose", "safety", "--passport", "01_09506000134352_21_A9"),
        ("recycler", "xiii-4", "--purpose", "safety", "--passport", MODEL),
        ("recycler", "xiii-4", "--purpose", "safety", "--passport", "A1"),
        ("recycler", "xiii-1", "--purpose", "safety"),
        ("recycler", "xiii-4", "--purpose", "everything"),
        ("recycler", "xiii-4"),
    ],
    ids=" ".join,
)
def test_explain_refuses_what_does_not_exist(access: Access, words: tuple[str, ...]) -> None:
    assert access("explain", *words).code == 2


def commit(project: Path, message: str) -> None:
    name = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    for words in (("init", "-q"), ("add", "-A"), (*name, "commit", "-qm", message)):
        subprocess.run(["git", "-C", str(project), *words], check=True, capture_output=True)


def test_diff_compares_revisions(project: Path, access: Access) -> None:
    write(project, ".gitattributes", "content/access/clients/* export-ignore\n")  # hides nothing
    commit(project, "one")
    edit(project, POLICY, "purposes: repair\n", "purposes: safety\n")
    write_client(project, "second", "actors: recycler")
    commit(project, "two")
    out = access("diff", "HEAD~1", "HEAD").out
    assert "loses:\n  repairer: view xiii-2 for repair\n" in out
    assert "client gains:\n  second: view xiii-2 for dismantling, recycling, safety\n" in out
    assert access("diff", "HEAD", "HEAD").out == "nobody gains or loses access\n"
    back = told(access("diff", "HEAD", "HEAD~1", "--json"))
    assert isinstance(back["actors_gain"], list)
    assert [each["who"] for each in back["actors_gain"]] == ["repairer"]


def test_diff_reads_a_project_below_the_root_of_its_repository(
    tmp_path: Path, run: CommandLine
) -> None:
    project = write_access_project(tmp_path / "repository" / "site")
    commit(tmp_path / "repository", "one")
    edit(project, POLICY, "purposes: repair\n", "purposes: safety\n")
    commit(tmp_path / "repository", "two")
    done = run("--project", project, "access", "diff", "HEAD~1", "HEAD")
    assert "repairer: view xiii-2 for repair" in done.out


def test_diff_compares_folders_and_policy_files(
    project: Path, access: Access, tmp_path: Path
) -> None:
    other = write_access_project(tmp_path / "other")
    edit(other, client_file("buyer"), A1, A2)
    out = access("diff", project, other).out
    assert out.startswith("client gains:\n")
    assert f"  buyer: view xiii-4 for energy-market of {A2}\n" in out
    assert out.endswith(f"  buyer: view xiii-4 for energy-market of {A1}\n")
    edit(other, POLICY, "  time_to_live_days: 30", "  time_to_live_days: 60")
    out = access("diff", project / POLICY, other / POLICY).out
    assert "other terms, now:" in out
    assert "60 days" in out


def test_diff_takes_each_policy_on_the_day_when_it_is_in_force(
    project: Path, access: Access, tmp_path: Path
) -> None:
    other = write_access_project(tmp_path / "other")
    edit(other, POLICY, "effective_from: 2026-11-01", "effective_from: 2090-01-01")
    assert access("diff", project, other).out == "nobody gains or loses access\n"
    assert "loses:" in access("diff", project, other, "--as-of", "2026-12-01").out


@pytest.mark.parametrize("other", ["no-such-revision", "-x", "cellfolio.toml"])
def test_diff_refuses_what_is_no_policy(project: Path, access: Access, other: str) -> None:
    commit(project, "one")
    if other == "cellfolio.toml":
        assert access("diff", "HEAD", project / other).code == 1
    else:
        assert access("diff", "--", "HEAD", other).code == 2


def test_a_demo_bundle_is_signed_by_the_demo_key_and_logged_nowhere(
    project: Path, access: Access, out: Path
) -> None:
    report = told(access("bundle", "--out", out, "--valid-days", "7", "--json"))
    bundle = bundle_at(out)
    assert report["seq"] == bundle.seq
    assert report["digest"] == bundle_digest(out.read_bytes())
    assert bundle.valid_until - bundle.valid_from == timedelta(days=7)
    assert [client.id for client in bundle.clients] == ["authority", "buyer", "recycler"]
    assert report["logged"] is False
    assert not (project / "keys" / BUNDLES_NAME).exists()
    assert read_lines(project / "keys") == ()
    assert b"Ada" not in out.read_bytes()
    assert b"invoice" not in out.read_bytes()


def test_bundles_rise_even_within_a_second(access: Access, out: Path) -> None:
    numbers = [told(access("bundle", "--out", out, "--json"))["seq"] for _ in range(3)]
    assert numbers == sorted(set(numbers), key=str)
    with pytest.raises(VerificationError):
        verify_bundle(out.read_bytes(), DEMO_KEY, datetime.now(UTC), least_seq=2**40)


def test_a_demo_bundle_is_logged_when_told(project: Path, access: Access, out: Path) -> None:
    report = told(access("bundle", "--out", out, "--log", "--json"))
    (line,) = read_lines(project / "keys")
    assert (line.entry.type, line.entry.digest) == (EntryType.BUNDLE, report["digest"])
    (recorded,) = (project / "keys" / BUNDLES_NAME).read_text().splitlines()
    assert json.loads(recorded)["seq"] == report["seq"]


def test_own_keys_count_their_bundles_from_one_and_log_each(
    project: Path, run: CommandLine, access: Access, out: Path
) -> None:
    assert run("--project", project, "keys", "init").code == 0
    edit(project, "cellfolio.toml", 'keys = "demo"', 'keys = "keys"')
    first = told(access("bundle", "--out", out, "--json"))
    second = told(access("bundle", "--out", out, "--json"))
    assert [first["seq"], second["seq"]] == [1, 2]
    key = PublicKey.parse(str(second["key"]))
    assert key != DEMO_KEY
    assert bundle_at(out, key).seq == 2
    digests = [line.entry.digest for line in read_lines(project / "keys")]
    assert digests == [first["digest"], second["digest"]]


def test_a_dry_run_writes_nothing(project: Path, access: Access, out: Path) -> None:
    before = sorted(project.rglob("*"))
    done = access("bundle", "--out", out, "--log", "--dry-run")
    assert done.code == 0
    assert done.out.startswith("would sign bundle ")
    assert not out.exists()
    assert {path for path in project.rglob("*") if path.is_file()} <= set(before)


def test_a_bundle_never_lies_below_the_site(project: Path, access: Access) -> None:
    done = access("bundle", "--out", project / "site" / "bundle.json")
    assert done.code == 2
    assert "below the site" in done.err


def test_content_with_errors_signs_nothing(project: Path, access: Access, out: Path) -> None:
    edit(project, POLICY, "actors: repairer\n", "actors: anybody\n")
    assert access("bundle", "--out", out).code == 1
    assert not out.exists()


def test_without_a_policy_there_is_no_bundle(project: Path, access: Access, out: Path) -> None:
    (project / POLICY).unlink()
    assert access("bundle", "--out", out).code == 2
    assert access("show").code == 2


def test_a_broken_record_of_bundles_is_refused(project: Path, access: Access, out: Path) -> None:
    for lines in ('{"seq":2}\n', '{"digest":"u","seq":0,"validUntil":"x"}\n', "x\n"):
        write(project, f"keys/{BUNDLES_NAME}", lines)
        assert access("bundle", "--out", out).code == 2


def refuse(project: Path, battery: str) -> None:
    line = {"passport": battery, "reason": "recalled", "refused_on": "2026-11-01"}
    write(project, REFUSED, json.dumps(line) + "\n")


def recycle(project: Path, battery: str) -> None:
    """Let a battery's passport cease, before passports are required."""
    write(project, "content/operators/collector.yaml", COLLECTOR)
    write_lot(project, "A1,rack,2026-02-01,", "A2,rack,2026-02-01,")
    edit(project, "content/batteries/lot.csv", ",2026-11,", ",2026-01,", count=2)
    events: tuple[dict[str, str], ...] = (
        {"time": "2026-06-01", "kind": "waste", "holder": "collector", "evidence": "W-1"},
        {"time": "2026-07-01", "kind": "recycled", "evidence": "R-1"},
    )
    lines = [json.dumps({"battery": battery, **event}) for event in events]
    write(project, "content/events/2026.jsonl", "".join(f"{line}\n" for line in lines))
