"""Near misses: the known name that someone probably meant.

Used by every reader that refuses an unknown name. Knows names, not what they stand for.
"""

from collections.abc import Iterable
from difflib import get_close_matches

_LISTED = 8


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None; case and `-` for `_` count as like."""
    by_form = {_form(candidate): candidate for candidate in known}
    close = get_close_matches(_form(name), by_form, n=1, cutoff=0.6)
    return by_form[close[0]] if close else None


def instead_of(name: str, known: Iterable[str]) -> str:
    """Return the remedy for an unknown name: the nearest one, or a few that are known."""
    names = tuple(known)
    near = nearest(name, names)
    if near:
        return f"write {near} if that is what was meant, otherwise remove it"
    if not names:
        return "remove it"
    listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
    return f"remove it, or use one of: {listed}"


def _form(name: str) -> str:
    return name.strip().casefold().replace("-", "_").replace(" ", "_")
