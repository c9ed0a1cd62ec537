"""A battery's events add up to one life, whatever their order; what can't have happened is told."""

import itertools
import random
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from passport.life.events import (
    Correction,
    Event,
    Histogram,
    Kind,
    Moment,
    NegativeEvent,
    PlacedOnMarket,
    PutIntoService,
    Recycled,
    Repair,
    ResponsibilityChange,
    StatusChange,
    Waste,
)
from passport.life.life import Life, PassportStatus, PublicLife, due_points, fold
from passport.model import NotApplicable
from passport.problems import Findings, Severity
from passport.values import Code, Quantity, Record, Text, Value
from tests.lives import (
    BEGINNING,
    ELSEWHERE,
    HERE,
    THERE,
    TODAY,
    at,
    folded,
    kinds,
    measured,
    operation,
    predecessor,
    rules,
    successor,
)

DROP = NegativeEvent(Code("negative_event", "mechanical-damage"))
UNSAFE = replace(DROP, severity=Code("event_severity", "unsafe"))
MENDED = Repair((Code("repaired_part", "housing"),), Code("negative_event", "mechanical-damage"))
WASTE = Waste("collector", "FM-WST-1")
SOLD = ResponsibilityChange("fleet", "FM-TRF-1")


def value(life: Life, key: str) -> Value | NotApplicable:
    return next(each.value for each in life.condition.elements if each.point.key == key)


def change(status: str, code: str | None) -> StatusChange:
    return StatusChange(Code("battery_status", status), operation(code) if code else None)


def hours(*classes: tuple[str, str, int], begins: str = "2027-03-01") -> Histogram:
    records = tuple(
        Record((("lower", _celsius(low)), ("upper", _celsius(high)), ("hours", spent)))
        for low, high, spent in classes
    )
    return Histogram("operating_environment", date.fromisoformat(begins), records)


def _celsius(number: str) -> Quantity:
    return Quantity(Decimal(number), "°C")


def test_without_events_the_row_alone_speaks() -> None:
    life = folded()
    assert life.public == PublicLife(
        passport_status=PassportStatus.CURRENT,
        holder="maker",
        placed_on_market=date(2027, 3, 1),
    )
    assert life.condition.status == "original"
    assert [each.point.key for each in life.condition.elements] == ["battery_status"]
    assert life.condition.changed_on is None


def test_public_life_has_no_member_for_what_is_restricted() -> None:
    assert {field.name for field in fields(PublicLife)} == {
        "passport_status",
        "holder",
        "placed_on_market",
        "predecessors",
        "successors",
        "ceased_on",
        "changed_on",
    }


def whole_life() -> tuple[Event, ...]:
    return (
        at("2027-02-20", measured(full_cycles="0", capacity_fade="0")),
        at("2027-03-01", PlacedOnMarket()),
        at("2027-03-05", PutIntoService()),
        at("2027-09-01T08:00:00Z", measured(full_cycles="80", capacity_fade="1.2")),
        at("2027-09-01T09:00:00Z", UNSAFE),
        at("2027-09-10", MENDED),
        at("2027-10-01", SOLD),
        at("2028-01-01", hours(("0", "25", 900), begins="2027-03-05")),
        at("2029-02-01", WASTE),
        at("2029-02-02", measured(capacity_fade="31")),
        at("2029-03-01", Recycled("FM-REC-1")),
    )


def test_a_whole_life() -> None:
    life = folded(*whole_life())
    assert life.public == PublicLife(
        passport_status=PassportStatus.CEASED,
        holder="collector",
        placed_on_market=date(2027, 3, 1),
        ceased_on=date(2029, 3, 1),
        changed_on=date(2029, 3, 1),
    )
    assert life.condition.status == "waste"
    assert life.condition.changed_on == date(2029, 2, 2)
    assert value(life, "full_cycles") == Quantity(Decimal(80), "cycles")
    assert value(life, "capacity_fade") == Quantity(Decimal(31), "%")
    assert value(life, "putting_into_service_date") == date(2027, 3, 5)
    assert [m.moment.kind for m in life.due] == [Kind.PLACED_ON_MARKET, Kind.WASTE]


