"""Events on disk: `content/events/<period>.jsonl`, of the project and of its private root.

Lines are kept as they stand, by battery, and become typed events when the life of one is asked
for: memory grows with the lines, not with what they mean. Files of both roots are merged; the
order of lines plays no part in what they add up to. Spec: DESIGN 3.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path

from generator.content.decoding import SAVE_AS_UTF8
from generator.content.events.nodes import Source, read_line
from generator.content.events.reader import read_event
from generator.content.events.signed import SIGNED_FOLDER, SignedEvent, read_signed
from generator.content.files import entries, is_read, strange, told_path
from generator.content.tables.lines import TextLines
from generator.content.tables.rows import TableFindings
from passport.base_url import BaseUrl
from passport.encoding.canonical import JsonObject
from passport.identifiers import DppId, ProductUri
from passport.life.course import Beginning
from passport.life.events import PUBLIC_KINDS, Event, ResponsibilityChange, Waste
from passport.life.life import Life, fold
from passport.model import Battery, BatteryModel, EconomicOperator, battery_key
from passport.problems import Findings, Place

Operators = Mapping[str, EconomicOperator]
"""Operators by slug."""

EVENTS_FOLDER = Path("content") / "events"


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of a file of events, as it stands; `file` is the path that problems tell."""

    file: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class EventFiles:
    """The events of a project by the dppId of their battery, and those that parties signed."""

    lines: Mapping[str, tuple[EventLine, ...]] = field(default_factory=dict)
    signed: Mapping[str, tuple[SignedEvent, ...]] = field(default_factory=dict)

    @property
    def batteries(self) -> frozenset[str]:
        """The dppIds of all batteries that events tell of."""
        return frozenset(chain(self.lines, self.signed))

    def place(self, battery: str) -> Place:
        """Where the first event of a battery stands; `KeyError` if it has none."""
        if battery in self.lines:
            first = self.lines[battery][0]
            return Place(first.file, first.number)
        return self.signed[battery][0].place

    def events(
        self, battery: str, holder: str, operators: Operators, findings: Findings
    ) -> Iterator[Event]:
        """Read the events of one battery; what is wrong is noted and left out.

        `holder` is the operator at first. It and whoever its lines hand the battery to may have
        authorised another party to sign events of it.
        """
        latest: dict[str, Event] = {}
        holders = {holder}
        for line in self.lines.get(battery, ()):
            event = _event(line, findings)
            if event:
                _written_in_order(event, latest, findings)
                if isinstance(event.what, ResponsibilityChange | Waste):
                    holders.add(event.what.holder)
                yield event
        known = tuple(operators[slug] for slug in sorted(holders) if slug in operators)
        for signed in self.signed.get(battery, ()):
            found = signed.event(known, findings)
            if found:
                yield found


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """The lives of a project's batteries as they stand on a day, each folded when asked for."""

    files: EventFiles
    base_url: BaseUrl
    operators: Operators
    as_of: date

    def of(self, model: BatteryModel, battery: Battery, findings: Findings) -> Life:
        """Fold the life of one battery, with or without events; faults are noted."""
        beginning = beginning_of(model, battery, self.base_url)
        name = str(beginning.dpp_id)
        events = self.files.events(name, beginning.holder, self.operators, findings)
        return fold(events, beginning, self.as_of, findings)


def beginning_of(model: BatteryModel, battery: Battery, base_url: BaseUrl) -> Beginning:
    """What a row says of its battery before anything happens to it."""
    uri = ProductUri(base_url, battery_key(model, battery))
    return Beginning(
        dpp_id=DppId.of(uri.key),
        uri=uri,
        manufactured=battery.manufactured,
        placed_on_market=battery.placed_on_market,
        holder=model.operator,
        place=battery.place,
    )


def read_event_files(project: Path, roots: tuple[Path, ...], findings: Findings) -> EventFiles:
    """Gather the events below each root; what can't be sorted to a battery is noted."""
    lines: dict[str, list[EventLine]] = {}
    signed: dict[str, list[SignedEvent]] = {}
    for root in roots:
        for path in entries(root / EVENTS_FOLDER):
            if path.suffix == ".jsonl" and is_read(path):
                for battery, line in _lines(path, told_path(path, project), findings):
                    lines.setdefault(battery, []).append(line)
            elif path.is_dir() and path.name == SIGNED_FOLDER:
                for each in read_signed(path, project, findings):
                    signed.setdefault(each.battery, []).append(each)
            else:
                what = f"events are .jsonl files, or .json files in {SIGNED_FOLDER}/"
                strange(path, what, project, findings)
    return EventFiles(
        {battery: tuple(found) for battery, found in lines.items()},
        {battery: tuple(found) for battery, found in signed.items()},
    )


def _lines(path: Path, file: str, findings: Findings) -> Iterator[tuple[str, EventLine]]:
    with path.open("rb") as stream:
        lines = TextLines(stream, TableFindings(file, findings), SAVE_AS_UTF8)
        for _ in lines:
            text, place = lines.take(), Place(file, lines.number)
            if text.isspace():
                remedy = "delete it while it is not committed"
                findings.warning(place, "$", "blank-row", "there is nothing in this row", remedy)
                continue
            members = read_line(text, place, findings)
            if members is not None:
                yield _battery(members, place, findings), EventLine(file, place.line, text)


def _battery(members: JsonObject, place: Place, findings: Findings) -> str:
    """Name the battery of a line; without one the line is read at once, which tells what lacks."""
    battery = members.get("battery")
    if isinstance(battery, str) and battery:
        return battery
    read_event(members, Source(place), findings)
    return ""


def _event(line: EventLine, findings: Findings) -> Event | None:
    place = Place(line.file, line.number)
    members = read_line(line.text, place, Findings())
    assert members is not None, "only lines of an object are kept"
    return read_event(members, Source(place, line.text), findings)


def _written_in_order(event: Event, latest: dict[str, Event], findings: Findings) -> None:
    """What anyone may know grows at the end of its file: nothing is dated back behind it."""
    if event.kind not in PUBLIC_KINDS:
        return
    earlier = latest.setdefault(event.place.file, event)
    if event.time.day >= earlier.time.day:
        latest[event.place.file] = event
        return
    findings.error(
        event.place,
        "time",
        "backdated-event",
        f"this is older than the event at line {earlier.place.line}, which was written before it",
        "withdraw the later event with a correction, then write both again in their order",
    )
