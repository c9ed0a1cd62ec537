"""Events are read from their lines, checked against everything else, and never rewritten."""

import json
import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from generator.content.check import Checked, check
from generator.content.load import load
from passport.applicability import State
from passport.did.key import did_key, did_key_method
from passport.encoding.canonical import Json
from passport.life.life import Life, PassportStatus
from passport.problems import Findings, Severity
from passport.signing.keys import KeyId, Purpose, demo_signer
from passport.signing.proof import sign
from tests.committed import COMMITTED
from tests.small_project import COLLECTOR, write, write_lot, write_model, write_project

DAY = date(2030, 1, 1)
A1, A2 = "01_09506000134352_21_A1", "01_09506000134352_21_A2"
URI = "https://id.example.com/01/09506000134352/21/"
SIGNER = demo_signer(KeyId(Purpose.ISSUING, 7))
WORKSHOP = did_key(SIGNER.public_key)
FOUR_A: dict[str, Json] = {
    "current_rated_capacity": "100 Ah",
    "capacity_fade": "0 %",
    "current_power": "5000 W",
    "power_fade": "0 %",
    "current_internal_resistance": {"pack": "17.1 mΩ"},
    "internal_resistance_increase": {"pack": "0 %"},
    "expected_lifetime_cycles": "4000 cycles",
    "expected_lifetime_years": "12 years",
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    project = write_project(tmp_path / "site")
    write(project, "content/operators/collector.yaml", COLLECTOR)
    write_model(project, "rack", "51.2")
    write_lot(project, "A1,rack,2027-03-01,", "A2,rack,2027-03-01,")
    return project


def events(project: Path, *lines: dict[str, Json] | str, name: str = "2027.jsonl") -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    text = "".join(f"{each}\n" for each in texts)
    return write(project, f"content/events/{name}", text)


def event(kind: str, time: str = "2027-04-01", battery: str = A1, **more: Json) -> dict[str, Json]:
    return {"battery": battery, "time": time, "kind": kind, **more}


def of_events(checked: Checked) -> list[tuple[str, int, int, str]]:
    """Rule and place of each problem in a file of events."""
    return [
        (each.rule, each.place.line, each.place.column, each.path)
        for each in checked.problems
        if "content/events" in each.place.file
    ]


def rules(project: Path, as_of: date = DAY) -> list[str]:
    found = of_events(check(project, as_of))
    return [rule for rule, *_ in found if rule != "values-due"]


def life(project: Path, serial: str = "A1") -> Life:
    findings = Findings()
    content = load(project, findings)
    assert not findings.has_errors, [str(each) for each in findings.problems]
    battery = next(each for each in content.batteries if str(each.serial) == serial)
    found = content.lives(DAY).of(content.models[0], battery, findings)
    assert not findings.has_errors, [str(each) for each in findings.problems]
    return found


EVERY_KIND = (
    event("placed-on-market", "2027-03-01"),
    event("put-into-service", "2027-03-02"),
    event(
        "measurement",
        values=FOUR_A | {"self_discharge_evolution": [{"date": "2027-04-01", "rate": "2 %/month"}]},
        method="bms",
        conditions={"temperature": "25 °C", "state_of_charge": "50 %", "c_rate": "0.2 C"},
    ),
    event(
        "histogram",
        of="temperature",
        **{"from": "2027-03-02"},
        classes=[{"upper": "25 °C", "hours": 600}, {"lower": "25 °C", "hours": 50}],
    ),
    event("negative-event", event="deep-discharge", severity="degraded", count=2),
    event("repair", "2027-05-01", parts=["modules", "wiring"], mends="deep-discharge"),
    event("responsibility-change", "2027-06-01", holder="collector", evidence="TRF-1"),
    event("waste", "2028-01-01", holder="collector", evidence="WST-1"),
    event("measurement", "2028-01-02", not_determined=dict.fromkeys(FOUR_A, "destroyed")),
    event("recycled", "2028-02-01", evidence="REC-1"),
)


def test_every_kind_is_read(site: Path) -> None:
    events(site, *EVERY_KIND)
    assert rules(site) == []
    found = life(site)
    assert len(found.condition.history) == len(EVERY_KIND)
    assert found.public.passport_status is PassportStatus.CEASED
    keys = {element.point.key for element in found.condition.elements}
    assert {*FOUR_A, "negative_events", "operating_environment", "battery_status"} <= keys
    element = next(e for e in found.condition.elements if e.point.key == "capacity_fade")
    assert (element.method, element.basis, element.as_of) == ("bms", "measured", date(2027, 4, 1))


def test_both_roots_are_merged_by_time(site: Path) -> None:
    settings = site / "cellfolio.toml"
    settings.write_text(settings.read_text() + 'private_root = "../private"\n')
    events(site, event("recycled", "2028-02-01", evidence="REC-1"))
    expected = life(site).condition.history[-1]
    events(
        site.parent / "private",
        event("waste", "2028-01-01", holder="collector", evidence="W-1"),
        event("put-into-service", "2027-03-02"),
    )
    found = life(site).condition.history
    assert [each.time.day.year for each in found] == [2027, 2028, 2028]
    assert found[-1] == expected
    problems = check(site, DAY).problems
    assert {each.place.file for each in problems if each.rule == "values-due"} >= {
        "../private/content/events/2027.jsonl"
    }


@pytest.mark.parametrize(
    ("line", "rule", "member"),
    [
        (event("measurement", values={"remaining_capacity": "98,5 Ah"}), "value-format", "values"),
        (event("measurement", values={"remaining_capacity": 98.5}), "wrong-shape", "values"),
        (
            event("measurement", values={"remaining_capacity": {"value": "9 Ah"}}),
            "wrong-shape",
            "values",
        ),
        (event("measurement", values={"remaining_kapacity": "98 Ah"}), "unknown-point", "values"),
        (event("measurement", values={"battery_status": "waste"}), "unknown-point", "values"),
        (event("measurement", values={"rated_capacity": "98 Ah"}), "unknown-point", "values"),
        (event("measurement"), "missing-member", ""),
        (
            event("measurement", "2027-4-1", values={"state_of_charge": "5 %"}),
            "value-format",
            "time",
        ),
        (event("mesurement"), "value-format", "kind"),
        (event("waste", holder="collector"), "missing-member", ""),
        (
            event("waste", holder="collector", evidence="Jane Doe, Weg 1"),
            "value-format",
            "evidence",
        ),
        (event("waste", holder="nobody", evidence="W-1"), "unknown-operator", "holder"),
        (event("waste", holder="maker", evidence="W-1"), "no-waste-holder", "holder"),
        (
            event("successor", successor="http://b.example/01/1", operation="x"),
            "value-format",
            "successor",
        ),
        (event("repair", technician="Jane Doe"), "personal-data", "technician"),
        (event("repair", parts="wiring", note="was hot"), "personal-data", "note"),
        (event("repair", shade="blue"), "unknown-member", "shade"),
        (event("recycled", evidence="R", extra=None), "unknown-member", "extra"),
        (f'{{"battery": "{A1}", "battery": "x"}}', "syntax", ""),
        ("[1]", "syntax", ""),
        ('{"battery": ', "syntax", ""),
        (
            event("recycled", evidence="R", battery="01_0950600013435_21_A1"),
            "unknown-battery",
            "battery",
        ),
        ({"time": "2027-04-01", "kind": "recycled", "evidence": "R"}, "missing-member", ""),
        (event("recycled", "2031-01-01", evidence="R"), "future-event", "time"),
    ],
)
def test_bad_lines_are_told_at_their_place(
    site: Path, line: dict[str, Json] | str, rule: str, member: str
) -> None:
    events(site, event("put-into-service", "2027-03-02", battery=A2), line)
    text = line if isinstance(line, str) else json.dumps(line)
    column = text.index(f'"{member}": ') + 1 if member else 1
    found = [each for each in of_events(check(site, DAY)) if each[1] == 2]
    assert (rule, column) in [(each[0], each[2]) for each in found], found


def test_nothing_restricted_is_quoted(site: Path) -> None:
    events(
        site,
        event("measurement", values={"remaining_capacity": "77123 kWh", "full_cycles": "66123x"}),
        event("negative-event", event="short-circiut"),
        event("repair", note="was dropped by Jane Doe"),
        event("measurement", values={"remaining_capacity": 77.10}),
        f'{{"battery": "{A1}", "count": 77123.50}}',
    )
    told = "\n".join(str(each) for each in check(site, DAY).problems)
    for secret in ("77123", "66123", "short-circ", "Jane", "dropped", "77.1"):
        assert secret not in told


def test_what_anyone_may_know_is_not_dated_back(site: Path) -> None:
    handed = event("responsibility-change", "2027-06-01", holder="collector", evidence="T-1")
    events(site, event("waste", "2028-01-01", holder="collector", evidence="W"), handed)
    assert rules(site) == ["backdated-event"]
    events(site, event("repair", "2027-09-01"), event("put-into-service", "2027-03-02"), handed)
    assert rules(site) == []


def test_a_stray_file_is_told(site: Path) -> None:
    write(site, "content/events/2027.csv", "x")
    assert rules(site) == ["strange-file"]


def test_values_are_due_when_placed_on_the_market(site: Path) -> None:
    def due(as_of: date) -> list[tuple[str, Severity]]:
        problems = check(site, as_of).problems
        return [(e.place.file, e.severity) for e in problems if e.rule == "values-due"]

    lot, file = "content/batteries/lot.csv", "content/events/2027.jsonl"
    assert due(date(2027, 2, 28)) == []
    assert due(date(2027, 3, 1)) == [(lot, Severity.ERROR)] * 2
    first = [event("measurement", "2027-02-20", battery=each, values=FOUR_A) for each in (A1, A2)]
    events(site, *first, event("waste", holder="collector", evidence="W-1"))
    assert due(date(2027, 3, 1)) == []
    assert due(date(2027, 4, 1)) == [(file, Severity.ERROR)]
    write_lot(site, "A1,rack,2027-02-01,", "A2,rack,2027-02-01,")
    before = [event("measurement", "2027-01-20", values=FOUR_A)]
    events(site, *before, event("waste", holder="collector", evidence="W-1"))
    assert due(date(2027, 4, 1)) == [(file, Severity.WARNING)]


def test_batteries_that_state_a_point_are_counted(site: Path) -> None:
    def outcome(key: str) -> tuple[State, str]:
        found = check(site, date(2027, 3, 5)).completeness[0].outcomes
        each = next(each for each in found if each.point.key == key)
        return each.state, each.reason.in_language("en")[1]

    events(site, event("measurement", "2027-02-20", values=FOUR_A | {"full_cycles": "0 cycles"}))
    assert outcome("capacity_fade") == (State.MISSING, "stated by 1 of 2 batteries")
    assert outcome("full_cycles") == (State.NOT_YET_REQUIRED, "stated by 1 of 2 batteries")
    assert outcome("battery_status")[0] is State.PROVIDED
    write_lot(site, "A1,rack,2027-01-01,")
    events(site, event("measurement", "2027-01-20", values=FOUR_A))
    assert outcome("capacity_fade") == (State.PROVIDED, "stated by 1 battery so far")


def test_links_stand_on_both_sides(site: Path) -> None:
    to = event("successor", successor=f"{URI}A2", operation="remanufacturing")
    events(site, to)
    assert rules(site) == ["one-sided-link"]
    back = event(
        "predecessor",
        "2027-02-01",
        battery=A2,
        predecessors=[f"{URI}A1"],
        operation="remanufacturing",
    )
    write_lot(site, "A1,rack,2027-03-01,", "A2,rack,2027-05-01,")
    events(site, to, back)
    assert rules(site) == []
    assert str(life(site).public.successors[0]) == f"{URI}A2"
    assert str(life(site, "A2").public.predecessors[0]) == f"{URI}A1"
    elsewhere = "https://other.example/01/09506000134369/21/B1"
    events(site, event("successor", successor=elsewhere, operation="repurposing"))
    assert rules(site) == []


def test_no_battery_is_its_own_ancestor(site: Path) -> None:
    names = {"operation": "remanufacturing"}
    events(
        site,
        event("predecessor", "2027-02-01", A1, predecessors=[f"{URI}A2"], **names),
        event("predecessor", "2027-02-01", A2, predecessors=[f"{URI}A1"], **names),
        event("successor", "2027-04-01", A1, successor=f"{URI}A2", **names),
        event("successor", "2027-04-01", A2, successor=f"{URI}A1", **names),
    )
    assert rules(site) == ["link-cycle"]


def commit(project: Path, message: str = "Add") -> None:
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", message]):
        subprocess.run(["git", *words], cwd=project, check=True, env=os.environ | COMMITTED)


def test_committed_lines_stay(site: Path) -> None:
    first, second = event("put-into-service", "2027-03-02"), event("repair", "2027-05-01")
    path = events(site, first, second)
    assert rules(site) == []
    commit(site)
    events(site, first, second, event("repair", "2027-06-01"))
    assert rules(site) == []
    events(site, first, event("repair", "2027-05-02"))
    assert of_events(check(site, DAY))[-1][:2] == ("rewritten-history", 2)
    events(site, first)
    assert "rewritten-history" in rules(site)
    path.unlink()
    assert "rewritten-history" in [each.rule for each in check(site, DAY).problems]


def test_a_commit_that_took_events_away_is_told_for_good(site: Path) -> None:
    first, second = event("put-into-service", "2027-03-02"), event("repair", "2027-05-01")
    events(site, first, second)
    commit(site)
    events(site, first, event("repair", "2027-05-02"))
    commit(site, "Change the past")
    assert rules(site) == ["rewritten-history"]
    assert check(site, DAY).has_errors


@pytest.mark.parametrize("way", ["ours", "theirs", "by hand"])
def test_no_merge_loses_what_either_side_had(site: Path, way: str) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=site, check=True, env=os.environ | COMMITTED)

    path = events(site, event("put-into-service", "2027-03-02"))
    commit(site)
    git("checkout", "-q", "-b", "other")
    path.with_name("2027-06.jsonl").write_text(json.dumps(event("repair", "2027-06-01")) + "\n")
    commit(site)
    git("checkout", "-q", "-")
    path.with_name("2027-05.jsonl").write_text(json.dumps(event("repair", "2027-05-01")) + "\n")
    commit(site)
    if way == "theirs":
        git("checkout", "-q", "other")
    git("merge", "-q", *(["--no-commit"] if way == "by hand" else ["-s", "ours"]), "@{-1}")
    if way == "by hand":
        assert rules(site) == []
        path.with_name("2027-05.jsonl").unlink()
        commit(site, "Merge")
    assert rules(site) == ["rewritten-history"]