def test_the_order_of_lines_does_not_matter() -> None:
    expected = folded(*whole_life())
    shuffled = list(whole_life())
    for seed in range(30):
        random.Random(seed).shuffle(shuffled)
        assert folded(*shuffled) == expected


def test_events_of_one_day_happen_as_lives_go() -> None:
    of_a_day = (
        at("2027-03-01", PlacedOnMarket()),
        at("2027-03-01T09:00:00Z", PutIntoService()),
        at("2027-03-01T08:00:00Z", measured(full_cycles="0")),
        at("2027-03-01", WASTE),
        at("2027-03-01", Recycled("R")),
    )
    expected = ["placed-on-market", "put-into-service", "measurement", "waste", "recycled"]
    for order in itertools.permutations(of_a_day):
        assert kinds(folded(*order)) == expected


def test_with_clocks_the_clock_decides() -> None:
    late = at("2027-04-01T18:00:00Z", Recycled("R"))
    assert "after-recycling" in rules(late, at("2027-04-01T19:00:00Z", DROP))
    assert "after-recycling" not in rules(late, at("2027-04-01T17:00:00Z", DROP))


def test_what_has_not_happened_yet_does_not_count() -> None:
    events = (at("2027-03-05", PutIntoService()), at("2029-02-01", WASTE))
    findings = Findings()
    life = fold(events, BEGINNING, date(2028, 1, 1), findings)
    assert [each.rule for each in findings.problems] == ["future-event"]
    assert life.public.holder == "maker"


def test_a_battery_that_is_not_placed_yet_owes_nothing() -> None:
    assert folded(as_of=date(2027, 2, 28)).due == ()
    assert [each.stated for each in folded(as_of=date(2027, 3, 1)).due] == [frozenset()]


def test_values_count_for_the_moment_that_they_surround() -> None:
    life = folded(
        at("2027-02-20", measured(capacity_fade="0")),
        at("2028-03-01", measured(power_fade="4")),
        at("2029-02-01", WASTE),
        at("2029-02-08", measured(current_power="100")),
    )
    assert [each.stated for each in life.due] == [
        {"capacity_fade", "power_fade"},
        {"power_fade", "current_power"},
    ]


def test_a_value_that_can_not_be_found_is_stated_but_hides_none() -> None:
    reason = NotApplicable(Text((("en", "The battery is destroyed"),)))
    life = folded(
        at("2027-02-20", measured(capacity_fade="0", power_fade=reason)),
        at("2029-02-01", WASTE),
        at("2029-02-02", measured(capacity_fade=reason)),
    )
    assert value(life, "capacity_fade") == Quantity(Decimal(0), "%")
    assert value(life, "power_fade") == reason
    assert life.due[1].stated == {"capacity_fade"}


def test_point_4a_is_due() -> None:
    assert {"51", "52", "53", "54", "55", "56", "57", "58", "59", "60"} == {
        point.number for point in due_points()
    }


def test_hours_of_equal_classes_add_up() -> None:
    life = folded(
        at("2027-06-01", hours(("25", "45", 10), ("0", "25", 900))),
        at("2027-09-01", hours(("0", "25", 800), begins="2027-06-01")),
    )
    assert (
        value(life, "operating_environment") == hours(("0", "25", 1700), ("25", "45", 10)).records
    )


def test_a_series_of_records_grows() -> None:
    def series(*days: str) -> tuple[Record, ...]:
        rate = Quantity(Decimal(2), "%/month")
        return tuple(Record((("date", date.fromisoformat(d)), ("rate", rate))) for d in days)

    life = folded(
        at("2027-06-01", measured(self_discharge_evolution=series("2027-06-01"))),
        at("2027-09-01", measured(self_discharge_evolution=series("2027-09-01", "2027-08-01"))),
    )
    assert value(life, "self_discharge_evolution") == series(
        "2027-06-01", "2027-08-01", "2027-09-01"
    )


def test_a_repair_mends_the_event_that_it_names() -> None:
    life = folded(at("2027-04-01", UNSAFE), at("2027-05-01", DROP), at("2027-06-01", MENDED))
    records = value(life, "negative_events")
    assert isinstance(records, tuple)
    assert [str(r.get("severity")) for r in records if isinstance(r, Record)] == [
        "unsafe",
        "repaired",
    ]


