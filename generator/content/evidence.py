"""Evidence: `content/models/<slug>/evidence.yaml` becomes an `EvidenceRegister`.

Each name at the top is an entry. Knows the members of that file; whether values have evidence is
for checks.
"""

from collections.abc import Iterator
from functools import partial

from generator.content.documents import named_document
from generator.content.model_source import EVIDENCE_FILE, ModelSource
from generator.content.yaml.members import Members
from generator.content.yaml.near_misses import instead_of
from passport.errors import ValueFormatError
from passport.evidence import EvidenceEntry, EvidenceRegister, Result
from passport.quoting import quoted
from passport.registry import DataPoint, registry
from passport.values import Document


def read_evidence(source: ModelSource, documents: tuple[Document, ...]) -> EvidenceRegister:
    """Read a model's register; without the file it has no entries."""
    members = source.members(EVIDENCE_FILE)
    entries = _entries(members, documents) if members else ()
    place = source.place(EVIDENCE_FILE)
    return EvidenceRegister(model=source.slug, entries=tuple(entries), place=place)


def _result(text: str) -> Result:
    if text in tuple(Result):
        return Result(text)
    raise ValueFormatError(f"{quoted(text)} is not a result", "write passed, failed or open")


def _entries(members: Members, documents: tuple[Document, ...]) -> Iterator[EvidenceEntry]:
    for key, part in members.parts():
        yield EvidenceEntry(
            name=key.text,
            covers=_covers(part),
            source_system=part.string("source_system", required=True),
            record=part.string("record", required=True),
            document=part.parse("document", partial(named_document, documents)),
            owner=part.string("owner", required=True),
            updater=part.string("updater", required=True),
            rule=part.string("rule", required=True),
            result=part.parse("result", _result, required=True) or Result.OPEN,
            validated_on=part.date("validated_on"),
            trigger=part.string("trigger", required=True),
            frequency=part.string("frequency", required=True),
            place=key.place,
        )


def _covers(members: Members) -> tuple[DataPoint, ...]:
    return tuple(dict.fromkeys(members.parse_each("covers", _data_point)))


def _data_point(key: str) -> DataPoint:
    points = registry().by_key
    if key not in points:
        raise ValueFormatError(f"there is no data point {quoted(key)}", instead_of(key, points))
    return points[key]
