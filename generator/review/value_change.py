"""A value before and after, in one line each.

Of a record the first part that differs is told and others are named, of a list the entries that
came and went; where one number became another, by how many per cent. What may be told at all is
decided elsewhere.
"""

from collections.abc import Iterable
from decimal import Decimal

from passport.model import Element, NotApplicable
from passport.plain_text import plain_text
from passport.quoting import first_of
from passport.registry import DataPoint
from passport.values import Quantity, Record, Value

_LONGEST = 80
_LEAD = 20
_MOST_NAMED = 4
_LEAST_SHARE = Decimal("0.1")
_MOST_SHARE = Decimal(100_000)
_ABOUT = ("conditions", "as_of", "method", "basis", "originator", "uncertainty")


def shown_pair(old: Element | None, new: Element | None) -> tuple[str, str, str]:
    """Return what was there, what is there, and a note; "" for nothing."""
    if old is None or new is None:
        return _shown(old), _shown(new), "added" if old is None else "removed"
    if not _differs(old.value, new.value):
        changed = [name for name in _ABOUT if getattr(old, name) != getattr(new, name)]
        return "", "", f"{', '.join(changed).replace('_', ' ')} changed, the value did not"
    if isinstance(old.value, NotApplicable) or isinstance(new.value, NotApplicable):
        return _shown(old), _shown(new), ""
    if isinstance(old.value, Record) and isinstance(new.value, Record):
        return _of_records(old.point, old.value, new.value)
    return _of_values(old.point, *_differing(old.value, new.value))


def _of_values(point: DataPoint, old: Value, new: Value) -> tuple[str, str, str]:
    was, now = _parting(plain_text(point, old), plain_text(point, new))
    if was == now:
        return "", "", "changed in a file or in another language"
    return was, now, _by_how_much(old, new)


def _of_records(point: DataPoint, old: Record, new: Record) -> tuple[str, str, str]:
    """The first part that differs, with both values, and what others are called."""
    names = dict.fromkeys(name for name, _ in (*old.fields, *new.fields))
    first, *others = (n for n in names if _differs(old.get(n), new.get(n)))
    sides = (tuple(part for part in each.fields if part[0] == first) for each in (old, new))
    before, after = map(Record, sides)
    was, now, note = _of_values(point, before, after)
    labels = {part.name: part.label.text("en") for part in point.fields}
    also = f"also {', '.join(labels[name] for name in others)}" if others else ""
    return was, now.removeprefix(f"{labels[first]}: ") if was else now, _joined(note, also)


def _differs(old: object, new: object) -> bool:
    """Whether two values are written differently: 50.0 says more than 50."""
    return repr(old) != repr(new)


def _joined(*notes: str) -> str:
    return "; ".join(filter(None, notes))


def _parting(old: str, new: str) -> tuple[str, str]:
    """Two texts from shortly before they part, so that a long one shows what is new in it."""
    pairs = enumerate(zip(old, new, strict=False))
    same = next((n for n, (one, other) in pairs if one != other), min(len(old), len(new)))
    if max(len(old), len(new)) > _LONGEST and same > _LEAD:
        begin = same - _LEAD
        return cut(f"…{old[begin:]}"), cut(f"…{new[begin:]}")
    return cut(old), cut(new)


def _differing(old: Value, new: Value) -> tuple[Value, Value]:
    match old, new:
        case tuple(), tuple():
            gone = tuple(each for each in old if all(_differs(each, other) for other in new))
            come = tuple(each for each in new if all(_differs(each, other) for other in old))
            return (gone, come) if gone or come else (old, new)
    return old, new


def _by_how_much(old: Value, new: Value) -> str:
    match old, new:
        case Quantity(), Quantity():
            return _percentage(old, new)
        case Record(((name, before),)), Record(((other, after),)) if name == other:
            return _by_how_much(before, after)
    return ""


def _percentage(old: Quantity, new: Quantity) -> str:
    if old.unit != new.unit:
        return f"unit {old.unit} became {new.unit}"
    if not old.number:
        return ""
    share = (new.number - old.number) / abs(old.number) * 100
    if abs(share) < _LEAST_SHARE:
        return f"less than {_LEAST_SHARE} %"
    return f"{share:+.1f} %" if abs(share) < _MOST_SHARE else f"{share / 100:+.0e} times"


def _shown(element: Element | None) -> str:
    if element is None:
        return ""
    if isinstance(element.value, NotApplicable):
        return f"not applicable: {cut(element.value.reason.in_language('en')[1])}"
    return cut(plain_text(element.point, element.value))


def cut(text: str) -> str:
    """Return a text in one line of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def listed(names: Iterable[str]) -> str:
    """Return names in their order, the first few of many."""
    return first_of(sorted(set(names)), _MOST_NAMED)
