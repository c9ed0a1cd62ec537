"""JSON Schemas (2020-12) of the YAML files that people edit, for their editors.

Data points come from the registry; the members that models and operators have besides are listed
here. A schema sees what YAML 1.2 makes of a file (`100` a number, `true` a truth value), while
content is read as typed text: where the two differ, the schema takes either. It knows shapes only;
what agrees with what is for checks.
"""

import re
from collections.abc import Iterable, Mapping

from passport.canonical import Json
from passport.evidence import Result
from passport.hosting import Operation
from passport.registry import Category, DataPoint, Field, Translated, registry
from passport.schema import DIALECT

Schema = dict[str, Json]

_LANGUAGE = "^[a-z]{2,3}$"
_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"

# What content reads as a text, YAML may take for a number or a truth value.
_TEXT: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_PROSE: Schema = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "propertyNames": {"pattern": _LANGUAGE},
            "additionalProperties": _TEXT,
            "minProperties": 1,
        },
    ]
}
_BOOLEAN: Schema = {"enum": [True, False, "true", "false"]}
_DATE: Schema = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}
_LINK: Schema = {"type": "string", "pattern": "^https://[a-z0-9.-]+(:[0-9]+)?(/[!-~]*)?$"}
_EMAIL: Schema = {"type": "string", "pattern": r"^[^@\s<>\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"}
_GTIN: Schema = {"type": ["string", "integer"], "pattern": "^[0-9]{14}$"}
_OWN_IDENTIFIER: Schema = {"type": "string", "pattern": "^[a-z]{2,12}/[^/]+$"}
_COMMODITY: Schema = {"type": ["string", "integer"], "pattern": "^ *([0-9] *){6,10}$"}
_SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_PLAIN: Mapping[str, Schema] = {
    "integer": {
        "anyOf": [
            {"type": "integer", "minimum": 0},
            {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"},
        ]
    },
    "string": _TEXT,
    "boolean": _BOOLEAN,
    "date": _DATE,
    "month": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    "period": {"type": "string", "pattern": "^(0|[1-9][0-9]*) (years|months)$"},
    "uri": _LINK,
    "email": _EMAIL,
    "text": _PROSE,
    "document": {**_TEXT, "description": "Name of a document listed in model.yaml"},
}
_LISTS = {"codes": "code", "documents": "document"}
_CONDITION_UNITS = {"temperature": "°C", "state_of_charge": "%", "c_rate": "C"}


def content_schemas() -> Mapping[str, Schema]:
    """Return a schema for each kind of file, keyed by the files that it holds for.

    A key is a path below `content/`, with `*` for the name that people choose.
    """
    schemas = {
        "operators/*.yaml": _operator(),
        "hosting.yaml": _hosting(),
        "models/*/model.yaml": _model(),
        "models/*/evidence.yaml": _evidence(),
    }
    for source in _sources():
        schemas[f"models/*/{source}.yaml"] = _field_group(source)
    return schemas


def _sources() -> Iterable[str]:
    # What no file of a model holds comes from operators, rows and events, or is derived.
    elsewhere = {"model", "operator", "batteries", "events", "derived"}
    return dict.fromkeys(p.source for p in registry().data_points if p.source not in elsewhere)


def _file(title: str, members: Schema, required: Iterable[str] = ()) -> Schema:
    return {"$schema": DIALECT, "title": title, **_object(members, required)}


def _field_group(source: str) -> Schema:
    points = registry().from_source(source)
    members = _data_points(points)
    if not source.startswith("restricted/"):
        per_plant = _object(_data_points(point for point in points if point.by_plant))
        members["plants"] = {
            "description": "What differs from plant to plant, by the plant's name",
            "type": "object",
            "additionalProperties": per_plant,
        }
    return _file(f"{source.rpartition('/')[2]} of a battery model", members)


def _model() -> Schema:
    own: Schema = {
        "name": _told("Name of the model", _TEXT),
        "model_number": _told("Model number as on the label (Annex VI A (2))", _TEXT),
        "gtin": _told("GTIN of the model, 14 digits in quotes", _GTIN),
        "own_identifier": _told("Without a GS1 number: scheme/value", _OWN_IDENTIFIER),
        "manufacturer": _told("Whose name is on the label: a file in content/operators", _TEXT),
        "operator": _told("Who places it on the market: a file in content/operators", _TEXT),
        "plants": _told("Where it is made: plants of the manufacturer", _one_or_more(_TEXT)),
        "placed_as": _told("What is placed on the market as one battery", _code("placed_as")),
        "category": _told("Battery category (Art. 77(1))", _code("battery_category")),
        "stationary": _told("Stationary battery energy storage (Art. 3(1)(15))", _BOOLEAN),
        "storage": _told("Where the energy is stored (Art. 7 and 8)", _code("storage")),
        "rechargeable": _told("Whether it can be recharged; true if left out", _BOOLEAN),
        "bms": _told("Whether it has a battery management system", _BOOLEAN),
        "standby": _told("Whether it only waits, fully charged, for a power cut", _BOOLEAN),
        "scope": _told("Why it needs a passport (Art. 77(1)), who judged it and when", _scope()),
        "documents": {
            "description": "Files of this folder, each under a name of its own",
            "type": "object",
            "additionalProperties": _document(),
        },
        "identifier_issuer": _told("Who issues its identifiers; GS1 needs no mention", _TEXT),
        "iso15459": _told("What ISO/IEC 15459 writes before the serial; GS1 needs none", _TEXT),
        "eu_registry": _told("What the EU registry answered; never published", _registration()),
    }
    required = ("name", "model_number", "manufacturer", "plants", "placed_as", "category", "scope")
    identified: Json = [{"required": ["gtin"]}, {"required": ["own_identifier"]}]
    points = _data_points(registry().from_source("model"))
    return _file("Battery model", own | points, required) | {"anyOf": identified}


def _scope() -> Schema:
    members: Schema = {
        "rationale": _told("Why it needs a passport, or none", _TEXT),
        "industrial_use": _told("Why it is industrial and not portable (Art. 3(1)(13))", _TEXT),
        "stationary_reason": _told("Why it is stationary or not (Art. 3(1)(15))", _TEXT),
        "market_route": _told("How it reaches the EU market", _code("eu_market_route")),
        "part_of": _told("Models that it is built into", _one_or_more(_TEXT)),
        "also_sold_singly": _told("Whether it reaches the market by itself too", _BOOLEAN),
        "voluntary": _told("A passport though none is required", _BOOLEAN),
        "reviewer": _told("Who else looked at the decision", _TEXT),
        "reviewed_on": _DATE,
    }
    return _object(members, ["rationale"])


def _registration() -> Schema:
    members: Schema = {
        "registration_id": _told("The registry's own identifier", _TEXT),
        "registered_on": _DATE,
        "version_sha256": _told("Digest of the passport that was registered", _SHA256),
        "proof": _told("Where the receipt is kept", _TEXT),
        "commodity_code": _told("6, 8 or 10 digits, in quotes", _COMMODITY),
    }
    return _object(members, ["registration_id"])


def _hosting() -> Schema:
    processor: Schema = {
        "operator": _told("A file in content/operators with the role processor", _TEXT),
        "contract": _told("Name and date of the contract; never published", _TEXT),
        "no_resale": _told("Whether it forbids sale and re-use (Art. 78(d))", _BOOLEAN),
    }
    back_up: Schema = {
        "operator": _told("A file in content/operators with the role back-up-provider", _TEXT),
        "url": _told("Where the copy answers (Art. 78(e))", _LINK),
        "last_mirror": _told("When the site was last copied", _DATE),
        "last_drill": _told("When the copy was last restored and verified", _DATE),
    }
    authorisation: Schema = {
        "party": _told("Who is authorised: a file in content/operators", _TEXT),
        "may": _told("What it may do with passports", _one_or_more({"enum": list(Operation)})),
        "evidence": _told("The written authorisation; never published", _TEXT),
        "valid_from": _DATE,
        "valid_until": _DATE,
    }
    required = ["party", "may", "valid_from"]
    members: Schema = {
        "data_host": _told("Who answers for the storage: a file in content/operators", _TEXT),
        "processor": _object(processor, ["operator"]),
        "back_up": _object(back_up, ["operator", "url"]),
        "authorisations": _one_or_more(_object(authorisation, required)),
    }
    return _file("Hosting of the passports", members, ["data_host"])


def _document() -> Schema:
    members: Schema = {
        "file": _told("Path below the model's folder", _TEXT),
        "sha256": _told("Digest of the file; `cellfolio check` tells it", _SHA256),
        "title": _PROSE,
        "languages": _one_or_more(_TEXT),
        "publish": _told("Whether everybody may read it", _BOOLEAN),
        "number": _told("What sealed files call it, for ever", {"type": "integer", "minimum": 1}),
    }
    return _object(members, ["file", "sha256", "title", "languages"])


def _evidence() -> Schema:
    points: Schema = {"enum": list(registry().by_key)}
    told = {
        "source_system": "Where the data come from",
        "record": "The record's id there",
        "owner": "Who answers for the value",
        "updater": "Who keeps it up to date",
        "rule": "How it is validated",
        "trigger": "What makes it due anew",
        "frequency": "How often it is validated",
    }
    members: Schema = {
        "covers": _told("Data points that it proves", _one_or_more(points)),
        "document": _told("Name of a document listed in model.yaml", _TEXT),
        "result": {"enum": list(Result)},
        "validated_on": _told("When the rule was last applied", _DATE),
        **{name: _told(text, _TEXT) for name, text in told.items()},
    }
    entries: Schema = {
        "type": "object",
        "additionalProperties": _object(members, [*told, "result"]),
    }
    return {"$schema": DIALECT, "title": "Evidence register of a battery model", **entries}


def _operator() -> Schema:
    role: Schema = {
        "role": _code("operator_role"),
        "evidence": _told("What proves the role", _TEXT),
        "valid_from": _DATE,
        "valid_until": _DATE,
    }
    address: Schema = {
        "street": _TEXT,
        "postal_code": _TEXT,
        "city": _TEXT,
        "country": _told("Two letters of ISO 3166-1", _TEXT),
    }
    party: Schema = {
        "did": {"type": "string", "pattern": "^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]+$"},
        "evidence": _told("What proves the authorisation", _TEXT),
        "valid_from": _DATE,
        "valid_until": _DATE,
    }
    plant: Schema = {"name": _TEXT, "city": _TEXT, "country": _TEXT, "facility_id": _TEXT}
    members: Schema = {
        "name": _told("Full name of the company", _TEXT),
        "trade_name": _told("Name or mark as on the label; the name if left out", _TEXT),
        "identifier": _told("What registers know it by: GLN, EUID, VAT, EORI, DUNS, …", _TEXT),
        "address": _told(
            "One postal address (Annex VI A (1))",
            _object(address, ["street", "postal_code", "city", "country"]),
        ),
        "web": _LINK,
        "email": _EMAIL,
        "roles": _one_or_more(_object(role, ["role", "valid_from"])),
        "plants": {
            "description": "Where batteries are made, each under a name of its own",
            "type": "object",
            "additionalProperties": _object(plant, ["name", "city", "country"]),
        },
        "authorised": _told(
            "Parties that may sign events of its batteries (docs/lifecycle.md)",
            _one_or_more(_object(party, ["did", "evidence", "valid_from"])),
        ),
    }
    return _file("Economic operator", members, ["name", "identifier", "address"])


def _data_points(points: Iterable[DataPoint]) -> Schema:
    return {point.key: _data_point(point) for point in points}


def _data_point(point: DataPoint) -> Schema:
    """A data point, short (its value) or long (with what is known about the value)."""
    value = _value(point, point.fields)
    asked = ", ".join(f"{c.value} {point.requirement(c, '1.0').value}" for c in Category)
    return {
        "title": point.label.text("en"),
        "description": f"{point.help.text('en')} ({point.clause}; guidance 1.0: {asked})",
        "anyOf": [value, _long_form(value)],
    }


def _long_form(value: Schema) -> Schema:
    conditions: Schema = {name: _quantity(unit) for name, unit in _CONDITION_UNITS.items()}
    members: Schema = {
        "value": value,
        "not_applicable": _told("Why there is no value; everybody reads it", _PROSE),
        "as_of": _told("When the value was determined", _DATE),
        "method": _TEXT,
        "basis": _code("measurement_basis"),
        "originator": _told("Who determined the value", _TEXT),
        "uncertainty": _TEXT,
        "evidence": _told("Entry of the evidence register; never published", _TEXT),
        "conditions": _object(conditions),
    }
    return _object(members) | {"oneOf": [{"required": ["value"]}, {"required": ["not_applicable"]}]}


def _value(shape: DataPoint | Field, fields: tuple[Field, ...]) -> Schema:
    if shape.type == "record":
        return _record(fields)
    if shape.type == "records":
        return {"type": "array", "items": _record(fields)}
    if shape.type in _LISTS:
        return _one_or_more(_single(_LISTS[shape.type], shape))
    return _single(shape.type, shape)


def _single(type_: str, shape: DataPoint | Field) -> Schema:
    match type_:
        case "quantity":
            return _quantity(shape.unit)
        case "range":
            pattern = rf"^\s*{_NUMBER}\s*\.\.\s*{_NUMBER}\s+{re.escape(shape.unit)}\s*$"
            return {"type": "string", "pattern": pattern}
        case "code":
            return _code(shape.codes)
    return _PLAIN[type_]


def _quantity(unit: str) -> Schema:
    return {
        "type": "string",
        "pattern": rf"^\s*{_NUMBER}\s*{re.escape(unit)}\s*$",
        "description": f"A number and {unit}",
    }


def _code(code_list: str) -> Schema:
    entries = registry().code_lists[code_list]
    # Editors show `enumDescriptions`; validators pass over it.
    meanings: Json = [_english(entry.label) for entry in entries.values()]
    return {"enum": list(entries), "enumDescriptions": meanings}


def _record(fields: tuple[Field, ...]) -> Schema:
    members: Schema = {
        field.name: {"title": _english(field.label), **_value(field, ())} for field in fields
    }
    return _object(members, [field.name for field in fields if field.required])


def _english(label: Translated) -> str:
    return label.text("en")


def _one_or_more(item: Schema) -> Schema:
    """A list, or one item without its hyphen."""
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _object(members: Schema, required: Iterable[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": members,
        "required": list(required),
        "additionalProperties": False,
    }


def _told(description: str, schema: Schema) -> Schema:
    return {"description": description, **schema}
