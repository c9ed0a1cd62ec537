"""The subject of a passport: EN 18223-shaped header, then the public data points.

DESIGN 5. A battery's subject repeats its model's public data points, so that it stands alone.
Each data point is a member named by its key in camel case: `{"value": "51.2", "unit": "V"}` with
what is known about the value, or `{"notApplicable": …}`. Only public elements can be passed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from passport.encoding.canonical import Json
from passport.encoding.timestamp import time_text
from passport.errors import PassportError
from passport.model import Conditions, Element, NotApplicable
from passport.registry import camel_case, registry
from passport.values import (
    Code,
    Document,
    Link,
    Quantity,
    Range,
    Record,
    Text,
    Value,
    YearMonth,
)

SCHEMA_VERSION = "1.0.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The members that EN 18223 puts before the data points."""

    digital_product_passport_id: str
    unique_product_identifier: str
    granularity: str
    dpp_status: str
    last_update: datetime
    economic_operator_id: str
    facility_id: str
    content_specification_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a passport says: header, links to other passports, elements.

    `model_passport` is "" for a model. `predecessors` and `successors` are product URIs: a battery
    that is re-used, repurposed or remanufactured gets a new passport (Art. 77(7)).
    """

    header: Header
    model_passport: str
    elements: tuple[Element, ...]
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()


def public_elements(elements: Iterable[Element]) -> tuple[Element, ...]:
    """Return the elements in the registry's order; refuses a restricted one and a second value."""
    found: dict[str, Element] = {}
    for element in elements:
        if not element.point.is_public:
            raise PassportError(f"{element.point.key} is restricted and can't be published")
        if element.point.key in found:
            raise PassportError(f"{element.point.key} is stated twice")
        found[element.point.key] = element
    return tuple(found[p.key] for p in registry().data_points if p.key in found)


def subject_json(subject: Subject, document_urls: Mapping[str, str]) -> dict[str, Json]:
    """Return the subject as JSON; `document_urls` maps a document's digest to where it lies."""
    members = _header(subject.header)
    if subject.model_passport:
        members["modelPassport"] = subject.model_passport
    if subject.predecessors:
        members["predecessors"] = list(subject.predecessors)
    if subject.successors:
        members["successors"] = list(subject.successors)
    for element in subject.elements:
        members[element.point.member] = element_json(element, document_urls)
    return members


def _header(header: Header) -> dict[str, Json]:
    members: dict[str, Json] = {
        "id": header.unique_product_identifier,
        "digitalProductPassportId": header.digital_product_passport_id,
        "uniqueProductIdentifier": header.unique_product_identifier,
        "granularity": header.granularity,
        "dppSchemaVersion": SCHEMA_VERSION,
        "dppStatus": header.dpp_status,
        "lastUpdate": time_text(header.last_update),
        "economicOperatorId": header.economic_operator_id,
        "contentSpecificationIds": list(header.content_specification_ids),
    }
    if header.facility_id:
        members["facilityId"] = header.facility_id
    return members


def element_json(element: Element, document_urls: Mapping[str, str]) -> Json:
    """Return a data point as a subject holds it: its value or why there is none, and about it."""
    if isinstance(element.value, NotApplicable):
        return {"notApplicable": dict(element.value.reason.translations)}
    value = value_json(element.value, document_urls)
    members: dict[str, Json] = value if _is_measure(element.value) else {"value": value}  # type: ignore[assignment]
    return members | _about(element)


def _is_measure(value: Value) -> bool:
    return isinstance(value, Quantity | Range)


def _about(element: Element) -> dict[str, Json]:
    about: dict[str, Json] = {}
    if element.as_of:
        about["asOf"] = element.as_of.isoformat()
    for name in ("method", "basis", "originator", "uncertainty"):
        if text := getattr(element, name):
            about[name] = text
    if element.conditions != Conditions():
        about["conditions"] = _conditions(element.conditions)
    return about


def _conditions(conditions: Conditions) -> dict[str, Json]:
    parts = {
        "temperature": conditions.temperature,
        "stateOfCharge": conditions.state_of_charge,
        "cRate": conditions.c_rate,
    }
    return {name: value_json(part, {}) for name, part in parts.items() if part is not None}


def value_json(value: Value, document_urls: Mapping[str, str]) -> Json:
    """Return a value as JSON; decimals keep their digits as text."""
    match value:
        case Quantity(number, unit):
            return {"value": f"{number:f}", "unit": unit}
        case Range(low, high, unit):
            return {"low": f"{low:f}", "high": f"{high:f}", "unit": unit}
        case Text(translations):
            return dict(translations)
        case Record(fields):
            return {camel_case(k): value_json(v, document_urls) for k, v in fields}
        case tuple():
            return [value_json(part, document_urls) for part in value]
        case Document():
            return _document(value, document_urls[value.sha256])
        case bool() | int() | str():
            return value
        case Code() | Link() | YearMonth():
            return str(value)
        case date():
            return value.isoformat()


def _document(document: Document, url: str) -> Json:
    return {
        "url": url,
        "mediaType": document.media_type,
        "sha256": document.sha256,
        "title": dict(document.title.translations),
        "languages": list(document.languages),
    }
