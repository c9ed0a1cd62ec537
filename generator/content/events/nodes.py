"""One event's JSON as located nodes, so that it is read by the readers of YAML.

A line of `content/events/*.jsonl` or the subject of a signed event: one strict JSON object
(`passport.encoding.strict_json`). What is wrong with its JSON is told without what stands in it.
Knows shapes, not what an event may hold.
"""

from dataclasses import dataclass

from generator.content.tables.jsonl_rows import JsonLayout
from generator.content.yaml.located import Entry, Mapping, Node, Refused, Scalar, Sequence
from passport.encoding.canonical import Json, JsonObject
from passport.encoding.strict_json import parse_object
from passport.errors import JsonError
from passport.problems import Findings, Place

_SYNTAX = "line 1, column "
_NOT_ALIKE = "this is no object, or not every reader would read the same from it"
_REMEDY = 'write one object, each name once, numbers with a unit in quotes: {"name": "51.2 V"}'


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one event and the place that it begins at; a signed one has no text of lines."""

    place: Place
    text: str = ""

    def at(self, member: str) -> Place:
        """Where a member of the outermost object stands."""
        if not self.text:
            return self.place
        _, column = JsonLayout().locate(self.text, member)
        return Place(self.place.file, self.place.line, column)


def read_line(text: str, place: Place, findings: Findings) -> JsonObject | None:
    """Return the object of a line; None, and the reason in `findings`, if it is none."""
    try:
        return parse_object(text.encode())
    except JsonError as error:
        has_place = error.message.startswith(_SYNTAX)
        where = error.message.removeprefix(_SYNTAX)
        message = f"the JSON breaks at column {where}" if has_place else _NOT_ALIKE
        findings.error(place, "$", "syntax", message, _REMEDY)
        return None


def event_node(members: JsonObject, source: Source, findings: Findings) -> Mapping:
    """Turn an object into a node; members that hold no value of an event are noted."""
    entries = []
    for name, value in members.items():
        place = source.at(name)
        entries.append(Entry(Scalar(name, place, quoted=True), _node(value, place, name, findings)))
    return Mapping(tuple(entries), source.place)


def _node(value: Json, place: Place, path: str, findings: Findings) -> Node:
    match value:
        case str():
            return Scalar(value, place, quoted=True)
        case bool() | None | float():
            remedy = "write texts, numbers with their unit in quotes, and whole numbers only"
            findings.error(place, path, "wrong-shape", "this is no value of an event", remedy)
            return Refused(place)
        case int():
            return Scalar(str(value), place, quoted=False)
        case dict():
            return Mapping(
                tuple(
                    Entry(
                        Scalar(name, place, quoted=True),
                        _node(part, place, f"{path}.{name}", findings),
                    )
                    for name, part in value.items()
                ),
                place,
            )
        case _:
            parts = value if isinstance(value, list | tuple) else ()
            return Sequence(tuple(_node(part, place, path, findings) for part in parts), place)
