"""The register: which entry proves a value, what the gate refuses, and what a page may know."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from passport.checks.context import CheckContext, ModelContent
from passport.checks.evidence import release_gate
from passport.checks.table import check_model
from passport.evidence import (
    EvidenceEntry,
    EvidenceRegister,
    Result,
    evidence_rows,
    published_evidence,
)
from passport.model import BatteryModel, NotApplicable, RestrictedElements
from passport.plain_text import plain_text
from passport.problems import Place, Severity
from passport.registry import Group, registry
from passport.values import Code, Document, Quantity, Record, Text
from tests.nouns import element, model, rated, scope

FILE = "content/models/m/evidence.yaml"
REPORT = Document(
    id="report",
    file="content/models/m/restricted/report.pdf",
    sha256="0" * 64,
    size=1,
    media_type="application/pdf",
    title=Text((("en", "Test report"),)),
    languages=("en",),
    publish=False,
)


def entry(name: str, *covers: str, **changes: object) -> EvidenceEntry:
    made = EvidenceEntry(
        name=name,
        covers=tuple(registry().by_key[key] for key in covers),
        source_system="LIMS",
        record="R-1",
        document=None,
        owner="Owner of the figures",
        updater="engineer",
        rule="agrees with the report",
        result=Result.PASSED,
        validated_on=date(2026, 10, 1),
        trigger="new cells",
        frequency="yearly",
        place=Place(FILE, 3),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def register(*entries: EvidenceEntry) -> EvidenceRegister:
    return EvidenceRegister(model="m", entries=entries, place=Place(FILE))


def content(
    one: BatteryModel, *entries: EvidenceEntry, restricted: tuple[RestrictedElements, ...] = ()
) -> ModelContent:
    return ModelContent(
        model=one, restricted=restricted, has_batteries=False, evidence=register(*entries)
    )


def told(judged: ModelContent) -> list[tuple[str, str, Severity]]:
    context = CheckContext(
        operators={},
        models={"m": judged.model},
        issuer="maker",
        issuer_place=Place("cellfolio.toml"),
        languages=("en",),
        as_of=date(2026, 11, 22),
    )
    rules = {
        "unknown-evidence",
        "covered-twice",
        "undated-result",
        "future-validation",
        "validation-not-passed",
        "unused-evidence",
        "missing-evidence",
    }
    found = check_model(judged, context)
    return [(p.rule, p.message, p.severity) for p in found if p.rule in rules]


VOLTAGE, CAPACITY = rated("51.2", "100")
RACK = model(
    elements=(VOLTAGE, CAPACITY), decision=scope(reviewer="R", reviewed_on=date(2026, 1, 1))
)
BOTH = entry("tests", "nominal_voltage", "rated_capacity")


def test_a_value_rests_on_the_entry_it_names_before_the_one_that_covers_it() -> None:
    own = entry("own")
    named = replace(CAPACITY, evidence="own")
    assert register(BOTH, own).of(named) is own
    assert register(BOTH, own).of(CAPACITY) is BOTH
    assert register(own).of(CAPACITY) is None
    assert register(BOTH).of(replace(CAPACITY, evidence="typo")) is None


@pytest.mark.requirement("R4.1")
def test_there_is_a_row_for_each_value_also_of_plants_and_restricted_groups() -> None:
    footprint = element("carbon_footprint", Record(()))
    restricted = RestrictedElements(
        model="m",
        group=Group.AUTHORITY,
        elements=(element("test_reports", (REPORT,)),),
    )
    one = replace(RACK, by_plant=(("north", (footprint,)), ("south", (footprint,))))
    health = entry("health", "remaining_capacity")
    rows = list(evidence_rows(one, [restricted], register(BOTH, health)))
    assert [(row.plant, row.point.key, row.entry and row.entry.name) for row in rows] == [
        ("", "nominal_voltage", "tests"),
        ("", "rated_capacity", "tests"),
        ("north", "carbon_footprint", None),
        ("south", "carbon_footprint", None),
        ("", "test_reports", None),
        ("", "remaining_capacity", "health"),
    ]


def test_a_reason_why_there_is_no_value_needs_no_evidence() -> None:
    reason = element("warranty_period", NotApplicable(Text((("en", "none given"),))))
    assert list(evidence_rows(model(elements=(reason,)), (), register())) == []


def test_values_without_evidence_are_one_warning_a_model() -> None:
    assert told(content(RACK, BOTH)) == []
    assert told(content(RACK, entry("tests", "nominal_voltage"))) == [
        (
            "missing-evidence",
            "1 of 2 values have no evidence: rated_capacity",
            Severity.WARNING,
        )
    ]


def test_names_of_evidence_must_be_entries() -> None:
    one = replace(RACK, elements=(VOLTAGE, replace(CAPACITY, evidence="test")))
    assert ("unknown-evidence", "there is no evidence entry 'test'", Severity.ERROR) in told(
        content(one, BOTH)
    )


@pytest.mark.parametrize(
    ("changes", "rule", "message", "severity"),
    [
        (
            {"validated_on": None},
            "undated-result",
            "the result is passed, but there is no validated_on",
            Severity.ERROR,
        ),
        (
            {"validated_on": date(2026, 11, 23)},
            "future-validation",
            "the validation of 2026-11-23 has not happened yet",
            Severity.ERROR,
        ),
        (
            {"result": Result.FAILED},
            "validation-not-passed",
            "the validation failed",
            Severity.WARNING,
        ),
        (
            {"result": Result.OPEN, "validated_on": None},
            "validation-not-passed",
            "the validation is still open",
            Severity.WARNING,
        ),
    ],
)
def test_results_are_looked_at(
    changes: dict[str, object], rule: str, message: str, severity: Severity
) -> None:
    assert told(content(RACK, replace(BOTH, **changes))) == [(rule, message, severity)]  # type: ignore[arg-type]


def test_an_entry_must_be_of_use_and_no_value_covered_twice() -> None:
    found = told(content(RACK, BOTH, entry("again", "rated_capacity"), entry("idle")))
    assert found == [
        ("covered-twice", "tests covers rated_capacity already", Severity.ERROR),
        ("unused-evidence", "nothing rests on this entry", Severity.WARNING),
    ]


def test_the_gate_refuses_what_is_not_proven_or_reviewed() -> None:
    assert release_gate(content(RACK, BOTH)) == ()
    unreviewed = replace(RACK, scope=scope())
    found = release_gate(content(unreviewed, entry("tests", "nominal_voltage", result=Result.OPEN)))
    assert [(p.rule, p.message) for p in found] == [
        ("unreviewed-scope", "nobody has reviewed this scope decision"),
        ("unproven-value", "nominal_voltage rests on tests, which is not validated yet"),
        ("unproven-value", "rated_capacity has no evidence"),
    ]
    assert {p.severity for p in found} == {Severity.ERROR}
    failed = release_gate(content(RACK, replace(BOTH, result=Result.FAILED)))
    assert failed[0].message == "nominal_voltage rests on tests, whose validation failed"


def test_a_page_may_know_of_published_artefacts_and_that_others_are_on_file() -> None:
    public = replace(REPORT, publish=True)
    notes = published_evidence(
        register(
            entry("a", "nominal_voltage", document=public),
            entry("b", "rated_capacity", document=REPORT),
            entry("c", "mass", result=Result.FAILED),
            entry("d"),
        )
    )
    voltage, capacity = notes.of(VOLTAGE), notes.of(CAPACITY)
    assert voltage is not None
    assert voltage.document is public
    assert capacity is not None
    assert capacity.document is None
    assert notes.of(element("mass", Quantity(Decimal(43), "kg"))) is None
    assert notes.of(element("mass", Quantity(Decimal(43), "kg"), evidence="d")) is not None


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("mass", Quantity(Decimal("43.0"), "kg"), "43.0 kg"),
        ("chemistry", Code("chemistry", "lfp"), "Lithium iron phosphate (LFP)"),
        ("safe_handling", Text((("de", "a"), ("en", "Keep\n dry"))), "Keep dry"),
        ("test_reports", (REPORT, REPORT), "Test report; Test report"),
        ("recycled_cobalt", Record((("year", 2025),)), "Year that the shares hold for: 2025"),
    ],
)
def test_values_in_one_line(key: str, value: object, shown: str) -> None:
    assert plain_text(registry().by_key[key], value) == shown  # type: ignore[arg-type]
