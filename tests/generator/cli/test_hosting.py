"""Hosting, registration and identifiers: what content says of them, and how `check` tells it."""

import json
import shutil
from pathlib import Path

import pytest

from generator.cli.build import build
from generator.content.config import read_config
from tests.access_project import edit
from tests.cli import CommandLine
from tests.generator.cli.damage import LOT, MODEL, OPERATOR, add, swap
from tests.small_site import tree

MINIMAL = Path(__file__).parents[2] / "sites" / "minimal"
DAY = "2027-02-18"
HOSTING = "content/hosting.yaml"
SECRETS = ("Contract 4711-hush", "Receipt drawer 9-hush", "LC-EVENT-0815-hush", "Annex 3-hush")
WHOLE = f"""\
data_host: acme
processor:
  operator: acme
  contract: {SECRETS[0]}
  no_resale: true
back_up:
  operator: acme
  url: https://copy.acme.example/
  last_mirror: 2027-01-31
  last_drill: 2026-10-01
authorisations:
  - party: acme
    may: [store, update]
    evidence: {SECRETS[3]}
    valid_from: 2026-01-01
"""
ROLES = """\
  - {role: processor, evidence: contract, valid_from: 2026-01-01}
  - {role: back-up-provider, evidence: contract, valid_from: 2026-01-01}
"""
REGISTRY = f"""
eu_registry:
  registration_id: EU-0001
  registered_on: 2027-02-01
  version_sha256: {"a1" * 32}
  proof: {SECRETS[1]}
  commodity_code: "8507 60 00"
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The minimal site with everything that requirements 2 asks of hosting and registration."""
    project = Path(shutil.copytree(MINIMAL, tmp_path / "project"))
    swap(OPERATOR, "roles:\n", f"roles:\n{ROLES}")(project)
    add(HOSTING, WHOLE)(project)
    add(MODEL, REGISTRY)(project)
    lot = project / LOT
    head, *rows = lot.read_text("utf-8").splitlines()
    lines = [f"{head},created_on,lifecycle_event"]
    lines += [f"{row},2027-01-20,{SECRETS[2]}" for row in rows]
    lot.write_text("\n".join(lines) + "\n", "utf-8")
    return project


def told(run: CommandLine, site: Path) -> list[str]:
    """Return what a strict check tells of a site that is wrong or doubtful."""
    done = run("--project", site, "check", "--as-of", DAY, "--strict")
    assert done.code == 1
    return done.out.split("\n\n")[0].splitlines()


@pytest.mark.requirement("R2.7", "R2.8", "R2.9")
def test_the_report_says_who_keeps_the_passports(run: CommandLine, site: Path) -> None:
    done = run("--project", site, "check", "--as-of", DAY, "--strict")
    assert (done.code, done.err) == (0, "")
    assert (
        "\nhosting: acme, processor acme, back-up acme (last mirror 2027-01-31, last drill"
        " 2026-10-01)\nEU registry: 1 of 1 model registered; as far as we know it takes none yet\n"
    ) in done.out
    report = json.loads(run("--project", site, "check", "--as-of", DAY, "--json").out)
    assert report["registered"] == ["rack"]
    assert report["hosting"] == {
        "data_host": "acme",
        "processor": "acme",
        "no_resale": True,
        "back_up": "acme",
        "back_up_url": "https://copy.acme.example/",
        "last_mirror": "2027-01-31",
        "last_drill": "2026-10-01",
    }


@pytest.mark.requirement("R2.3", "R2.7")
def test_contracts_receipts_and_events_are_never_published(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1802908800")
    build(site, tmp_path / "site")
    files = tree(tmp_path / "site").values()
    assert len(files) > 10
    assert not [secret for secret in SECRETS for data in files if secret.encode() in data]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("data_host: acme", "data_host: nobody", "1:12: $.data_host: there is no"),
        ("  no_resale: true\n", "", "3:3: $.processor: acme stores passports without a c"),
        (f"  contract: {SECRETS[0]}\n", "", "3:3: $.processor: acme stores passports wi"),
        ("2027-01-31", "2027-02-19", "9:16: $.back_up.last_mirror: the mirror of 2027-"),
        ("2026-10-01", "2026-02-01", "10:15: $.back_up.last_drill: the last drill was"),
        ("  last_drill: 2026-10-01\n", "", "7:3: $.back_up.last_drill: no drill is reco"),
        ("no_resale: true", "no_resale: yes", "5:14: $.processor.no_resale: "),
        ("[store, update]", "sell", "13:10: $.authorisations[0].may: 'sell' is not an"),
        (f"    evidence: {SECRETS[3]}\n", "", "12:5: $.authorisations[0]: nothing proves"),
        ("https://copy", "http://copy", "8:8: $.back_up.url: 'http://copy.acme.example/'"),
    ],
)
@pytest.mark.requirement("R2.7", "R2.8")
def test_what_hosting_lacks_is_told(
    run: CommandLine, site: Path, old: str, new: str, expected: str
) -> None:
    swap(HOSTING, old, new)(site)
    assert [line for line in told(run, site) if line.startswith(f"{HOSTING}:{expected}")]