def test_a_second_life_is_linked() -> None:
    operated = at("2028-05-01", change("repurposed", "repurposing"))
    life = folded(operated, at("2028-05-20", successor()), at("2028-05-21", successor(ELSEWHERE)))
    assert life.public.passport_status is PassportStatus.REPLACED
    assert life.public.successors == (THERE, ELSEWHERE)
    assert life.condition.status == "repurposed"
    assert len(life.due) == 2
    made = folded(at("2027-02-20", predecessor(THERE, ELSEWHERE)))
    assert made.public.predecessors == (THERE, ELSEWHERE)
    assert made.condition.status == "repurposed"
    assert made.public.passport_status is PassportStatus.CURRENT


def test_an_original_ceases_when_its_battery_is_recycled() -> None:
    life = folded(at("2028-05-20", successor()), at("2029-05-20", Recycled("R")))
    assert life.public.passport_status is PassportStatus.CEASED
    assert life.public.successors == (THERE,)


def test_a_correction_withdraws() -> None:
    wrong = at("2027-09-01", WASTE)
    mended = at("2027-09-03", Correction(Kind.WASTE, Moment.parse("2027-09-01")))
    life = folded(wrong, mended, at("2027-09-02", measured(full_cycles="3")))
    assert (life.condition.status, life.public.holder) == ("original", "maker")
    assert life.public.changed_on == date(2027, 9, 3)
    assert kinds(life) == ["measurement", "correction"]


IMPOSSIBLE: dict[str, tuple[list[Event], ...]] = {
    "before-manufacture": ([at("2027-01-31", measured(full_cycles="0"))],),
    "before-placing": (
        [at("2027-02-28", PutIntoService())],
        [at("2027-02-28", Repair())],
        [at("2027-02-28", SOLD)],
    ),
    "placed-otherwise": ([at("2027-03-02", PlacedOnMarket())],),
    "in-service-twice": ([at("2027-03-02", PutIntoService()), at("2027-03-03", PutIntoService())],),
    "duplicate-event": ([at("2027-04-01", DROP), at("2027-04-01", DROP)],),
    "contradictory-values": ([at("2027-04-01", measured(full_cycles=n)) for n in ("3", "4")],),
    "counter-falls": (
        [at("2027-04-01", measured(full_cycles="4")), at("2027-05-01", measured(full_cycles="3"))],
    ),
    "period-backwards": ([at("2027-04-01", hours(begins="2027-04-02"))],),
    "overlapping-periods": (
        [
            at("2027-04-01", hours(("0", "25", 5))),
            at("2027-05-01", hours(("0", "25", 5), begins="2027-03-20")),
        ],
    ),
    "too-many-hours": ([at("2027-03-02", hours(("0", "25", 49)))],),
    "class-backwards": ([at("2027-03-02", hours(("25", "0", 4)))],),
    "nothing-to-mend": (
        [at("2027-04-01", MENDED)],
        [at("2027-04-01", UNSAFE), *(at(f"2027-04-0{n}", MENDED) for n in (2, 3))],
    ),
    "status-jump": (
        [at("2027-04-01", change("re-used", None))],
        [at("2027-04-01", change("re-used", "remanufacturing"))],
        [at("2027-04-01", change("original", None))],
        [at("2027-04-01", change("waste", None))],
        [at("2027-04-01", WASTE), at("2027-05-01", change("repurposed", "repurposing"))],
        [at("2027-04-01", WASTE), at("2027-05-01", successor())],
    ),
    "successor-missing": ([at("2027-04-01", change("repurposed", "repurposing"))],),
    "waste-without-holder": (
        [at("2027-04-01", Waste("", ""))],
        [at("2027-04-01", Waste("collector", ""))],
    ),
    "waste-twice": ([at("2027-04-01", WASTE), at("2027-05-01", Waste("other", "E"))],),
    "same-holder": ([at("2027-04-01", ResponsibilityChange("maker", "E"))],),
    "own-relative": ([at("2027-04-01", successor(HERE))], [at("2027-02-20", predecessor(HERE))]),
    "successor-twice": ([at("2027-04-01", successor()), at("2027-05-01", successor())],),
    "successors-contradict": (
        [at("2027-04-01", successor()), at("2027-05-01", successor(ELSEWHERE, "remanufacturing"))],
        [
            at("2027-04-01", change("re-used", "preparation-for-re-use")),
            at("2027-05-01", successor()),
        ],
    ),
    "after-successor": (
        [at("2027-04-01", successor()), at("2027-05-01", DROP)],
        [at("2027-04-01", successor()), at("2027-05-01", WASTE)],
    ),
    "predecessor-twice": ([at("2027-02-20", predecessor(THERE, THERE))],),
    "made-after-placing": ([at("2027-04-01", predecessor(THERE))],),
    "made-twice": (
        [at("2027-02-20", predecessor(THERE)), at("2027-02-21", predecessor(ELSEWHERE))],
    ),
    "recycled-without-waste": ([at("2027-04-01", Recycled("R"))],),
    "nothing-to-withdraw": (
        [at("2027-04-01", Correction(Kind.WASTE, Moment.parse("2027-03-02")))],
        [
            at("2027-04-01", Correction(Kind.WASTE, Moment.parse("2027-05-01"))),
            at("2027-05-01", WASTE),
        ],
    ),
}


