"""The evidence register: what proves each value, who answers for it, when it was last validated.

Requirements 4. Entries are named; an entry covers data points, or an element names it. Owners,
systems and reviewers are for the operator's eyes: what a page may know is `PublishedEvidence`.
This module knows neither how content spells entries nor how a table is printed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from passport.model import BatteryModel, Element, NotApplicable, RestrictedElements
from passport.problems import Place
from passport.registry import DataPoint, Level
from passport.values import Document


class Result(StrEnum):
    """What came of the validation rule."""

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceEntry:
    """One piece of evidence: where the data come from, what proves them, who answers for them.

    `record` is the record's id in `source_system`; `document` the artefact with its digest, None
    where the record itself is the evidence. `trigger` and `frequency` say when it must be renewed.
    """

    name: str
    covers: tuple[DataPoint, ...]
    source_system: str
    record: str
    document: Document | None
    owner: str
    updater: str
    rule: str
    result: Result
    validated_on: date | None
    trigger: str
    frequency: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRegister:
    """The entries of one model; `place` is the file, whether or not it exists."""

    model: str
    entries: tuple[EvidenceEntry, ...]
    place: Place

    def named(self, name: str) -> EvidenceEntry | None:
        """Return an entry by name, or None."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def covering(self, point: DataPoint) -> EvidenceEntry | None:
        """Return the first entry that covers a data point, or None."""
        return next((entry for entry in self.entries if point in entry.covers), None)

    def of(self, element: Element) -> EvidenceEntry | None:
        """Return the entry of a value: the one that it names, else the one that covers it."""
        if element.evidence:
            return self.named(element.evidence)
        return self.covering(element.point)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One row of the register's table: a value with what proves it.

    `element` is None for a data point of batteries, whose values come with their events. `plant`
    is "" for what holds for all plants.
    """

    model: str
    plant: str
    point: DataPoint
    element: Element | None
    entry: EvidenceEntry | None


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """What a page says of the evidence of a value: the artefact, or that one is on file."""

    document: Document | None


@dataclass(frozen=True, slots=True)
class PublishedEvidence:
    """What pages may know of a model's register: notes by entry name and by data point."""

    by_name: Mapping[str, EvidenceNote]
    by_key: Mapping[str, EvidenceNote]

    def of(self, element: Element) -> EvidenceNote | None:
        """Return the note of a value, None where there is no evidence that passed."""
        if element.evidence:
            return self.by_name.get(element.evidence)
        return self.by_key.get(element.point.key)


NOTHING_PUBLISHED = PublishedEvidence({}, {})


def evidence_rows(
    model: BatteryModel, restricted: Iterable[RestrictedElements], register: EvidenceRegister
) -> Iterator[EvidenceRow]:
    """Yield a row for each value that content states, then one for each covered battery value."""
    for plant, element in _stated(model, restricted):
        yield EvidenceRow(
            model=model.slug,
            plant=plant,
            point=element.point,
            element=element,
            entry=register.of(element),
        )
    for entry in register.entries:
        for point in entry.covers:
            if point.level is Level.BATTERY:
                yield EvidenceRow(
                    model=model.slug, plant="", point=point, element=None, entry=entry
                )


def published_evidence(register: EvidenceRegister) -> PublishedEvidence:
    """Return what pages may know: entries that passed, and of artefacts those to be published."""
    passed = [entry for entry in register.entries if entry.result is Result.PASSED]
    by_key: dict[str, EvidenceNote] = {}
    for entry in passed:
        for point in entry.covers:
            if register.covering(point) is entry:
                by_key[point.key] = _note(entry)
    return PublishedEvidence({entry.name: _note(entry) for entry in passed}, by_key)


def _note(entry: EvidenceEntry) -> EvidenceNote:
    document = entry.document
    return EvidenceNote(document if document and document.publish else None)


def _stated(
    model: BatteryModel, restricted: Iterable[RestrictedElements]
) -> Iterator[tuple[str, Element]]:
    """Yield (plant, element) of all values; a reason why there is none needs no evidence."""
    groups = [("", model.elements), *model.by_plant]
    groups += [("", part.elements) for part in restricted if part.model == model.slug]
    for plant, elements in groups:
        for element in elements:
            if not isinstance(element.value, NotApplicable):
                yield plant, element
