"""JSON Lines as other programs write them: one flat object a line.

Numbers keep their digits. The names of an object are what a header is elsewhere.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from generator.content.importing.cells import Cell, Figure, Flaw
from generator.content.importing.mapping import normalised
from generator.content.importing.sheets import SheetRow
from passport.errors import ConfigError
from passport.quoting import quoted


class _Digits(str):
    """A number as it was typed."""

    __slots__ = ()


_decode = json.JSONDecoder(parse_int=_Digits, parse_float=_Digits).decode


@dataclass(frozen=True, slots=True)
class JsonLinesFile:
    """A JSON Lines file; `wanted` are the names that are read, none for those of the first line."""

    path: Path
    wanted: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return "": there is one table in the file."""
        return ""

    @contextmanager
    def rows(self) -> Iterator[Iterator[SheetRow]]:
        """Open the file; row 0 is made of the names."""
        try:
            with self.path.open(encoding="utf-8-sig") as stream:
                yield self._rows(enumerate(stream, 1))
        except UnicodeError as error:
            raise ConfigError(f"{self.path} is not UTF-8: {error}", "save it as UTF-8") from error

    def _rows(self, lines: Iterator[tuple[int, str]]) -> Iterator[SheetRow]:
        names = self.wanted
        objects: Iterator[tuple[int, dict[str, object]]]
        objects = ((number, self._object(number, line)) for number, line in lines)
        if not names:
            first = next(objects, (1, {}))
            names = tuple(first[1])
            objects = chain([first], objects)
        yield 0, names
        for number, members in objects:
            yield number, [_cell(members.get(name, "")) for name in names]

    def _object(self, number: int, line: str) -> dict[str, object]:
        if not line.strip():
            return {}
        try:
            found = _decode(line.strip())
        except (ValueError, RecursionError) as error:
            message = f"{self.path}: line {number} is no JSON: {error}"
            raise ConfigError(message, "write one object a line") from error
        if not isinstance(found, dict):
            raise ConfigError(f"{self.path}: line {number} is no object", "write one object a line")
        return {normalised(name) if self.wanted else name: value for name, value in found.items()}


def _cell(value: object) -> Cell:
    match value:
        case _Digits():
            return Figure(str(value))
        case str():
            return value
        case None:
            return ""
        case bool():
            return str(value).lower()
    shown = quoted(json.dumps(value, ensure_ascii=False))
    return Flaw(f"{shown} is more than one value", "write one text or number")
