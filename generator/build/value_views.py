"""Values as a page shows them: numbers in the page's language, codes as words.

A template tells the kinds apart by `kind` and holds no logic beyond that. Only values of public
elements come here (`public_elements`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from generator.build.language import Language
from passport.registry import DataPoint, Field, registry
from passport.values import (
    PERIOD_UNITS,
    Code,
    Document,
    Link,
    Quantity,
    Range,
    Record,
    Text,
    Value,
    YearMonth,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, or two with an en dash, and its unit."""

    kind: ClassVar[str] = "measure"
    number: str
    unit: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text, with its language where that may differ from the page's ("" where it can't)."""

    kind: ClassVar[str] = "words"
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """An address on another site."""

    kind: ClassVar[str] = "anchor"
    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLink:
    """A document that lies on this site."""

    kind: ClassVar[str] = "file"
    url: str
    title: str
    title_language: str
    type: str
    size: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Several values of one kind."""

    kind: ClassVar[str] = "list"
    items: tuple["ValueView", ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A record: labels and values."""

    kind: ClassVar[str] = "pairs"
    items: tuple[tuple[str, "ValueView"], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Records of one form: a head and rows, empty cells as None."""

    kind: ClassVar[str] = "grid"
    head: tuple[str, ...]
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

    def _view(self, value: Value, fields: tuple[Field, ...]) -> ValueView:
        match value:
            case Record():
                return self._pairs(value, fields)
            case tuple() if value and isinstance(value[0], Record):
                return self._grid([part for part in value if isinstance(part, Record)], fields)
            case tuple():
                return Listing(tuple(self._view(part, ()) for part in value))
            case Document():
                return self._file(value)
            case Quantity() | Range():
                return self.measure(value)
            case _:
                return self._words(value)

    def measure(self, value: Quantity | Range) -> Measure:
        """View a number; periods count in the language's own words."""
        number = self.language.number
        if isinstance(value, Range):
            return Measure(f"{number(value.low)} – {number(value.high)}", value.unit)
        if value.unit in (*PERIOD_UNITS, "cycles"):
            return Measure(number(value.number), self.language.text(value.unit))
        return Measure(number(value.number), value.unit)

    def _words(self, value: Value) -> ValueView:
        match value:
            case Text():
                language, text = value.in_language(self.language.code)
                return Words(text, language if language != self.language.code else "")
            case Code(code_list, code):
                label = registry().code_lists[code_list][code].label
                return Words(label.text(self.language.code))
            case Link(uri):
                return Anchor(uri, uri.removeprefix("https://"))
            case YearMonth():
                return Words(self.language.month(value))
            case date():
                return Words(self.language.day(value))
            case bool():
                return Words(self.language.text("yes" if value else "no"))
            case int():
                return Measure(self.language.number(Decimal(value)), "")
            case _:
                return Words(str(value))

    def _pairs(self, record: Record, fields: tuple[Field, ...]) -> Pairs:
        labels = {field.name: field.label.text(self.language.code) for field in fields}
        return Pairs(tuple((labels[name], self._view(part, ())) for name, part in record.fields))

    def _grid(self, records: list[Record], fields: tuple[Field, ...]) -> Grid:
        used = [field for field in fields if any(record.get(field.name) for record in records)]
        rows = []
        for record in records:
            parts = [record.get(field.name) for field in used]
            rows.append(tuple(None if part is None else self._view(part, ()) for part in parts))
        return Grid(tuple(field.label.text(self.language.code) for field in used), tuple(rows))

    def _file(self, document: Document) -> FileLink:
        language, title = document.title.in_language(self.language.code)
        return FileLink(
            url=self.document_paths[document.sha256],
            title=title,
            title_language=language if language != self.language.code else "",
            type=document.file.rpartition(".")[2].upper(),
            size=self._size(document.size),
            languages=document.languages,
        )

    def _size(self, size: int) -> str:
        kilobytes = Decimal(max(1, round(size / 1000)))
        return f"{self.language.number(kilobytes)} kB"
