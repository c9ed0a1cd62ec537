"""`cellfolio event add`: append one event to the life of a battery, after looking whether it fits.

Only the first errors of the battery's own life stop it; the rest of content is `check`'s. What
point 4 restricts goes to the private root where the project has one.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

import click

from generator.cli.main import Workspace
from generator.content.check import check_context
from generator.content.events.files import EVENTS_FOLDER, EventFiles, EventLine
from generator.content.events.nodes import Source
from generator.content.events.reader import read_event
from generator.content.files import told_path
from generator.content.load import Content, load
from generator.content.revision import read_revision
from passport.checks.lives import LifeContent, holders_exist
from passport.encoding.canonical import Json, JsonObject
from passport.errors import ConfigError, ContentError, HostError
from passport.identifiers import DppId
from passport.life.events import PUBLIC_KINDS, Event, Kind
from passport.life.life import Life, PublicLife
from passport.model import Battery, BatteryModel
from passport.problems import Findings, Place, Problem, Severity

_LISTS = ("predecessors", "parts")


@click.group()
def command() -> None:
    """Write events of a battery's life into content/events.

    \b
    Example: cellfolio event add --battery DPPID --kind recycled --time DAY --evidence R-7

    docs/lifecycle.md tells which kinds there are and what becomes public.
    """


@command.command("add")
@click.option("--battery", required=True, metavar="DPPID", help="The battery's dppId.")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in Kind]))
@click.option("--time", required=True, help="2026-11-20, or 2026-11-20T09:00:00Z.")
@click.option("--value", "values", multiple=True, metavar="KEY=QUANTITY", help="A measured value.")
@click.option("--method", default="", help="How values were found: a code of determination.")
@click.option("--holder", default="", metavar="SLUG", help="The operator responsible from now on.")
@click.option("--evidence", default="", help="Number of the document that proves it.")
@click.option("--successor", default="", metavar="URI", help="Product URI of the new passport.")
@click.option(
    "--predecessor", "predecessors", multiple=True, metavar="URI", help="Of what it came from."
)
@click.option("--operation", default="", help="What led to a new passport: a code.")
@click.option("--set", "others", multiple=True, metavar="NAME=TEXT", help="Any other member.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def add(workspace: Workspace, /, *, dry_run: bool, as_json: bool, **given: object) -> None:
    """Append one event, if it can have happened, and say what becomes public.

    \b
    Example: cellfolio event add --battery 01_09506000134369_21_U512L2610-0001 --method bms \\
             --kind measurement --time 2026-11-22 --value "remaining_capacity=50.2 Ah"
    """
    members = _members(given)
    project = workspace.project
    findings = Findings()
    content = load(project, findings)
    draft = _draft(members)
    target = _target(project, content, draft)
    line = _line(target, project, members)
    before, after = _lives(project, content, draft, line)
    if not dry_run:
        _append(target, line.text.encode())
    report = _Report(told_path(target, project), members, tuple(_changes(before, after)), dry_run)
    click.echo(report.json() if as_json else report.text(), nl=False)


@dataclass(frozen=True, slots=True)
class _Report:
    """What was written, where, and what of it anyone will be able to read."""

    file: str
    members: JsonObject
    changes: tuple[tuple[str, str], ...]
    dry_run: bool

    def json(self) -> str:
        told = {
            "file": self.file,
            "written": not self.dry_run,
            "event": self.members,
            "public": dict(self.changes),
        }
        return f"{json.dumps(told, ensure_ascii=False)}\n"

    def text(self) -> str:
        verb = "would be appended to" if self.dry_run else "appended to"
        lines = [f"one event {verb} {self.file}"]
        lines += [f"public: {name} {value}" for name, value in self.changes]
        if not self.changes:
            lines.append(
                "public: nothing; the passport's next version says restricted data renewed"
            )
        return "\n".join(lines) + "\n"


def _members(given: dict[str, object]) -> dict[str, Json]:
    """The members of the line, in the order of the command's options."""
    members: dict[str, Json] = {}
    for name, value in given.items():
        if name in ("values", "others"):
            continue
        if isinstance(value, tuple):
            members |= {name: list(value)} if value else {}
        elif value:
            members[name] = str(value)
    if values := _pairs(given["values"], "--value"):
        members["values"] = values
    for name, text in _pairs(given["others"], "--set").items():
        is_list = name in _LISTS
        members[name] = str(text).split(",") if is_list else text
    return members


