"""GS1 identifiers: GTIN, serial number, GIAI, and the character set they are written in.

Spec: GS1 General Specifications (7.9.1 check digit, 7.11 character set 82; application
identifiers 01, 21 and 8004). Each type holds exactly one spelling, so equal texts are equal
things. This module knows neither URIs nor whether a company prefix was ever issued.
"""

import re
from dataclasses import InitVar, dataclass, field
from functools import lru_cache

from passport.errors import IdentifierError
from passport.page_name import check_page_name
from passport.quoting import named, quoted

GTIN_LENGTH = 14
SERIAL_LENGTH = 20
GIAI_LENGTH = 30
SHORTER_GTIN_LENGTHS = (8, 12, 13)
SHORTEST_COMPANY_PREFIX = 4

_PLAIN_SERIAL = re.compile(f"[0-9A-Z-]{{1,{SERIAL_LENGTH}}}")
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_ENTER_AGAIN = (
    "a spreadsheet has rounded it: format the column as text and enter all characters again"
)
_DIGITS = "0123456789"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

CHARACTER_SET_82 = frozenset(_DIGITS + _UPPER + _UPPER.lower() + "!\"%&'()*+,-./_:;<=>?")
"""GS1 AI encodable character set 82 (GS1 General Specifications 7.11)."""

PLAIN_CHARACTERS = frozenset(_DIGITS + _UPPER + "-")
"""What our own identifiers use: nothing to percent-encode, nothing that differs by case only."""


@dataclass(frozen=True, slots=True, order=True)
class Gtin:
    """A Global Trade Item Number in its 14-digit form (application identifier 01).

    Raises `IdentifierError` for another length, a character that is no digit, or a wrong check
    digit. A shorter GTIN gets zeros in front, never behind; the message shows the result.
    """

    text: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9]+", self.text):
            raise IdentifierError(
                f"GTIN {quoted(self.text)} is not made of digits 0 to 9",
                _ENTER_AGAIN if is_rounded(self.text) else "write its 14 digits and nothing else",
            )
        if len(self.text) != GTIN_LENGTH:
            raise _wrong_gtin_length(self.text)
        if not self.text.strip("0"):
            raise IdentifierError("a GTIN of zeros only names nothing", "enter the model's GTIN")
        right = check_digit(self.text[:-1])
        if self.text[-1] != right:
            raise IdentifierError(
                f"the check digit of GTIN {self.text} is {self.text[-1]}, but its other digits "
                f"give {right}",
                f"compare all digits with the label; if those are right, write "
                f"{self.text[:-1]}{right}",
            )

    def __str__(self) -> str:
        return self.text

    @property
    def segments(self) -> tuple[str, ...]:
        """Application identifier and value, unencoded: `("01", gtin)`."""
        return "01", self.text


@dataclass(frozen=True, slots=True, order=True)
class SerialNumber:
    """A serial number of one battery of a model (application identifier 21).

    By default 1 to 20 of `0-9`, `A-Z` and `-`. With `allow_any` 1 to 20 characters of GS1's
    character set 82, as far as they can name a page. Raises `IdentifierError`.
    """

    text: str
    allow_any: InitVar[bool] = field(default=False, kw_only=True)

    def __post_init__(self, allow_any: bool) -> None:
        if not _PLAIN_SERIAL.fullmatch(self.text):
            _check_length("serial", self.text, SERIAL_LENGTH)
            check_characters("serial", self.text)
            check_page_name("serial", self.text)
            if not allow_any:
                raise _not_plain(self.text)
        check_page_name("serial", self.text)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, order=True)
class Giai:
    """A Global Individual Asset Identifier (application identifier 8004).

    A GS1 Company Prefix, thus four digits at least, and an asset reference: up to 30 characters
    of character set 82, as far as they can name a page. Raises `IdentifierError`.
    """

    text: str

    def __post_init__(self) -> None:
        _check_length("GIAI", self.text, GIAI_LENGTH)
        check_characters("GIAI", self.text)
        if not re.match(f"[0-9]{{{SHORTEST_COMPANY_PREFIX}}}", self.text):
            raise IdentifierError(
                f"GIAI {quoted(self.text)} does not begin with a GS1 company prefix",
                "write the prefix of four to twelve digits in front of the asset reference",
            )
        check_page_name("GIAI", self.text)

    def __str__(self) -> str:
        return self.text

    @property
    def segments(self) -> tuple[str, ...]:
        """Application identifier and value, unencoded: `("8004", giai)`."""
        return "8004", self.text


@lru_cache(maxsize=1024)  # the batteries of a model share its GTIN
def check_digit(digits: str) -> str:
    """Return the check digit to write behind `digits` (GS1 General Specifications 7.9.1).

    From the right, digits weigh 3 and 1 in turn; the check digit lifts the sum to a multiple of
    ten. `digits` holds 0 to 9 only.
    """
    weighted = (int(digit) * (1 if index % 2 else 3) for index, digit in enumerate(digits[::-1]))
    return str(-sum(weighted) % 10)


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet has written a long number as `9.50601E+12` and lost its digits.

    With `allow_any` such a text is a serial number all the same; the caller may warn.
    """
    return _ROUNDED.fullmatch(text) is not None


def check_characters(noun: str, text: str) -> None:
    """Raise `IdentifierError` for the first character that is not of character set 82."""
    for character in text:
        if character not in CHARACTER_SET_82:
            raise IdentifierError(
                f"{noun} {quoted(text)} holds {named(character)}, which GS1 identifiers can't have",
                "use letters A to Z, digits and hyphens",
            )


def check_qualifier(noun: str, text: str) -> str:
    """Return a batch number (10) or variant (22): 1 to 20 characters of character set 82."""
    _check_length(noun, text, SERIAL_LENGTH)
    check_characters(noun, text)
    return text


def _wrong_gtin_length(text: str) -> IdentifierError:
    message = f"GTIN {quoted(text)} has {len(text)} digits, not {GTIN_LENGTH}"
    if len(text) not in SHORTER_GTIN_LENGTHS:
        return IdentifierError(message, "copy all of its digits, then fill up with zeros in front")
    padded = text.zfill(GTIN_LENGTH)
    right = check_digit(padded[:-1])
    if padded[-1] == right:
        return IdentifierError(message, f"fill up with zeros in front: {padded}")
    return IdentifierError(
        f"{message}, and its check digit is {padded[-1]} where the others give {right}",
        "compare all digits with the label, then fill up with zeros in front",
    )


def _check_length(noun: str, text: str, longest: int) -> None:
    if not text:
        raise IdentifierError(f"the {noun} is empty", f"write 1 to {longest} characters")
    if len(text) > longest:
        raise IdentifierError(
            f"{noun} {quoted(text)} has {len(text)} characters, GS1 allows {longest}",
            "shorten it, or number the batteries of a model anew",
        )


def _not_plain(serial: str) -> IdentifierError:
    first = next(character for character in serial if character not in PLAIN_CHARACTERS)
    message = f"serial {quoted(serial)} holds {named(first)}"
    if is_rounded(serial):
        return IdentifierError(message, _ENTER_AGAIN)
    upper = serial.upper()
    better = f"write {upper}" if PLAIN_CHARACTERS.issuperset(upper) else "use 0-9, A-Z and hyphens"
    return IdentifierError(message, f"{better}, or set allow_any_serial in cellfolio.toml")
