"""Editing a YAML file of content without touching the rest of it: comments, order, quotes, layout.

ruamel.yaml's round trip, with every scalar left the text that it is. Only this module knows
ruamel.yaml; whether the result is content that may stand is for the strict reader.
"""

import io
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from generator.content.yaml.plain_scalars import ambiguity
from passport.errors import ValueFormatError

_VALUE = "value"
_NOT_APPLICABLE = "not_applicable"
_NO_WRAPPING = 1_000_000


class _TextResolver(VersionedResolver):
    """Takes each scalar for text, as the strict reader does: `6000` and `true` stay as they are."""

    def resolve(self, kind: type, value: object, implicit: object) -> object:
        if kind is ScalarNode:
            return self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value goes: below a plant or not, the data point's key, and a part of it.

    `about` says that the part is what is known about the value, not a part of the value.
    """

    key: str
    plant: str = ""
    member: str = ""
    about: bool = False
    language: str = ""
    """Of texts: the language of a text that stands there without one."""


class YamlFile:
    """A file in the making; raises ruamel's error for what is no YAML."""

    def __init__(self, text: str) -> None:
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._root = CommentedMap()
        if text.strip():
            self._root = _yaml().load(text.replace("\r\n", "\n"))
        self.keeps_layout = not text.strip() or self.text() == text

    def text(self) -> str:
        """Return the file as it is now."""
        stream = io.StringIO()
        _yaml().dump(self._root, stream)
        return stream.getvalue().replace("\n", self._newline)

    def put(self, slot: Slot, text: str | list[str]) -> str:
        """Put a value into its slot; return what stood there, "" for nothing.

        Raises `ValueFormatError` where content says something that this would contradict.
        """
        holder = self._holder(slot.plant)
        node = holder.get(slot.key)
        if isinstance(node, CommentedMap) and _NOT_APPLICABLE in node:
            raise ValueFormatError(
                f"content says that {slot.key} does not apply",
                "remove not_applicable there first, or leave the cell empty",
            )
        if slot.about:
            return self._put_about(holder, slot, text)
        if _is_long(node):
            holder, key = node, _VALUE
        else:
            key = slot.key
        if slot.member or isinstance(holder.get(key), CommentedMap):
            return self._put_part(holder, key, slot, text)
        return _replace(holder, key, text)

    def _holder(self, plant: str) -> CommentedMap:
        holder = self._root
        for name in ("plants", plant) if plant else ():
            holder = holder.setdefault(name, CommentedMap())
        return holder

    def _put_about(self, holder: CommentedMap, slot: Slot, text: str | list[str]) -> str:
        node = holder.get(slot.key)
        if node is None:
            message = f"{slot.key} has no value yet, so nothing can be said about it"
            raise ValueFormatError(message, "map a column to the value too")
        if not _is_long(node):
            node = CommentedMap([(_VALUE, node)])
            holder[slot.key] = node
        return _replace(node, slot.member, text)

    def _put_part(self, holder: CommentedMap, key: str, slot: Slot, text: str | list[str]) -> str:
        node = holder.get(key)
        if not isinstance(node, CommentedMap):
            whole = CommentedMap() if node is None else CommentedMap([(slot.language, node)])
            holder[key] = node = whole
        return _replace(node, slot.member or slot.language, text)


def shown(value: object) -> str:
    """Return a value of a file on one line."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _is_long(node: object) -> bool:
    return isinstance(node, CommentedMap) and _VALUE in node


def _replace(holder: CommentedMap, key: str, text: str | list[str]) -> str:
    old = shown(holder.get(key))
    if old != shown(text):
        holder[key] = _scalars(text)
    return old


def _scalars(text: str | list[str]) -> object:
    if isinstance(text, str):
        return DoubleQuotedScalarString(text) if ambiguity(text) else text
    if len(text) == 1:
        return _scalars(text[0])
    sequence = CommentedSeq(map(_scalars, text))
    sequence.fa.set_flow_style()
    return sequence


def _yaml() -> YAML:
    yaml = YAML()
    yaml.Resolver = _TextResolver
    yaml.preserve_quotes = True
    yaml.width = _NO_WRAPPING
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
