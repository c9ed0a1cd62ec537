"""Events of one battery's life, as typed values: what happened, when, and who says so.

Spec: requirements 7; Art. 77(7), (8) and Annex XIII point 4. An event is coded: it holds codes,
numbers, dates and references, and no member takes free text, so that it can't describe a person.
Knows neither how content spells an event nor what a row of events adds up to: `life.py` does.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Self

from passport.errors import ValueFormatError
from passport.identifiers import DppId, ProductUri
from passport.model import Element
from passport.problems import Place
from passport.quoting import quoted
from passport.registry import DataPoint, registry
from passport.values import Code, Record, parse_date

_MOMENT = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2}Z))?")
_REFERENCE = re.compile("[0-9A-Za-z][0-9A-Za-z._/:-]{0,63}")
# A telephone number, or a pair of decimal degrees, would pass as the number of a document.
_PERSONAL = re.compile(r"\+?[0-9][0-9./-]{7,}|[0-9]{1,3}\.[0-9]{3,}[/:-][0-9]{1,3}\.[0-9]{3,}")

EXPOSURE_POINT = "operating_environment"
CHARGE_POINT = "state_of_charge_record"
HISTOGRAMS = {"temperature": EXPOSURE_POINT, "state-of-charge": CHARGE_POINT}
"""What a histogram can be of, and the data point that it adds to."""

STATUS_POINT = "battery_status"
INCIDENTS_POINT = "negative_events"
SERVICE_POINT = "putting_into_service_date"
_FROM_OTHER_EVENTS = (STATUS_POINT, INCIDENTS_POINT, SERVICE_POINT, *HISTOGRAMS.values())


class Kind(StrEnum):
    """The kinds of events; the codes of `event_kind`. Those of one day happen in this order."""

    PREDECESSOR = "predecessor"
    PLACED_ON_MARKET = "placed-on-market"
    PUT_INTO_SERVICE = "put-into-service"
    MEASUREMENT = "measurement"
    HISTOGRAM = "histogram"
    NEGATIVE_EVENT = "negative-event"
    REPAIR = "repair"
    RESPONSIBILITY_CHANGE = "responsibility-change"
    WASTE = "waste"
    STATUS_CHANGE = "status-change"
    SUCCESSOR = "successor"
    RECYCLED = "recycled"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A day, or a second of it in UTC; `clock` is "" where only the day is known."""

    day: date
    clock: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2027-03-01` or `2027-03-01T09:00:00Z`; raises `ValueFormatError`."""
        found = _MOMENT.fullmatch(text)
        remedy = "write 2027-03-01, or 2027-03-01T09:00:00Z in UTC"
        if not found:
            raise ValueFormatError(f"{quoted(text)} is no day or time", remedy)
        if found[2]:
            try:
                datetime.strptime(found[2], "%H:%M:%SZ")  # noqa: DTZ007 (a clock has no day)
            except ValueError:
                raise ValueFormatError(f"{quoted(text)} is no time of a day", remedy) from None
        return cls(parse_date(found[1]), found[2] or "")

    def __str__(self) -> str:
        return f"{self.day.isoformat()}T{self.clock}" if self.clock else self.day.isoformat()


@dataclass(frozen=True, slots=True)
class PlacedOnMarket:
    """The battery was supplied on the Union market for the first time."""

    kind = Kind.PLACED_ON_MARKET


@dataclass(frozen=True, slots=True)
class PutIntoService:
    """It was first used for its purpose."""

    kind = Kind.PUT_INTO_SERVICE


@dataclass(frozen=True, slots=True)
class Measurement:
    """Values of point 4 were determined, or could not be: then an element has the reason."""

    elements: tuple[Element, ...]
    kind = Kind.MEASUREMENT


@dataclass(frozen=True, slots=True)
class Histogram:
    """Hours spent in classes of temperature or charge, from a day to the event's own.

    `point` is the key of the data point that the records belong to.
    """

    point: str
    begins: date
    records: tuple[Record, ...]
    kind = Kind.HISTOGRAM


@dataclass(frozen=True, slots=True)
class NegativeEvent:
    """Something that harms batteries: a code of `negative_event`, its consequence, how often."""

    event: Code
    severity: Code | None = None
    count: int | None = None
    kind = Kind.NEGATIVE_EVENT


@dataclass(frozen=True, slots=True)
class Repair:
    """It was repaired: what was exchanged, and which earlier negative event that mended."""

    parts: tuple[Code, ...] = ()
    mends: Code | None = None
    kind = Kind.REPAIR


@dataclass(frozen=True, slots=True)
class StatusChange:
    """An operation of Art. 77(7) gave it another status; a new passport must follow."""

    status: Code
    operation: Code | None = None
    kind = Kind.STATUS_CHANGE


@dataclass(frozen=True, slots=True)
class ResponsibilityChange:
    """Another economic operator, by slug, is responsible for the passport from now on."""

    holder: str
    evidence: str
    kind = Kind.RESPONSIBILITY_CHANGE


@dataclass(frozen=True, slots=True)
class Waste:
    """It became waste: the same passport, held by a producer, its organisation or a treater."""

    holder: str
    evidence: str
    kind = Kind.WASTE


@dataclass(frozen=True, slots=True)
class Successor:
    """A new passport continues this one (Art. 77(7)); the link is to its product URI."""

    uri: ProductUri
    operation: Code
    kind = Kind.SUCCESSOR


@dataclass(frozen=True, slots=True)
class Predecessor:
    """This battery was made from others, whose passports its own continues."""

    uris: tuple[ProductUri, ...]
    operation: Code
    kind = Kind.PREDECESSOR


@dataclass(frozen=True, slots=True)
class Recycled:
    """It was recycled: its passport ceases (Art. 77(8))."""

    evidence: str
    kind = Kind.RECYCLED


@dataclass(frozen=True, slots=True)
class Correction:
    """An earlier event was recorded in error and counts no more: all of one kind and moment."""

    withdraws: Kind
    at: Moment
    kind = Kind.CORRECTION


What = (
    PlacedOnMarket
    | PutIntoService
    | Measurement
    | Histogram
    | NegativeEvent
    | Repair
    | StatusChange
    | ResponsibilityChange
    | Waste
    | Successor
    | Predecessor
    | Recycled
    | Correction
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of one battery; `signed_by` is the DID of an authorised party, or ""."""

    battery: DppId
    time: Moment
    what: What
    place: Place
    signed_by: str = ""

    @property
    def kind(self) -> Kind:
        """What kind of event it is."""
        return self.what.kind

    @property
    def line(self) -> str:
        """Where it stands, within a message about another."""
        return f"{self.place.file}:{self.place.line}"


PUBLIC_KINDS = frozenset(
    {
        Kind.PLACED_ON_MARKET,
        Kind.RESPONSIBILITY_CHANGE,
        Kind.WASTE,
        Kind.SUCCESSOR,
        Kind.PREDECESSOR,
        Kind.RECYCLED,
    }
)
"""Kinds after which a public passport says something else; of waste only the new holder shows."""


@cache
def measurable_points() -> tuple[DataPoint, ...]:
    """The data points that a measurement may state; the others follow from other events."""
    points = registry().from_source("events")
    return tuple(point for point in points if point.key not in _FROM_OTHER_EVENTS)


def status_after(operation: Code) -> str:
    """The battery's status after an operation of Art. 77(7), a code of `battery_status`."""
    return _STATUS_AFTER[operation.code]


_STATUS_AFTER = {
    "preparation-for-re-use": "re-used",
    "preparation-for-repurposing": "repurposed",
    "repurposing": "repurposed",
    "remanufacturing": "remanufactured",
}


def parse_reference(text: str) -> str:
    """Read the reference of a document, like FM-WST-2027-014; raises `ValueFormatError`.

    What looks like a sentence, an address, a telephone number or coordinates is refused, and never
    repeated in the message.
    """
    if not _REFERENCE.fullmatch(text) or _PERSONAL.fullmatch(text):
        raise ValueFormatError(
            "this is no reference of a document",
            "write its number without spaces, as in FM-WST-2027-014; "
            "point 4 holds no text about persons or places",
        )
    return text
