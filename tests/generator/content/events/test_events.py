"""Events are read from their lines, and checked against everything else."""

import json
from datetime import date
from pathlib import Path

import pytest

from generator.content.check import check
from passport.applicability import State
from passport.encoding.canonical import Json
from passport.life.life import PassportStatus
from passport.problems import Severity
from tests.eventful_project import A1, A2, DAY, FOUR_A, event, events, life, of_events, rules
from tests.small_project import write, write_lot

URI = "https://id.example.com/01/09506000134352/21/"

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