def _pairs(texts: object, option: str) -> dict[str, Json]:
    pairs: dict[str, Json] = {}
    for text in texts if isinstance(texts, tuple) else ():
        name, equals, value = str(text).partition("=")
        if not equals or not name or not value:
            raise ConfigError(f"{option} has no name and value", f'write {option} "name=51.2 V"')
        inner = pairs
        *outer, last = name.split(".")
        for step in outer:
            below = inner.setdefault(step, {})
            if not isinstance(below, dict):
                raise ConfigError(f"{option} {step} is a value already", "write each name once")
            inner = below
        if last in inner:
            raise ConfigError(f"{option} {name} stands twice", "write each name once")
        inner[last] = value
    return pairs


def _draft(members: JsonObject) -> Event:
    """Read the event as a line that doesn't stand anywhere yet."""
    findings = Findings()
    event = read_event(members, Source(Place("event")), findings)
    if event is None:
        _raise(findings.problems)
    assert event is not None, "an event that can't be read has problems"
    return event


def _raise(problems: tuple[Problem, ...]) -> None:
    """Tell all problems; errors among them end the command."""
    for each in problems:
        click.echo(f"{each.severity}: {each}", err=True)
    errors = tuple(each for each in problems if each.severity is Severity.ERROR)
    if errors:
        raise ContentError(errors)


def _target(project: Path, content: Content, event: Event) -> Path:
    """The file of the event's year; what is restricted goes to the private root if there is one."""
    name = content.config.private_root
    root = project
    if name and event.kind not in PUBLIC_KINDS:
        root = project / name
        if not root.is_dir():
            raise HostError(
                f"the private root {name} is not on this machine", "run the command where it is"
            )
    return root / EVENTS_FOLDER / f"{event.time.day.year}.jsonl"


def _line(target: Path, project: Path, members: JsonObject) -> EventLine:
    """The event as the next line of its file."""
    lines = target.read_bytes().splitlines() if target.is_file() else []
    text = f"{json.dumps(members, ensure_ascii=False)}\n"
    return EventLine(told_path(target, project), len(lines) + 1, text)


def _lives(project: Path, content: Content, event: Event, line: EventLine) -> tuple[Life, Life]:
    """Fold the battery's life without and with the event; raises what the event would break."""
    as_of = read_revision(project).time.date()
    model, battery = _battery(content, event)
    name = str(event.battery)
    earlier = content.events.lines.get(name, ())
    with_event = EventFiles({name: (*earlier, line)}, content.events.signed)
    lives, known, found = content.lives(as_of), Findings(), Findings()
    before = lives.of(model, battery, known)
    after = replace(lives, files=with_event).of(model, battery, found)
    life = LifeContent(life=after, asked=())
    found.extend(holders_exist(life, check_context(project, content, as_of)))
    _raise(tuple(each for each in found.problems if each not in known.problems))
    return before, after


def _battery(content: Content, event: Event) -> tuple[BatteryModel, Battery]:
    for model, battery, uri in content.identified(content.batteries):
        if DppId.of(uri.key) == event.battery:
            return model, battery
    raise ConfigError(
        f"no battery of this project has the dppId {event.battery}",
        "copy it from `cellfolio list`",
    )


def _changes(before: Life, after: Life) -> Iterator[tuple[str, str]]:
    """What of the public part is another than before, by name."""
    for field in fields(PublicLife):
        old, new = getattr(before.public, field.name), getattr(after.public, field.name)
        if old != new and field.name != "changed_on":
            yield field.name.replace("_", " "), _shown(new)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _append(path: Path, data: bytes) -> None:
    """Append a whole line in one write, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(handle).st_size
        needs_line_feed = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        whole = b"\n" + data if needs_line_feed else data
        if os.write(handle, whole) != len(whole):
            os.ftruncate(handle, size)
            raise HostError(f"{path} could not be written", "free some space, then try again")
        os.fsync(handle)
    finally:
        os.close(handle)
