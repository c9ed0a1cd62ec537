"""Documents of a model: the `documents` of `model.yaml`, checked against the files they name.

A document is pinned by its SHA-256 digest, so that a file can't change without a line in review.
Knows files and digests, not what a document proves.
"""

import hashlib
from pathlib import Path

from generator.content.located import Scalar
from generator.content.members import Members
from passport.problems import Findings
from passport.values import Document, Text

_MEMBERS = ("file", "sha256", "title", "languages", "publish")
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".csv": "text/csv",
    ".txt": "text/plain",
}


def read_documents(members: Members, folder: Path, project: Path) -> tuple[Document, ...]:
    """Read the documents of a model whose content lies in `folder`."""
    found = [_document(key, part, folder, project) for key, part in members.each("documents")]
    return tuple(document for document in found if document)


def _document(key: Scalar, members: Members, folder: Path, project: Path) -> Document | None:
    members.only(_MEMBERS)
    name = members.string("file", required=True)
    title = members.text("title", required=True) or Text((("en", key.text),))
    stated = members.string("sha256", required=True)
    path = folder / name
    content = _content(path, folder, members) if name else None
    media_type = MEDIA_TYPES.get(path.suffix)
    if content is None or media_type is None:
        return None
    digest = hashlib.sha256(content).hexdigest()
    if stated and stated != digest:
        _wrong_digest(members, name, digest)
    return Document(
        id=key.text,
        file=path.relative_to(project).as_posix(),
        sha256=digest,
        size=len(content),
        media_type=media_type,
        title=title,
        languages=members.strings("languages", required=True),
        publish=members.boolean("publish"),
    )


def _content(path: Path, folder: Path, members: Members) -> bytes | None:
    node = members.node("file")
    place = node.place if node else members.mapping.place
    findings: Findings = members.findings
    inside = path.resolve().is_relative_to(folder.resolve())
    if not inside or not path.is_file():
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
