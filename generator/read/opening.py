"""Opening restricted groups: payloads first, then the documents that they name.

DESIGN 6. What was verified and found (`generator.read.restricted`) is opened with keys from
wherever they come (`generator.read.content_keys`). One group that can't be opened doesn't keep the
others back: its error stands in its place. No plaintext stands in an error.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Self, TypeAlias

from generator.read.content_keys import ContentKey, ContentKeys, KeyOrError
from generator.read.restricted import BoundFile, SealedFiles, Wanted
from passport.access.decision import Grant
from passport.base_url import BaseUrl
from passport.encoding.canonical import Json, JsonObject
from passport.encoding.json_members import as_object, list_of, text_of
from passport.errors import PassportError, VerificationError, failing
from passport.sealing.payload import DOCUMENTS
from passport.sealing.sealed import open_payload, open_sealed
from passport.sealing.sealed_header import SealedCheck, document_resource

KeysOf: TypeAlias = Callable[[BaseUrl], ContentKeys]
"""Returns where the keys of a site's sealed files come from."""

_RESOURCE = re.compile("doc/([1-9][0-9]{0,5})")
_MOST_BYTES = 64 << 20
"""Ciphertext that is fetched before its keys are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDocument:
    """A sealed document as the payload of its group tells of it."""

    number: int
    url: str
    file_name: str
    media_type: str
    sha256: str

    @property
    def resource(self) -> str:
        """Its resource in headers: `doc/3`."""
        return document_resource(self.number)

    @classmethod
    def parse(cls, value: Json) -> Self:
        """Read an entry of `documents`; `VerificationError`, which shows none of it."""
        members = as_object(value, DOCUMENTS)
        match = _RESOURCE.fullmatch(text_of(members, "resource"))
        if match is None:
            raise VerificationError("a document has no number")
        return cls(
            number=int(match[1]),
            url=text_of(members, "url"),
            file_name=text_of(members, "fileName"),
            media_type=text_of(members, "mediaType"),
            sha256=text_of(members, "sha256"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedGroup:
    """A group that was opened: its data points, and the documents that it names."""

    bound: BoundFile
    products: tuple[str, ...]
    """The products that it was asked for: a model's group may serve many."""
    grant: Grant | None
    data: JsonObject = field(repr=False)
    documents: tuple[NamedDocument, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedDocument:
    """A document of an opened group."""

    group: OpenedGroup
    named: NamedDocument = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unopened:
    """What was wanted and could not be opened: of which product, what, and why."""

    product: str
    what: str
    error: PassportError


def open_groups(
    wanted: Iterable[Wanted], sealed: SealedFiles, keys_of: KeysOf
) -> Iterator[OpenedGroup | Unopened]:
    """Open each group once, by its site, then path; what can't be opened comes first."""
    found: dict[str, tuple[BoundFile, list[Wanted]]] = {}
    for each in wanted:
        try:
            bound = sealed.payload(each)
        except PassportError as error:
            yield _unopened(each, error)
        else:
            found.setdefault(bound.url, (bound, []))[1].append(each)
    by_site = sorted(found.values(), key=lambda entry: (entry[0].base_url, entry[0].path))
    for site, entries in groupby(by_site, key=lambda entry: entry[0].base_url):
        yield from _open_site(tuple(entries), _keys_at(keys_of, site))


def open_documents(
    groups: Iterable[OpenedGroup], sealed: SealedFiles, keys_of: KeysOf
) -> Iterator[OpenedDocument | Unopened]:
    """Open the documents of groups, few at a time, since each may have 64 MiB."""
    batch: list[tuple[OpenedGroup, NamedDocument, BoundFile]] = []
    size = 0
    for group in groups:
        for named in group.documents:
            try:
                bound = sealed.document(group.bound, named.resource, named.url)
            except PassportError as error:
                yield _unopened_document(group, named, error)
                continue
            if batch and _is_full(size, batch, bound):
                yield from _open_batch(batch, keys_of)
                batch, size = [], 0
            batch.append((group, named, bound))
            size += len(bound.file.ciphertext)
    yield from _open_batch(batch, keys_of)


def _is_full(
    size: int, batch: Sequence[tuple[OpenedGroup, NamedDocument, BoundFile]], bound: BoundFile
) -> bool:
    return size + len(bound.file.ciphertext) > _MOST_BYTES or batch[0][2].base_url != bound.base_url


def _keys_at(keys_of: KeysOf, site: BaseUrl) -> ContentKeys | PassportError:
    try:
        return keys_of(site)
    except PassportError as error:
        return error


def _keys(keys: ContentKeys | PassportError, bounds: Sequence[BoundFile]) -> tuple[KeyOrError, ...]:
    if isinstance(keys, PassportError):
        return (keys,) * len(bounds)
    return keys.keys_of(tuple(bound.file.header for bound in bounds))


def _open_site(
    entries: Sequence[tuple[BoundFile, list[Wanted]]], keys: ContentKeys | PassportError
) -> Iterator[OpenedGroup | Unopened]:
    found = _keys(keys, [bound for bound, _ in entries])
    for (bound, wanted), key in zip(entries, found, strict=True):
        try:
            yield _open_group(bound, wanted, _needed(key))
        except PassportError as error:
            yield from (_unopened(each, error) for each in wanted)


def _open_group(bound: BoundFile, wanted: Sequence[Wanted], key: ContentKey) -> OpenedGroup:
    with failing(f"{bound.expected.group} of {bound.expected.passport}"):
        data = open_payload(bound.file, key.secret, expected=bound.expected)
        documents = tuple(map(NamedDocument.parse, list_of(data, DOCUMENTS)))
        if len({each.number for each in documents}) < len(documents):
            raise VerificationError("the payload names a document twice", check=SealedCheck.CONTENT)
    products = tuple(str(each.product) for each in wanted)
    return OpenedGroup(
        bound=bound, products=products, grant=key.grant, data=data, documents=documents
    )


def _open_batch(
    batch: Sequence[tuple[OpenedGroup, NamedDocument, BoundFile]], keys_of: KeysOf
) -> Iterator[OpenedDocument | Unopened]:
    if not batch:
        return
    found = _keys(_keys_at(keys_of, batch[0][2].base_url), [bound for _, _, bound in batch])
    for (group, named, bound), key in zip(batch, found, strict=True):
        try:
            content = _open_document(bound, named, _needed(key))
        except PassportError as error:
            yield _unopened_document(group, named, error)
        else:
            yield OpenedDocument(group=group, named=named, content=content)


def _open_document(bound: BoundFile, named: NamedDocument, key: ContentKey) -> bytes:
    with failing(f"{named.resource} of {bound.expected.passport}"):
        content = open_sealed(bound.file, key.secret, expected=bound.expected)
        if hashlib.sha256(content).hexdigest() != named.sha256:
            raise VerificationError(
                "the document is not the one that its payload names", check=SealedCheck.CONTENT
            )
    return content


def _needed(key: KeyOrError) -> ContentKey:
    if isinstance(key, PassportError):
        raise key
    return key


def _unopened(wanted: Wanted, error: PassportError) -> Unopened:
    return Unopened(str(wanted.product), wanted.group, error)


def _unopened_document(group: OpenedGroup, named: NamedDocument, error: PassportError) -> Unopened:
    return Unopened(group.products[0], f"{group.bound.expected.group} {named.resource}", error)
