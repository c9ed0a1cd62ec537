"""Values as a page shows them: numbers in the page's language, codes as words.

A template tells the kinds apart by `kind` and holds no logic beyond that. Only values of public
elements come here (`public_elements`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from generator.build.pages.language import Language, Phrase, plural_message
from passport.registry import DataPoint, Field, camel_case
from passport.values import Code, Document, Link, Quantity, Range, Record, Text, Value, YearMonth

COUNTED_UNITS = {
    "years": plural_message("year", "years"),
    "months": plural_message("month", "months"),
    "cycles": plural_message("cycle", "cycles"),
}
SIGNS = {"kgCO2e/kWh": "kg\N{NO-BREAK SPACE}CO₂e/kWh"}
_WIDEST_GRID = 2
"""More columns than this do not fit a phone; such records are shown one after another."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, or two, and its unit."""

    kind: ClassVar[str] = "measure"
    number: str
    unit: Phrase


@dataclass(frozen=True, slots=True)
class Words:
    """Text, with its language where that is not the page's."""

    kind: ClassVar[str] = "words"
    text: Phrase


@dataclass(frozen=True, slots=True)
class Anchor:
    """An address on another site, or of e-mail."""

    kind: ClassVar[str] = "anchor"
    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLink:
    """A document that lies on this site; `languages` are those it is written in."""

    kind: ClassVar[str] = "file"
    url: str
    title: Phrase
    type: str
    size: str
    languages: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Several values of one kind."""

    kind: ClassVar[str] = "list"
    items: tuple["ValueView", ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a record; `member` is its name in the signed passport."""

    member: str
    label: Phrase
    value: "ValueView"


@dataclass(frozen=True, slots=True)
class Pairs:
    """A record: its parts with their labels."""

    kind: ClassVar[str] = "pairs"
    items: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Records of one form and few fields: (member, label) heads and rows, empty cells as None."""

    kind: ClassVar[str] = "grid"
    head: tuple[tuple[str, Phrase], ...]
    rows: tuple[tuple["ValueView | None", ...], ...]


ValueView = Measure | Words | Anchor | FileLink | Listing | Pairs | Grid


@dataclass(frozen=True, slots=True)
class ValueViewer:
    """Makes views in one language; `document_paths` maps a digest to the path on this site."""

    language: Language
    document_paths: Mapping[str, str]

    def view(self, point: DataPoint, value: Value) -> ValueView:
        """View the value of a data point."""
        return self._view(value, point.fields)

    def measure(self, value: Quantity | Range) -> Measure:
        """View a number; periods and cycles are counted in the language's own words."""
        if isinstance(value, Range):
            low, high = self.language.number(value.low), self.language.number(value.high)
            between = self.language.text("%(low)s to %(high)s")
            return Measure(between % {"low": low, "high": high}, self._unit(value.unit))
        number = self.language.number(value.number)
        if value.unit in COUNTED_UNITS:
            whole = value.number == value.number.to_integral_value()
            form = int(value.number) if whole else 2  # catalogues know plurals of whole numbers
            return Measure(number, self.language.plural(*COUNTED_UNITS[value.unit], form))
        return Measure(number, self._unit(value.unit))

    def _unit(self, unit: str) -> Phrase:
        return Phrase(SIGNS.get(unit, unit))

    def _view(self, value: Value, fields: tuple[Field, ...]) -> ValueView:
        match value:
            case Record():
                return self._pairs(value, fields)
            case tuple() if value and isinstance(value[0], Record):
                return self._records([part for part in value if isinstance(part, Record)], fields)
            case tuple():
                return Listing(tuple(self._view(part, ()) for part in value))
            case Document():
                return self._file(value)
            case Quantity() | Range():
                return self.measure(value)
            case Text(translations):
                return Words(self.language.choose(translations))
            case Code():
                return Words(self.language.meaning(value))
            case _:
                return self._plain(value)

    def _plain(self, value: Link | YearMonth | date | int | str) -> ValueView:
        match value:
            case Link(uri):
                return Anchor(uri, uri.removeprefix("https://").removesuffix("/"))
            case YearMonth():
                return Words(Phrase(self.language.month(value)))
            case date():
                return Words(Phrase(self.language.day(value)))
            case bool():
                yes, no = self.language.phrase("yes"), self.language.phrase("no")
                return Words(yes if value else no)
            case int():
                return Words(Phrase(str(value)))  # a year or a count of few digits
            case str():
                return Words(Phrase(value))

    def _part(self, value: Value, field: Field) -> ValueView:
        """View a record's part; its field says what a plain text is."""
        if isinstance(value, str) and field.type == "email":
            return Anchor(f"mailto:{value}", value)
        if isinstance(value, str) and field.name == "country":
            return Words(Phrase(self.language.country(value)))
        return self._view(value, ())

    def _pairs(self, record: Record, fields: tuple[Field, ...]) -> Pairs:
        by_name = {field.name: field for field in fields}
        return Pairs(
            tuple(
                Part(camel_case(name), self._label(by_name[name]), self._part(part, by_name[name]))
                for name, part in record.fields
            )
        )

    def _records(self, records: list[Record], fields: tuple[Field, ...]) -> ValueView:
        used = [field for field in fields if any(record.get(field.name) for record in records)]
        if len(used) > _WIDEST_GRID:
            return Listing(tuple(self._pairs(record, fields) for record in records))
        return Grid(
            tuple((camel_case(field.name), self._label(field)) for field in used),
            tuple(tuple(self._cell(record, field) for field in used) for record in records),
        )

    def _cell(self, record: Record, field: Field) -> ValueView | None:
        part = record.get(field.name)
        return None if part is None else self._part(part, field)

    def _label(self, field: Field) -> Phrase:
        return self.language.label(field.label)

    def _file(self, document: Document) -> FileLink:
        names = [self.language.local_name_of(code) for code in document.languages]
        kilobytes = Decimal(max(1, round(document.size / 1000)))
        return FileLink(
            url=self.document_paths[document.sha256],
            title=self.language.choose(document.title.translations),
            type=document.file.rpartition(".")[2].upper(),
            size=f"{self.language.number(kilobytes)} kB",
            languages=", ".join(names),
        )
