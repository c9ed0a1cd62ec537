"""The data points of a published passport as rows of texts, read from its JSON.

A passport of any age is shown, so nothing here asks for the content that it was made from: a member
that the registry does not know is shown by its name.
"""

import re
from collections.abc import Iterator

from passport.encoding.canonical import Json, JsonObject
from passport.registry import registry

COLUMNS = ("number", "data_point", "value", "as_of")
_HEADER = frozenset(
    {
        "id",
        "digitalProductPassportId",
        "uniqueProductIdentifier",
        "granularity",
        "dppSchemaVersion",
        "contentSpecificationIds",
    }
)
_LANGUAGE = re.compile("[a-z]{2,3}(-[0-9A-Za-z]+)*")


def data_point_rows(subject: JsonObject, language: str) -> Iterator[tuple[str, ...]]:
    """Yield a row of `COLUMNS` for each member; texts in a language where they have it."""
    points = {point.member: point for point in registry().data_points}
    for name, member in subject.items():
        if name in _HEADER:
            continue
        point = points.get(name)
        as_of = member.get("asOf", "") if isinstance(member, dict) else ""
        yield (
            point.number if point else "",
            point.label.text(language) if point else name,
            _told(member, language) if point else _text(member, language),
            str(as_of),
        )


def _told(member: Json, language: str) -> str:
    match member:
        case {"notApplicable": reason}:
            return f"does not apply: {_text(reason, language)}"
        case {"low": low, "high": high, "unit": unit}:
            return f"{low} to {high} {unit}"
        case {"value": value, "unit": str(unit)}:
            return f"{_text(value, language)} {unit}"
        case {"value": value}:
            return _text(value, language)
    return _text(member, language)


def _text(value: Json, language: str) -> str:
    match value:
        case dict() if "value" in value or "low" in value:
            return _told(value, language)
        case dict() if value and all(_LANGUAGE.fullmatch(name) for name in value):
            return str(value.get(language) or next(iter(value.values())))
        case {"url": str(url)}:
            return url
        case dict():
            parts = (f"{name} {_text(part, language)}" for name, part in value.items())
            return ", ".join(parts)
        case list():
            return "; ".join(_text(part, language) for part in value)
        case bool():
            return str(value).lower()
        case None:
            return ""
    return str(value)
