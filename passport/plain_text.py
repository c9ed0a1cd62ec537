"""Values in one line of plain English text, for tables and spreadsheets.

Numbers keep the digits and units that were typed; codes are shown as their labels. A page's own
form of values is the generator's.
"""

from datetime import date

from passport.registry import DataPoint, Field, registry
from passport.values import Code, Document, Record, Text, Value

_LANGUAGE = "en"


def plain_text(point: DataPoint, value: Value) -> str:
    """Write the value of a data point; parts of records as `label: value`, lists with `; `."""
    return _text(value, point.fields)


def _text(value: Value, fields: tuple[Field, ...]) -> str:
    match value:
        case Text():
            return " ".join(value.in_language(_LANGUAGE)[1].split())
        case Code(code_list, code):
            return registry().code_lists[code_list][code].label.text(_LANGUAGE)
        case Document():
            return value.title.in_language(_LANGUAGE)[1]
        case Record():
            return _record(value, fields)
        case tuple():
            return "; ".join(_text(part, fields) for part in value)
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _record(record: Record, fields: tuple[Field, ...]) -> str:
    labels = {field.name: field.label.text(_LANGUAGE) for field in fields}
    return ", ".join(f"{labels[name]}: {_text(part, ())}" for name, part in record.fields)