@pytest.mark.parametrize(
    ("rule", "events"),
    [(rule, events) for rule, lives in IMPOSSIBLE.items() for events in lives],
)
def test_what_can_not_have_happened(rule: str, events: list[Event]) -> None:
    assert rule in rules(*events)
    assert set(rules(*events)) - {"successor-missing"} <= {rule}


@pytest.mark.parametrize(
    "what", [DROP, MENDED, measured(full_cycles="1"), WASTE, SOLD, successor(), Recycled("S")]
)
def test_nothing_happens_after_recycling(what: Repair) -> None:
    events = (at("2028-01-01", WASTE), at("2028-02-01", Recycled("R")), at("2028-03-01", what))
    assert "after-recycling" in rules(*events)


def test_a_battery_is_placed_once() -> None:
    unplaced = replace(BEGINNING, placed_on_market=None)
    first, second = at("2027-03-01", PlacedOnMarket()), at("2027-03-02", PlacedOnMarket())
    assert folded(first, beginning=unplaced).public.placed_on_market == date(2027, 3, 1)
    assert rules(first, second, beginning=unplaced) == ["placed-twice"]
    assert rules(first, at("2027-02-27", SOLD), beginning=unplaced) == ["before-placing"]


def test_what_is_wrong_does_not_count() -> None:
    findings = Findings()
    life = fold((at("2027-02-28", WASTE),), BEGINNING, TODAY, findings)
    assert findings.has_errors
    assert life.condition.status == "original"


def test_a_warning_does_count() -> None:
    findings = Findings()
    life = fold((at("2027-04-28", Recycled("R")),), BEGINNING, TODAY, findings)
    assert [each.severity for each in findings.problems] == [Severity.WARNING]
    assert life.public.passport_status is PassportStatus.CEASED


def test_waste_may_be_prepared_for_another_life() -> None:
    life = folded(
        at("2027-04-01", WASTE),
        at("2027-05-01", change("re-used", "preparation-for-re-use")),
        at("2027-05-02", successor(code="preparation-for-re-use")),
    )
    assert life.condition.status == "re-used"


def test_messages_name_neither_kinds_nor_values() -> None:
    findings = Findings()
    life = fold(
        (
            at("2027-04-01", UNSAFE),
            at("2027-04-01", UNSAFE),
            at("2027-04-02", measured(full_cycles="77123")),
            at("2027-04-03", measured(full_cycles="66123")),
            at("2027-04-03", MENDED),
            at("2027-04-04", MENDED),
        ),
        BEGINNING,
        TODAY,
        findings,
    )
    assert life.condition.status == "original"
    told = "\n".join(str(each) for each in findings.problems)
    for secret in ("77123", "66123", "mechanical-damage", "unsafe", "repair", "housing"):
        assert secret not in told
