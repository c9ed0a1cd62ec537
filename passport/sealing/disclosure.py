"""What must not be disclosed: restricted values as texts and tokens, and how others may spell them.

DESIGN 6, guard against leaks. Texts of six characters or more are looked for everywhere, as
substrings, however they are broken over lines or markup; numbers, dates and codes are too common
for that and are looked for as whole tokens in the files of their own passport, days and codes also
as pages word them. Knows values, neither files nor what is public.
"""

import base64
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from passport.life.events import (
    Event,
    Measurement,
    NegativeEvent,
    Recycled,
    Repair,
    ResponsibilityChange,
    StatusChange,
    Waste,
    What,
)
from passport.model import Element, NotApplicable, leaves
from passport.values import Code, Document, Link, Quantity, Range, Text, Value, YearMonth

SHORTEST_TEXT = 6
"""Characters of the shortest text that is looked for."""
SHORTEST_ENCODED = 9
"""Bytes of the shortest text that is looked for in base64: shorter ones are found by chance."""
FEWEST_DIGITS = 3
"""Digits of the shortest number that is looked for: pages are full of shorter ones."""

_OTHER_SEPARATORS = str.maketrans(",.", ".,")
_SPACES = re.compile(r"\s+")
_UNSEEN = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_TOKEN = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.,_/-]*[0-9A-Za-z])?")
_BEFORE_UNIT = re.compile(
    r"(?<![0-9A-Za-z.,_/-])[0-9][0-9.,]*[0-9](?=[A-Za-zµΩ]{1,4}(?![0-9A-Za-z]))"
)
_BETWEEN_GROUPS = re.compile("(?<=[0-9])[\u00a0\u2009\u202f'’](?=[0-9]{3}(?![0-9]))")

Worded = Code | YearMonth | date
"""Values that pages write in words."""


@dataclass(frozen=True, slots=True)
class Secret:
    """One restricted text or token, and the data point that it belongs to; never shown."""

    spelling: str = field(repr=False)
    source: str


def texts_of(elements: Iterable[Element]) -> Iterator[Secret]:
    """Yield the texts of elements that are long enough, documents' titles and names included."""
    for element in elements:
        for text in _texts(element.value):
            line = _SPACES.sub(" ", text).strip()
            if len(line) >= SHORTEST_TEXT:
                yield Secret(line, element.point.key)


def tokens_of(elements: Iterable[Element]) -> Iterator[Secret]:
    """Yield the numbers, dates and codes of elements."""
    for element in elements:
        for token in _tokens(element.value):
            yield Secret(token, element.point.key)


def worded_of(elements: Iterable[Element]) -> Iterator[tuple[Worded, str]]:
    """Yield what pages put into words of a language, and the data point that it belongs to."""
    for element in elements:
        for _, _, value in leaves(element.value):
            if isinstance(value, Code | YearMonth | date):
                yield value, element.point.key


def folded(text: str) -> str:
    """Return a text as it is compared: one case and normal form, nothing that can't be seen."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return "".join(unicodedata.normalize("NFKC", plain).split())


def tokens_in(text: str) -> frozenset[str]:
    """Return the tokens of a text; numbers also without their unit or spaces between digits."""
    joined = _BETWEEN_GROUPS.sub("", text)
    found = {*_TOKEN.findall(joined), *_BEFORE_UNIT.findall(joined)}
    return frozenset(found if joined == text else (*found, *_TOKEN.findall(text)))


def tokens_of_events(events: Iterable[Event]) -> Iterator[Secret]:
    """Yield what events of point 4 say besides their elements: kinds, codes, references."""
    for event in events:
        if isinstance(event.what, Measurement):
            yield from tokens_of(event.what.elements)
        yield from (Secret(part, event.kind) for part in _parts(event.what) if part)


def _parts(what: What) -> tuple[str, ...]:
    match what:
        case NegativeEvent(event, severity, _):
            return event.code, severity.code if severity else ""
        case Repair(parts, mends):
            return (*(part.code for part in parts), mends.code if mends else "")
        case StatusChange(status, operation):
            return status.code, operation.code if operation else ""
        case Waste(_, evidence) | ResponsibilityChange(_, evidence) | Recycled(evidence):
            return (evidence,)
    return ()


def spellings(text: str) -> frozenset[bytes]:
    """Return how a text may stand in a file: as it is, in JSON, HTML, URLs, base64 and hex."""
    data = text.encode()
    found = {
        data,
        html.escape(text).encode(),
        html.escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;").encode(),
        text.encode("ascii", "xmlcharrefreplace"),
        json.dumps(text)[1:-1].encode(),
        json.dumps(text, ensure_ascii=False)[1:-1].encode(),
        quote(text).encode(),
        quote(text, safe="").encode(),
        quote(text).replace("%20", "+").encode(),
        data.hex().encode(),
        data.hex().upper().encode(),
        text.encode("utf-16-be"),
        text.encode("utf-16-le"),
    }
    if len(data) >= SHORTEST_ENCODED:
        found |= set(_in_base64(data))
    return frozenset(found)


def _in_base64(data: bytes) -> Iterator[bytes]:
    """Yield the characters that a text always has, wherever in other bytes it begins."""
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + data).rstrip(b"=")
        first = -(-offset * 8 // 6)
        last = len(encoded) - (1 if (offset + len(data)) % 3 else 0)
        inner = encoded[first:last]
        yield inner
        yield inner.translate(bytes.maketrans(b"+/", b"-_"))


def _texts(value: Value | NotApplicable) -> Iterator[str]:
    stated = value.reason if isinstance(value, NotApplicable) else value
    for _, _, leaf in leaves(stated):
        match leaf:
            case Text(translations):
                yield from (text for _, text in translations)
            case Document(publish=False):
                yield from (text for _, text in leaf.title.translations)
                yield leaf.file.rpartition("/")[2]
            case Link() | str():
                yield str(leaf)


def _tokens(value: Value | NotApplicable) -> Iterator[str]:
    for _, _, leaf in leaves(value):
        match leaf:
            case Quantity(number, _):
                yield from _numbers(number)
            case Range(low, high, _):
                yield from (*_numbers(low), *_numbers(high))
            case Code() | YearMonth() | date():
                yield str(leaf)
            case int() if not isinstance(leaf, bool):
                yield from _numbers(Decimal(leaf))


def _numbers(number: Decimal) -> Iterator[str]:
    number = abs(number)  # the sign is no part of a token, and has several spellings
    if len(number.as_tuple().digits) >= FEWEST_DIGITS:
        for text in (f"{number:f}", f"{number:,f}"):
            yield text
            yield text.translate(_OTHER_SEPARATORS)
