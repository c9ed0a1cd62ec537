"""Events hold codes, numbers, dates and references, and nothing that could describe a person."""

from dataclasses import fields
from datetime import date
from typing import get_args

import pytest

from passport.errors import ValueFormatError
from passport.life.events import (
    HISTOGRAMS,
    PUBLIC_KINDS,
    Kind,
    Moment,
    What,
    measurable_points,
    parse_reference,
    status_after,
)
from passport.registry import registry
from passport.values import Code


def test_kinds_are_the_codes_of_the_registry() -> None:
    assert list(Kind) == list(registry().code_lists["event_kind"])


def test_each_kind_has_one_type() -> None:
    assert sorted(each.kind for each in get_args(What)) == sorted(Kind)


def test_each_operation_leads_to_a_status() -> None:
    statuses = registry().code_lists["battery_status"]
    for code in registry().code_lists["lifecycle_operation"]:
        assert status_after(Code("lifecycle_operation", code)) in statuses


def test_texts_of_events_are_slugs_and_references_only() -> None:
    texts = {field.name for each in get_args(What) for field in fields(each) if field.type is str}
    assert texts == {"holder", "evidence", "point"}


def test_nothing_that_is_measured_is_free_text() -> None:
    types = {point.type for point in measurable_points()}
    types |= {field.type for point in measurable_points() for field in point.fields}
    assert types <= {"quantity", "record", "records", "date", "code", "integer"}


def test_what_follows_from_other_events_is_not_measured() -> None:
    keys = {point.key for point in measurable_points()}
    assert not keys & {"battery_status", "negative_events", *HISTOGRAMS.values()}
    assert {"remaining_capacity", "state_of_charge", "self_discharge_evolution"} <= keys


def test_restricted_kinds_are_not_public() -> None:
    hidden = {Kind.MEASUREMENT, Kind.HISTOGRAM, Kind.NEGATIVE_EVENT, Kind.REPAIR}
    assert not PUBLIC_KINDS & {*hidden, Kind.STATUS_CHANGE, Kind.PUT_INTO_SERVICE}


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("2027-03-01", date(2027, 3, 1), ""),
        ("2027-03-01T09:00:00Z", date(2027, 3, 1), "09:00:00Z"),
    ],
)
def test_moments(text: str, day: date, clock: str) -> None:
    moment = Moment.parse(text)
    assert (moment.day, moment.clock, str(moment)) == (day, clock, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2027-3-1",
        "2027-02-30",
        "2027-03-01T09:00:00",
        "2027-03-01T25:00:00Z",
        "2027-03-01T09:00:00+01:00",
        "2027-03-01 09:00:00Z",
        "01.03.2027",
    ],
)
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(ValueFormatError):
        Moment.parse(text)


@pytest.mark.parametrize("text", ["FM-WST-2027-014", "2027/31", "urn:x:4711", "A"])
def test_references(text: str) -> None:
    assert parse_reference(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "handed over by Jane Doe",
        "jane.doe@maker.example",
        "+49341123456",
        "0341-123456",
        "0049/341/12345",
        "51.3397,12.3731",
        "51.3397/12.3731",
        "Werkstr. 1",
        "Königstraße",
        "x" * 65,
    ],
)
def test_texts_about_persons_are_no_references(text: str) -> None:
    with pytest.raises(ValueFormatError) as caught:
        parse_reference(text)
    assert not text or text not in str(caught.value)
