"""JSON Schemas (2020-12), generated from the registry.

Two kinds: of a passport's JSON, published under `/schema/`, and of the YAML files that people edit,
for their editors. Knows shapes only; whether a value is due or agrees with others is for checks.
"""

from collections.abc import Iterable

from passport.canonical import Json
from passport.registry import DataPoint, Field, camel_case, registry
from passport.subject import SCHEMA_VERSION

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DECIMAL = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"
_LANGUAGE = "^[a-z]{2,3}$"
_TEXTS: dict[str, Json] = {
    "type": "object",
    "propertyNames": {"pattern": _LANGUAGE},
    "additionalProperties": {"type": "string"},
    "minProperties": 1,
}
_STRING: Json = {"type": "string"}
_HEADER: dict[str, Json] = {
    "id": {"type": "string", "format": "uri"},
    "digitalProductPassportId": {"type": "string", "format": "uri"},
    "uniqueProductIdentifier": {"type": "string", "format": "uri"},
    "granularity": {"enum": ["model", "item"]},
    "dppSchemaVersion": {"const": SCHEMA_VERSION},
    "dppStatus": {"enum": ["current", "replaced", "ceased"]},
    "lastUpdate": {"type": "string", "format": "date-time"},
    "economicOperatorId": _STRING,
    "facilityId": _STRING,
    "contentSpecificationIds": {"type": "array", "items": {"type": "string", "format": "uri"}},
    "modelPassport": {"type": "string", "format": "uri"},
    "predecessors": {"type": "array", "items": {"type": "string", "format": "uri"}},
    "successors": {"type": "array", "items": {"type": "string", "format": "uri"}},
}
_CREDENTIAL: dict[str, Json] = {
    "@context": {"type": "array", "items": _STRING, "minItems": 2, "maxItems": 2},
    "id": {"type": "string", "format": "uri"},
    "type": {"type": "array", "items": _STRING},
    "issuer": {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "pattern": "^did:web:"},
            "alsoKnownAs": {"type": "array", "items": {"type": "string", "pattern": "^did:"}},
        },
        "additionalProperties": False,
    },
    "validFrom": {"type": "string", "format": "date-time"},
    "version": {"type": "integer", "minimum": 1},
    "credentialSchema": {"type": "object", "required": ["id", "type"]},
}
_LATER: dict[str, Json] = {
    "previousVersion": {"type": "string", "pattern": "^u"},
    "log": {"type": "object", "required": ["origin", "index"]},
    "credentialStatus": {"type": "object", "required": ["type", "statusPurpose"]},
    "relatedResource": {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": ["id", "mediaType", "digestMultibase"],
            "properties": {
                "id": {"type": "string", "format": "uri"},
                "mediaType": _STRING,
                "digestMultibase": {"type": "string", "pattern": "^uEi"},
            },
            "additionalProperties": False,
        },
    },
    "proof": {"type": "object", "required": ["type", "cryptosuite", "proofValue"]},
}
_OPTIONAL_HEADER = ("facilityId", "modelPassport", "predecessors", "successors")
_ABOUT: dict[str, Json] = {
    "asOf": {"type": "string", "format": "date"},
    "method": _STRING,
    "basis": _STRING,
    "originator": _STRING,
    "uncertainty": _STRING,
    "conditions": {"type": "object"},
}


def schema_path() -> str:
    """Where the schema of this version lies on every site."""
    return f"/schema/battery-passport-{SCHEMA_VERSION}.json"


def passport_schema(base_url: str) -> Json:
    """Return the schema of `passport.json`; each public data point is an optional member."""
    points = [point for point in registry().data_points if point.is_public]
    return {
        "$schema": DIALECT,
        "$id": f"{base_url}{schema_path()}",
        "title": "Battery passport",
        "type": "object",
        "required": [*_CREDENTIAL, "credentialSubject", "proof"],
        "properties": _CREDENTIAL | _LATER | {"credentialSubject": _subject(points)},
        "additionalProperties": False,
    }


def _subject(points: Iterable[DataPoint]) -> Json:
    members: dict[str, Json] = {point.member: _member(point) for point in points}
    return {
        "type": "object",
        "required": [name for name in _HEADER if name not in _OPTIONAL_HEADER],
        "properties": _HEADER | members,
        "additionalProperties": False,
    }


def _member(point: DataPoint) -> Json:
    return {
        "title": point.label.text("en"),
        "description": f"{point.help.text('en')} ({point.clause})",
        "oneOf": [_not_applicable(), _with_about(_value(point, point.fields), point.type)],
    }


def _not_applicable() -> Json:
    return {
        "type": "object",
        "required": ["notApplicable"],
        "properties": {"notApplicable": _TEXTS},
        "additionalProperties": False,
    }


def _with_about(value: dict[str, Json], type_: str) -> Json:
    """Measures carry their own members; all else stands under `value`."""
    members: dict[str, Json] = {"value": value}
    if type_ in _MEASURES and isinstance(value["properties"], dict):
        members = value["properties"]
    return {
        "type": "object",
        "required": list(members),
        "properties": members | _ABOUT,
        "additionalProperties": False,
    }


_MEASURES = ("quantity", "period", "range")
_LISTS = {"codes": "code", "documents": "document", "records": "record"}


def _value(shape: DataPoint | Field, fields: tuple[Field, ...]) -> dict[str, Json]:
    if shape.type in _LISTS:
        return {"type": "array", "items": _single(_LISTS[shape.type], shape, fields)}
    return _single(shape.type, shape, fields)


def _single(type_: str, shape: DataPoint | Field, fields: tuple[Field, ...]) -> dict[str, Json]:
    if type_ in _PLAIN:
        return dict(_PLAIN[type_])
    match type_:
        case "quantity":
            return _measure(["value"], [shape.unit])
        case "range":
            return _measure(["low", "high"], [shape.unit])
        case "code":
            return {"enum": list(registry().code_lists[shape.codes])}
        case "record":
            return _record(fields)
    raise ValueError(f"the registry has a type {type_!r} that JSON has no form for")


def _measure(numbers: list[str], units: list[str]) -> dict[str, Json]:
    decimals: dict[str, Json] = {name: {"type": "string", "pattern": _DECIMAL} for name in numbers}
    return {
        "type": "object",
        "required": [*numbers, "unit"],
        "properties": decimals | {"unit": {"enum": list(units)}},
        "additionalProperties": False,
    }


def _record(fields: tuple[Field, ...]) -> dict[str, Json]:
    return {
        "type": "object",
        "required": [camel_case(field.name) for field in fields if field.required],
        "properties": {
            camel_case(field.name): _value(field, ()) | {"title": field.label.text("en")}
            for field in fields
        },
        "additionalProperties": False,
    }


def _document() -> dict[str, Json]:
    return {
        "type": "object",
        "required": ["url", "mediaType", "sha256", "title", "languages"],
        "properties": {
            "url": {"type": "string", "format": "uri"},
            "mediaType": _STRING,
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "title": _TEXTS,
            "languages": {"type": "array", "items": _STRING},
        },
        "additionalProperties": False,
    }


_PLAIN: dict[str, dict[str, Json]] = {
    "period": _measure(["value"], ["years", "months"]),
    "integer": {"type": "integer", "minimum": 0},
    "boolean": {"type": "boolean"},
    "text": _TEXTS,
    "string": {"type": "string"},
    "email": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "month": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    "uri": {"type": "string", "format": "uri"},
    "document": _document(),
}
