"""What changed in lots and events: which batteries came, went, live another life, or cease.

Rows are compared as rows, whatever file they stand in; events by what they add up to. Point 4 is
told as a number of batteries unless restricted values are asked for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from generator.content.event_files import EventFiles, Lives
from generator.review.change import Change, Effect, Reader
from passport.identifiers import DppId
from passport.life import Life, PassportStatus
from passport.model import Battery, BatteryModel, battery_key
from passport.problems import Findings, Place

_NOWHERE = Place("")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LivesPair:
    """Lives before and after, with the models and batteries that they are of."""

    before: Lives
    after: Lives
    models: dict[str, BatteryModel]
    batteries: dict[str, Battery]


def lot_changes(before: Iterable[Battery], after: Iterable[Battery]) -> Iterator[Change]:
    """Compare rows: new batteries by model and plant, rows that are gone or say something else."""
    old = {_key(battery): battery for battery in before}
    new = {_key(battery): battery for battery in after}
    added = [battery for key, battery in new.items() if key not in old]
    gone = [battery for key, battery in old.items() if key not in new]
    for (model, plant), count in sorted(Counter((b.model, b.plant) for b in added).items()):
        yield _row(
            f"model {model}", f"{_count(count)} from plant {plant}", Effect.NEW, count, "added"
        )
    for model, count in sorted(Counter(battery.model for battery in gone).items()):
        yield _row(
            f"model {model}",
            _count(count),
            Effect.NONE,
            count,
            "removed: what was published must keep answering, so a build will refuse this",
        )
    for model, names in _edited(old, new):
        what = f"{_count(len(names))} edited: {', '.join(sorted(set(names)))}"
        yield _row(f"model {model}", what, Effect.NEW_VERSION, len(names), "")


def event_changes(pair: LivesPair, changed: Iterable[str], *, restricted: bool) -> Iterator[Change]:
    """Compare the lives of the batteries whose events changed."""
    public: Counter[str] = Counter()
    ceased: list[str] = []
    renewed: list[tuple[str, str]] = []
    for name in changed:
        battery = pair.batteries.get(name)
        if battery is None:
            continue
        old, new = _life(pair.before, pair, battery), _life(pair.after, pair, battery)
        if new.public.passport_status is PassportStatus.CEASED != old.public.passport_status:
            ceased.append(name)
        elif old.public != new.public:
            public[_what_changed(old, new)] += 1
        elif old.condition != new.condition:
            renewed.append((name, new.condition.status))
    for what, count in sorted(public.items()):
        yield _row("events", f"{what} of {_count(count)}", Effect.NEW_VERSION, count, "")
    if ceased:
        what = f"recycled: {_named(ceased)}"
        change = _row("events", what, Effect.CEASES, len(ceased), "their passports cease")
        yield replace(change, sensitive=True, reader=Reader.LAW)
    if renewed:
        yield from _renewed(renewed, restricted=restricted)


def changed_events(before: EventFiles, after: EventFiles) -> Iterator[str]:
    """Name the batteries of which other events are told than before."""
    for name in sorted(before.batteries | after.batteries):
        if _told(before, name) != _told(after, name):
            yield name


def _told(files: EventFiles, name: str) -> object:
    lines = sorted(line.data for line in files.lines.get(name, ()))
    return lines, len(files.signed.get(name, ()))


def _renewed(renewed: list[tuple[str, str]], *, restricted: bool) -> Iterator[Change]:
    what = f"restricted data of {_count(len(renewed))}"
    note = ""
    if restricted:
        note = ", ".join(f"{name}: {status}" for name, status in renewed[:5])
    yield _row("events", what, Effect.NEW_VERSION, len(renewed), note)


def _life(lives: Lives, pair: LivesPair, battery: Battery) -> Life:
    return lives.of(pair.models[battery.model], battery, Findings())


def _what_changed(old: Life, new: Life) -> str:
    for name in ("holder", "placed_on_market", "successors", "predecessors", "passport_status"):
        if getattr(old.public, name) != getattr(new.public, name):
            return name.replace("_", " ")
    return "events"


def _edited(old: dict[Key, Battery], new: dict[Key, Battery]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for key in old.keys() & new.keys():
        pair = [replace(each, place=_NOWHERE) for each in (old[key], new[key])]
        if pair[0] != pair[1]:
            names = ("giai", "plant", "manufactured", "placed_on_market", "installation")
            changed = [name for name in names if getattr(pair[0], name) != getattr(pair[1], name)]
            found.setdefault(key[0], []).append(" and ".join(changed) or "source record")
    yield from sorted(found.items())


def dpp_id_of(model: BatteryModel, battery: Battery) -> str:
    """The name of a battery's passport."""
    return str(DppId.of(battery_key(model, battery)))


def _key(battery: Battery) -> Key:
    return battery.model, str(battery.serial)


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


def _count(number: int) -> str:
    return f"{number:,} batter{'y' if number == 1 else 'ies'}"


def _named(names: list[str]) -> str:
    more = len(names) - 5
    return ", ".join(names[:5]) + (f" and {more} more" if more > 0 else "")
