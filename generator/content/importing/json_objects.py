"""JSON Lines as other programs write them: one flat object a line.

Numbers keep their digits. The names of an object are what a header is elsewhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from generator.content.importing.cells import Cell, Figure, Flaw
from generator.content.importing.delimited import no_text
from generator.content.importing.mapping import normalised
from generator.content.importing.sheets import SheetRow
from generator.content.jsonl_rows import LineError, Number, decode_line
from passport.errors import ConfigError


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
        except UnicodeDecodeError as error:
            raise no_text(self.path, "utf-8") from error

    def _rows(self, lines: Iterator[tuple[int, str]]) -> Iterator[SheetRow]:
        names = self.wanted
        objects = ((number, self._object(number, line)) for number, line in lines)
        first = next(objects, (1, {}))
        names = names or tuple(first[1])
        yield 0, names
        for number, members in chain([first], objects):
            yield number, [_cell(members.get(name, "")) for name in names]

    def _object(self, number: int, line: str) -> dict[str, object]:
        if not line.strip():
            return {}
        try:
            found = decode_line(line.rstrip())
        except LineError as error:
            place = f"{self.path}:{number}:{error.column}"
            raise ConfigError(f"{place}: {error.message}", error.remedy) from error
        members = {normalised(name) if self.wanted else name: value for name, value in found}
        if len(members) < len(found):
            message = f"{self.path}:{number}: a name stands there twice"
            raise ConfigError(message, "keep one of the two")
        return members


def _cell(value: object) -> Cell:
    match value:
        case Number():
            return Figure(str(value))
        case str():
            return value
        case None:
            return ""
        case bool():
            return str(value).lower()
    message = "a list or an object stands where one value should"
    return Flaw(message, "write one text or number")
