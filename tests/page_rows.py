"""Reads a passport's page as a person does: for each data point the texts of its value.

Knows of the theme only that a row is a `div` in `dl.rows` with the data point's key as its id, that
its first `dd` holds the value, and that `dt`, `th` and the particulars of a file are no values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"br", "img", "input", "link", "meta", "path"})
_LABELS = frozenset({"dt", "th"})
_OF_ONE_TEXT = frozenset({"p", "dd", "td", "li"})


@dataclass(slots=True)
class Element:
    """An element of the page: its tag, its attributes, and what is in it."""

    tag: str = ""
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def elements(self) -> list["Element"]:
        """Return the elements right inside."""
        return [child for child in self.children if isinstance(child, Element)]

    def find(self, tag: str, class_: str) -> Iterator["Element"]:
        """Yield every element inside, at any depth, of a tag and a class."""
        for child in self.elements():
            if child.tag == tag and child.attributes.get("class") == class_:
                yield child
            yield from child.find(tag, class_)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def rows_of(page: str) -> dict[str, list[str]]:
    """Return the texts of each data point's value, in order; no key stands twice."""
    reader = _Reader()
    reader.feed(page)
    (root,) = reader.open
    found: dict[str, list[str]] = {}
    for row in (row for rows in root.find("dl", "rows") for row in rows.elements()):
        key = row.attributes["id"]
        assert key is not None
        assert key not in found
        value = next(element for element in row.elements() if element.tag == "dd")
        texts = (" ".join(text.split()) for text in _texts(value))
        found[key] = [text for text in texts if text not in ("", "–")]
    return found


def _texts(element: Element) -> Iterator[str]:
    """Yield the texts of an element's blocks; what is inside one line is one text."""
    line, before = "", ""
    for child in element.children:
        if isinstance(child, str):
            line += child
            continue
        parts = list(_texts(child))
        if child.tag in _LABELS or (before == "a" and child.attributes.get("class") == "u"):
            parts = []
        if child.tag in _OF_ONE_TEXT or len(parts) > 1:
            yield line
            yield from parts
            line = ""
        else:
            line += "".join(parts)
        before = child.tag
    yield line
