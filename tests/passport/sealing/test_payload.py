"""Payloads: what is sealed, and that a battery's incidents show in its content only."""

from typing import Any

from passport.encoding.strict_json import parse_object
from passport.life.events import Event, NegativeEvent, Repair
from passport.sealing.payload import SealedDocument, battery_payload, documents_of, model_payload
from passport.values import Code, Document, Record, Text
from tests.lives import at, folded, measured
from tests.nouns import element


def document(identifier: str, number: int, *, publish: bool = False) -> Document:
    return Document(
        id=identifier,
        file=f"content/models/rack/restricted/{identifier}.pdf",
        sha256=f"{number:064x}",
        size=1,
        media_type="application/pdf",
        title=Text((("en", f"Title of {identifier}"),)),
        languages=("en",),
        publish=publish,
        number=number,
    )


def test_documents_are_found_in_records_once_by_number() -> None:
    view, report, shown = (
        document("view", 2),
        document("report", 1),
        document("shown", 3, publish=True),
    )
    steps = (Record((("step", 1), ("drawing", view))), Record((("step", 2), ("drawing", view))))
    found = documents_of(
        (
            element("disassembly_sequence", steps),
            element("exploded_diagrams", (view, shown)),
            element("test_reports", (report,)),
        )
    )

    assert [each.id for each in found] == ["report", "view"]


def test_a_model_payload_names_its_documents() -> None:
    view = document("view", 2)
    sealed = SealedDocument(document=view, resource="doc/2", url="https://id.example.com/dpp/x")
    made: Any = parse_object(model_payload((element("exploded_diagrams", (view,)),), (sealed,), {}))

    assert list(made["documents"]) == [
        {
            "resource": "doc/2",
            "url": "https://id.example.com/dpp/x",
            "title": {"en": "Title of view"},
            "fileName": "view.pdf",
            "mediaType": "application/pdf",
            "sha256": f"{2:064x}",
        }
    ]


def test_an_empty_group_is_an_empty_object() -> None:
    assert model_payload((), (), {}) == b"{}"


def test_a_battery_payload_tells_what_holds_and_what_happened() -> None:
    life = folded(*_events(0))
    made: Any = parse_object(battery_payload(life.condition))

    assert made["batteryStatus"]["value"] == "original"
    assert made["remainingCapacity"]["value"] == "99.5"
    assert [each["kind"] for each in made["history"]] == ["measurement"]


def test_incidents_and_repairs_are_coded() -> None:
    made: Any = parse_object(battery_payload(folded(*_events(1), _repair()).condition))

    assert made["history"][1] == {
        "kind": "negative-event",
        "time": "2027-05-01",
        "event": "mechanical-damage",
        "count": 1,
    }
    assert made["history"][2] == {
        "kind": "repair",
        "time": "2027-07-01",
        "parts": ["housing"],
        "mends": "mechanical-damage",
    }


def _events(incidents: int) -> list[Event]:
    harm = NegativeEvent(Code("negative_event", "mechanical-damage"), count=1)
    return [
        at("2027-04-02", measured(remaining_capacity="99.5")),
        *(at(f"2027-05-{day + 1:02d}", harm) for day in range(incidents)),
    ]


def _repair() -> Event:
    return at(
        "2027-07-01",
        Repair((Code("part", "housing"),), Code("negative_event", "mechanical-damage")),
    )
