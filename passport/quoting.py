"""How a message shows a text that someone typed: in quotes, escaped, never endless.

What is shown may come from a broken export or from an attacker, so control characters and
direction marks are escaped, and a look-alike is told by its code point.
"""

from collections.abc import Sequence

LONGEST_SHOWN = 60


def quoted(text: str) -> str:
    """Return the text in quotes, its unprintable characters escaped, cut where it grows long."""
    if len(text) <= LONGEST_SHOWN:
        return repr(text)
    return f"{text[:LONGEST_SHOWN]!r}… ({len(text)} characters)"


def first_of(texts: Sequence[str], most: int = 10) -> str:
    """Return the first few of many texts, and how many more there are."""
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more:,} more" if more > 0 else "")


def named(character: str) -> str:
    """Return one character with its code point, as in `'é' (U+00E9)`."""
    return f"{character!r} (U+{ord(character):04X})"
