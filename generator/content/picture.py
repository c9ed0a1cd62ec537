"""A model's picture: one of its published documents, shown beside its name on every page.

Issue 8 asks that a passport shows whether it is about the battery in front of the reader. A page on
a phone must stay light, so a heavy picture is refused. Knows names, types and sizes of documents.
"""

from collections.abc import Iterable

from generator.content.members import Members
from passport.values import Document

MOST_BYTES = 30_000
"""What a picture may weigh: half of all that a first visit loads."""


def read_picture(members: Members, documents: Iterable[Document]) -> Document | None:
    """Return the document that `picture` names; what is wrong with it is noted."""
    name = members.string("picture")
    if not name:
        return None
    picture = next((document for document in documents if document.id == name), None)
    if picture is None:
        _wrong(members, f"there is no document {name!r}", "name one of documents")
    elif not picture.media_type.startswith("image/"):
        _wrong(members, f"document {name} is no picture", "name a .svg, .png or .jpg")
    elif not picture.publish:
        _wrong(members, f"document {name} is not published", "write publish: true beside its file")
    elif picture.size > MOST_BYTES:
        weight = f"document {name} has {picture.size:,} bytes"
        _wrong(members, weight, f"make it smaller: a page's picture has at most {MOST_BYTES:,}")
    else:
        return picture
    return None


def _wrong(members: Members, message: str, remedy: str) -> None:
    node = members.node("picture")
    place = node.place if node else members.mapping.place
    members.findings.error(place, members.at("picture"), "picture", message, remedy)
