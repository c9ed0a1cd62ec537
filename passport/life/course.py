"""The course of a life while it is folded: what is known after each event, in their order.

The rules of `rules.py` look at a course before the next event is taken; `life.py` turns the
last one into what leaves. Spec: requirements 7. Everything restricted stands in here too, so a
course is never passed on.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from passport.identifiers import DppId, ProductUri
from passport.life.events import (
    INCIDENTS_POINT,
    PUBLIC_KINDS,
    SERVICE_POINT,
    STATUS_POINT,
    Event,
    Histogram,
    Kind,
    Measurement,
    NegativeEvent,
    PlacedOnMarket,
    Predecessor,
    PutIntoService,
    Recycled,
    Repair,
    ResponsibilityChange,
    StatusChange,
    Successor,
    Waste,
    status_after,
)
from passport.model import Element, NotApplicable
from passport.problems import Place
from passport.registry import registry
from passport.values import Code, Quantity, Record, Value, YearMonth

ORIGINAL, WASTE = "original", "waste"
_REPAIRED = Code("event_severity", "repaired")
_LOWEST = Decimal("-Infinity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What is known of a battery before anything happens to it: its row, and who is responsible.

    `holder` is the slug of the operator who places its model on the market.
    """

    dpp_id: DppId
    uri: ProductUri
    manufactured: YearMonth
    placed_on_market: date | None
    holder: str
    place: Place


@dataclass(frozen=True, slots=True)
class StatusMoment:
    """A day on which values of point 4(a) were due: at placing on the market or with a status."""

    day: date
    kind: Kind
    place: Place


@dataclass(slots=True)
class Course:
    """What is known so far. `taken` are the events that counted, in their order."""

    beginning: Beginning
    placed: date | None
    holder: str
    status: str = ORIGINAL
    status_at: Event | None = None
    placing: Event | None = None
    service: Event | None = None
    waste: Event | None = None
    ceased: Event | None = None
    successors: list[Event] = field(default_factory=list)
    predecessors: Event | None = None
    incidents: list[tuple[Event, NegativeEvent]] = field(default_factory=list)
    values: dict[str, Element] = field(default_factory=dict)
    stated: dict[str, list[date]] = field(default_factory=dict)
    periods: dict[str, list[tuple[date, date]]] = field(default_factory=dict)
    moments: list[StatusMoment] = field(default_factory=list)
    taken: list[Event] = field(default_factory=list)
    public_change: date | None = None
    restricted_change: date | None = None

    @classmethod
    def of(cls, beginning: Beginning, placed: date | None) -> "Course":
        """The course before the first event; `placed` is what an event says, if the row doesn't."""
        return cls(beginning, beginning.placed_on_market or placed, beginning.holder)

    @property
    def was_replaced(self) -> bool:
        """Whether a new passport continues this one."""
        return bool(self.successors)

    def take(self, event: Event) -> None:
        """Let an event count."""
        self.taken.append(event)
        self.changed(event.kind, event.time.day)
        self._used(event)
        self._passed_on(event)

    def changed(self, kind: Kind, day: date) -> None:
        """Note the day on which an event of a kind, or its withdrawal, came to be known."""
        if kind in PUBLIC_KINDS:
            self.public_change = max(day, self.public_change or day)
        if kind not in PUBLIC_KINDS or kind is Kind.WASTE or kind is Kind.SUCCESSOR:
            self.restricted_change = max(day, self.restricted_change or day)

    def elements(self) -> tuple[Element, ...]:
        """All of point 4 that is known, in the order of the registry."""
        found = dict(self.values)
        place = self.status_at.place if self.status_at else self.beginning.place
        day = self.status_at.time.day if self.status_at else self.placed
        found[STATUS_POINT] = _element(STATUS_POINT, Code(STATUS_POINT, self.status), place, day)
        if self.service:
            found[SERVICE_POINT] = _event_element(
                SERVICE_POINT, self.service.time.day, self.service
            )
        if self.incidents:
            records = tuple(_incident(event, what) for event, what in self.incidents)
            found[INCIDENTS_POINT] = _event_element(INCIDENTS_POINT, records, self.incidents[-1][0])
        return tuple(found[p.key] for p in registry().data_points if p.key in found)

    def _used(self, event: Event) -> None:
        match event.what:
            case PutIntoService():
                self.service = event
            case Measurement(elements):
                for element in elements:
                    self._measured(element, event.time.day)
            case Histogram():
                self._recorded(event, event.what)
            case NegativeEvent():
                self.incidents.append((event, event.what))
            case Repair(_, mends):
                self._repaired(mends)

    def _passed_on(self, event: Event) -> None:
        match event.what:
            case PlacedOnMarket():
                self.placing, self.placed = event, event.time.day
            case ResponsibilityChange(holder, _):
                self.holder = holder
            case Waste(holder, _):
                self.waste, self.holder = event, holder
                self._status(event, WASTE)
            case StatusChange(status):
                self._status(event, status.code)
            case Successor(_, operation):
                self.successors.append(event)
                self._status(event, status_after(operation))
            case Predecessor(_, operation):
                self.predecessors = event
                self.status, self.status_at = status_after(operation), event
            case Recycled():
                self.ceased = event

    def _status(self, event: Event, status: str) -> None:
        if status != self.status:
            self.status, self.status_at = status, event
            self.moments.append(StatusMoment(event.time.day, event.kind, event.place))

    def _measured(self, element: Element, day: date) -> None:
        key = element.point.key
        self.stated.setdefault(key, []).append(day)
        earlier = self.values.get(key)
        if earlier is None or isinstance(earlier.value, NotApplicable):
            self.values[key] = element
        elif not isinstance(element.value, NotApplicable):
            value = _continued(earlier.value, element.value, element)
            self.values[key] = replace(element, value=value)

    def _recorded(self, event: Event, histogram: Histogram) -> None:
        period = (histogram.begins, event.time.day)
        self.periods.setdefault(histogram.point, []).append(period)
        earlier = self.values.get(histogram.point)
        records = earlier.value if earlier and isinstance(earlier.value, tuple) else ()
        value = _added(records, histogram.records)
        self.values[histogram.point] = _event_element(histogram.point, value, event)

    def _repaired(self, mends: Code | None) -> None:
        if mends is None:
            return
        index = last_incident(self, mends)
        if index is not None:
            event, what = self.incidents[index]
            self.incidents[index] = (event, replace(what, severity=_REPAIRED))


