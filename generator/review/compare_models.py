"""What changed in models: values, evidence, identity, scope, documents and prose, one line each.

Values are compared as values, by data point and plant; where they stand in a file, in which order
and how lines break plays no part. Restricted values are told only on demand.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from generator.review.change import Change, Effect, Reader, is_sensitive, reader_of
from generator.review.value_change import cut, shown_pair
from passport.model import BatteryModel, Element, RestrictedElements
from passport.problems import Place
from passport.registry import Group
from passport.values import Document

_NOWHERE = Place("")
_LONGEST = 80
_HIDDEN = "restricted, not shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The batteries of one model on both sides: how many, and how many of each plant."""

    model: str
    by_plant: Mapping[str, int]

    def of(self, plant: str) -> int:
        """How many a change concerns; "" stands for every plant."""
        return self.by_plant.get(plant, 0) if plant else sum(self.by_plant.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPair:
    """A model before and after, with what is restricted of it."""

    before: BatteryModel
    after: BatteryModel
    restricted_before: tuple[RestrictedElements, ...]
    restricted_after: tuple[RestrictedElements, ...]
    fleet: Fleet
    shows_restricted: bool

    @property
    def subject(self) -> str:
        """How reports call the model."""
        return f"model {self.after.slug}"

    def changes(self) -> Iterator[Change]:
        """Yield every change of the model."""
        yield from self._identity()
        yield from self._values("", self.before.elements, self.after.elements)
        plants = dict.fromkeys(plant for plant, _ in (*self.before.by_plant, *self.after.by_plant))
        for plant in plants:
            pair = (dict(each.by_plant).get(plant, ()) for each in (self.before, self.after))
            yield from self._values(plant, *pair)
        yield from self._restricted()
        yield from self._documents()
        if _words(self.before) != _words(self.after):
            yield Change(
                reader=Reader.ENGINEERING,
                subject=self.subject,
                what="description",
                note="prose only: its page changes, no passport does",
            )

    def _identity(self) -> Iterator[Change]:
        for what, before, after in _identifying(self.before, self.after):
            if before != after:
                yield self._public(what, before, after, reader=Reader.LAW, sensitive=True)
        if replace(self.before.scope, place=None) != replace(self.after.scope, place=None):
            yield Change(
                reader=Reader.LAW,
                subject=self.subject,
                what="scope decision",
                note="why the passport is or isn't required",
                sensitive=True,
            )

    def _values(
        self, plant: str, before: Iterable[Element], after: Iterable[Element]
    ) -> Iterator[Change]:
        for old, new in _paired(before, after):
            point = (new or old).point  # type: ignore[union-attr]  # one of them is there
            name = point.label.text("en") + (f" ({plant})" if plant else "")
            was, now, note = shown_pair(old, new)
            change = self._public(
                name,
                was,
                now,
                reader=reader_of(point),
                sensitive=is_sensitive(point),
                plant=plant,
            )
            yield replace(change, note=note)

    def _restricted(self) -> Iterator[Change]:
        sides = [
            {part.group: part.elements for part in parts}
            for parts in (self.restricted_before, self.restricted_after)
        ]
        for group in (Group.INTEREST_MODEL, Group.AUTHORITY):
            for old, new in _paired(sides[0].get(group, ()), sides[1].get(group, ())):
                point = (new or old).point  # type: ignore[union-attr]  # one of them is there
                shown = shown_pair(old, new) if self.shows_restricted else ("", "", _HIDDEN)
                yield Change(
                    reader=reader_of(point),
                    subject=self.subject,
                    what=point.label.text("en"),
                    before=shown[0],
                    after=shown[1],
                    note=shown[2],
                    group=group,
                    effect=Effect.NEW_VERSION,
                    passports=1,
                    sensitive=is_sensitive(point),
                )

    def _documents(self) -> Iterator[Change]:
        before = {document.id: document for document in self.before.documents}
        after = {document.id: document for document in self.after.documents}
        for name in sorted(before.keys() | after.keys()):
            old, new = before.get(name), after.get(name)
            if _essence(old) != _essence(new):
                is_public = any(document.publish for document in (old, new) if document)
                yield Change(
                    reader=Reader.ENGINEERING,
                    subject=self.subject,
                    what=f"document {name}",
                    before="" if old is None else f"sha256 {old.sha256[:12]}",
                    after="" if new is None else f"sha256 {new.sha256[:12]}",
                    note="" if is_public else "restricted",
                )

    def _public(
        self,
        what: str,
        before: str,
        after: str,
        *,
        reader: Reader,
        sensitive: bool,
        plant: str = "",
    ) -> Change:
        batteries = self.fleet.of(plant)
        return Change(
            reader=reader,
            subject=self.subject,
            what=what,
            before=before,
            after=after,
            group=Group.PUBLIC,
            effect=Effect.NEW_VERSION,
            passports=batteries + 1,
            batteries=batteries,
            sensitive=sensitive,
        )


def _identifying(before: BatteryModel, after: BatteryModel) -> Iterator[tuple[str, str, str]]:
    for name in (
        "name",
        "model_number",
        "identifier",
        "manufacturer",
        "operator",
        "plants",
        "placed_as",
        "traits",
        "identifier_issuer",
        "iso15459",
        "registration",
    ):
        pair = [getattr(each, name) for each in (before, after)]
        if name == "registration":
            pair = [replace(each, place=_NOWHERE) if each else each for each in pair]
        if pair[0] != pair[1]:
            yield name.replace("_", " "), cut(str(pair[0])), cut(str(pair[1]))


def _paired(
    before: Iterable[Element], after: Iterable[Element]
) -> Iterator[tuple[Element | None, Element | None]]:
    """Yield what differs, in the order of the data points."""
    old = {element.point.key: element for element in before}
    new = {element.point.key: element for element in after}
    for key in dict.fromkeys((*old, *new)):
        pair = old.get(key), new.get(key)
        if _compared(pair[0]) != _compared(pair[1]):
            yield pair


def _compared(element: Element | None) -> object:
    """An element without where it stands and which evidence it names, neither of which shows."""
    return element and replace(element, place=_NOWHERE, evidence="")


def _essence(document: Document | None) -> object:
    return document and (document.sha256, document.title, document.publish, document.languages)


def _words(model: BatteryModel) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A model's prose as words: how lines break is no change."""
    prose = model.prose.translations if model.prose else ()
    return tuple((language, tuple(text.split())) for language, text in prose)
