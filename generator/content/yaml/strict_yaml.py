"""Strict YAML: bytes to the tree of `located`, or problems with line and column.

The subset that two people and two programs read alike (DESIGN 3): one document of mappings, lists
and texts; no anchors, tags or merging; no tabs outside quotes; no key twice; no unquoted text that
YAML readers disagree about. The C parser of PyYAML splits the file into events, everything else
is decided here. This module doesn't know what the content means.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from generator.content.decoding import decode_text, describe, hidden_in
from generator.content.yaml.located import Entry, Mapping, Node, Refused, Scalar, Sequence
from generator.content.yaml.plain_scalars import ambiguity
from generator.content.yaml.syntax import report_syntax, report_tabs
from passport.errors import HostError
from passport.problems import Findings, Place
from passport.quoting import quoted

MAX_BYTES = 1 << 20
MAX_DEPTH = 32

_UNMARKED = "the C parser marks every event"


def read_yaml(data: bytes, file: str, findings: Findings) -> Node | None:
    """Read one YAML document; None when the file can't be read at all.

    What is wrong is in `findings`. A value that was reported stands in the tree as `Refused`, so
    that the rest can still be checked. Raises `HostError` where PyYAML lacks its C parser.
    """
    text = _text(data, file, findings)
    if text is None:
        return None
    events = _events(text)
    reader = _Reader(events, file, findings)
    try:
        root = reader.document()
    except _TooDeepError:
        return None
    except yaml.YAMLError as error:
        report_syntax(error, text, reader.quotes, file, findings)
        return None
    report_tabs(text, reader.quotes, file, findings)
    return root


def _text(data: bytes, file: str, findings: Findings) -> str | None:
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data)} bytes, the limit is {MAX_BYTES} (1 MiB)"
        remedy = "split it; one row a battery belongs in CSV or JSONL"
        findings.error(Place(file), "$", "file-too-large", message, remedy)
        return None
    return decode_text(data, file, findings)


def _events(text: str) -> Iterator[yaml.Event]:
    if not yaml.__with_libyaml__:
        raise HostError(
            "PyYAML was installed without its C parser",
            "install it from a wheel: pip install --force-reinstall --only-binary=:all: PyYAML",
        )
    return iter(yaml.parse(text, Loader=yaml.CSafeLoader))


class _TooDeepError(Exception):
    """Nesting went past the limit; reported where it happened."""


@dataclass(slots=True)
class _Reader:
    """Turns the parser's events into nodes, one method a kind of node."""

    events: Iterator[yaml.Event]
    file: str
    findings: Findings
    quotes: list[range] = field(default_factory=list)
    """Where quoted texts stand, as offsets into the file's text."""

    def document(self) -> Node | None:
        """Read the only document; an empty file and a second document are reported."""
        next(self.events)
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            message, remedy = "there is nothing in the file", "add content or delete the file"
            self.findings.error(Place(self.file), "$", "empty-file", message, remedy)
            return None
        root = self._node(next(self.events), "$", 0)
        next(self.events)
        following = next(self.events)
        if isinstance(following, yaml.DocumentStartEvent):
            remedy = "make a file of each document"
            self._error(following, "$", "second-document", "a second document starts here", remedy)
        return root

    def _node(self, event: yaml.Event, path: str, depth: int) -> Node:
        self._refuse_properties(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self._value(event, path)
        if isinstance(event, yaml.AliasEvent):
            remedy = "write the value here again"
            message = f"*{event.anchor} repeats a value from elsewhere, which is not allowed"
            self._error(event, path, "alias", message, remedy)
            return Refused(self._place(event))
        if depth == MAX_DEPTH:
            message = f"this is nested more than {MAX_DEPTH} levels deep"
            self._error(event, path, "too-deep", message, "write it flatter")
            raise _TooDeepError
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, path, depth + 1)
        return self._sequence(event, path, depth + 1)

    def _refuse_properties(self, event: yaml.Event, path: str) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            message = f"the tag {quoted(tag)} tells programs how to read the value"
            self._error(event, path, "tag", message, "remove the tag")
        anchor = getattr(event, "anchor", None)
        if anchor is not None and not isinstance(event, yaml.AliasEvent):
            message = f"the anchor &{anchor} marks a value to be repeated, which is not allowed"
            self._error(event, path, "anchor", message, f"remove &{anchor}")

    def _sequence(self, start: yaml.Event, path: str, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, f"{path}[{len(items)}]", depth))
        return Sequence(tuple(items), self._place(start))

    def _mapping(self, start: yaml.Event, path: str, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path, depth)
            below = f"{path}.{key.text}" if key else path
            value = self._node(next(self.events), below, depth)
            if key and key.text in entries:
                first = entries[key.text].key.place
                message = (
                    f"the key {quoted(key.text)} stands here again, first on line {first.line}"
                )
                remedy = "keep one of the two"
                self.findings.error(key.place, below, "duplicate-key", message, remedy)
            elif key:
                entries[key.text] = Entry(key, value)
        return Mapping(tuple(entries.values()), self._place(start))

    def _key(self, event: yaml.Event, path: str, depth: int) -> Scalar | None:
        """Read a key; None when the entry can't be kept."""
        if not isinstance(event, yaml.ScalarEvent):
            self._node(event, path, depth)
            remedy = "write a plain name before the colon"
            self._error(event, path, "key-not-text", "this key is not a plain text", remedy)
            return None
        self._refuse_properties(event, path)
        key = self._scalar(event)
        fault = _key_fault(key)
        if fault:
            self._error(event, path, *fault)
            return None
        self._sound(event, key, f"{path}.{key.text}")
        return key

    def _value(self, event: yaml.ScalarEvent, path: str) -> Scalar | Refused:
        scalar = self._scalar(event)
        return scalar if self._sound(event, scalar, path) else Refused(scalar.place)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        if event.style in ("'", '"'):
            start, end = event.start_mark, event.end_mark
            assert start is not None, _UNMARKED
            assert end is not None, _UNMARKED
            self.quotes.append(range(start.index, end.index))
        return Scalar(event.value, self._place(event), quoted=bool(event.style))

    def _sound(self, event: yaml.ScalarEvent, scalar: Scalar, path: str) -> bool:
        if not scalar.quoted:
            found = ambiguity(scalar.text)
            if found:
                message = f"{quoted(scalar.text)} without quotes is {found.reading}"
                self._error(event, path, found.rule, message, found.remedy)
            return found is None
        offsets = list(hidden_in(scalar.text)) if event.style == '"' else []
        if offsets:
            message = f"an escape stands for {describe(scalar.text[offsets[0]])}"
            self._error(event, path, "hidden-character", message, "remove the escape")
        return not offsets

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None, _UNMARKED
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _error(self, event: yaml.Event, path: str, rule: str, message: str, remedy: str) -> None:
        self.findings.error(self._place(event), path, rule, message, remedy)


def _key_fault(key: Scalar) -> tuple[str, str, str] | None:
    """Return rule, message and remedy for a text that can't be a key."""
    if key.text == "<<" and not key.quoted:
        message = "<< merges another mapping into this one, which is not allowed"
        return "merge-key", message, "write the keys here again"
    if not key.text:
        message = "there is no name before the colon"
        return "empty-key", message, "write a name before the colon"
    if not key.text.isprintable():
        message = f"the key {quoted(key.text)} holds what can't be shown"
        return "key-not-text", message, "write a plain name before the colon"
    return None
