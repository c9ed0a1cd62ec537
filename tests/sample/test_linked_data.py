"""Nothing of a passport is dropped when software reads it as JSON-LD."""

import json
from typing import Any

import pytest

from passport.context import context_path, passport_context
from passport.registry import registry
from passport.schema import passport_schema
from passport.signing.proof import BASE_CONTEXT
from tests.foreign_node import ask
from tests.linked_data import Object, differences, expanded
from tests.sample.conftest import Sample

ORIGIN = "https://id.example.com"
CONTEXT = f"{ORIGIN}{context_path()}"
POINTS = [point.member for point in registry().data_points if point.is_public]

LATER: Object = {
    "previousVersion": "uEiA7cDE",
    "log": {"origin": "id.example.com/log/1", "index": 42},
    "credentialStatus": {
        "id": f"{ORIGIN}/status/1/revocation/0#42",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "42",
        "statusListCredential": f"{ORIGIN}/status/1/revocation/0",
    },
    "relatedResource": [
        {
            "id": f"{ORIGIN}/dpp/01_09506000134352_21_A1/sealed/xiii-4/1.json",
            "mediaType": "application/json",
            "digestMultibase": "uEiA7cDE",
        }
    ],
}
"""Members that passports have from their log on."""


def problems(document: Object, context: Any) -> list[str]:  # noqa: ANN401 (JSON)
    return differences(document, [expanded(document, {CONTEXT: context})])


def test_every_passport_of_the_sample_keeps_every_member(sample: Sample) -> None:
    context = sample.read(context_path().lstrip("/"))
    assert context == passport_context()

    found = {
        path.parent.name: lost
        for path in sample.passports
        if (lost := problems(json.loads(path.read_bytes()), context))
    }

    assert found == {}


def test_the_safe_mode_of_digital_bazaar_keeps_every_passport(sample: Sample) -> None:
    """Safe mode refuses a document of which anything would be dropped."""
    contexts = {CONTEXT: sample.read(context_path().lstrip("/"))}
    documents = [json.loads(path.read_bytes()) for path in sample.passports]
    unknown = passport({"colour": "red"})

    answers = ask({"expand": document, "contexts": contexts} for document in (*documents, unknown))

    assert [answer["verified"] for answer in answers] == [True] * len(documents) + [False]
    assert "Safe mode" in answers[-1]["why"]


@pytest.mark.parametrize("member", POINTS)
def test_every_data_point_keeps_every_member(member: str) -> None:
    """Of the values that the schema allows, the fullest one."""
    schema: Any = passport_schema(ORIGIN)
    subject = schema["properties"]["credentialSubject"]["properties"]
    stated, not_applicable = (instance(subject[member]["oneOf"][n]) for n in (1, 0))
    stated["conditions"] = {
        name: {"value": "25", "unit": "°C"} for name in ("temperature", "stateOfCharge", "cRate")
    }

    for value in (stated, not_applicable):
        assert problems(passport({member: value}), passport_context()) == []


def test_members_to_come_are_kept() -> None:
    assert problems({**passport({}), **LATER}, passport_context()) == []


def test_a_member_without_a_term_is_noticed() -> None:
    assert problems(passport({"colour": "red"}), passport_context()) == [
        "$.credentialSubject.colour: became []"
    ]


def test_a_relative_address_is_noticed() -> None:
    found = problems(passport({"modelPassport": "/01/09506000134352"}), passport_context())

    assert found != []


def test_a_list_in_place_of_a_value_is_noticed() -> None:
    context: Any = passport_context()
    context["@context"]["dppStatus"] = {"@id": "urn:x:dppStatus", "@container": "@list"}

    assert len(problems(passport({"dppStatus": "current"}), context)) == 1


def test_no_term_leads_to_a_relative_iri() -> None:
    def iris(term: Any) -> list[str]:  # noqa: ANN401 (JSON)
        if isinstance(term, str):
            return [term]
        inner = term.get("@context", {}).items()
        return [term["@id"], *(i for name, t in inner if name[0] != "@" for i in iris(t))]

    context: Any = passport_context()
    terms = context["@context"]
    found = [iri for name, term in terms.items() if name[0] != "@" for iri in iris(term)]

    assert "@vocab" not in terms
    assert len(found) > len(POINTS)
    assert [iri for iri in found if not iri.startswith(("urn:cellfolio:", "https://"))] == []


def passport(members: Object) -> Object:
    """Return an unsigned passport that says only this."""
    return {
        "@context": [BASE_CONTEXT, CONTEXT],
        "id": f"{ORIGIN}/dpp/01_09506000134352/passport.json#v1",
        "type": ["VerifiableCredential", "DigitalProductPassport", "BatteryPassport"],
        "credentialSubject": {"id": f"{ORIGIN}/01/09506000134352", **members},
    }


def instance(schema: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return a value with every member that a schema knows; a list has two items."""
    match schema:
        case {"properties": {**members}}:
            return {name: instance(member) for name, member in members.items()}
        case {"propertyNames": _}:
            return {"en": "a text", "de": "ein Text"}
        case {"items": item}:
            return [instance(item), instance(item)]
        case {"enum": [first, *_]}:
            return first
        case {"type": "integer"}:
            return 3
        case {"type": "boolean"}:
            return True
        case {"format": "uri"}:
            return "https://maker.example/manual.pdf"
        case {"type": "object"}:
            return {}
    assert schema["type"] == "string"
    return "75.30"
