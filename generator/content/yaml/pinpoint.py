"""Pinpointing: from a path inside a file to the line and column that a person looks for.

Checks know which data point they speak of and where its value begins; the value may be a record of
ten lines, or a member of `model.yaml` that no noun keeps a place of. Only files in which something
is wrong are read a second time. Knows shapes, not meanings.
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.content.tables.csv_rows import CsvLayout
from generator.content.tables.jsonl_rows import JsonLayout
from generator.content.tables.rows import Layout
from generator.content.yaml.located import Mapping, Node, Sequence
from generator.content.yaml.strict_yaml import read_yaml
from passport.problems import Findings, Place, Problem

_STEP = re.compile(r"\.([^.\[\]]+)|\[([0-9]+)\]")
_MODEL_FILE = "model.yaml"


@dataclass(frozen=True, slots=True)
class _Lines:
    layout: Layout
    texts: tuple[str, ...]


@dataclass(slots=True)
class Pinpointer:
    """Finds places in the files of one project, each read once."""

    project: Path
    _trees: dict[str, Node | None] = field(default_factory=dict)
    _tables: dict[str, _Lines] = field(default_factory=dict)

    def at(self, problem: Problem) -> Problem:
        """Return the problem at the very place that its path leads to, as far as it leads."""
        file = problem.place.file
        if not (self.project / file).is_file():
            return replace(problem, place=self._beside(file))
        if file.endswith(".yaml"):
            return self._in_yaml(problem)
        if file.endswith((".csv", ".jsonl")):
            return replace(problem, place=self._in_rows(problem))
        return problem

    def can_read(self, file: str) -> bool:
        """Whether a YAML file exists and holds anything that could be read."""
        return (self.project / file).is_file() and self._tree(file) is not None

    def _beside(self, file: str) -> Place:
        """A file that isn't there yet is told at the one that makes its folder a model."""
        model = f"{file.rpartition('/')[0].removesuffix('/restricted')}/{_MODEL_FILE}"
        return Place(model if (self.project / model).is_file() else file)

    def _in_yaml(self, problem: Problem) -> Problem:
        node = self._tree(problem.place.file)
        if node is None:
            return problem
        for name, index in _STEP.findall(problem.path):
            found = _step(node, name, index)
            if found is None:
                return replace(problem, place=max(problem.place, node.place))
            node = found
        return replace(problem, place=_value_of(node).place)

    def _tree(self, file: str) -> Node | None:
        if file not in self._trees:
            data = (self.project / file).read_bytes()
            self._trees[file] = read_yaml(data, file, Findings())
        return self._trees[file]

    def _in_rows(self, problem: Problem) -> Place:
        place = problem.place
        table = self._table(place.file)
        text = "\n".join(table.texts[place.line - 1 : place.line + 9])
        below, column = table.layout.locate(text, problem.path)
        return Place(place.file, place.line + below, column)

    def _table(self, file: str) -> _Lines:
        if file not in self._tables:
            # A line that is not UTF-8 was told; those before it are found all the same.
            text = (self.project / file).read_text(encoding="utf-8-sig", errors="replace")
            texts = text.split("\n")
            header = tuple(name.strip().strip('"') for name in texts[0].split(","))
            layout: Layout = CsvLayout(header) if file.endswith(".csv") else JsonLayout()
            self._tables[file] = _Lines(layout, tuple(texts))
        return self._tables[file]


def _step(node: Node, name: str, index: str) -> Node | None:
    """Go one step down; a data point written long holds its value one level lower."""
    if index:
        listed = _value_of(node)
        items = listed.items if isinstance(listed, Sequence) else (listed,)
        return items[int(index)] if int(index) < len(items) else None
    if not isinstance(node, Mapping):
        return None
    found = node.get(name)
    inner = node.get("value")
    if found is None and isinstance(inner, Mapping):
        return inner.get(name)
    return found


def _value_of(node: Node) -> Node:
    inner = node.get("value") if isinstance(node, Mapping) else None
    return node if inner is None else inner
