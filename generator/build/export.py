"""Export of one passport: the subject as it is published, or a table of its data points.

Only public elements can get here: a plan holds no others. Knows plans; not files or columns of
spreadsheets.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from generator.build.plan import PassportPlan, Plan, battery_plan
from passport.errors import ConfigError, IdentifierError
from passport.identifiers import DppId, parse_product_uri
from passport.model import Element, NotApplicable, battery_key
from passport.product_key import ProductKey
from passport.registry import camel_case
from passport.values import Document, Quantity, Range, Record, Single, Text, Value

COLUMNS = (
    "number",
    "key",
    "member",
    "label",
    "value",
    "unit",
    "as_of",
    "method",
    "basis",
    "clause",
    "group",
)


@dataclass(frozen=True, slots=True)
class _Part:
    """One cell's worth of a value: where it stands in JSON, its text and its unit."""

    member: str
    text: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Writes data points as rows in one language; `documents` maps digests to addresses."""

    language: str
    documents: Mapping[str, str]

    def rows(self, plan: PassportPlan) -> Iterator[tuple[str, ...]]:
        """Yield one row a data point; one made of parts has a row for each part."""
        for element in plan.elements:
            for part in self._parts_of(element):
                yield self._row(element, part)

    def _row(self, element: Element, part: _Part) -> tuple[str, ...]:
        point = element.point
        return (
            point.number,
            point.key,
            part.member,
            point.label.text(self.language),
            part.text,
            part.unit,
            element.as_of.isoformat() if element.as_of else "",
            element.method,
            element.basis,
            point.clause,
            point.group.value,
        )

    def _parts_of(self, element: Element) -> Iterator[_Part]:
        member = element.point.member
        if isinstance(element.value, NotApplicable):
            reason = element.value.reason.in_language(self.language)[1]
            yield _Part(member, f"does not apply: {reason}")
        else:
            yield from self._parts(member, element.value)

    def _parts(self, member: str, value: Value) -> Iterator[_Part]:
        match value:
            case Record(fields):
                for name, part in fields:
                    yield from self._parts(f"{member}.{camel_case(name)}", part)
            case tuple():
                for n, part in enumerate(value):
                    yield from self._parts(f"{member}[{n}]", part)
            case Quantity(number, unit):
                yield _Part(member, f"{number:f}", unit)
            case Range(low, high, unit):
                yield _Part(member, f"{low:f} .. {high:f}", unit)
            case _:
                yield _Part(member, self._text(value))

    def _text(self, value: Single) -> str:
        match value:
            case Text():
                return value.in_language(self.language)[1]
            case Document():
                return self.documents.get(value.sha256, "")
            case bool():
                return str(value).lower()
            case date():
                return value.isoformat()
        return str(value)


def find_passport(plan: Plan, name: str) -> PassportPlan:
    """Return the passport that a serial, a dppId or a product URI (or its path) names.

    Raises `ConfigError` when there is none, and for a serial that several models have.
    """
    key = _key(plan, name)
    found = list(_passports(plan, name, key))
    if not found:
        raise ConfigError(
            f"there is no passport {name!r}",
            "name a serial, a dppId like 01_09506000134352_21_ABC123, or a product URI",
        )
    if len(found) > 1:
        ids = ", ".join(str(each.dpp_id) for each in found)
        raise ConfigError(f"the serial {name!r} belongs to {len(found)} batteries", f"name {ids}")
    return found[0]


def _key(plan: Plan, name: str) -> ProductKey | None:
    """Return the key that a text spells, None where it can only be a serial."""
    base_url = plan.config.base_url
    try:
        if name.startswith("/"):
            return parse_product_uri(f"{base_url}{name}", base_url).uri.key
        if "://" in name:
            return parse_product_uri(name, base_url).uri.key
    except IdentifierError as error:
        raise ConfigError(error.message, error.remedy) from error
    try:
        return DppId.parse(name).key
    except IdentifierError:
        return None


def _passports(plan: Plan, name: str, key: ProductKey | None) -> Iterator[PassportPlan]:
    for model in plan.models:
        if model.uri.key == key:
            yield model
    for shard in plan.shards:
        for battery in shard.batteries:
            if (key is None and battery.serial.text == name) or (
                key is not None and battery_key(shard.model, battery) == key
            ):
                yield battery_plan(plan.config, shard, battery)
