"""JSON Schemas (2020-12) of the YAML files that people edit, for their editors and our readers.

Data points come from the registry; the members that models and operators have besides are listed
here, and nowhere else: readers take from here which members a mapping may have. A schema sees what
YAML 1.2 makes of a file (`100` a number, `true` a truth value), while content is read as typed
text: where the two differ, the schema takes either. It knows shapes only; what agrees with what is
for checks.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from passport.access.schema import access_schemas
from passport.encoding.canonical import Json
from passport.evidence import Result
from passport.hosting import Operation
from passport.label_design import LEVELS, LabelText
from passport.registry import Category, DataPoint, Field, Translated, registry
from passport.schema_shapes import (
    BOOLEAN,
    DATE,
    DIALECT,
    TEXT,
    Schema,
    each_named,
    file_schema,
    object_of,
    one_or_more,
    told,
)

_LANGUAGE = "^[a-z]{2,3}$"
_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"

_PROSE: Schema = {
    "anyOf": [
        TEXT,
        {
            "type": "object",
            "propertyNames": {"pattern": _LANGUAGE},
            "additionalProperties": TEXT,
            "minProperties": 1,
        },
    ]
}
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
    "string": TEXT,
    "boolean": BOOLEAN,
    "date": DATE,
    "month": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    "period": {"type": "string", "pattern": "^(0|[1-9][0-9]*) (years|months)$"},
    "uri": _LINK,
    "email": _EMAIL,
    "text": _PROSE,
    "document": {**TEXT, "description": "Name of a document listed in model.yaml"},
}
LISTS = {"codes": "code", "documents": "document"}
"""Types that are one or more of another type."""
CONDITION_UNITS = {"temperature": "°C", "state_of_charge": "%", "c_rate": "C"}
"""What may be said of how a value was measured, and its unit."""


@cache
def content_schemas() -> Mapping[str, Schema]:
    """Return a schema for each kind of file, keyed by the files that it holds for.

    A key is a path below `content/`, with `*` for the name that people choose.
    """
    schemas = {
        "operators/*.yaml": _operator(),
        "hosting.yaml": _hosting(),
        "labels.yaml": _labels(),
        "models/*/model.yaml": _model(),
        "models/*/evidence.yaml": _evidence(),
    }
    schemas |= access_schemas()
    for source in _sources():
        schemas[f"models/*/{source}.yaml"] = _field_group(source)
    return schemas


def _sources() -> Iterable[str]:
    # What no file of a model holds comes from operators, rows and events, or is derived.
    elsewhere = {"model", "operator", "batteries", "events", "derived"}
    return dict.fromkeys(p.source for p in registry().data_points if p.source not in elsewhere)


def _field_group(source: str) -> Schema:
    points = registry().from_source(source)
    members = _data_points(points)
    if not source.startswith("restricted/"):
        per_plant = object_of(_data_points(point for point in points if point.by_plant))
        members["plants"] = each_named(
            per_plant, "What differs from plant to plant, by the plant's name"
        )
    return file_schema(f"{source.rpartition('/')[2]} of a battery model", members)


def _model() -> Schema:
    own: Schema = {
        "name": told("Name of the model", TEXT),
        "model_number": told("Model number as on the label (Annex VI A (2))", TEXT),
        "gtin": told("GTIN of the model, 14 digits in quotes", _GTIN),
        "own_identifier": told("Without a GS1 number: scheme/value", _OWN_IDENTIFIER),
        "manufacturer": told("Whose name is on the label: a file in content/operators", TEXT),
        "operator": told("Who places it on the market: a file in content/operators", TEXT),
        "plants": told("Where it is made: plants of the manufacturer", one_or_more(TEXT)),
        "placed_as": told("What is placed on the market as one battery", _code("placed_as")),
        "category": told("Battery category (Art. 77(1))", _code("battery_category")),
        "stationary": told("Stationary battery energy storage (Art. 3(1)(15))", BOOLEAN),
        "storage": told("Where the energy is stored (Art. 7 and 8)", _code("storage")),
        "rechargeable": told("Whether it can be recharged; true if left out", BOOLEAN),
        "bms": told("Whether it has a battery management system", BOOLEAN),
        "standby": told("Whether it only waits, fully charged, for a power cut", BOOLEAN),
        "scope": told("Why it needs a passport (Art. 77(1)), who judged it and when", _scope()),
        "documents": each_named(_document(), "Files of this folder, each under a name of its own"),
        "picture": told("Name of the document that shows the battery", TEXT),
        "identifier_issuer": told("Who issues its identifiers; GS1 needs no mention", TEXT),
        "iso15459": told("What ISO/IEC 15459 writes before the serial; GS1 needs none", TEXT),
        "eu_registry": told("What the EU registry answered; never published", _registration()),
    }
    required = ("name", "model_number", "manufacturer", "plants", "placed_as", "category", "scope")
    identified: Json = [{"required": ["gtin"]}, {"required": ["own_identifier"]}]
    points = _data_points(registry().from_source("model"))
    return file_schema("Battery model", own | points, required) | {"anyOf": identified}


def _scope() -> Schema:
    members: Schema = {
        "rationale": told("Why it needs a passport, or none", TEXT),
        "industrial_use": told("Why it is industrial and not portable (Art. 3(1)(13))", TEXT),
        "stationary_reason": told("Why it is stationary or not (Art. 3(1)(15))", TEXT),
        "market_route": told("How it reaches the EU market", _code("eu_market_route")),
        "part_of": told("Models that it is built into", one_or_more(TEXT)),
        "also_sold_singly": told("Whether it reaches the market by itself too", BOOLEAN),
        "voluntary": told("A passport though none is required", BOOLEAN),
        "reviewer": told("Who else looked at the decision", TEXT),
        "reviewed_on": DATE,
    }
    return object_of(members, ["rationale"])


def _registration() -> Schema:
    members: Schema = {
        "registration_id": told("The registry's own identifier", TEXT),
        "registered_on": DATE,
        "version_sha256": told("Digest of the passport that was registered", _SHA256),
        "proof": told("Where the receipt is kept", TEXT),
        "commodity_code": told("6, 8 or 10 digits, in quotes", _COMMODITY),
    }
    return object_of(members, ["registration_id"])


def _hosting() -> Schema:
    processor: Schema = {
        "operator": told("A file in content/operators with the role processor", TEXT),
        "contract": told("Name and date of the contract; never published", TEXT),
        "no_resale": told("Whether it forbids sale and re-use (Art. 78(d))", BOOLEAN),
    }
    back_up: Schema = {
        "operator": told("A file in content/operators with the role back-up-provider", TEXT),
        "url": told("Where the copy answers (Art. 78(e))", _LINK),
        "last_mirror": told("When the site was last copied", DATE),
        "last_drill": told("When the copy was last restored and verified", DATE),
    }
    authorisation: Schema = {
        "party": told("Who is authorised: a file in content/operators", TEXT),
        "may": told("What it may do with passports", one_or_more({"enum": list(Operation)})),
        "evidence": told("The written authorisation; never published", TEXT),
        "valid_from": DATE,
        "valid_until": DATE,
    }
    required = ["party", "may", "valid_from"]
    members: Schema = {
        "data_host": told("Who answers for the storage: a file in content/operators", TEXT),
        "processor": object_of(processor, ["operator"]),
        "back_up": object_of(back_up, ["operator", "url"]),
        "authorisations": one_or_more(object_of(authorisation, required)),
    }
    return file_schema("Hosting of the passports", members, ["data_host"])


def _labels() -> Schema:
    test: Schema = {
        "device": told("The phone and its version", TEXT),
        "distance": _quantity("mm"),
        "result": {"enum": list(Result)},
        "tested_on": DATE,
        "tester": told("Who held it", TEXT),
        "conditions": told("Light, surface, angle", TEXT),
    }
    design: Schema = {
        "width": _quantity("mm"),
        "height": _quantity("mm"),
        "dpi": told("Dots per inch of the printer", _PLAIN["integer"]),
        "module": told("Side of a module; the largest with room if left out", _quantity("mm")),
        "level": told("Error correction; q if left out", {"enum": list(LEVELS)}),
        "quiet_zone": told("Free modules around the code; 4 if left out", _PLAIN["integer"]),
        "reading_distance": told("How far a phone may be away", _quantity("mm")),
        "texts": told("Lines that people read", one_or_more({"enum": list(LabelText)})),
        "symbols": told("Whether it bears the marking symbols", BOOLEAN),
        "ink": told("#rrggbb, or a colour of the theme", TEXT),
        "paper": told("#rrggbb, or a colour of the theme", TEXT),
        "legibility": told("Who found it visible and legible, where", TEXT),
        "unreadable": told("What people can do with a label that can't be read", TEXT),
        "tests": one_or_more(object_of(test, ["device", "distance", "result"])),
    }
    shape = object_of(design, ["width", "height", "dpi"])
    named = each_named(shape, "Each under a name of its own")
    return file_schema("Label designs and how they were tried", {"designs": named}, ["designs"])


def _document() -> Schema:
    members: Schema = {
        "file": told("Path below the model's folder", TEXT),
        "sha256": told("Digest of the file; `cellfolio check` tells it", _SHA256),
        "title": _PROSE,
        "languages": one_or_more(TEXT),
        "publish": told("Whether everybody may read it", BOOLEAN),
        "number": told("What sealed files call it, for ever", {"type": "integer", "minimum": 1}),
    }
    return object_of(members, ["file", "sha256", "title", "languages"])


def _evidence() -> Schema:
    points: Schema = {"enum": list(registry().by_key)}
    texts = {
        "source_system": "Where the data come from",
        "record": "The record's id there",
        "owner": "Who answers for the value",
        "updater": "Who keeps it up to date",
        "rule": "How it is validated",
        "trigger": "What makes it due anew",
        "frequency": "How often it is validated",
    }
    members: Schema = {
        "covers": told("Data points that it proves", one_or_more(points)),
        "document": told("Name of a document listed in model.yaml", TEXT),
        "result": {"enum": list(Result)},
        "validated_on": told("When the rule was last applied", DATE),
        **{name: told(text, TEXT) for name, text in texts.items()},
    }
    entries = each_named(object_of(members, [*texts, "result"]))
    return {"$schema": DIALECT, "title": "Evidence register of a battery model", **entries}


def _operator() -> Schema:
    role: Schema = {
        "role": _code("operator_role"),
        "evidence": told("What proves the role", TEXT),
        "valid_from": DATE,
        "valid_until": DATE,
    }
    address: Schema = {
        "street": TEXT,
        "postal_code": TEXT,
        "city": TEXT,
        "country": told("Two letters of ISO 3166-1", TEXT),
    }
    party: Schema = {
        "did": {"type": "string", "pattern": "^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]+$"},
        "evidence": told("What proves the authorisation", TEXT),
        "valid_from": DATE,
        "valid_until": DATE,
    }
    plant: Schema = {"name": TEXT, "city": TEXT, "country": TEXT, "facility_id": TEXT}
    members: Schema = {
        "name": told("Full name of the company", TEXT),
        "trade_name": told("Name or mark as on the label; the name if left out", TEXT),
        "identifier": told("What registers know it by: GLN, EUID, VAT, EORI, DUNS, …", TEXT),
        "address": told(
            "One postal address (Annex VI A (1))",
            object_of(address, ["street", "postal_code", "city", "country"]),
        ),
        "web": _LINK,
        "email": _EMAIL,
        "roles": one_or_more(object_of(role, ["role", "valid_from"])),
        "plants": each_named(
            object_of(plant, ["name", "city", "country"]),
            "Where batteries are made, each under a name of its own",
        ),
        "authorised": told(
            "Parties that may sign events of its batteries (docs/lifecycle.md)",
            one_or_more(object_of(party, ["did", "evidence", "valid_from"])),
        ),
    }
    return file_schema("Economic operator", members, ["name", "identifier", "address"])


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
    conditions: Schema = {name: _quantity(unit) for name, unit in CONDITION_UNITS.items()}
    members: Schema = {
        "value": value,
        "not_applicable": told("Why there is no value; everybody reads it", _PROSE),
        "as_of": told("When the value was determined", DATE),
        "method": TEXT,
        "basis": _code("measurement_basis"),
        "originator": told("Who determined the value", TEXT),
        "uncertainty": TEXT,
        "evidence": told("Entry of the evidence register; never published", TEXT),
        "conditions": object_of(conditions),
    }
    return object_of(members) | {
        "oneOf": [{"required": ["value"]}, {"required": ["not_applicable"]}]
    }


def _value(shape: DataPoint | Field, fields: tuple[Field, ...]) -> Schema:
    if shape.type == "record":
        return _record(fields)
    if shape.type == "records":
        return {"type": "array", "items": _record(fields)}
    if shape.type in LISTS:
        return one_or_more(_single(LISTS[shape.type], shape))
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
    return object_of(members, [field.name for field in fields if field.required])


def _english(label: Translated) -> str:
    return label.text("en")
