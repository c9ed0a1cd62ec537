"""A YAML file as sorted lines `path: value`, so that Git shows values that changed, nothing else.

For `git diff` and `git log -p` by way of a textconv driver. Items of a list that have a name of
their own are known by it and not by their place. A file that can't be read is shown as it stands.
"""

from collections import Counter
from collections.abc import Iterator

from generator.content.yaml.located import Mapping, Node, Refused, Scalar, Sequence
from generator.content.yaml.strict_yaml import read_yaml
from passport.problems import Findings

_NAMES = ("id", "name")


def flat_text(content: bytes, name: str) -> str:
    """Return the lines of a YAML file; any other text, or one with errors, stays as it is."""
    findings = Findings()
    root = read_yaml(content, name, findings)
    if root is None or findings.has_errors:
        return content.decode("utf-8", "replace")
    return "".join(f"{line}\n" for line in sorted(_lines("", root)))


def _lines(path: str, node: Node) -> Iterator[str]:
    match node:
        case Scalar(text=text):
            yield f"{path}: {' '.join(text.split())}"
        case Mapping(entries=entries):
            for entry in entries:
                name = entry.key.text
                yield from _lines(f"{path}.{name}" if path else name, entry.value)
        case Sequence(items=items) if all(isinstance(item, Scalar) for item in items):
            texts = (" ".join(item.text.split()) for item in items if isinstance(item, Scalar))
            yield f"{path}: [{', '.join(texts)}]"
        case Sequence(items=items):
            names = Counter(map(_name, items))
            for number, item in enumerate(items, 1):
                name = _name(item)
                known = name if name and names[name] == 1 else f"{name} {number}".strip()
                yield from _lines(f"{path}[{known}]", item)
        case Refused():
            yield f"{path}: (can't be read)"


def _name(item: Node) -> str:
    """What an item of a list is known by: its id or name, else what stands in it first."""
    if not isinstance(item, Mapping):
        return ""
    first = item.entries[0].value if item.entries else None
    found = (*(item.get(name) for name in _NAMES), first)
    return next((each.text for each in found if isinstance(each, Scalar)), "")
