"""Shapes that JSON Schemas share: objects with known members, and texts and days of content.

A schema of content sees what YAML 1.2 makes of a file (`100` a number, `true` a truth value), while
content is read as typed text: where the two differ, a shape takes either.
"""

from collections.abc import Iterable

from passport.encoding.canonical import Json

Schema = dict[str, Json]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# What content reads as a text, YAML may take for a number or a truth value.
TEXT: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
BOOLEAN: Schema = {"enum": [True, False, "true", "false"]}
DATE: Schema = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}


def file_schema(title: str, members: Schema, required: Iterable[str] = ()) -> Schema:
    """Return the schema of a file that is one object."""
    return {"$schema": DIALECT, "title": title, **object_of(members, required)}


def object_of(members: Schema, required: Iterable[str] = ()) -> Schema:
    """Return the schema of an object with these members and no others."""
    return {
        "type": "object",
        "properties": members,
        "required": list(required),
        "additionalProperties": False,
    }


def one_or_more(item: Schema) -> Schema:
    """Return the schema of a list, or of one item without its hyphen."""
    return {"anyOf": [item, {"type": "array", "items": item}]}


def each_named(item: Schema, description: str = "") -> Schema:
    """Return the schema of an object whose members people name, all of one shape."""
    shape: Schema = {"type": "object", "additionalProperties": item}
    return told(description, shape) if description else shape


def part_of(shape: Schema, name: str) -> Schema:
    """Return the schema of an object's member that is an object, or a list of such; {} for none."""
    members = shape.get("properties")
    member = members.get(name) if isinstance(members, dict) else shape.get("additionalProperties")
    if not isinstance(member, dict):
        return {}
    if isinstance(choices := member.get("anyOf"), list):
        member = choices[0]
    elif member.get("type") == "array":
        member = member["items"]
    return member if isinstance(member, dict) else {}


def told(description: str, schema: Schema) -> Schema:
    """Return a schema with what editors show about it."""
    return {"description": description, **schema}
