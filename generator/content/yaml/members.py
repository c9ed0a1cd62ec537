"""Members of a YAML file or of a mapping in it, read one by one with their types.

The readers of all YAML content share this: each asks for members by name and type; what is missing,
malformed or not in the schema of its file is noted in `Findings` at its place. Knows no member
itself.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Self, TypeVar

from generator.content.files import is_read
from generator.content.yaml.located import (
    Entry,
    Mapping,
    Node,
    Scalar,
    as_mapping,
    as_text,
    items_of,
    unknown_keys,
)
from generator.content.yaml.near_misses import instead_of
from generator.content.yaml.strict_yaml import read_yaml
from passport.content_schema import content_schemas
from passport.errors import PassportError, ValueFormatError
from passport.problems import Findings, Place
from passport.quoting import quoted
from passport.registry import registry
from passport.schema_shapes import Schema, part_of
from passport.values import Code, Text, parse_boolean, parse_date, parse_language

T = TypeVar("T")

_LANGUAGE_LIKE = re.compile("[a-z]{2,3}")


def read_members(
    path: Path, kind: str, file: str, language: str, findings: Findings
) -> "Members | None":
    """Read a YAML file; None where there is none, or nothing in it that can be read.

    `kind` is the key of its schema in `content_schemas`, `file` what problems call it.
    """
    if not is_read(path):
        return None
    node = read_yaml(path.read_bytes(), file, findings)
    mapping = None if node is None else as_mapping(node, "$", findings)
    if mapping is None:
        return None
    return Members(mapping, "$", language, findings, content_schemas()[kind]).known()


def parse_code(text: str, code_list: str) -> Code:
    """Read a code of a list; raises `ValueFormatError` naming the nearest ones."""
    codes = registry().code_lists[code_list]
    if text in codes:
        return Code(code_list, text)
    raise ValueFormatError(
        f"{text!r} is not a code of {code_list.replace('_', ' ')}", instead_of(text, codes)
    )


def parsed(parse: Callable[[str], T], node: Node, path: str, findings: Findings) -> T | None:
    """Run a parser on a scalar; what it refuses becomes a problem at the scalar's place."""
    text = as_text(node, path, findings)
    if text is None:
        return None
    try:
        return parse(text)
    except PassportError as error:
        findings.error(node.place, path, "value-format", error.message, error.remedy)
        return None


def read_text(node: Node, path: str, language: str, findings: Findings) -> Text | None:
    """Read prose: one text in the site's language, or a mapping of languages."""
    if isinstance(node, Scalar):
        text = as_text(node, path, findings)
        return Text(((language, text),)) if text else None
    mapping = as_mapping(node, path, findings)
    if mapping is None:
        return None
    pairs = []
    for entry in mapping.entries:
        if _is_cut_by_comma(entry):
            remedy = "a comma ends a text within { }: put the whole text in quotes"
            message = f"{quoted(entry.key.text)} stands alone"
            findings.error(entry.key.place, path, "text-cut-by-comma", message, remedy)
            continue
        name = parsed(parse_language, entry.key, path, findings)
        text = as_text(entry.value, f"{path}.{entry.key.text}", findings)
        pairs += [(name, text)] if name and text else []
    return Text(tuple(pairs)) if pairs else None


