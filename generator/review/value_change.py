"""A value before and after, in one line each.

Of a record only the parts that differ are told, of a list the entries that came and went; where one
number became another, by how many per cent. What may be told at all is decided elsewhere.
"""

from collections.abc import Iterable
from decimal import Decimal
from os.path import commonpath

from passport.model import Element, NotApplicable
from passport.plain_text import plain_text
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
    if old.value == new.value:
        changed = [name for name in _ABOUT if getattr(old, name) != getattr(new, name)]
        return "", "", f"{', '.join(changed).replace('_', ' ')} changed, the value did not"
    if isinstance(old.value, NotApplicable) or isinstance(new.value, NotApplicable):
        return _shown(old), _shown(new), ""
    before, after = _differing(old.value, new.value)
    was, now = _parting(plain_text(old.point, before), plain_text(old.point, after))
    if was == now:
        return "", "", "changed in a file or in another language"
    return was, now, _by_how_much(before, after)


def _parting(old: str, new: str) -> tuple[str, str]:
    """Two texts from shortly before they part, so that a long one shows what is new in it."""
    same = len(commonpath([old, new]))
    if max(len(old), len(new)) > _LONGEST and same > _LEAD:
        begin = same - _LEAD
        return cut(f"…{old[begin:]}"), cut(f"…{new[begin:]}")
    return cut(old), cut(new)


def _differing(old: Value, new: Value) -> tuple[Value, Value]:
    match old, new:
        case Record(before), Record(after):
            same = set(before) & set(after)
            sides = (tuple(part for part in side if part not in same) for side in (before, after))
            first, second = sides
            return Record(first), Record(second)
        case tuple(), tuple():
            gone = tuple(each for each in old if each not in new)
            come = tuple(each for each in new if each not in old)
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
    found = sorted(set(names))
    more = len(found) - _MOST_NAMED
    return ", ".join(found[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
