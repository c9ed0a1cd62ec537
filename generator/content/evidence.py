"""Evidence: `content/models/<slug>/evidence.yaml` becomes an `EvidenceRegister`.

Each name at the top is an entry. Knows the members of that file; whether values have evidence is
for checks.
"""

from collections.abc import Iterator

from generator.content.located import Mapping, Node, Scalar, Sequence, as_mapping, as_text
from generator.content.members import Members
from generator.content.models import ModelSource
from generator.content.spelling import instead_of
from passport.errors import ValueFormatError
from passport.evidence import EvidenceEntry, EvidenceRegister, Result
from passport.problems import Findings, Place
from passport.registry import DataPoint, registry
from passport.values import Document

EVIDENCE_FILE = "evidence"
_MEMBERS = (
    "covers",
    "source_system",
    "record",
    "document",
    "owner",
    "updater",
    "rule",
    "result",
    "validated_on",
    "trigger",
    "frequency",
)


def read_evidence(source: ModelSource, documents: tuple[Document, ...]) -> EvidenceRegister:
    """Read a model's register; without the file it has no entries."""
    mapping = source.mapping(EVIDENCE_FILE)
    entries = _entries(mapping, documents, source.findings) if mapping else ()
    path = source.folder / f"{EVIDENCE_FILE}.yaml"
    place = Place(path.relative_to(source.project).as_posix())
    return EvidenceRegister(model=source.slug, entries=tuple(entries), place=place)


def _entries(
    mapping: Mapping, documents: tuple[Document, ...], findings: Findings
) -> Iterator[EvidenceEntry]:
    for entry in mapping.entries:
        path = f"$.{entry.key.text}"
        part = as_mapping(entry.value, path, findings)
        if part is not None:
            members = Members(part, path, "en", findings)
            yield _entry(entry.key, members, documents)


def _entry(key: Scalar, members: Members, documents: tuple[Document, ...]) -> EvidenceEntry:
    members.only(_MEMBERS)
    return EvidenceEntry(
        name=key.text,
        covers=_covers(members),
        source_system=members.string("source_system", required=True),
        record=members.string("record", required=True),
        document=_document(members, documents),
        owner=members.string("owner", required=True),
        updater=members.string("updater", required=True),
        rule=members.string("rule", required=True),
        result=members.parse("result", _result, required=True) or Result.OPEN,
        validated_on=members.date("validated_on"),
        trigger=members.string("trigger", required=True),
        frequency=members.string("frequency", required=True),
        place=key.place,
    )


def _result(text: str) -> Result:
    if text in tuple(Result):
        return Result(text)
    raise ValueFormatError(f"{text!r} is not a result", "write passed, failed or open")


def _covers(members: Members) -> tuple[DataPoint, ...]:
    node = members.node("covers")
    items: tuple[Node, ...] = node.items if isinstance(node, Sequence) else (node,) if node else ()
    found = (_point(item, members.at("covers"), members.findings) for item in items)
    return tuple(dict.fromkeys(point for point in found if point))


def _point(node: Node, path: str, findings: Findings) -> DataPoint | None:
    key = as_text(node, path, findings)
    if key is None:
        return None
    point = registry().by_key.get(key)
    if point is None:
        findings.error(
            node.place,
            path,
            "unknown-data-point",
            f"there is no data point {key!r}",
            instead_of(key, registry().by_key),
        )
    return point


def _document(members: Members, documents: tuple[Document, ...]) -> Document | None:
    node = members.node("document")
    name = members.string("document")
    for document in documents:
        if document.id == name:
            return document
    if node and name:
        known = ", ".join(document.id for document in documents) or "none yet"
        members.findings.error(
            node.place,
            members.at("document"),
            "unknown-document",
            f"there is no document {name!r}",
            f"add it under documents in model.yaml, or name one of: {known}",
        )
    return None
