"""Models: the files of `content/models/<slug>/` become `BatteryModel` and what is restricted.

One file per field group, so that CODEOWNERS can apply (DESIGN 3). The registry says which data
point stands in which file; a file may hold a part `plants:` for what differs from plant to plant.
The public and the restricted part are separated here and never joined again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.content.documents import read_documents, read_picture
from generator.content.elements import ElementReader
from generator.content.model_source import (
    MODEL_FILE,
    PUBLIC_FILES,
    RESTRICTED_FILES,
    ModelSource,
)
from generator.content.yaml.members import Members
from passport.errors import IdentifierError, ValueFormatError
from passport.gs1 import Gtin
from passport.model import (
    BatteryModel,
    Element,
    Registration,
    RestrictedElements,
    ScopeDecision,
    Traits,
)
from passport.product_key import OwnIdentifier
from passport.registry import Category, registry
from passport.sealing.payload import documents_of
from passport.values import Document

_COMMODITY_LENGTHS = (6, 8, 10)
_NUMBER = (
    "write number: 1 beside its file in model.yaml, or the next that is free; a number is never "
    "used again"
)


def read_model(source: ModelSource) -> tuple[BatteryModel | None, tuple[RestrictedElements, ...]]:
    """Read a model and its restricted elements; (None, ()) when `model.yaml` can't be read."""
    source.note_strange_files()
    members = source.members(MODEL_FILE)
    if members is None:
        if not (source.folder / f"{MODEL_FILE}.yaml").is_file():
            message, remedy = "the file is missing", "add it, or remove the folder"
            source.findings.error(source.place(MODEL_FILE), "$", "missing-file", message, remedy)
        return None, ()
    documents = read_documents(members, source.folder, source.project, source.private)
    reader = ElementReader(source.language, documents, source.findings)
    files = _public_files(source, members, reader)
    restricted = _restricted_files(source, reader)
    return _model(source, members, documents, files), restricted


@dataclass(frozen=True, slots=True)
class _PublicElements:
    elements: tuple[Element, ...]
    by_plant: tuple[tuple[str, tuple[Element, ...]], ...]


def _public_files(source: ModelSource, model: Members, reader: ElementReader) -> _PublicElements:
    elements = list(reader.read(model.mapping, registry().from_source(MODEL_FILE), "$"))
    by_plant: dict[str, list[Element]] = {}
    for stem in PUBLIC_FILES:
        members = source.members(stem)
        if members is None:
            continue
        points = registry().from_source(stem)
        elements += reader.read(members.mapping, points, "$")
        for plant, part in members.each("plants"):
            per_plant = tuple(point for point in points if point.by_plant)
            by_plant.setdefault(plant.text, []).extend(
                reader.read(part.mapping, per_plant, part.path)
            )
    return _PublicElements(
        tuple(elements), tuple((plant, tuple(found)) for plant, found in by_plant.items())
    )


def _restricted_files(source: ModelSource, reader: ElementReader) -> tuple[RestrictedElements, ...]:
    found = []
    for stem, group in RESTRICTED_FILES.items():
        members = source.members(f"restricted/{stem}")
        if members is not None:
            points = registry().from_source(f"restricted/{stem}")
            elements = reader.read(members.mapping, points, "$")
            _numbered(elements, source)
            found.append(RestrictedElements(model=source.slug, group=group, elements=elements))
    return tuple(found)


def _numbered(elements: Iterable[Element], source: ModelSource) -> None:
    """A document that is sealed needs a number that it keeps for ever."""
    for element in elements:
        for document in documents_of((element,)):
            if not document.number:
                path = f"$.{element.point.key}"
                message = f"document {document.id} has no number to be sealed under"
                source.findings.error(element.place, path, "document-number", message, _NUMBER)


def _model(
    source: ModelSource, members: Members, documents: tuple[Document, ...], files: _PublicElements
) -> BatteryModel | None:
    identifier = _identifier(members)
    traits = _traits(members)
    number = members.string("model_number", required=True)
    name = members.string("name", required=True)
    manufacturer = members.string("manufacturer", required=True)
    plants = members.strings("plants", required=True)
    placed_as = members.code("placed_as", "placed_as", required=True)
    scope = _scope(members.members("scope", required=True))
    if identifier is None or traits is None:
        return None
    return BatteryModel(
        slug=source.slug,
        name=name,
        model_number=number,
        identifier=identifier,
        manufacturer=manufacturer,
        operator=members.string("operator") or manufacturer,
        plants=plants,
        placed_as=placed_as,
        traits=traits,
        scope=scope,
        documents=documents,
        picture=read_picture(members, documents),
        elements=files.elements,
        by_plant=files.by_plant,
        prose=source.prose(),
        place=members.mapping.place,
        identifier_issuer=members.string("identifier_issuer"),
        iso15459=members.string("iso15459"),
        registration=_registration(members.members("eu_registry")),
    )


def _identifier(members: Members) -> Gtin | OwnIdentifier | None:
    own = members.parse("own_identifier", _own_identifier)
    if own is not None:
        return own
    return members.parse("gtin", Gtin, required=True)


def _own_identifier(text: str) -> OwnIdentifier:
    scheme, slash, value = text.partition("/")
    if not slash:
        raise IdentifierError(f"{text!r} has no scheme", "write it as scheme/value")
    return OwnIdentifier(scheme, value)


def _traits(members: Members) -> Traits | None:
    category = members.code("category", "battery_category", required=True)
    if not category:
        return None
    return Traits(
        category=Category(category),
        stationary=members.boolean("stationary"),
        storage=members.code("storage", "storage") or "internal",
        rechargeable=members.boolean("rechargeable", default=True),
        bms=members.boolean("bms"),
        standby=members.boolean("standby"),
    )


def _scope(members: Members | None) -> ScopeDecision:
    if members is None:
        return ScopeDecision(rationale="", reviewer="", reviewed_on=None, voluntary=False)
    return ScopeDecision(
        rationale=members.string("rationale", required=True),
        reviewer=members.string("reviewer"),
        reviewed_on=members.date("reviewed_on"),
        voluntary=members.boolean("voluntary"),
        industrial_use=members.string("industrial_use"),
        stationary_reason=members.string("stationary_reason"),
        market_route=members.code("market_route", "eu_market_route"),
        part_of=members.strings("part_of"),
        also_sold_singly=members.boolean("also_sold_singly"),
        place=members.mapping.place,
    )


def _registration(members: Members | None) -> Registration | None:
    if members is None:
        return None
    return Registration(
        registration_id=members.string("registration_id", required=True),
        registered_on=members.date("registered_on"),
        version_sha256=members.string("version_sha256"),
        proof=members.string("proof"),
        commodity_code=members.parse("commodity_code", _commodity_code) or "",
        place=members.mapping.place,
    )


def _commodity_code(text: str) -> str:
    """Read a code of the Combined Nomenclature or TARIC, spaces left out."""
    code = text.replace(" ", "")
    if not (code.isascii() and code.isdecimal() and len(code) in _COMMODITY_LENGTHS):
        raise ValueFormatError(f"{text!r} is no commodity code", "write its 6, 8 or 10 digits")
    return code