@pytest.mark.requirement("R2.6")
def test_another_party_needs_a_written_authorisation_to_store(run: CommandLine, site: Path) -> None:
    shutil.copy(site / OPERATOR, site / "content/operators/other.yaml")
    swap(HOSTING, "back_up:\n  operator: acme", "back_up:\n  operator: other")(site)
    (line,) = told(run, site)
    assert "other stores passports without a written authorisation on 2027-02-18" in line
    swap(HOSTING, "party: acme", "party: other")(site)
    assert run("--project", site, "check", "--as-of", DAY, "--strict").code == 0
    swap(HOSTING, "    valid_from: 2026-01-01\n", "    valid_from: 2027-03-01\n")(site)
    assert "without a written authorisation" in told(run, site)[0]


@pytest.mark.parametrize(("role", "member"), [("processor",) * 2, ("back-up-provider", "back_up")])
@pytest.mark.requirement("R2.4")
def test_hosts_hold_their_roles(run: CommandLine, site: Path, role: str, member: str) -> None:
    held = f"role: {role}, evidence: contract, valid_from: "
    swap(OPERATOR, f"{held}2026", f"{held}2028")(site)
    (line,) = told(run, site)
    assert f"$.{member}.operator: acme is not recorded as {role} on {DAY} (Art. " in line


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2027-02-01", "2027-03-01", "the registration of 2027-03-01 has not happened yet"),
        ("  registered_on: 2027-02-01\n", "", "the registration has no day"),
        (f"  proof: {SECRETS[1]}\n", "", "nothing proves registration EU-0001"),
        ("a1a1", "a1a", "nothing proves registration EU-0001"),
        ("8507 60 00", "8507 6", "'8507 6' is no commodity code: write its 6, 8 or 10 digits"),
    ],
)
@pytest.mark.requirement("R2.9")
def test_a_registration_is_proven(
    run: CommandLine, site: Path, old: str, new: str, expected: str
) -> None:
    edit(site, MODEL, old, new)
    assert any(expected in line for line in told(run, site))


@pytest.mark.requirement("R2.3")
def test_identifiers_that_are_no_gs1_keys_say_who_issues_them(run: CommandLine, site: Path) -> None:
    swap(MODEL, 'gtin: "09506000134352"', "own_identifier: acme/AR48")(site)
    first, second = told(run, site)
    assert "$.identifier_issuer: who issues its identifiers is not recorded" in first
    assert "$.iso15459: how ISO/IEC 15459 spells its identifiers is not recorded" in second
    add(MODEL, "identifier_issuer: UN\niso15459: 25SUN123456789AR48\n")(site)
    assert run("--project", site, "check", "--as-of", DAY, "--strict").code == 0


@pytest.mark.requirement("R2.4")
def test_roles_are_proven_and_end(run: CommandLine, site: Path) -> None:
    maker = "role: manufacturer"
    swap(OPERATOR, maker, f"{maker}\n    valid_until: 2027-02-17")(site)
    (line,) = told(run, site)
    assert "acme is not recorded as manufacturer, own-brand-operator or" in line
    swap(OPERATOR, "    valid_until: 2027-02-17\n", "")(site)
    swap(OPERATOR, "{role: processor, evidence: contract,", "{role: processor,")(site)
    (line,) = told(run, site)
    assert "$.roles[0]: nothing proves the role processor" in line


@pytest.mark.requirement("R2.5")
def test_an_issuer_needs_a_written_authorisation_of_who_places_on_the_market(
    run: CommandLine, site: Path
) -> None:
    shutil.copy(site / OPERATOR, site / "content/operators/other.yaml")
    swap(MODEL, "operator: acme", "operator: other")(site)
    (line,) = told(run, site)
    assert "acme issues the passports of other, but is not recorded as authorised to" in line
    paper = "  - {role: authorised-operator, evidence: letter, valid_from: 2026-01-01}\n"
    swap(OPERATOR, "roles:\n", f"roles:\n{paper}")(site)
    assert run("--project", site, "check", "--as-of", DAY, "--strict").code == 0


@pytest.mark.requirement("R2.3")
def test_lists_say_what_registers_ask_of_a_battery(run: CommandLine, site: Path) -> None:
    listed = json.loads(run("--project", site, "list", "--format", "json").out)["batteries"]
    assert {key: listed[0][key] for key in ("identifier_issuer", "iso15459", "created_on")} == {
        "identifier_issuer": "GS1",
        "iso15459": f"(01)09506000134352(21){listed[0]['serial']}",
        "created_on": "2027-01-20",
    }
    assert listed[0]["lifecycle_event"] == SECRETS[2]


@pytest.mark.requirement("R2.11")
@pytest.mark.parametrize("setting", ["tombstone", "keep"])
def test_settings_say_what_becomes_of_a_ceased_passport(site: Path, setting: str) -> None:
    assert read_config(site).after_cessation == "tombstone"
    add("cellfolio.toml", f'after_cessation = "{setting}"\n')(site)
    assert read_config(site).after_cessation == setting


def test_another_setting_after_cessation_is_refused(run: CommandLine, site: Path) -> None:
    add("cellfolio.toml", 'after_cessation = "delete"\n')(site)
    told = "after_cessation = 'delete' is not known: write tombstone or keep"
    run.fails_saying(told, "--project", site, "check")
