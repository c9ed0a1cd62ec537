"""What changed in lots and events: which batteries came, went, live another life, or cease.

Rows are compared as rows, whatever file they stand in; events by what they add up to. Point 4 is
told as a number of batteries unless restricted values are asked for.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.content.events.files import EventFiles, Lives
from generator.content.load import Content
from generator.review.change import Change, Effect, Reader
from generator.review.due import BatteryId, Due, battery_id, names_of_models
from generator.review.value_change import listed
from passport.identifiers import DppId
from passport.life.life import Life
from passport.model import Battery, BatteryModel
from passport.problems import Findings

_COLUMNS = {
    "plant": "plant",
    "manufactured": "date of manufacture",
    "placed_on_market": "date of placing on the market",
    "installation": "installation",
    "created_on": "source record",
    "lifecycle_event": "source record",
}
_PUBLIC = {
    "holder": "responsible operator",
    "placed_on_market": "placing on the market",
    "successors": "successor",
    "predecessors": "predecessor",
    "passport_status": "status of the passport",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LivesPair:
    """Lives before and after; `sees_conditions` where both sides have all that is restricted."""

    before: Lives
    after: Lives
    sees_conditions: bool
    due: Due


def lot_changes(before: Content, after: Content, due: Due) -> Iterator[Change]:
    """Compare rows: new batteries by model and plant, rows that are gone or say something else."""
    names = {model.slug: name for side in (before, after) for model, name in names_of_models(side)}
    old, new = (_by_id(side, names) for side in (before, after))
    added = Counter((each.model, each.plant) for key, each in new.items() if key not in old)
    for (model, plant), count in sorted(added.items()):
        effect = Effect.NEW if names.get(model) in due.with_passports else Effect.NONE
        yield _row(f"model {model}", f"{_count(count)} from plant {plant}", effect, count, "added")
    gone = Counter(each.model for key, each in old.items() if key not in new)
    for model, count in sorted(gone.items()):
        note = "removed: what was published must keep answering, so a build refuses this"
        yield _row(f"model {model}", _count(count), Effect.NONE, count, note)
    yield from _edited(old, new, due)


def event_changes(pair: LivesPair, content: Content, *, restricted: bool) -> Iterator[Change]:
    """Compare the lives of the batteries of which other events are told than before.

    `content` is the later one.
    """
    changed = frozenset(_changed(pair.before.files, pair.after.files))
    if not changed:
        return
    public: Counter[tuple[str, Effect]] = Counter()
    ceased: list[str] = []
    renewed: list[tuple[str, str]] = []
    for name, model, battery in _named(content, changed):
        effect = pair.due.effects.get(battery_id(str(DppId.of(model.identifier)), battery))
        old, new = (lives.of(model, battery, Findings()) for lives in (pair.before, pair.after))
        if effect is Effect.CEASES:
            ceased.append(name)
        elif what := _what_changed(old, new):
            public[what, effect or Effect.NONE] += 1
        elif pair.sees_conditions and old.condition != new.condition:
            renewed.append((name, new.condition.status))
    for (what, effect), count in sorted(public.items()):
        change = _row("events", f"{what} of {_count(count)}", effect, count, "")
        yield _for_law(change) if what == _PUBLIC["holder"] else change
    if ceased:
        what = f"recycled: {listed(ceased)}"
        yield _for_law(_row("events", what, Effect.CEASES, len(ceased), ""))
    if renewed:
        what = f"restricted data of {_count(len(renewed))}"
        note = listed([f"{name}: {status}" for name, status in renewed]) if restricted else ""
        yield _row("events", what, Effect.NEW_VERSION, len(renewed), note)


def _by_id(content: Content, names: dict[str, str]) -> dict[BatteryId, Battery]:
    return {battery_id(names.get(b.model, b.model), b): b for b in content.batteries}


def _changed(before: EventFiles, after: EventFiles) -> Iterator[str]:
    for name in before.batteries | after.batteries:
        if _told(before, name) != _told(after, name):
            yield name


def _told(files: EventFiles, name: str) -> object:
    lines = sorted(line.text for line in files.lines.get(name, ()))
    return lines, sorted(str(signed.subject) for signed in files.signed.get(name, ()))


def _named(content: Content, names: frozenset[str]) -> Iterator[tuple[str, BatteryModel, Battery]]:
    for model, battery, uri in content.identified(content.batteries):
        name = str(DppId.of(uri.key))
        if name in names:
            yield name, model, battery


def _what_changed(old: Life, new: Life) -> str:
    """What anyone may know that is different; "" for nothing."""
    for name, what in _PUBLIC.items():
        if getattr(old.public, name) != getattr(new.public, name):
            return what
    return ""


def _edited(
    old: dict[BatteryId, Battery], new: dict[BatteryId, Battery], due: Due
) -> Iterator[Change]:
    found: dict[tuple[str, str], list[BatteryId]] = {}
    for key, battery in new.items():
        was = old.get(key)
        if was is not None and was is not battery and (what := _columns(was, battery)):
            found.setdefault((battery.model, what), []).append(key)
    for (model, what), keys in sorted(found.items()):
        renewed = sum(due.effects.get(key) is Effect.NEW_VERSION for key in keys)
        effect = Effect.NEW_VERSION if renewed else Effect.NONE
        change = _row(f"model {model}", f"{_count(len(keys))} edited: {what}", effect, renewed, "")
        yield replace(change, batteries=len(keys))


def _columns(old: Battery, new: Battery) -> str:
    changed = (what for name, what in _COLUMNS.items() if getattr(old, name) != getattr(new, name))
    return ", ".join(dict.fromkeys(changed))


def _row(subject: str, what: str, effect: Effect, count: int, note: str) -> Change:
    return Change(
        reader=Reader.QUALITY,
        subject=subject,
        what=what,
        note=note,
        effect=effect,
        passports=count,
        batteries=count,
    )


def _for_law(change: Change) -> Change:
    return replace(change, sensitive=True, reader=Reader.LAW)


def _count(number: int) -> str:
    return f"{number:,} batter{'y' if number == 1 else 'ies'}"