def _is_cut_by_comma(entry: Entry) -> bool:
    """`{en: first, second}` is YAML for a text and a key without a value."""
    is_alone = isinstance(entry.value, Scalar) and entry.value.is_empty
    return is_alone and not _LANGUAGE_LIKE.fullmatch(entry.key.text)


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one mapping; `language` is the one of prose without a language.

    `shape` is what the schema of their file says of them; with {} none is unknown.
    """

    mapping: Mapping
    path: str
    language: str
    findings: Findings
    shape: Schema = field(default_factory=dict)

    def known(self) -> Self:
        """Note every member that the shape doesn't have; return all of them."""
        names = self.shape.get("properties")
        if isinstance(names, dict):
            self.only(tuple(names))
        return self

    def only(self, names: tuple[str, ...]) -> None:
        """Note every member that is not one of `names`, with the nearest one."""
        unknown_keys(self.mapping, self.path, names, self.findings)

    def at(self, name: str) -> str:
        """The path of a member."""
        return f"{self.path}.{name}"

    def place(self, name: str) -> Place:
        """Return where a member's value stands, or the mapping that lacks it."""
        node = self.mapping.get(name)
        return self.mapping.place if node is None else node.place

    def error(self, name: str, rule: str, message: str, remedy: str) -> None:
        """Note what is wrong with a member; with "", what is wrong with the mapping."""
        path = self.at(name) if name else self.path
        self.findings.error(self.place(name), path, rule, message, remedy)

    def node(self, name: str, *, required: bool = False) -> Node | None:
        """Return a member as it stands; note it when it is required and missing."""
        node = self.mapping.get(name)
        if node is None and required:
            self.error("", "missing-member", f"{name} is missing", f"add a line {name}: …")
        return node

    def nodes(self, name: str, *, required: bool = False) -> tuple[Node, ...]:
        """Return the items of a member that is a list; one value alone is a list of one."""
        node = self.node(name, required=required)
        return () if node is None else items_of(node)

    def parse(self, name: str, parse: Callable[[str], T], *, required: bool = False) -> T | None:
        """Read a member with a parser."""
        node = self.node(name, required=required)
        return None if node is None else parsed(parse, node, self.at(name), self.findings)

    def parse_each(
        self, name: str, parse: Callable[[str], T], *, required: bool = False
    ) -> tuple[T, ...]:
        """Read a member that is a list, or one value, with a parser; wrong items are left out."""
        path, nodes = self.at(name), self.nodes(name, required=required)
        found = (parsed(parse, node, path, self.findings) for node in nodes)
        return tuple(value for value in found if value is not None)

    def string(self, name: str, *, required: bool = False) -> str:
        """Read a member as text, "" when there is none."""
        return self.parse(name, str, required=required) or ""

    def code(self, name: str, code_list: str, *, required: bool = False) -> str:
        """Read a member as a code of a list, "" when there is none."""
        found = self.parse(name, lambda text: parse_code(text, code_list), required=required)
        return found.code if found else ""

    def boolean(self, name: str, *, default: bool = False) -> bool:
        """Read a member that is true or false."""
        found = self.parse(name, parse_boolean)
        return default if found is None else found

    def date(self, name: str, *, required: bool = False) -> date | None:
        """Read a member as a date."""
        return self.parse(name, parse_date, required=required)

    def text(self, name: str, *, required: bool = False) -> Text | None:
        """Read a member as prose in one or more languages."""
        node = self.node(name, required=required)
        if node is None:
            return None
        return read_text(node, self.at(name), self.language, self.findings)

    def strings(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """Read a member as a list of texts; one text alone counts as a list of one."""
        return self.parse_each(name, str, required=required)

    def members(self, name: str, *, required: bool = False) -> "Members | None":
        """Read a member that is itself a mapping."""
        node = self.node(name, required=required)
        mapping = None if node is None else as_mapping(node, self.at(name), self.findings)
        return self._part(name, mapping, self.at(name)) if mapping else None

    def each(self, name: str) -> Iterator[tuple[Scalar, "Members"]]:
        """Read a member that is a mapping of named mappings: (name, members) pairs."""
        outer = self.members(name)
        if outer:
            yield from outer.parts()

    def parts(self) -> Iterator[tuple[Scalar, "Members"]]:
        """Read members of any name, each of which is a mapping: (name, members) pairs."""
        for entry in self.mapping.entries:
            part = self.members(entry.key.text)
            if part:
                yield entry.key, part

    def items(self, name: str) -> Iterator["Members"]:
        """Read a member that is a list of mappings."""
        for n, item in enumerate(self.nodes(name)):
            path = f"{self.at(name)}[{n}]"
            mapping = as_mapping(item, path, self.findings)
            if mapping:
                yield self._part(name, mapping, path)

    def _part(self, name: str, mapping: Mapping, path: str) -> "Members":
        shape = part_of(self.shape, name)
        return Members(mapping, path, self.language, self.findings, shape).known()
