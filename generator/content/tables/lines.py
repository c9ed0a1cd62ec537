"""Lines of a large text file, read one by one in constant memory.

Decodes UTF-8 strictly and stops at the first line that makes the rest unreadable. Knows bytes and
lines, not what a row is.
"""

from collections.abc import Iterator
from typing import BinaryIO

from generator.content.decoding import (
    BOM,
    describe,
    hidden_in,
    is_utf16,
    report_bad_bytes,
    report_bom,
    report_utf16,
)
from generator.content.tables.rows import TableFindings
from passport.problems import Place

MAX_LINE_BYTES = 1 << 16


class TextLines:
    """The lines of a stream, each ending with a line feed.

    `number` is the line read last, `stopped` whether the file was left before its end; `remedy`
    says how to save the file in UTF-8.
    """

    def __init__(self, stream: BinaryIO, told: TableFindings, remedy: str) -> None:
        self.number = 0
        self.stopped = False
        self._stream = stream
        self._told = told
        self._remedy = remedy
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        """Yield the lines; what is wrong with one is noted."""
        for raw in iter(lambda: self._stream.readline(MAX_LINE_BYTES + 1), b""):
            self.number += 1
            line = self._line(raw)
            if line is None:
                self.stopped = True
                return
            self._taken.append(line)
            yield line

    def take(self) -> str:
        """Return the lines that were read since this was last asked for."""
        taken = "".join(self._taken)
        self._taken.clear()
        return taken

    def _line(self, raw: bytes) -> str | None:
        raw = raw if self.number > 1 else self._first(raw)
        if not raw:
            return None
        if len(raw) > MAX_LINE_BYTES:
            message = f"this line is longer than {MAX_LINE_BYTES} bytes"
            self._error(1, "line-too-long", message, "end each row with a line feed")
            return None
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            report_bad_bytes(error, self._told.file, self.number, self._told)
            return None
        line = line.removesuffix("\n").removesuffix("\r")
        plain = (line.isascii() and line.isprintable()) or self._shows_all(line)
        return f"{line}\n" if plain else None

    def _first(self, raw: bytes) -> bytes:
        if is_utf16(raw):
            report_utf16(self._told.file, self._told, self._remedy)
            return b""
        if raw.startswith(BOM):
            report_bom(self._told.file, self._told, self._remedy)
            return raw.removeprefix(BOM)
        return raw

    def _shows_all(self, line: str) -> bool:
        """Note hidden characters; False when the lines of the file end with something else."""
        for offset in hidden_in(line):
            if line[offset] == "\r":
                message = "a carriage return without a line feed stands here"
                self._error(offset + 1, "line-end", message, "end lines with a line feed")
                return False
            message = f"the invisible character {describe(line[offset])} stands here"
            remedy = "delete it and type what is around it again"
            self._error(offset + 1, "hidden-character", message, remedy)
        return True

    def _error(self, column: int, rule: str, message: str, remedy: str) -> None:
        self._told.error(Place(self._told.file, self.number, column), "$", rule, message, remedy)