def last_incident(course: Course, code: Code) -> int | None:
    """Where the last negative event of a code stands that was not mended yet, or None."""
    found = [
        index
        for index, (_, what) in enumerate(course.incidents)
        if what.event == code and what.severity != _REPAIRED
    ]
    return found[-1] if found else None


def _element(key: str, value: Value, place: Place, day: date | None) -> Element:
    return Element(point=registry().by_key[key], value=value, place=place, as_of=day)


def _event_element(key: str, value: Value, event: Event) -> Element:
    return _element(key, value, event.place, event.time.day)


def _incident(event: Event, what: NegativeEvent) -> Record:
    fields: list[tuple[str, Value]] = [("kind", what.event), ("date", event.time.day)]
    if what.severity:
        fields.append(("severity", what.severity))
    if what.count is not None:
        fields.append(("count", what.count))
    return Record(tuple(fields))


def _continued(earlier: Value | NotApplicable, later: Value, about: Element) -> Value:
    """A series of dated records grows; any other value takes the place of the earlier one."""
    is_series = any(field.name == "date" for field in about.point.fields)
    if not (is_series and isinstance(earlier, tuple) and isinstance(later, tuple)):
        return later
    by_day = {_day(part): part for part in (*earlier, *later) if isinstance(part, Record)}
    return tuple(by_day[day] for day in sorted(by_day))


def _day(record: Record) -> date:
    found = record.get("date")
    assert isinstance(found, date), "the field is required"
    return found


def _added(earlier: tuple[object, ...], later: tuple[Record, ...]) -> Value:
    """Add up the hours of classes with the same bounds; lower classes first."""
    hours: dict[tuple[Quantity | None, Quantity | None], int] = {}
    for record in (*earlier, *later):
        assert isinstance(record, Record), "a histogram is made of records"
        bounds = bounds_of(record)
        hours[bounds] = hours.get(bounds, 0) + hours_of(record)
    ordered = sorted(hours, key=lambda bounds: bounds[0].number if bounds[0] else _LOWEST)
    return tuple(_class(bounds, hours[bounds]) for bounds in ordered)


def bounds_of(record: Record) -> tuple[Quantity | None, Quantity | None]:
    """The bounds of a class of a histogram, None where it is open."""
    low, high = record.get("lower"), record.get("upper")
    return low if isinstance(low, Quantity) else None, high if isinstance(high, Quantity) else None


def hours_of(record: Record) -> int:
    """The hours that a class of a histogram was spent in."""
    spent = record.get("hours")
    assert isinstance(spent, int), "the field is required"
    return spent


def _class(bounds: tuple[Quantity | None, Quantity | None], hours: int) -> Record:
    named = zip(("lower", "upper"), bounds, strict=True)
    return Record((*((name, bound) for name, bound in named if bound), ("hours", hours)))
