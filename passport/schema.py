"""The JSON Schema (2020-12) of a passport's JSON, generated from the registry.

It is published under `/schema/`. Knows shapes only; whether a value is due or agrees with others is
for checks.
"""

from collections.abc import Iterable

from passport.encoding.canonical import Json
from passport.registry import DataPoint, Field, camel_case, registry
from passport.schema_shapes import Schema, file_schema, object_of
from passport.subject import SCHEMA_VERSION

_DECIMAL = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"
_LANGUAGE = "^[a-z]{2,3}$"
_TEXTS: Schema = {
    "type": "object",
    "propertyNames": {"pattern": _LANGUAGE},
    "additionalProperties": {"type": "string"},
    "minProperties": 1,
}
_STRING: Json = {"type": "string"}
_HEADER: Schema = {
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
_CREDENTIAL: Schema = {
    "@context": {"type": "array", "items": _STRING, "minItems": 2, "maxItems": 2},
    "id": {"type": "string", "format": "uri"},
    "type": {"type": "array", "items": _STRING},
    "issuer": object_of(
        {
            "id": {"type": "string", "pattern": "^did:web:"},
            "alsoKnownAs": {"type": "array", "items": {"type": "string", "pattern": "^did:"}},
        },
        ["id"],
    ),
    "validFrom": {"type": "string", "format": "date-time"},
    "version": {"type": "integer", "minimum": 1},
    "credentialSchema": {"type": "object", "required": ["id", "type"]},
}
_SEALED: Schema = {
    "id": {"type": "string", "format": "uri"},
    "mediaType": _STRING,
    "digestMultibase": {"type": "string", "pattern": "^uEi"},
}
_LATER: Schema = {
    "previousVersion": {"type": "string", "pattern": "^u"},
    "log": {"type": "object", "required": ["origin", "index"]},
    "credentialStatus": {"type": "object", "required": ["type", "statusPurpose"]},
    "relatedResource": {"type": "array", "minItems": 1, "items": object_of(_SEALED, _SEALED)},
    "proof": {"type": "object", "required": ["type", "cryptosuite", "proofValue"]},
}
_OPTIONAL_HEADER = ("facilityId", "modelPassport", "predecessors", "successors")
_ABOUT: Schema = {
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
    members = _CREDENTIAL | _LATER | {"credentialSubject": _subject(points)}
    required = [*_CREDENTIAL, "credentialSubject", "proof"]
    identified: Schema = {"$id": f"{base_url}{schema_path()}"}
    return identified | file_schema("Battery passport", members, required)


def _subject(points: Iterable[DataPoint]) -> Json:
    members: Schema = {point.member: _member(point) for point in points}
    required = [name for name in _HEADER if name not in _OPTIONAL_HEADER]
    return object_of(_HEADER | members, required)


def _member(point: DataPoint) -> Json:
    return {
        "title": point.label.text("en"),
        "description": f"{point.help.text('en')} ({point.clause})",
        "oneOf": [_NOT_APPLICABLE, _with_about(_value(point, point.fields), point.type)],
    }


def _with_about(value: Schema, type_: str) -> Json:
    """Measures carry their own members; all else stands under `value`."""
    members: Schema = {"value": value}
    if type_ in _MEASURES and isinstance(value["properties"], dict):
        members = value["properties"]
    return object_of(members | _ABOUT, members)


_NOT_APPLICABLE = object_of({"notApplicable": _TEXTS}, ["notApplicable"])
_MEASURES = ("quantity", "period", "range")
_LISTS = {"codes": "code", "documents": "document", "records": "record"}


def _value(shape: DataPoint | Field, fields: tuple[Field, ...]) -> Schema:
    if shape.type in _LISTS:
        return {"type": "array", "items": _single(_LISTS[shape.type], shape, fields)}
    return _single(shape.type, shape, fields)


def _single(type_: str, shape: DataPoint | Field, fields: tuple[Field, ...]) -> Schema:
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


def _measure(numbers: list[str], units: list[str]) -> Schema:
    decimals: Schema = {name: {"type": "string", "pattern": _DECIMAL} for name in numbers}
    return object_of(decimals | {"unit": {"enum": list(units)}}, [*numbers, "unit"])


def _record(fields: tuple[Field, ...]) -> Schema:
    members: Schema = {
        camel_case(field.name): _value(field, ()) | {"title": field.label.text("en")}
        for field in fields
    }
    return object_of(members, [camel_case(field.name) for field in fields if field.required])


_DOCUMENT: Schema = {
    "url": {"type": "string", "format": "uri"},
    "mediaType": _STRING,
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "title": _TEXTS,
    "languages": {"type": "array", "items": _STRING},
}
_PLAIN: dict[str, Schema] = {
    "period": _measure(["value"], ["years", "months"]),
    "integer": {"type": "integer", "minimum": 0},
    "boolean": {"type": "boolean"},
    "text": _TEXTS,
    "string": {"type": "string"},
    "email": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "month": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    "uri": {"type": "string", "format": "uri"},
    "document": object_of(_DOCUMENT, _DOCUMENT),
}
