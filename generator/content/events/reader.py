"""Events: from the members of a line to a typed event.

Which members a kind of event has, and what each may be. What is restricted is never quoted in a
problem; a member that could hold words about a person is refused by its name. Whether an event can
have happened is for `passport.life.life`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from generator.content.discretion import hidden
from generator.content.elements import ElementReader, read_conditions
from generator.content.events.nodes import Source, event_node
from generator.content.yaml.codes import code_of
from generator.content.yaml.located import Mapping as Nodes
from generator.content.yaml.located import Scalar
from generator.content.yaml.members import Members, parse_code
from generator.content.yaml.near_misses import instead_of
from passport.encoding.canonical import JsonObject
from passport.errors import ValueFormatError
from passport.identifiers import DppId, ProductUri, parse_product_uri
from passport.life.events import (
    HISTOGRAMS,
    Correction,
    Event,
    Histogram,
    Kind,
    Measurement,
    Moment,
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
    What,
    measurable_points,
    parse_reference,
)
from passport.model import Element, NotApplicable
from passport.problems import Findings, Problem
from passport.registry import registry
from passport.values import Code, Record, Text, parse_date, parse_integer

_KIND = code_of(Kind, "kind of event")
_ALWAYS = ("battery", "time", "kind")
_REQUIRED: Mapping[Kind, tuple[str, ...]] = {
    Kind.HISTOGRAM: ("of", "from", "classes"),
    Kind.NEGATIVE_EVENT: ("event",),
    Kind.RESPONSIBILITY_CHANGE: ("holder", "evidence"),
    Kind.WASTE: ("holder", "evidence"),
    Kind.STATUS_CHANGE: ("status",),
    Kind.SUCCESSOR: ("successor", "operation"),
    Kind.PREDECESSOR: ("predecessors", "operation"),
    Kind.RECYCLED: ("evidence",),
    Kind.CORRECTION: ("withdraws", "at"),
}
_OPTIONAL: Mapping[Kind, tuple[str, ...]] = {
    Kind.MEASUREMENT: ("values", "not_determined", "method", "conditions"),
    Kind.NEGATIVE_EVENT: ("severity", "count"),
    Kind.REPAIR: ("parts", "mends"),
    Kind.STATUS_CHANGE: ("operation",),
}
_ABOUT_PERSONS = frozenset(
    """
    address city comment comments contact coordinates customer description driver e_mail email
    first_name gps last_name lat latitude license_plate licence_plate location lon longitude mail
    message mobile name note notes owner person phone place plate position postal_code remark
    remarks site street technician telephone text user vin zip
    """.split()  # noqa: SIM905 (a list of forty names reads better as text)
)
_SHOWN = frozenset({"battery", "time", "holder", "successor", "predecessors", "from", "at"})
_SHOWN_RULES = frozenset({"missing-member", "personal-data", "unknown-member", "unknown-point"})
_SLUG = "write the file name of content/operators without .yaml"


def read_event(
    members: JsonObject, source: Source, findings: Findings, *, signed_by: str = ""
) -> Event | None:
    """Read one event; None when something in it is wrong, which is told without quoting it."""
    reading = Findings()
    node = event_node(members, source, reading)
    event = _Reader(Members(node, "$", "en", reading), source).read(signed_by)
    findings.extend(_told(problem) for problem in reading.problems)
    return None if reading.has_errors else event


def _told(problem: Problem) -> Problem:
    """Name a member as rows do, and keep back what stands in it unless it is public."""
    path = problem.path.removeprefix("$.")
    member = path.partition(".")[0].partition("[")[0]
    is_shown = member in _SHOWN or problem.rule in _SHOWN_RULES
    return replace(problem if is_shown else hidden(problem), path=path)


@dataclass(frozen=True, slots=True)
class _Reader:
    members: Members
    source: Source

    def read(self, signed_by: str) -> Event | None:
        battery = self.members.parse("battery", DppId.parse, required=True)
        time = self.members.parse("time", Moment.parse, required=True)
        kind = self.members.parse("kind", _KIND, required=True)
        if kind is None:
            return None
        required = _REQUIRED.get(kind, ())
        self._only((*_ALWAYS, *required, *_OPTIONAL.get(kind, ())))
        for name in required:
            self.members.node(name, required=True)
        if time is None or battery is None:
            return None
        what = _READERS[kind](self, time.day)
        if what is None:
            return None
        return Event(
            battery=battery, time=time, what=what, place=self.source.place, signed_by=signed_by
        )

    def _only(self, allowed: tuple[str, ...]) -> None:
        for entry in self.members.mapping.entries:
            name = entry.key.text
            if name in allowed:
                continue
            is_personal = name.casefold().replace("-", "_") in _ABOUT_PERSONS
            rule = "personal-data" if is_personal else "unknown-member"
            message = _PERSONAL if is_personal else "an event of this kind has no such member"
            remedy = _LEAVE_OUT if is_personal else instead_of(name, allowed)
            self.members.findings.error(entry.key.place, "$", rule, message, remedy)

    def code(self, name: str, code_list: str) -> Code | None:
        return self.members.parse(name, lambda text: parse_code(text, code_list))

    def text(self, name: str) -> str:
        return self.members.parse(name, parse_reference if name == "evidence" else _slug) or ""

    def measurement(self, day: date) -> What | None:
        method = self.code("method", "determination")
        conditions = read_conditions(self.members)
        found = [
            replace(
                each,
                as_of=day,
                method=method.code if method else "",
                basis="measured",
                conditions=conditions,
                place=self.source.place,
            )
            for each in self._values()
        ]
        found += [replace(each, as_of=day) for each in self._not_determined()]
        if not found and not self.members.findings.has_errors:
            self.members.findings.error(
                self.source.place,
                "values",
                "missing-member",
                "nothing is measured",
                'add "values": {"remaining_capacity": "98.5 Ah"}',
            )
        return Measurement(tuple(found))

    def _values(self) -> tuple[Element, ...]:
        values = self.members.members("values")
        if values is None:
            return ()
        self._known_points(values)
        for entry in values.mapping.entries:
            names = entry.value.names if isinstance(entry.value, Nodes) else ()
            if {"value", "not_applicable"} & set(names):
                path = f"{values.path}.{entry.key.text}"
                message = "a value of an event is written short"
                remedy = "write the value itself; method and conditions stand beside values"
                values.findings.error(entry.key.place, path, "wrong-shape", message, remedy)
                return ()
        reader = ElementReader("en", (), values.findings)
        return reader.read(values.mapping, measurable_points(), values.path)

    def _not_determined(self) -> list[Element]:
        named = self.members.members("not_determined")
        if named is None:
            return []
        self._known_points(named)
        found = []
        for point in measurable_points():
            reason = named.parse(point.key, lambda text: parse_code(text, "not_determined"))
            if reason:
                label = registry().code_lists["not_determined"][reason.code].label
                value = NotApplicable(Text(label.texts))
                found.append(Element(point=point, value=value, place=self.source.place))
        return found

    def _known_points(self, members: Members) -> None:
        known = tuple(point.key for point in measurable_points())
        for entry in members.mapping.entries:
            if entry.key.text not in known:
                message = "no data point of point 4 that is measured has this key"
                members.findings.error(
                    entry.key.place,
                    f"{members.path}.{entry.key.text}",
                    "unknown-point",
                    message,
                    instead_of(entry.key.text, known),
                )

    def histogram(self, _: date) -> What | None:
        of = self.members.parse("of", _histogram)
        begins = self.members.parse("from", parse_date)
        if of is None or begins is None:
            return None
        point = registry().by_key[of]
        node = self.members.node("classes")
        if node is None:
            return None
        reader = ElementReader("en", (), self.members.findings)
        key = Scalar(point.key, node.place, quoted=True)
        entry = replace(self.members.mapping.entries[0], key=key, value=node)
        found = reader.read(Nodes((entry,), node.place), (point,), "$.classes")
        records = found[0].value if found else ()
        parts = records if isinstance(records, tuple) else ()
        return Histogram(of, begins, tuple(part for part in parts if isinstance(part, Record)))

    def negative_event(self, _: date) -> What | None:
        event = self.code("event", "negative_event")
        severity = self.code("severity", "event_severity")
        count = self.members.parse("count", parse_integer)
        return NegativeEvent(event, severity, count) if event else None

    def repair(self, _: date) -> What:
        parts = self.members.parse_each("parts", lambda text: parse_code(text, "repaired_part"))
        return Repair(parts, self.code("mends", "negative_event"))

    def status_change(self, _: date) -> What | None:
        status = self.code("status", "battery_status")
        operation = self.code("operation", "lifecycle_operation")
        return StatusChange(status, operation) if status else None

    def successor(self, _: date) -> What | None:
        uri = self.members.parse("successor", product_uri)
        operation = self.code("operation", "lifecycle_operation")
        return Successor(uri, operation) if uri and operation else None

    def predecessor(self, _: date) -> What | None:
        uris = self.members.parse_each("predecessors", product_uri)
        operation = self.code("operation", "lifecycle_operation")
        return Predecessor(uris, operation) if uris and operation else None

    def correction(self, _: date) -> What | None:
        withdraws = self.members.parse("withdraws", _KIND)
        at = self.members.parse("at", Moment.parse)
        return Correction(withdraws, at) if withdraws and at else None


_READERS: Mapping[Kind, Callable[[_Reader, date], What | None]] = {
    Kind.PLACED_ON_MARKET: lambda reader, day: PlacedOnMarket(),
    Kind.PUT_INTO_SERVICE: lambda reader, day: PutIntoService(),
    Kind.MEASUREMENT: _Reader.measurement,
    Kind.HISTOGRAM: _Reader.histogram,
    Kind.NEGATIVE_EVENT: _Reader.negative_event,
    Kind.REPAIR: _Reader.repair,
    Kind.RESPONSIBILITY_CHANGE: lambda reader, day: ResponsibilityChange(
        reader.text("holder"), reader.text("evidence")
    ),
    Kind.WASTE: lambda reader, day: Waste(reader.text("holder"), reader.text("evidence")),
    Kind.STATUS_CHANGE: _Reader.status_change,
    Kind.SUCCESSOR: _Reader.successor,
    Kind.PREDECESSOR: _Reader.predecessor,
    Kind.RECYCLED: lambda reader, day: Recycled(reader.text("evidence")),
    Kind.CORRECTION: _Reader.correction,
}

_PERSONAL = "point 4 says nothing about persons or places: events are coded"
_LEAVE_OUT = "leave it out, and keep it in your own records"


def product_uri(text: str) -> ProductUri:
    """Read a product URI of any site, as it stands in its QR code."""
    return parse_product_uri(text).uri


def _histogram(text: str) -> str:
    if text in HISTOGRAMS:
        return HISTOGRAMS[text]
    raise ValueFormatError(f"there is no histogram of {text!r}", f"write {' or '.join(HISTOGRAMS)}")


def _slug(text: str) -> str:
    if all(part.isalnum() and part.isascii() for part in text.split("-")):
        return text
    raise ValueFormatError("this is no operator of this project", _SLUG)
