"""The JSON-LD context of passports, generated from the registry.

JSON-LD 1.1 without `@vocab`: every member of a passport has a term, so that nothing is dropped on
expansion. The bytes depend on the version only, not on the site, which lets verifiers pin their
digest; each site hosts its own copy under `/ctx/`. Names of records' fields are defined inside
their data point, where they can't clash with the terms of the credential, and do not propagate:
the `value` of a quantity inside a list of records is no list.
"""

from passport.encoding.canonical import Json
from passport.registry import DataPoint, Field, camel_case, registry
from passport.subject import SCHEMA_VERSION

VOCABULARY = "urn:cellfolio:battery-passport:1:"
"""Prefix of every term; a name, not an address, so that it outlives hosts."""

_ADDRESSES = (
    "uniqueProductIdentifier",
    "digitalProductPassportId",
    "contentSpecificationIds",
    "modelPassport",
    "predecessors",
    "successors",
    "url",
)
_PLAIN = (
    "DigitalProductPassport",
    "BatteryPassport",
    "version",
    "previousVersion",
    "log",
    "origin",
    "index",
    "granularity",
    "dppSchemaVersion",
    "dppStatus",
    "economicOperatorId",
    "facilityId",
    "value",
    "unit",
    "low",
    "high",
    "method",
    "basis",
    "originator",
    "uncertainty",
    "conditions",
    "temperature",
    "stateOfCharge",
    "cRate",
    "sha256",
)
_MEASURES = ("quantity", "range", "period")


def context_path() -> str:
    """Where the context of this version lies on every site."""
    return f"/ctx/battery-passport-{SCHEMA_VERSION}.jsonld"


def passport_context() -> Json:
    """Return the context document."""
    terms: dict[str, Json] = {
        "@version": 1.1,
        "@protected": True,
        "alsoKnownAs": _address("https://www.w3.org/ns/activitystreams#alsoKnownAs"),
        "lastUpdate": _typed("lastUpdate", "dateTime"),
        "asOf": _typed("asOf", "date"),
        "notApplicable": _texts("notApplicable"),
        "title": _texts("title"),
        "languages": {"@id": VOCABULARY + "languages", "@container": "@list"},
    }
    terms |= {name: VOCABULARY + name for name in _PLAIN}
    terms |= {name: _address(VOCABULARY + name) for name in _ADDRESSES}
    terms |= {point.member: _point(point) for point in registry().data_points if point.is_public}
    return {"@context": terms}


def _point(point: DataPoint) -> Json:
    """The term of a data point; only a value that is no plain one needs a term of its own."""
    value = _value("value", point.type, point.fields)
    if point.type in _MEASURES or value == VOCABULARY + "value":
        return VOCABULARY + point.member
    return {"@id": VOCABULARY + point.member, "@context": _inside({"value": value})}


def _value(name: str, type_: str, fields: tuple[Field, ...]) -> Json:
    """The term of a value of one type; lists keep their order."""
    term: dict[str, Json] = {"@id": VOCABULARY + name}
    if type_ in ("record", "records"):
        types = {camel_case(field.name): field.type for field in fields}
        term["@context"] = _inside({part: _value(part, kind, ()) for part, kind in types.items()})
    if type_ in ("records", "codes", "documents"):
        term["@container"] = "@list"
    if type_ == "text":
        term["@container"] = "@language"
    if type_ == "uri":
        term["@type"] = "@id"
    return term if len(term) > 1 else VOCABULARY + name


def _inside(terms: dict[str, Json]) -> Json:
    """Terms for the members of one object, and not of those inside it."""
    return {"@propagate": False, **terms}


def _address(iri: str) -> Json:
    return {"@id": iri, "@type": "@id"}


def _typed(name: str, type_: str) -> Json:
    return {"@id": VOCABULARY + name, "@type": f"http://www.w3.org/2001/XMLSchema#{type_}"}


def _texts(name: str) -> Json:
    return {"@id": VOCABULARY + name, "@container": "@language"}
