"""How a message shows a text that someone typed: in quotes, escaped, never endless.

What is shown may come from a broken export or from an attacker, so control characters and
direction marks are escaped, and a look-alike is told by its code point.
"""

LONGEST_SHOWN = 60


def quoted(text: str) -> str:
    """Return the text in quotes, its unprintable characters escaped, cut where it grows long."""
    if len(text) <= LONGEST_SHOWN:
        return repr(text)
    return f"{text[:LONGEST_SHOWN]!r}… ({len(text)} characters)"


def named(character: str) -> str:
    """Return one character with its code point, as in `'é' (U+00E9)`."""
    return f"{character!r} (U+{ord(character):04X})"
