"""Values of data points: quantities, dates, codes, texts, documents and records of these.

A number that a person typed keeps its digits: it is a decimal, in JSON a string
(`{"value": "51.20", "unit": "V"}`, DESIGN 3). Each type has one spelling; a parser returns the
value or raises `ValueFormatError` with what to write instead. This module knows neither data
points nor files.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from passport.errors import ValueFormatError
from passport.quoting import quoted

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,39})(\.[0-9]{1,40})?")
_QUANTITY = re.compile(r"(?P<number>[^\s%°A-Za-zΩµ]+)\s*(?P<unit>\S.*)?")
_RANGE = re.compile(r"(?P<low>\S+?)\s*\.\.\s*(?P<high>\S+)\s+(?P<unit>\S+)")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")  # every reader of JSON holds 15 digits exactly
_EMAIL = re.compile(r"[^@\s<>\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")

PERIOD_UNITS = ("years", "months")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A decimal number with its fixed unit symbol, digits as typed."""

    number: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.number:f} {self.unit}"


@dataclass(frozen=True, slots=True)
class Range:
    """Two numbers of one unit, the lower first."""

    low: Decimal
    high: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.low:f} .. {self.high:f} {self.unit}"


@dataclass(frozen=True, slots=True, order=True)
class YearMonth:
    """A month of a year, as a date of manufacture is given (Annex VI A (4))."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2027-02`."""
        found = _MONTH.fullmatch(text)
        if not found:
            raise ValueFormatError(f"{text!r} is not a month", "write year and month as 2027-02")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Text:
    """Prose in one or more languages, (language, text) pairs; the first is the original."""

    translations: tuple[tuple[str, str], ...]

    def in_language(self, language: str) -> tuple[str, str]:
        """Return (language, text): the one asked for, else the original."""
        for pair in self.translations:
            if pair[0] == language:
                return pair
        return self.translations[0]


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list of the registry."""

    code_list: str
    code: str

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Link:
    """An absolute https address."""

    uri: str

    def __str__(self) -> str:
        return self.uri


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that belongs to a model: declaration, manual, report, picture.

    `sha256` is the hex digest of its bytes, `file` its path from the project's folder. `size` is 0
    where it lies in a private root that is not on this machine. Only a document marked `publish`
    may be shown; of the others a page says that evidence is on file. `number` names a document that
    is sealed, for ever (`doc/3`); 0 is none.
    """

    id: str
    file: str
    sha256: str
    size: int
    media_type: str
    title: Text
    languages: tuple[str, ...]
    publish: bool
    number: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """Named values that belong together, in the order of the data point's fields."""

    fields: tuple[tuple[str, "Value"], ...]

    def get(self, name: str) -> "Value | None":
        """Return a field's value, or None when it was left out."""
        return next((value for field, value in self.fields if field == name), None)


Single = Quantity | Range | YearMonth | Text | Code | Link | Document | Record | date | str | int
Value = Single | tuple[Single, ...]


def parse_decimal(text: str) -> Decimal:
    """Read a decimal number written plainly: digits, a point, a leading minus.

    Raises `ValueFormatError` for a decimal comma, grouping, exponents and leading zeros.
    """
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    if re.fullmatch(r"-?[0-9]+,[0-9]+", text):
        remedy = f"write {text.replace(',', '.')} with a decimal point"
        raise ValueFormatError(f"{text!r} has a decimal comma", remedy)
    raise ValueFormatError(f"{quoted(text)} is not a number", "write digits, like 51.2 or -20")


def parse_quantity(text: str, unit: str) -> Quantity:
    """Read `51.2 V`; the unit must be the one that the data point is defined in."""
    found = _QUANTITY.fullmatch(text.strip())
    if not found:
        raise ValueFormatError(f"{quoted(text)} is not a quantity", f"write a number, then {unit}")
    number = parse_decimal(found["number"])
    given = found["unit"]
    if given is None:
        raise ValueFormatError(f"{text!r} has no unit", f"write {found['number']} {unit}")
    if given != unit:
        raise ValueFormatError(f"{text!r} is in {given}", f"give the value in {unit}")
    return Quantity(number, unit)


def parse_period(text: str) -> Quantity:
    """Read `10 years` or `24 months`."""
    number, _, unit = text.partition(" ")
    if unit not in PERIOD_UNITS or not _WHOLE.fullmatch(number):
        raise ValueFormatError(f"{text!r} is not a period", "write 10 years or 24 months")
    return Quantity(Decimal(number), unit)


def parse_range(text: str, unit: str) -> Range:
    """Read `-20 .. 60 °C`, the lower bound first."""
    found = _RANGE.fullmatch(text.strip())
    if not found:
        raise ValueFormatError(f"{text!r} is not a range", f"write it as -20 .. 60 {unit}")
    low, high = parse_decimal(found["low"]), parse_decimal(found["high"])
    if found["unit"] != unit:
        raise ValueFormatError(f"{text!r} is in {found['unit']}", f"give the range in {unit}")
    if low > high:
        raise ValueFormatError(f"{text!r} ends below its start", "write the lower bound first")
    return Range(low, high, unit)


def parse_integer(text: str) -> int:
    """Read a whole number of zero or more."""
    if not _WHOLE.fullmatch(text):
        message = f"{quoted(text)} is not a whole number"
        raise ValueFormatError(message, "write digits only, like 6000")
    return int(text)


def parse_date(text: str) -> date:
    """Read `2027-02-18`."""
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        parsed = None
    if parsed is None or parsed.isoformat() != text:
        raise ValueFormatError(f"{text!r} is not a date", "write year, month, day as 2027-02-18")
    return parsed


def parse_link(text: str) -> Link:
    """Read an absolute https address without user name, spaces or control characters."""
    if not re.fullmatch(r"https://[a-z0-9.-]+(:[0-9]+)?(/[!-~]*)?", text):
        raise ValueFormatError(f"{text!r} is not an https address", "write https://host/path")
    return Link(text)


def parse_email(text: str) -> str:
    """Read an e-mail address of the form name@host."""
    if not _EMAIL.fullmatch(text):
        raise ValueFormatError(f"{text!r} is not an e-mail address", "write name@host.example")
    return text


def parse_boolean(text: str) -> bool:
    """Read `true` or `false`, and nothing else."""
    if text not in ("true", "false"):
        raise ValueFormatError(f"{text!r} is neither true nor false", "write true or false")
    return text == "true"


def parse_language(text: str) -> str:
    """Read a language code of BCP 47's shortest form, like `de`."""
    if not _LANGUAGE.fullmatch(text):
        raise ValueFormatError(f"{text!r} is not a language code", "write two letters, like de")
    return text
