"""The QR code of a label: exactly the product URI, at a chosen level of error correction.

ISO/IEC 18004 through segno, never a Micro QR, which phones do not read, and never a higher level
than was asked for. Levels from M on: L has nothing left for a scratch.
"""

from dataclasses import dataclass

import segno

from generator.labels.drawing import Rows

QUIET_ZONE = 4
"""Light modules around a symbol (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol: its text, version (1 to 40), level and modules."""

    text: str
    version: int
    level: str
    rows: Rows

    @property
    def modules(self) -> int:
        """Modules along one side, the quiet zone left out."""
        return len(self.rows)


def symbol_of(text: str, level: str) -> Symbol:
    """Encode a text."""
    code = segno.make_qr(text, error=level, boost_error=False)
    rows = tuple(tuple(bool(module) for module in row) for row in code.matrix)
    return Symbol(text, int(code.version), level, rows)
