"""JSON Lines as other programs write them: one flat object a line.

Numbers keep their digits. The names of an object are what a header is elsewhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

from generator.content.importing.cells import Cell, Figure, Flaw, SheetRow
from generator.content.importing.delimited import no_text
from generator.content.importing.mapping import normalised
from generator.content.tables.jsonl_rows import LineError, Number, decode_line
from passport.errors import ConfigError


@contextmanager
def json_rows(path: Path, wanted: Sequence[str]) -> Iterator[Iterator[SheetRow]]:
    """Open a JSON Lines file; row 0 is made of the names.

    `wanted` are the names that are read, none for those of the first line. Raises `ConfigError`
    for a line that is no object.
    """
    try:
        with path.open(encoding="utf-8-sig") as stream:
            yield _rows(path, stream, wanted)
    except UnicodeDecodeError as error:
        raise no_text(path, "utf-8") from error


def _rows(path: Path, lines: Iterable[str], wanted: Sequence[str]) -> Iterator[SheetRow]:
    read = partial(_object, normalise=bool(wanted))
    objects = ((n, read(f"{path}:{n}", line)) for n, line in enumerate(lines, 1))
    first = next(objects, (1, {}))
    names = wanted or tuple(first[1])
    yield 0, names
    for number, members in chain([first], objects):
        yield number, [_cell(members.get(name, "")) for name in names]


def _object(place: str, line: str, *, normalise: bool) -> dict[str, object]:
    if not line.strip():
        return {}
    try:
        found = decode_line(line.rstrip())
    except LineError as error:
        raise ConfigError(f"{place}:{error.column}: {error.message}", error.remedy) from error
    members = {normalised(name) if normalise else name: value for name, value in found}
    if len(members) < len(found):
        raise ConfigError(f"{place}: a name stands there twice", "keep one of the two")
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
