"""Labels as ZPL II, for label printers: the label's own dots, not the printer's idea of a code.

A printer that draws the code by itself (`^BQ`) may choose another version or mask than was checked,
and its fonts lack letters; so the whole label goes as one graphic field (`^GFA`), with the run
lengths of Zebra's programming guide. Knows bytes of rows, not labels.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

_UNITS = "GHIJKLMNOPQRSTUVWXY"
"""1 to 19 times the character that follows."""
_TWENTIES = "ghijklmnopqrstuvwxyz"
"""20 to 400 times."""
_MOST = 419


def zpl(rows: Iterable[bytes], width: int, comment: str) -> bytes:
    """Write one label of `width` dots; `comment` is ASCII without carets and tildes."""
    lines = list(rows)
    of_row = (width + 7) // 8
    total = of_row * len(lines)
    data = "".join(_compressed(lines))
    return (
        f"^XA\n^FX {comment}\n^PW{width}\n^LL{len(lines)}\n^LH0,0\n"
        f"^FO0,0^GFA,{total},{total},{of_row},{data}^FS\n^XZ\n"
    ).encode("ascii")


def _compressed(rows: Iterable[bytes]) -> Iterator[str]:
    before = b""
    for row in rows:
        yield ":" if row == before else _row(row.hex().upper())
        before = row


def _row(digits: str) -> str:
    """One row; zeros up to its end are a comma, ones an exclamation mark."""
    for filler, sign in (("0", ","), ("F", "!")):
        kept = digits.rstrip(filler)
        if len(kept) < len(digits) - 1:
            return _runs(kept) + sign
    return _runs(digits)


def _runs(digits: str) -> str:
    return "".join(_run(digit, len(list(run))) for digit, run in groupby(digits))


def _run(digit: str, count: int) -> str:
    text = ""
    while count > _MOST:
        text, count = f"{text}zY{digit}", count - _MOST
    if count == 1:
        return text + digit
    twenties, units = divmod(count, 20)
    return (
        text
        + (_TWENTIES[twenties - 1] if twenties else "")
        + (_UNITS[units - 1] if units else "")
        + digit
    )
