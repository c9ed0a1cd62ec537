"""Sealing in a build: which sealed files a passport binds, and which of them must be made.

DESIGN 6. A payload that says what the published one says keeps its bytes, unless its epoch was
closed or compromised; any other is sealed under the current epoch, with the version that its
passport gets. Part of the plan decides this and the shards do it again for what is due, so that
no plaintext outlives the passport that it belongs to. A build that lacks the keys or the private
root carries the published files over and refuses what has none yet.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.build.artifact import Artifact, CacheClass
from generator.build.plan import PassportPlan
from generator.build.previous import PreviousSite
from generator.content.events.files import Lives
from generator.content.load import Content
from generator.keys.groups import GroupKeys
from passport.credential import RelatedResource, related_resources
from passport.encoding.canonical import JsonObject
from passport.errors import ConfigError
from passport.life.life import PassportStatus
from passport.model import Element
from passport.problems import Findings
from passport.registry import Group, Level
from passport.sealing.group_key import MODEL_GROUPS
from passport.sealing.payload import SealedDocument, battery_payload, documents_of, model_payload
from passport.sealing.sealed import is_same_input, seal
from passport.sealing.sealed_file import SealedFile, parse_sealed
from passport.sealing.sealed_header import (
    PAYLOAD,
    SealedHeader,
    Sealing,
    document_resource,
    sealed_document_path,
    sealed_path,
)
from passport.sealing.tombstone import is_tombstone, read_tombstone
from passport.values import Document

PAYLOAD_TYPE = "application/json"
DOCUMENT_TYPE = "application/octet-stream"
_PAYLOAD_PATH = re.compile(r"/dpp/[^/]+/sealed/(xiii-[234])/([1-9][0-9]*)\.json")


@dataclass(frozen=True, slots=True)
class Bound:
    """A sealed file that a passport binds; `made` is None for one that is published already."""

    resource: RelatedResource
    made: SealedFile | None = None

    @classmethod
    def of(cls, path: str, media_type: str, made: SealedFile) -> "Bound":
        """Bind a file that has just been sealed."""
        return cls(RelatedResource(path=path, digest=made.digest, media_type=media_type), made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted:
    """What content restricts: models' elements by slug and group, and the lives of batteries.

    `unseen` are groups by slug, and `lives` is None, where a private root is not on this machine.
    `is_blank`: nothing at all may be sealed, so that every payload is `{}`.
    """

    elements: Mapping[tuple[str, Group], tuple[Element, ...]] = field(repr=False)
    unseen: frozenset[tuple[str, Group]]
    lives: Lives | None = field(repr=False)
    is_blank: bool = False

    @classmethod
    def blank(cls) -> "Restricted":
        """Return what a preview may seal: nothing."""
        return cls(elements={}, unseen=frozenset(), lives=None, is_blank=True)

    @classmethod
    def of(cls, content: Content, lives: Lives) -> "Restricted":
        """Take what content restricts."""
        return cls(
            elements={(each.model, each.group): each.elements for each in content.restricted},
            unseen=frozenset(
                (each.model, group) for each in content.unseen for group in each.groups
            ),
            lives=None if content.is_private_root_away else lives,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealer:
    """Seals for a build. `keys` is None where group keys are not on this machine."""

    keys: GroupKeys | None
    restricted: Restricted
    previous: PreviousSite
    documents: Mapping[str, str]
    project: Path

    def bound(
        self, passport: PassportPlan, version: int, published: JsonObject | None
    ) -> Iterator[Bound]:
        """Yield what a version of a passport binds; one that ceased binds nothing.

        A document may be large, so each is sealed when it is asked for, before the payload that
        names it. `published` is the passport as the previous site has it. Raises `ConfigError` for
        something new that can't be sealed on this machine.
        """
        if passport.status is not PassportStatus.CEASED:
            before = _Published.of(published, passport, self.previous)
            for group in (Group.INTEREST_BATTERY,) if passport.battery else MODEL_GROUPS:
                yield from self._group(group, passport, version, before)

    def _group(
        self, group: Group, passport: PassportPlan, version: int, before: "_Published"
    ) -> Iterable[Bound]:
        is_away = (
            self.restricted.lives is None
            if passport.battery
            else (passport.model.slug, group) in self.restricted.unseen
        )
        if self.keys is None or (is_away and not self.restricted.is_blank):
            return before.carried(group)
        work = _GroupWork(self.keys, group, passport, version, before)
        if passport.battery:
            return (work.payload(self._condition(passport)),)
        return work.model(self.restricted.elements.get((passport.model.slug, group), ()), self)

    def _condition(self, passport: PassportPlan) -> bytes:
        if self.restricted.is_blank:
            return model_payload((), (), {})
        assert self.restricted.lives is not None, "the root is away: nothing is sealed"
        assert passport.battery is not None, "only a battery has a condition"
        life = self.restricted.lives.of(passport.model, passport.battery, Findings())
        return battery_payload(life.condition)


@dataclass(frozen=True, slots=True)
class _Published:
    """The sealed files that a published passport binds."""

    passport: PassportPlan
    resources: tuple[RelatedResource, ...]
    previous: PreviousSite

    @classmethod
    def of(
        cls, published: JsonObject | None, passport: PassportPlan, previous: PreviousSite
    ) -> "_Published":
        found = related_resources(published, passport.uri.base_url) if published else ()
        return cls(passport, found, previous)

    def carried(self, group: Group) -> tuple[Bound, ...]:
        """Carry a group over as it is; `ConfigError` where there is nothing to carry."""
        own = (each for each in self.resources if self._group_of(each) is group)
        found = tuple(Bound(each) for each in sorted(own, key=_is_payload))
        if not found:
            raise ConfigError(
                f"group {group} of {self.passport.dpp_id} was never sealed, and can't be here",
                "build where the group keys and the private root are, or make keys with "
                "`cellfolio keys groups init`",
            )
        return found

    def payload(self, group: Group) -> RelatedResource | None:
        """The payload of a group, None when there is none yet."""
        for each in self.resources:
            found = _PAYLOAD_PATH.fullmatch(each.path)
            if found and found[1] == group:
                return each
        return None

    def document(self, group: Group, resource: str) -> Iterator[RelatedResource]:
        """Every file that was sealed for a document of a group."""
        for each in self.resources:
            if not _is_payload(each):
                header = self.header(each)
                if header.group is group and header.resource == resource:
                    yield each

    def header(self, resource: RelatedResource) -> SealedHeader:
        """The header of a published file, also of one that was withdrawn."""
        return header_of(self.content(resource))

    def content(self, resource: RelatedResource) -> bytes:
        """The published bytes: a sealed file, or the tombstone in its place."""
        return self.previous.artifact(self.previous.files[resource.path]).content

    def _group_of(self, resource: RelatedResource) -> Group:
        found = _PAYLOAD_PATH.fullmatch(resource.path)
        return Group(found[1]) if found else self.header(resource).group


@dataclass(frozen=True, slots=True)
class _GroupWork:
    """One group of one passport: its files, kept or sealed."""

    keys: GroupKeys
    group: Group
    passport: PassportPlan
    version: int
    before: _Published

    def payload(self, plaintext: bytes) -> Bound:
        """The group's payload."""
        published = self.before.payload(self.group)
        if published is not None and self._stays(published, plaintext):
            return Bound(published)
        path = sealed_path(self.passport.dpp_id, self.group, self.version)
        return Bound.of(path, PAYLOAD_TYPE, self._seal(plaintext, PAYLOAD, self.version))

    def model(self, elements: tuple[Element, ...], sealer: Sealer) -> Iterator[Bound]:
        """The documents of a model's group by their numbers, then the payload that names them."""
        named = []
        for document in documents_of(elements):
            bound = self._document(document, sealer.project)
            named.append(
                SealedDocument(
                    document=document,
                    resource=document_resource(document.number),
                    url=f"{self.passport.uri.base_url}{bound.resource.path}",
                )
            )
            yield bound
            del bound  # up to 64 MiB, before the next
        yield self.payload(model_payload(elements, named, sealer.documents))

    def _document(self, document: Document, project: Path) -> Bound:
        plaintext = (project / document.file).read_bytes()
        resource = document_resource(document.number)
        for published in self.before.document(self.group, resource):
            if self._stays(published, plaintext):
                return Bound(published)
        made = self._seal(plaintext, resource, 0)
        path = sealed_document_path(self.passport.dpp_id, made.header.salt)
        return Bound.of(path, DOCUMENT_TYPE, made)

    def _stays(self, published: RelatedResource, plaintext: bytes) -> bool:
        content = self.before.content(published)
        header = header_of(content)
        # What was withdrawn has nothing to be sealed anew, whatever became of its key.
        if self.keys.must_reseal(header.key) and not is_tombstone(content):
            return False
        return is_same_input(plaintext, header, self.keys.salt)

    def _seal(self, plaintext: bytes, resource: str, version: int) -> SealedFile:
        sealing = Sealing(
            passport=self.passport.dpp_id,
            level=Level.BATTERY if self.passport.battery else Level.MODEL,
            group=self.group,
            version=version,
            resource=resource,
        )
        return seal(plaintext, sealing, self.keys.current[self.group], self.keys.salt)


def related_of(bound: Iterable[Bound]) -> tuple[RelatedResource, ...]:
    """Return what a passport names: each payload before its documents."""
    related: list[RelatedResource] = []
    documents: list[RelatedResource] = []
    for resource in (each.resource for each in bound):
        if not _is_payload(resource):
            documents.append(resource)
        else:
            related += (resource, *documents)
            documents = []
    return tuple(related)


def _is_payload(resource: RelatedResource) -> bool:
    return _PAYLOAD_PATH.fullmatch(resource.path) is not None


def header_of(content: bytes) -> SealedHeader:
    """Return the header of a sealed file of a verified site, or of the tombstone in its place."""
    if is_tombstone(content):
        return read_tombstone(content).header
    return parse_sealed(content).header


def sealed_artifacts(bound: Iterable[Bound]) -> Iterator[Artifact]:
    """Yield the files that have just been sealed; published ones are carried over."""
    for each in bound:
        if each.made is not None:
            artifact = Artifact(
                url_path=each.resource.path,
                content=each.made.to_bytes(),
                media_type=each.resource.media_type,
                cache=CacheClass.SEALED,
            )
            del each  # up to 64 MiB, before the next
            yield artifact
            del artifact
