"""How an editor sees a YAML file: values as the core schema of YAML 1.2 (10.3.2) reads them.

Content itself is read as texts. JSON Schemas for editors are held against this view, so that what
our reader takes is not marked as wrong while somebody types it.
"""

import re

from generator.content.yaml.located import Mapping, Node, Refused, Scalar, Sequence
from passport.encoding.canonical import Json

_WORDS: dict[str, Json] = {"true": True, "false": False, "null": None, "~": None, "": None}


def editor_view(node: Node) -> Json:
    """Return a node as JSON; a value that our reader refuses is shown as its place only."""
    match node:
        case Mapping():
            return {entry.key.text: editor_view(entry.value) for entry in node.entries}
        case Sequence():
            return [editor_view(item) for item in node.items]
        case Scalar():
            return node.text if node.quoted else _plain(node.text)
        case Refused():
            return str(node.place)


def _plain(text: str) -> Json:
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text
