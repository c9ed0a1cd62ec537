"""Documents of a model: the `documents` of `model.yaml`, checked against the files they name.

A document is pinned by its SHA-256 digest, so that a file can't change without a line in review.
Knows files and digests, not what a document proves.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from generator.content.located import Scalar
from generator.content.members import Members
from generator.content.private import PrivateFolder, told_path
from passport.errors import ValueFormatError
from passport.problems import Findings
from passport.quoting import quoted
from passport.values import Document, Text

_MEMBERS = ("file", "sha256", "title", "languages", "publish", "number")
_NUMBER = re.compile("[1-9][0-9]{0,3}")
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


def _once(document: Document, members: Members, numbered: dict[int, str]) -> None:
    """No two documents of a model share a number: it is what sealed files call them."""
    first = numbered.setdefault(document.number, document.id)
    if document.number and first != document.id:
        node = members.node("number")
        members.findings.error(
            node.place if node else members.mapping.place,
            members.at("number"),
            "document-number",
            f"document {first} has the number {document.number} already",
            "give each its own, and never one that a document had before",
        )


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueFormatError(f"{quoted(text)} is no number of a document", "count from 1 on")
    return int(text)


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
    members.only(_MEMBERS)
    name = members.string("file", required=True)
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
    node = members.node("file")
    place = node.place if node else members.mapping.place
    findings: Findings = members.findings
    if not shelf.holds(path):
        findings.error(
            place,
            members.at("file"),
            "missing-document",
            f"there is no file {members.string('file')!r} in the model's folder",
            "put it there, beside model.yaml or below, or mend the name",
        )
        return None
    if path.suffix not in MEDIA_TYPES:
        findings.error(
            place,
            members.at("file"),
            "document-type",
            f"files of type {path.suffix!r} can't be published",
            f"use one of {', '.join(MEDIA_TYPES)}",
        )
    return path.read_bytes()


def _wrong_digest(members: Members, name: str, digest: str) -> None:
    node = members.node("sha256")
    members.findings.error(
        node.place if node else members.mapping.place,
        members.at("sha256"),
        "wrong-digest",
        f"{name} has another digest",
        f"if the new file is the right one, write sha256: {digest}",
    )
