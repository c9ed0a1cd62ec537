"""The unit: a row of a lot stands for one battery, never for several (Art. 77(1)).

Which column names count, span or place batteries instead of naming them, and which serial
numbers are ranges or lists in disguise. Knows texts, neither files nor identifiers.
"""

import re

from passport.errors import ValueFormatError
from passport.quoting import quoted

LIST_THE_BATTERIES = (
    "Art. 77(1): one passport for each battery placed on the market; list the batteries"
)

_COUNT = "counts batteries"
_SPAN = "spans serial numbers"
_SITE = "stands for all batteries of a place"
SHARED_COLUMNS = {
    **dict.fromkeys(
        ("quantity", "qty", "count", "pieces", "units", "amount", "number_of_batteries"), _COUNT
    ),
    **dict.fromkeys(("menge", "anzahl", "stueck", "stück", "stückzahl"), _COUNT),
    **dict.fromkeys(("serial_from", "serial_to", "first_serial", "last_serial"), _SPAN),
    **dict.fromkeys(("serial_range", "serials", "serial_numbers", "serial_list"), _SPAN),
    **dict.fromkeys(("site", "sites", "location", "standort", "plant_room"), _SITE),
}
"""Column names that make a row stand for several batteries, and how."""

_PLAIN = re.compile(r"[0-9A-Za-z-]+")
_BETWEEN = r"\s*(?:\.{2,3}|…|–|—|~)\s*|\s+(?:to|bis|through|-)\s+"
_SPANNED = re.compile(rf"(?P<first>\S+?)(?:{_BETWEEN})(?P<last>\S+)", re.IGNORECASE)
_REPEATED = re.compile(
    r"(?P<prefix>.*[A-Za-z](?:[^A-Za-z]*-)?)(?P<low>[0-9]+)[-/:](?P=prefix)(?P<high>[0-9]+)"
)
_SHORTENED = re.compile(r"[^-]*?(?P<low>0[0-9]{2,})[-/:](?P<high>[0-9]+)")
_SEPARATOR = re.compile(r"\s*[,;|+&\n]\s*|\s+")
_COUNTED = re.compile(r"(?:.*\s)?\(?(?:[0-9]+\s*[x×]|[x×]\s*[0-9]+)\)?(?:\s.*)?", re.IGNORECASE)


def refused_column(name: str) -> ValueFormatError | None:
    """Return why a column would let one row stand for several batteries, or None."""
    how = SHARED_COLUMNS.get(re.sub(r"[\s-]+", "_", name.strip().casefold()))
    if how is None:
        return None
    return ValueFormatError(f"the column {quoted(name)} {how}", LIST_THE_BATTERIES)


def one_serial(text: str) -> str:
    """Return a serial number as it is; `ValueFormatError` for a range or a list of several."""
    if text.isalnum():  # most are, and this runs once a battery
        return text
    if _is_range(text):
        raise ValueFormatError(f"{quoted(text)} is a range of serial numbers", LIST_THE_BATTERIES)
    if " " in text and _COUNTED.fullmatch(text):
        raise ValueFormatError(f"{quoted(text)} counts batteries", LIST_THE_BATTERIES)
    if not _PLAIN.fullmatch(text) and _is_list(text):
        raise ValueFormatError(f"{quoted(text)} lists several serial numbers", LIST_THE_BATTERIES)
    return text


def _is_range(text: str) -> bool:
    """A hyphen is allowed in a serial, so with it both ends must look alike and ascend.

    `A001-A050` repeats its letters, `0001-0050` starts with a zero; `2647-0012`, a week with a
    running number, does neither.
    """
    spanned = None if _PLAIN.fullmatch(text) else _SPANNED.fullmatch(text)
    if spanned and _has_digit(spanned["first"]) and _has_digit(spanned["last"]):
        return True
    found = _REPEATED.fullmatch(text) or _SHORTENED.fullmatch(text)
    return found is not None and _ascends(found["low"], found["high"])


def _ascends(low: str, high: str) -> bool:
    return len(low) == len(high) and int(low) < int(high)


def _is_list(text: str) -> bool:
    """Without spaces, marks between the parts may belong to one serial: they must look alike."""
    parts = [part for part in _SEPARATOR.split(text.strip()) if part]
    alike = any(c.isspace() for c in text) or len({len(part) for part in parts}) == 1
    return len(parts) > 1 and alike and all(_has_digit(part) for part in parts)


def _has_digit(part: str) -> bool:
    return any(character.isdecimal() for character in part)