@pytest.mark.parametrize("attribute", ["-diff", "diff=nothing"])
def test_neither_settings_nor_attributes_nor_names_hide_it(site: Path, attribute: str) -> None:
    path = events(site, event("put-into-service", "2027-03-02"), event("repair", "2027-05-01"))
    path = path.rename(path.with_name("März.jsonl"))
    write(site, ".gitattributes", f"*.jsonl {attribute}\n")
    commit(site)
    for setting in (["color.diff", "always"], ["diff.nothing.textconv", "true"]):
        subprocess.run(["git", "config", *setting], cwd=site, check=True)
    path.write_text(path.read_text().splitlines(keepends=True)[0])
    commit(site, "Change the past")
    assert rules(site) == ["rewritten-history"]


def test_a_commit_may_tell_why_it_took_events_away(site: Path) -> None:
    write_lot(site, "A1,rack,2027-01-01,")
    first = event("measurement", "2027-01-02", values=FOUR_A)
    events(site, first, event("repair", "2027-05-01", note="Jane"))
    commit(site)
    events(site, first, event("repair", "2027-05-01"))
    commit(site, "Erase a name\n\nPassport-Events-Rewritten: erasure of personal data, case 7")
    assert rules(site) == []


def signed(project: Path, subject: dict[str, Json], time: str = "2027-04-02T10:00:00Z") -> Path:
    document: dict[str, Json] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "BatteryEvent"],
        "issuer": WORKSHOP,
        "credentialSubject": subject,
    }
    proven = sign(
        document,
        SIGNER,
        created=datetime.fromisoformat(time).astimezone(UTC),
        verification_method=did_key_method(SIGNER.public_key),
    )
    return write(project, "content/events/signed/repair-1.json", json.dumps(proven))


