"""Bytes to text: UTF-8 without byte-order mark, and no characters that hide from a reviewer.

Content is reviewed as text, so nothing may stand in it that an editor doesn't show or that turns
the order of what follows. All readers of content share this; it knows no format.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Protocol

from passport.problems import Findings, Place

BOM = b"\xef\xbb\xbf"
SAVE_AS_UTF8 = "save the file again as UTF-8 without byte-order mark"

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but for tab and line ends
    "\u2028\u2029"  # line ends to some programs only
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # no width, or turn the direction
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # marks around text, and a second ASCII that nothing shows
    "\ud800-\udfff\ufffe\uffff]"  # no characters at all
    "|\r(?!\n)"
)


class Errors(Protocol):
    """Where errors are noted: `Findings`, or those of one table."""

    def error(self, place: Place, path: str, rule: str, message: str, remedy: str) -> None:
        """Note an error."""


def decode_text(data: bytes, file: str, findings: Findings) -> str | None:
    """Return a whole file as text, or None when that can't be; what is wrong is in `findings`."""
    if is_utf16(data):
        report_utf16(file, findings)
        return None
    if data.startswith(BOM):
        report_bom(file, findings)
        data = data.removeprefix(BOM)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        report_bad_bytes(error, file, 1, findings)
        return None
    return None if _report_hidden(text, file, findings) else text


def is_utf16(data: bytes) -> bool:
    """Whether the first bytes of a file are those of UTF-16 or UTF-32, with mark or without."""
    return data.startswith(_UTF16_MARKS) or b"\x00" in data[:4]


def report_utf16(file: str, errors: Errors, remedy: str = SAVE_AS_UTF8) -> None:
    """Note that a file is not UTF-8 from its first byte on."""
    message = "the file is UTF-16 or UTF-32, not UTF-8"
    errors.error(Place(file), "$", "encoding", message, remedy)


def report_bom(file: str, errors: Errors, remedy: str = SAVE_AS_UTF8) -> None:
    """Note the mark that some programs put before UTF-8, which others take for content."""
    message = "the file starts with a byte-order mark"
    errors.error(Place(file), "$", "byte-order-mark", message, remedy)


def report_bad_bytes(error: UnicodeDecodeError, file: str, first_line: int, errors: Errors) -> None:
    """Note the first byte that is not UTF-8; `first_line` is the line of the decoded part."""
    before = error.object[: error.start].decode("utf-8")
    place = place_in(before, len(before), file, first_line)
    message = f"byte 0x{error.object[error.start]:02X} is not UTF-8"
    remedy = f"{SAVE_AS_UTF8}; it is probably Windows-1252, which some programs call ANSI"
    errors.error(place, "$", "encoding", message, remedy)


def place_in(text: str, offset: int, file: str, first_line: int = 1) -> Place:
    """Return the place of a character of `text`, which starts at column 1 of `first_line`."""
    line = first_line + text.count("\n", 0, offset)
    return Place(file, line, offset - text.rfind("\n", 0, offset))


def hidden_in(text: str) -> Iterator[int]:
    """Return where characters stand that nobody sees or that no line may hold."""
    if not (text.isascii() and text.isprintable()):
        yield from (found.start() for found in _HIDDEN.finditer(text))


def describe(character: str) -> str:
    """Name a character that can't be shown, as in `U+200B (zero width space)`."""
    name = unicodedata.name(character, "control character").lower()
    return f"U+{ord(character):04X} ({name})"


def _report_hidden(text: str, file: str, findings: Findings) -> bool:
    offsets = list(hidden_in(text))
    if not offsets:
        return False
    more = f", and {len(offsets) - 1} more like it" if len(offsets) > 1 else ""
    findings.error(
        place_in(text, offsets[0], file),
        "$",
        "hidden-character",
        f"the invisible character {describe(text[offsets[0]])} stands here{more}",
        "delete it and type what is around it again",
    )
    return True
