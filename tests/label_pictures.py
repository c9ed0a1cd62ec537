"""Labels as pictures, made by somebody else's program or by a small reader of our own.

PDF through poppler, ZPL's graphic fields decoded by the rules of Zebra's programming guide.
"""

import io
import re
import subprocess
from pathlib import Path

from PIL import Image

_FIELD = re.compile(r"\^GFA,([0-9]+),([0-9]+),([0-9]+),([^^]*)\^FS")
_UNITS = {letter: n for n, letter in enumerate("GHIJKLMNOPQRSTUVWXY", 1)}
_TWENTIES = {letter: 20 * n for n, letter in enumerate("ghijklmnopqrstuvwxyz", 1)}


def pdf_pages(pdf: Path, folder: Path, dpi: int = 300) -> list[Image.Image]:
    """Rasterise every page, in grey."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / pdf.stem
    subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", pdf, target], check=True, timeout=120)
    return [opened(path) for path in sorted(folder.glob(f"{pdf.stem}-*.pgm"))]


def opened(path: Path) -> Image.Image:
    """Read a picture whole; its file is closed again."""
    return Image.open(io.BytesIO(path.read_bytes()))


def pdf_text(pdf: Path) -> str:
    """Return the text of a PDF, as laid out."""
    done = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, timeout=60, capture_output=True
    )
    return done.stdout.decode()


def zpl_picture(label: bytes) -> Image.Image:
    """Print a label: dark dots on white, of the size that `^PW` and `^LL` say."""
    text = label.decode("ascii")
    assert text.startswith("^XA")
    assert text.endswith("^XZ\n")
    found = _FIELD.search(text)
    assert found, text[:200]
    total, again, of_row = (int(found[n]) for n in (1, 2, 3))
    rows = list(_rows(found[4], of_row))
    assert total == again == of_row * len(rows)
    width, height = _number(text, "PW"), _number(text, "LL")
    assert len(rows) == height
    dots = Image.frombytes("1", (of_row * 8, height), bytes(b"".join(rows)))
    return dots.convert("L").point(lambda dot: 255 - dot).crop((0, 0, width, height))


def _number(text: str, command: str) -> int:
    found = re.search(rf"\^{command}([0-9]+)", text)
    assert found
    return int(found[1])


def _rows(data: str, of_row: int) -> list[bytes]:
    """Undo the run lengths: counts before a digit, `,` zeros, `!` ones, `:` the row before."""
    rows: list[bytes] = []
    digits, count = "", 0
    for character in data:
        if character in _UNITS or character in _TWENTIES:
            count += _UNITS.get(character, 0) + _TWENTIES.get(character, 0)
            continue
        if character == ":":
            assert not digits
            rows.append(rows[-1])
            continue
        if character in ",!":
            digits += ("0" if character == "," else "F") * (2 * of_row - len(digits))
        else:
            digits += character * (count or 1)
        count = 0
        assert len(digits) <= 2 * of_row
        if len(digits) == 2 * of_row:
            rows.append(bytes.fromhex(digits))
            digits = ""
    assert not digits
    return rows
