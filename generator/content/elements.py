"""Elements: from located YAML nodes to the typed values of data points.

Which keys a file may hold and what each must look like comes from the registry alone. A data
point is written short (`nominal_voltage: 51.2 V`) or long, with `value` or `not_applicable` and
what is known about the value (`as_of`, `method`, `basis`, `conditions`, …). Everything wrong is
noted in `Findings`; an element that can't be read is left out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from generator.content.documents import named_document
from generator.content.yaml.located import Mapping, Node, as_mapping, as_sequence, items_of
from generator.content.yaml.members import Members, parse_code, parsed, read_text
from passport.content_schema import CONDITION_UNITS, LISTS
from passport.model import Conditions, Element, NotApplicable
from passport.problems import Findings
from passport.registry import DataPoint, Field
from passport.values import (
    Document,
    Record,
    Single,
    Value,
    YearMonth,
    parse_boolean,
    parse_date,
    parse_email,
    parse_integer,
    parse_link,
    parse_period,
    parse_quantity,
    parse_range,
)

_STATED = ("value", "not_applicable")
ABOUT_TEXTS = ("as_of", "method", "basis", "originator", "uncertainty", "evidence")
"""What is known about a value and stands in one text."""

_ABOUT = (*ABOUT_TEXTS, "conditions")


Shape = DataPoint | Field
"""What a value must look like: a data point, or a field of a record."""

_SCALARS: dict[str, Callable[[str, Shape], Single]] = {
    "quantity": lambda text, shape: parse_quantity(text, shape.unit),
    "integer": lambda text, _: parse_integer(text),
    "string": lambda text, _: text,
    "boolean": lambda text, _: parse_boolean(text),
    "date": lambda text, _: parse_date(text),
    "month": lambda text, _: YearMonth.parse(text),
    "period": lambda text, _: parse_period(text),
    "range": lambda text, shape: parse_range(text, shape.unit),
    "uri": lambda text, _: parse_link(text),
    "email": lambda text, _: parse_email(text),
    "code": lambda text, shape: parse_code(text, shape.codes),
}


def parse_single(shape: Shape, text: str) -> Single:
    """Read one value that stands in one text; `KeyError` for a type that doesn't (a record, …)."""
    return _SCALARS[shape.type](text, shape)


def parse_about(name: str, text: str) -> Single:
    """Read one of `ABOUT_TEXTS`; raises `ValueFormatError`."""
    if name == "as_of":
        return parse_date(text)
    return parse_code(text, "measurement_basis") if name == "basis" else text


def read_conditions(members: Members) -> Conditions:
    """Read the member `conditions`, under which something was measured."""
    part = members.members("conditions")
    if part is None:
        return Conditions()
    part.only(tuple(CONDITION_UNITS))
    found = {
        name: part.parse(name, partial(parse_quantity, unit=unit))
        for name, unit in CONDITION_UNITS.items()
    }
    return Conditions(**found)


@dataclass(frozen=True, slots=True)
class ElementReader:
    """Reads the data points of one model's files."""

    language: str
    documents: tuple[Document, ...]
    findings: Findings

    def read(self, mapping: Mapping, points: Iterable[DataPoint], path: str) -> tuple[Element, ...]:
        """Read every data point of `points` that `mapping` holds."""
        nodes = [(point, mapping.get(point.key)) for point in points]
        found = [self._element(p, node, f"{path}.{p.key}") for p, node in nodes if node]
        return tuple(element for element in found if element)

    def _element(self, point: DataPoint, node: Node, path: str) -> Element | None:
        if isinstance(node, Mapping) and any(name in _STATED for name in node.names):
            return self._long_element(point, Members(node, path, self.language, self.findings))
        value = self._value(point, point.fields, node, path)
        return None if value is None else Element(point=point, value=value, place=node.place)

    def _long_element(self, point: DataPoint, members: Members) -> Element | None:
        members.only((*_STATED, *_ABOUT))
        value = self._stated(point, members)
        if value is None:
            return None
        return Element(
            point=point,
            value=value,
            place=members.mapping.place,
            conditions=read_conditions(members),
            as_of=members.date("as_of"),
            method=members.string("method"),
            basis=members.code("basis", "measurement_basis"),
            originator=members.string("originator"),
            uncertainty=members.string("uncertainty"),
            evidence=members.string("evidence"),
        )

    def _stated(self, point: DataPoint, members: Members) -> Value | NotApplicable | None:
        node, reason = members.node("value"), members.text("not_applicable")
        if node and reason:
            members.error(
                "",
                "value-and-reason",
                "has both a value and a reason why there is none",
                "keep value or not_applicable, not both",
            )
            return None
        if node:
            return self._value(point, point.fields, node, members.at("value"))
        return NotApplicable(reason) if reason else None

    def _value(
        self, shape: Shape, fields: tuple[Field, ...], node: Node, path: str
    ) -> Value | None:
        if shape.type == "record":
            return self._record(fields, node, path)
        if shape.type == "records":
            items = as_sequence(node, path, self.findings)
            parts = items.items if items else ()
            records = [self._record(fields, item, f"{path}[{n}]") for n, item in enumerate(parts)]
            return tuple(record for record in records if record)
        if shape.type in LISTS:
            values = [
                self._single(LISTS[shape.type], shape, item, f"{path}[{n}]")
                for n, item in enumerate(items_of(node))
            ]
            return tuple(value for value in values if value is not None)
        return self._single(shape.type, shape, node, path)

    def _single(self, kind: str, shape: Shape, node: Node, path: str) -> Single | None:
        if kind == "text":
            return read_text(node, path, self.language, self.findings)
        if kind == "document":
            return parsed(partial(named_document, self.documents), node, path, self.findings)
        return parsed(lambda text: _SCALARS[kind](text, shape), node, path, self.findings)

    def _record(self, fields: tuple[Field, ...], node: Node, path: str) -> Record | None:
        mapping = as_mapping(node, path, self.findings)
        if mapping is None:
            return None
        members = Members(mapping, path, self.language, self.findings)
        members.only(tuple(field.name for field in fields))
        values: list[tuple[str, Value]] = []
        for field in fields:
            part = members.node(field.name, required=field.required)
            value = self._value(field, (), part, members.at(field.name)) if part else None
            values += [] if value is None else [(field.name, value)]
        return Record(tuple(values))
