"""Payloads: what is sealed for one group, as JSON, before anybody seals it.

DESIGN 6: one payload per group, `xiii-2` and `xiii-3` once a model, `xiii-4` once a battery. Data
points stand as they do in a passport's subject. A model's documents are sealed apart and named in
its payload, title and file name included, since neither may show outside; a battery has none, its
records stand in the payload. Knows neither keys nor ciphertext.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from passport.encoding.canonical import Json, JsonObject, canonical_json
from passport.life.events import (
    Correction,
    Event,
    Histogram,
    Measurement,
    PlacedOnMarket,
    Predecessor,
    PutIntoService,
)
from passport.life.life import BatteryCondition
from passport.model import Element, leaves
from passport.registry import camel_case
from passport.subject import element_json, value_json
from passport.values import Code, Document

DOCUMENTS = "documents"
HISTORY = "history"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedDocument:
    """A document of a model that is sealed apart: its resource, `doc/3`, and where it lies."""

    document: Document
    resource: str
    url: str


def documents_of(elements: Iterable[Element]) -> tuple[Document, ...]:
    """Return the unpublished documents that elements name, records included, by their number."""
    values = (value for element in elements for _, _, value in leaves(element.value))
    found = {each.id: each for each in values if isinstance(each, Document) and not each.publish}
    return tuple(sorted(found.values(), key=lambda each: (each.number, each.id)))


def model_payload(
    elements: Iterable[Element],
    documents: Iterable[SealedDocument],
    public_urls: Mapping[str, str],
) -> bytes:
    """Return the plaintext of a model's group; `public_urls` are those of published documents."""
    documents = tuple(documents)
    urls = {**public_urls, **{each.document.sha256: each.url for each in documents}}
    members = _members(elements, urls)
    if documents:
        members[DOCUMENTS] = [_document(each) for each in documents]
    return canonical_json(members)


def battery_payload(condition: BatteryCondition) -> bytes:
    """Return the plaintext of a battery's point 4: what holds now, and what it follows from."""
    members = _members(condition.elements, {})
    if condition.history:
        members[HISTORY] = [_event(event) for event in condition.history]
    return canonical_json(members)


def _members(elements: Iterable[Element], urls: Mapping[str, str]) -> dict[str, Json]:
    return {element.point.member: element_json(element, urls) for element in elements}


def _document(sealed: SealedDocument) -> JsonObject:
    document = sealed.document
    return {
        "resource": sealed.resource,
        "url": sealed.url,
        "title": dict(document.title.translations),
        "fileName": document.file.rpartition("/")[2],
        "mediaType": document.media_type,
        "sha256": document.sha256,
    }


def _event(event: Event) -> JsonObject:
    members: dict[str, Json] = {"kind": event.kind.value, "time": str(event.time)}
    match event.what:
        case Measurement(elements):
            members["values"] = _members(elements, {})
        case Histogram(point, begins, records):
            members |= {"point": camel_case(point), "begins": begins.isoformat()}
            members["records"] = [value_json(record, {}) for record in records]
        case Predecessor(uris, operation):
            members |= {"products": [str(uri) for uri in uris], "operation": operation.code}
        case Correction(withdraws, at):
            members |= {"withdraws": withdraws.value, "at": str(at)}
        case PlacedOnMarket() | PutIntoService():
            pass
        case what:
            members |= _coded(what)
    return members


def _coded(what: object) -> dict[str, Json]:
    """The members of an event whose parts are codes, references and counts; None is left out."""
    names = type(what).__dataclass_fields__  # type: ignore[attr-defined]
    parts = {camel_case(name): getattr(what, name) for name in names}
    return {name: _part(part) for name, part in parts.items() if part not in (None, ())}


def _part(part: object) -> Json:
    match part:
        case Code():
            return part.code
        case tuple():
            return [_part(each) for each in part]
        case int() | str():
            return part
        case _:
            return str(part)
