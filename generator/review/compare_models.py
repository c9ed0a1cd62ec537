"""What changed in models: values, evidence, identity, scope, documents and prose, one line each.

Values are compared as values, by data point and plant; where they stand in a file, in which order
and how lines break plays no part. Restricted values are told only on demand.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from generator.review.change import Change, Effect, Reader, is_sensitive, reader_of
from generator.review.differing import differing, happened, without_places
from generator.review.due import ByDigest
from generator.review.value_change import cut, shown_pair
from passport.model import BatteryModel, Element, RestrictedElements, Traits
from passport.registry import Group
from passport.sealing.group_key import MODEL_GROUPS
from passport.subject import element_json
from passport.values import Document

_HIDDEN = "restricted, not shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The passports of one model that are on both sides: its batteries' by plant, and its own."""

    has_passport: bool
    by_plant: Mapping[str, int]

    def batteries(self, plant: str = "") -> int:
        """How many batteries' passports there are; "" stands for every plant."""
        if not self.has_passport:
            return 0
        return self.by_plant.get(plant, 0) if plant else sum(self.by_plant.values())

    def passports(self) -> int:
        """How many passports there are, the model's included."""
        return self.batteries() + self.has_passport


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
        for what, before, after, is_stated in _identifying(self.before, self.after):
            told = self._public(what, before, after, reader=Reader.LAW, sensitive=True)
            yield told if is_stated else replace(told, effect=Effect.NONE, group=None)
        if without_places(self.before.scope) != without_places(self.after.scope):
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
        for group in MODEL_GROUPS:
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
                    effect=Effect.NEW_VERSION if self.fleet.has_passport else Effect.NONE,
                    passports=int(self.fleet.has_passport),
                    sensitive=is_sensitive(point),
                )

    def _documents(self) -> Iterator[Change]:
        """Public documents by their ids; of others only that, since a digest can be guessed at."""
        sides = ({d.id: _as_told(d) for d in each.documents} for each in (self.before, self.after))
        for name, old, new in differing(*sides):
            yield self._document(name, old, new)

    def _document(self, name: str, old: Document | None, new: Document | None) -> Change:
        is_public = all(document.publish for document in (old, new) if document)
        is_told = is_public or self.shows_restricted
        return Change(
            reader=Reader.ENGINEERING,
            subject=self.subject,
            what=f"document {name}" if is_told else "a document that is not public",
            before=f"sha256 {old.sha256[:12]}" if is_told and old else "",
            after=f"sha256 {new.sha256[:12]}" if is_told and new else "",
            note="replaced" if old and new else happened(old, new),
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
        batteries = self.fleet.batteries(plant)
        # A model made in several plants leaves what differs to its batteries' passports.
        states_it = not plant or len(self.after.plants) == 1
        passports = batteries + (states_it and self.fleet.has_passport)
        return Change(
            reader=reader,
            subject=self.subject,
            what=what,
            before=before,
            after=after,
            group=Group.PUBLIC,
            effect=Effect.NEW_VERSION if passports else Effect.NONE,
            passports=passports,
            batteries=batteries,
            sensitive=sensitive,
        )


def _identifying(before: BatteryModel, after: BatteryModel) -> Iterator[tuple[str, str, str, bool]]:
    """Yield what identifies a model: what it is called, both sides, whether passports state it."""
    for name in ("name", "model_number", "manufacturer", "operator"):
        yield from _members(name, before, after, is_stated=True)
    for name in ("plants", "placed_as", "identifier_issuer", "iso15459"):
        yield from _members(name, before, after, is_stated=False)
    for name in Traits.__slots__:
        yield from _members(name, before.traits, after.traits, is_stated=name == "category")
    old, new = before.registration, after.registration
    if without_places(old) != without_places(new):
        was, now = (each.registration_id if each else "" for each in (old, new))
        yield "registration", was, now, False


def _members(
    name: str, before: object, after: object, *, is_stated: bool
) -> Iterator[tuple[str, str, str, bool]]:
    pair = [getattr(each, name) for each in (before, after)]
    if pair[0] != pair[1]:
        old, new = (", ".join(each) if isinstance(each, tuple) else str(each) for each in pair)
        yield name.replace("_", " "), cut(old), cut(new), is_stated


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
    """What a passport or a payload says of an element."""
    return element and element_json(element, ByDigest())


def _as_told(document: Document) -> Document:
    """A document without the folder that it lies in, which nobody is told."""
    return replace(document, file=PurePosixPath(document.file).name, size=0)


def _words(model: BatteryModel) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A model's prose as words: how lines break is no change."""
    prose = model.prose.translations if model.prose else ()
    return tuple((language, tuple(text.split())) for language, text in prose)
