"""Documents of a model: `documents` and `picture` of `model.yaml`, and the files they name.

A document is pinned by its SHA-256 digest, so that a file can't change without a line in review.
The picture is a published document that stands beside the model's name on every page, so that it is
light enough for a phone. Knows files and digests, not what a document proves.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.content.files import told_path
from generator.content.private import PrivateFolder
from generator.content.yaml.located import Scalar
from generator.content.yaml.members import Members
from passport.errors import ValueFormatError
from passport.quoting import quoted
from passport.values import Document, Text

_NUMBER = re.compile("[1-9][0-9]{0,3}")
_LONGEST_NAME = 200
MOST_BYTES = 30_000
"""What a picture may weigh: half of all that a first visit loads."""
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".csv": "text/csv",
    ".txt": "text/plain",
}


def read_documents(
    members: Members, folder: Path, project: Path, private: PrivateFolder | None = None
) -> tuple[Document, ...]:
    """Read the documents of a model whose content lies in `folder`.

    One that is not published may lie in the model's private folder instead.
    """
    shelf = _Shelf(folder, project, private)
    found = []
    numbered: dict[int, str] = {}
    for key, part in members.each("documents"):
        if document := _document(key, part, shelf):
            found.append(document)
            _once(document, part, numbered)
    return tuple(found)


def named_document(documents: Iterable[Document], name: str) -> Document:
    """Return the document of a name; raises `ValueFormatError`."""
    known = {document.id: document for document in documents}
    if name not in known:
        listed = ", ".join(known) or "none yet"
        raise ValueFormatError(
            f"there is no document {quoted(name)}",
            f"add it under documents in model.yaml, or name one of: {listed}",
        )
    return known[name]


def read_picture(members: Members, documents: Iterable[Document]) -> Document | None:
    """Return the document that `picture` names; what is wrong with it is noted."""

    def fit_for_a_page(name: str) -> Document:
        picture = named_document(documents, name)
        if not picture.media_type.startswith("image/"):
            raise ValueFormatError(f"document {name} is no picture", "name a .svg, .png or .jpg")
        if not picture.publish:
            remedy = "write publish: true beside its file"
            raise ValueFormatError(f"document {name} is not published", remedy)
        if picture.size > MOST_BYTES:
            remedy = f"make it smaller: a page's picture has at most {MOST_BYTES:,}"
            raise ValueFormatError(f"document {name} has {picture.size:,} bytes", remedy)
        return picture

    return members.parse("picture", fit_for_a_page)


def _once(document: Document, members: Members, numbered: dict[int, str]) -> None:
    """No two documents of a model share a number: it is what sealed files call them."""
    first = numbered.setdefault(document.number, document.id)
    if document.number and first != document.id:
        message = f"document {first} has the number {document.number} already"
        remedy = "give each its own, and never one that a document had before"
        members.error("number", "document-number", message, remedy)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueFormatError(f"{quoted(text)} is no number of a document", "count from 1 on")
    return int(text)


def _file_name(text: str) -> str:
    if len(text) > _LONGEST_NAME:
        message = f"the file's name has {len(text)} characters"
        raise ValueFormatError(message, f"give it one of up to {_LONGEST_NAME}")
    return text


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where the documents of a model may lie."""

    folder: Path
    project: Path
    private: PrivateFolder | None

    def find(self, name: str, *, publish: bool) -> Path:
        """Return where a document lies; in the model's folder, if it is nowhere."""
        path = self.folder / name
        if publish or self.private is None or path.is_file():
            return path
        other = self.private.path / name
        return other if other.is_file() else path

    def holds(self, path: Path) -> bool:
        """Whether a path leads to a file in one of the two folders, and not out of it."""
        folders = (self.folder, *((self.private.path,) if self.private else ()))
        there = path.resolve()
        return path.is_file() and any(there.is_relative_to(each.resolve()) for each in folders)

    def is_away(self, path: Path, *, publish: bool) -> bool:
        """Whether a document can only lie in a private root that is not on this machine."""
        return not publish and not path.is_file() and bool(self.private and self.private.is_away)


def _document(key: Scalar, members: Members, shelf: _Shelf) -> Document | None:
    name = members.parse("file", _file_name, required=True)
    title = members.text("title", required=True) or Text((("en", key.text),))
    stated = members.string("sha256", required=True)
    publish = members.boolean("publish")
    if not name:
        return None
    path = shelf.find(name, publish=publish)
    is_away = shelf.is_away(path, publish=publish)
    content = b"" if is_away else _content(path, shelf, members)
    if content is None or path.suffix not in MEDIA_TYPES:
        return None
    digest = stated if is_away else hashlib.sha256(content).hexdigest()
    if stated and stated != digest:
        _wrong_digest(members, name, digest)
    return Document(
        id=key.text,
        file=told_path(path, shelf.project),
        sha256=digest,
        size=len(content),
        media_type=MEDIA_TYPES[path.suffix],
        title=title,
        languages=members.strings("languages", required=True),
        publish=publish,
        number=members.parse("number", _number) or 0,
    )


def _content(path: Path, shelf: _Shelf, members: Members) -> bytes | None:
    if not shelf.holds(path):
        message = f"there is no file {members.string('file')!r} in the model's folder"
        remedy = "put it there, beside model.yaml or below, or mend the name"
        members.error("file", "missing-document", message, remedy)
        return None
    if path.suffix not in MEDIA_TYPES:
        message = f"files of type {path.suffix!r} can't be published"
        members.error("file", "document-type", message, f"use one of {', '.join(MEDIA_TYPES)}")
    return path.read_bytes()


def _wrong_digest(members: Members, name: str, digest: str) -> None:
    message = f"{name} has another digest"
    remedy = f"if the new file is the right one, write sha256: {digest}"
    members.error("sha256", "wrong-digest", message, remedy)
