"""What a product is named by: a GTIN, a GTIN with a serial number, a GIAI, or an own identifier.

Spec: DESIGN 4; GS1 application identifiers 01, 21 and 8004, and ISO/IEC 18975 for the shape of
`/id/…`. This module knows the parts of a key, not how URIs and dppIds spell them.
"""

import re
from dataclasses import dataclass

from passport.errors import IdentifierError
from passport.gs1 import PLAIN_CHARACTERS, Giai, Gtin, SerialNumber
from passport.page_name import check_page_name
from passport.quoting import quoted

OWN_VALUE_LENGTH = 64


@dataclass(frozen=True, slots=True, order=True)
class OwnIdentifier:
    """An identifier of an operator without GS1 numbers; it names a model or a battery.

    `scheme` is 2 to 12 letters a-z. `value` is 1 to 64 of `0-9`, `A-Z` and `-`, with single dots
    between them, so that `MODEL.SERIAL` is unambiguous. Raises `IdentifierError`.
    """

    scheme: str
    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[a-z]{2,12}", self.scheme):
            raise IdentifierError(
                f"identifier scheme {quoted(self.scheme)} is not 2 to 12 letters a-z",
                "choose a short name such as acme",
            )
        parts = self.value.split(".")
        if not all(parts) or not all(PLAIN_CHARACTERS.issuperset(part) for part in parts):
            raise IdentifierError(
                f"identifier {quoted(self.value)} does not fit /id/{self.scheme}/",
                "use 0-9, A-Z and hyphens, with single dots between parts",
            )
        if len(self.value) > OWN_VALUE_LENGTH:
            raise IdentifierError(
                f"identifier {quoted(self.value)} has {len(self.value)} characters",
                f"use {OWN_VALUE_LENGTH} at most",
            )
        check_page_name("identifier", self.value)

    def __str__(self) -> str:
        return f"{self.scheme}/{self.value}"

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of its path: `("id", scheme, value)`."""
        return "id", self.scheme, self.value


@dataclass(frozen=True, slots=True, order=True)
class BatteryKey:
    """One battery: the GTIN of its model and its serial number."""

    gtin: Gtin
    serial: SerialNumber

    @property
    def segments(self) -> tuple[str, ...]:
        """Application identifiers and values, unencoded: `("01", gtin, "21", serial)`."""
        return *self.gtin.segments, "21", self.serial.text


ProductKey = Gtin | BatteryKey | Giai | OwnIdentifier
"""What a passport is about: a model by GTIN, a battery, an asset, or either by an own identifier.

Each has `segments`: the unencoded parts of its path, in order. A page's file on a disk is
`"/".join(segments) + ".html"`, since hosts decode a URL before they look for a file.
"""


def key_of(segments: tuple[str, ...]) -> ProductKey:
    """Return the key that has these segments; `IdentifierError` when there is none."""
    match segments:
        case ("01", gtin):
            return Gtin(gtin)
        case ("01", gtin, "21", serial):
            return BatteryKey(Gtin(gtin), SerialNumber(serial, allow_any=True))
        case ("8004", giai):
            return Giai(giai)
        case ("id", scheme, value):
            return OwnIdentifier(scheme, value)
    raise IdentifierError(
        f"{quoted('/'.join(segments))} names no product",
        "write 01/GTIN, 01/GTIN/21/SERIAL, 8004/GIAI or id/SCHEME/VALUE",
    )
