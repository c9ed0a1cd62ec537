"""CSV files as other programs write them: any usual separator, UTF-8 or a named encoding.

Lots are stricter (`tables/csv_rows.py`); here somebody else made the file. The separator is guessed
from the first lines, UTF-16 from its mark. Knows cells as texts.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from generator.content.decoding import BOM, is_utf16
from generator.content.importing.cells import SheetRow
from passport.errors import ConfigError

SUFFIXES = (".csv", ".tsv", ".txt")

_SEPARATORS = (";", "\t", ",", "|")
_SAMPLE = 1 << 16
_MARKS = {BOM: "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@contextmanager
def delimited_rows(path: Path, encoding: str, separator: str) -> Iterator[Iterator[SheetRow]]:
    """Open a CSV file; a row's number is that of its first line. What is "" is guessed.

    Raises `ConfigError` for what is not in the encoding or can't be split.
    """
    encoding = encoding or _guessed(path)
    try:
        with path.open(encoding=encoding, newline="") as stream:
            separator = separator or _separator(stream.read(_SAMPLE))
            stream.seek(0)
            yield _rows(path, stream, separator)
    except UnicodeError as error:
        raise no_text(path, encoding) from error
    except LookupError as error:
        message = f"there is no encoding {encoding!r}"
        raise ConfigError(message, 'write encoding = "windows-1252"') from error


def _rows(path: Path, stream: TextIO, separator: str) -> Iterator[SheetRow]:
    reader = csv.reader(stream, delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"{path}:{line}: the row from here on can't be split: {error}"
        raise ConfigError(message, "mend its quotes, or name the separator") from error


def no_text(path: Path, encoding: str) -> ConfigError:
    """Return what to say of a file that is not in an encoding, with the first bad byte's place."""
    remedy = 'save it as UTF-8, or name its encoding in the mapping: encoding = "windows-1252"'
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError as error:
                place = f"{path}:{number}:{len(line[: error.start].decode(encoding)) + 1}"
                message = f"{place}: byte 0x{line[error.start]:02X} is not {encoding}"
                return ConfigError(message, remedy)
    return ConfigError(f"{path} is not {encoding}", remedy)


def _guessed(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(4)
    marked = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "")
    if marked or not is_utf16(start):
        return marked or "utf-8"
    return "utf-16-be" if start.startswith(b"\x00") else "utf-16-le"


def _separator(sample: str) -> str:
    """Return the mark that splits most lines into the same number of cells."""
    lines = [line for line in sample.splitlines()[:50] if line.strip()]
    most = {mark: max((line.count(mark) for line in lines), default=0) for mark in _SEPARATORS}

    def agreement(mark: str) -> tuple[int, int]:
        return sum(line.count(mark) == most[mark] > 0 for line in lines), most[mark]

    return max(_SEPARATORS, key=agreement)
