"""CSV files as other programs write them: any usual separator, UTF-8 or a named encoding.

Lots are stricter (`csv_rows`); here somebody else made the file. The separator is guessed from the
first lines, UTF-16 from its mark. Knows cells as texts.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.content.importing.sheets import SheetRow
from passport.errors import ConfigError

_SEPARATORS = (";", "\t", ",", "|")
_SAMPLE = 1 << 16
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class DelimitedFile:
    """A CSV file; `encoding` and `separator` are "" where they are to be guessed."""

    path: Path
    encoding: str = ""
    separator: str = ""

    @property
    def name(self) -> str:
        """Return "": there is one table in the file."""
        return ""

    @contextmanager
    def rows(self) -> Iterator[Iterator[SheetRow]]:
        """Open the file; a row's number is that of its first line."""
        encoding = self.encoding or _marked(self.path) or "utf-8"
        try:
            with self.path.open(encoding=encoding, newline="") as stream:
                separator = self.separator or _separator(stream.read(_SAMPLE))
                stream.seek(0)
                reader = csv.reader(stream, delimiter=separator, strict=True)
                yield self._numbered(reader)
        except UnicodeError as error:
            raise ConfigError(
                f"{self.path} is not {encoding}: {error}",
                'save it as UTF-8, or name its encoding in the mapping: encoding = "windows-1252"',
            ) from error
        except LookupError as error:
            message = f"there is no encoding {self.encoding!r}"
            raise ConfigError(message, 'write encoding = "windows-1252"') from error

    def _numbered(self, reader: "Iterator[list[str]]") -> Iterator[SheetRow]:
        line = 0
        lines = getattr(reader, "line_num", None)
        assert lines is not None, "a csv reader counts lines"
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                message = f"{self.path}: the row from line {line + 1} on can't be split: {error}"
                raise ConfigError(message, "mend its quotes, or name the separator") from error
            if cells is None:
                return
            yield line + 1, cells
            line = getattr(reader, "line_num", line + 1)


def _marked(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(3)
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "")


def _separator(sample: str) -> str:
    """Return the mark that splits most lines into the same number of cells."""
    lines = [line for line in sample.splitlines()[:50] if line.strip()]
    most = {mark: max((line.count(mark) for line in lines), default=0) for mark in _SEPARATORS}

    def agreement(mark: str) -> tuple[int, int]:
        return sum(line.count(mark) == most[mark] > 0 for line in lines), most[mark]

    return max(_SEPARATORS, key=agreement)