def authorise(project: Path, since: str = "2027-01-01", did: str = WORKSHOP) -> None:
    path = project / "content/operators/maker.yaml"
    entry = f"  - {{did: '{did}', evidence: AUT-1, valid_from: {since}}}\n"
    path.write_text(f"{path.read_text()}authorised:\n{entry}", encoding="utf-8")


def test_an_authorised_party_signs_events(site: Path) -> None:
    authorise(site)
    signed(site, event("repair", parts=["wiring"]))
    assert rules(site) == []
    assert [each.signed_by for each in life(site).condition.history] == [WORKSHOP]


@pytest.mark.parametrize(
    ("subject", "since", "rule"),
    [
        (event("repair"), "", "party-not-authorised"),
        (event("repair"), "2027-04-03", "party-not-authorised"),
        (event("recycled", evidence="R"), "2027-01-01", "not-theirs-to-tell"),
        (event("repair", "2027-04-03"), "2027-01-01", "signed-before"),
        (event("repair", note="hot"), "2027-01-01", "personal-data"),
        (event("repair", "2027-02-01"), "2027-01-01", "before-placing"),
    ],
)
def test_a_party_tells_only_what_it_may(
    site: Path, subject: dict[str, Json], since: str, rule: str
) -> None:
    if since:
        authorise(site, since)
    signed(site, subject)
    assert rules(site) == [rule]


def test_a_changed_credential_does_not_verify(site: Path) -> None:
    authorise(site)
    path = signed(site, event("repair", parts=["wiring"]))
    path.write_text(path.read_text().replace("wiring", "cooling"))
    assert rules(site) == ["signed-event"]
    path.write_text("{}")
    assert rules(site) == ["signed-event"]


def test_only_a_did_key_is_authorised(site: Path) -> None:
    authorise(site, did="did:web:shop.example")
    problems = [e for e in check(site, DAY).problems if e.place.file.endswith("maker.yaml")]
    assert [(each.rule, each.path) for each in problems] == [
        ("value-format", "$.authorised[0].did")
    ]
