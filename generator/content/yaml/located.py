"""The tree of what stands in a YAML file: raw texts that remember their place.

A scalar stays the text that was typed; what it means comes later, from the type of its data
point. The readers at the end report what has the wrong shape and return None, so that one run
tells everything. This module knows neither YAML's spelling nor data points.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from generator.content.yaml.near_misses import instead_of
from passport.problems import Findings, Place
from passport.quoting import quoted


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as typed, quotes removed; `quoted` also holds for block texts (`|`, `>`)."""

    text: str
    place: Place
    quoted: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given: no text at all, or YAML's bare `null`."""
        return not self.text.strip() or (self.text == "null" and not self.quoted)


@dataclass(frozen=True, slots=True)
class Refused:
    """Where a value stands that has been reported already; readers pass over it in silence."""

    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value."""

    key: Scalar
    value: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in the order of the file, each key once."""

    entries: tuple[Entry, ...]
    place: Place

    @property
    def names(self) -> tuple[str, ...]:
        """The keys."""
        return tuple(entry.key.text for entry in self.entries)

    def get(self, name: str) -> "Node | None":
        """Return the value of a key, or None when the key is absent."""
        return next((entry.value for entry in self.entries if entry.key.text == name), None)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items in the order of the file."""

    items: "tuple[Node, ...]"
    place: Place


Node: TypeAlias = Scalar | Mapping | Sequence | Refused


def items_of(node: Node) -> tuple[Node, ...]:
    """Return the items of a list; anything else is a list of one."""
    return node.items if isinstance(node, Sequence) else (node,)


def as_text(node: Node, path: str, findings: Findings) -> str | None:
    """Return the text of a scalar; report a value that is empty, a list or a mapping."""
    if isinstance(node, Scalar) and not node.is_empty:
        return node.text
    _report_shape(node, path, "one value", "write one value here", findings)
    return None


def as_mapping(node: Node, path: str, findings: Findings) -> Mapping | None:
    """Return a mapping; report anything else."""
    if isinstance(node, Mapping):
        return node
    remedy = "write lines of the form name: value below it, indented by two spaces"
    _report_shape(node, path, "names with values", remedy, findings)
    return None


def as_sequence(node: Node, path: str, findings: Findings) -> Sequence | None:
    """Return a sequence; report anything else."""
    if isinstance(node, Sequence):
        return node
    remedy = "write each item on a line of its own, after a hyphen and a space"
    _report_shape(node, path, "a list", remedy, findings)
    return None


def unknown_keys(mapping: Mapping, path: str, allowed: Iterable[str], findings: Findings) -> None:
    """Report each key that is not one of `allowed`, and suggest the nearest one."""
    known = tuple(allowed)
    for entry in mapping.entries:
        name = entry.key.text
        if name not in known:
            message = f"{quoted(name)} is not a known key here"
            remedy = instead_of(name, known)
            findings.error(entry.key.place, f"{path}.{name}", "unknown-key", message, remedy)


def _report_shape(node: Node, path: str, expected: str, remedy: str, findings: Findings) -> None:
    match node:
        case Refused():
            pass
        case Scalar(is_empty=True):
            remedy = f"{remedy}, or remove the line"
            findings.error(node.place, path, "empty-value", "there is no value here", remedy)
        case Scalar() | Mapping() | Sequence():
            message = f"{_shape(node)} stands where {expected} should"
            findings.error(node.place, path, "wrong-shape", message, remedy)


def _shape(node: Scalar | Mapping | Sequence) -> str:
    match node:
        case Scalar():
            return f"the text {quoted(node.text)}"
        case Mapping():
            return "a group of names with values"
        case Sequence():
            return "a list"
