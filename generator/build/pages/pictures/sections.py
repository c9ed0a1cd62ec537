"""Which pictures stand in which section of a page, and what they are made of.

A picture repeats rows of its section: every number is written as its row writes it and names the
same member of the signed passport. What is not stated is not drawn. Knows elements and one
language; neither templates nor files.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from generator.build.pages.gists import written
from generator.build.pages.language import Phrase, message
from generator.build.pages.pictures.bars import FULL, OPEN, Amount, Bar, Limit, bars
from generator.build.pages.pictures.classes import classes
from generator.build.pages.pictures.ruler import Flag, Scale, ruler
from generator.build.pages.pictures.svg import Figure
from generator.build.pages.value_views import ValueViewer
from passport.checks.recycled import Minimum
from passport.model import Element
from passport.registry import camel_case, registry
from passport.values import Code, Quantity, Range, Record

_STAGES = ("raw_material", "main_production", "distribution", "end_of_life")
_RECYCLED = ("recycled_cobalt", "recycled_lithium", "recycled_nickel", "recycled_lead")
_WASTES = ("pre_consumer", "post_consumer")
_SIGNS = (FULL, OPEN)
_MARGIN = Decimal(12)
"""Percent of a scale of temperatures that is left free on both sides."""

Values = Mapping[str, Element]


@dataclass(frozen=True, slots=True)
class SectionPictures:
    """Draws the pictures of one language; `minimum` are the shares of recycled content to show."""

    values: ValueViewer
    minimum: Minimum | None = None

    def of(self, section: str, elements: Iterable[Element]) -> Markup:
        """Draw the pictures of a section; "" where its elements make none."""
        found = {element.point.key: element for element in elements}
        return Markup("\n").join(drawn for draw in self._drawers(section) if (drawn := draw(found)))

    def _drawers(self, section: str) -> tuple[Callable[[Values], Markup], ...]:
        match section:
            case "carbon":
                return self.stages, self.performance_class
            case "materials":
                return (self.composition,)
            case "circularity":
                return (self.recycled,)
            case "performance":
                return self.voltage, self.temperature
        return ()

    def stages(self, found: Values) -> Markup:
        """The carbon footprint by stage of the life cycle."""
        record = _record(found, "carbon_footprint")
        amounts = tuple(
            Bar(name=self._field("carbon_footprint", stage), parts=(self._amount(number, stage),))
            for stage in _STAGES
            if isinstance(number := record.get(stage), Quantity)
        )
        caption = self.values.language.phrase(message("Carbon footprint"))
        return bars("stages", caption, "carbonFootprint/value", amounts)

    def performance_class(self, found: Values) -> Markup:
        """The class on the label, among all of them."""
        stated = _record(found, "carbon_footprint_label").get("performance_class")
        if not isinstance(stated, Code):
            return Markup()
        return classes(
            "class",
            self._label("carbon_footprint_label"),
            tuple(registry().code_lists[stated.code_list]),
            Figure(stated.code, "performanceClass"),
            "carbonFootprintLabel/value",
        )

    def composition(self, found: Values) -> Markup:
        """The critical raw materials by their share of the battery's mass."""
        element = found.get("critical_raw_materials")
        rows = element.value if element and isinstance(element.value, tuple) else ()
        amounts = []
        for place, row in enumerate(rows):
            if not isinstance(row, Record):
                continue
            material, share = row.get("material"), row.get("share")
            if isinstance(material, Code) and isinstance(share, Quantity):
                name = self.values.language.meaning(material)
                part = self._amount(share, f"{place}/share", is_path=True)
                amounts.append(Bar(name=name, parts=(part,)))
        caption = self._label("critical_raw_materials")
        return bars("composition", caption, "criticalRawMaterials/value", tuple(amounts))

    def recycled(self, found: Values) -> Markup:
        """Recycled content from both kinds of waste, against what the law will ask for."""
        amounts = tuple(bar for key in _RECYCLED if (bar := self._recycled(found, key)))
        if not amounts:
            return Markup()
        caption = self.values.language.phrase(message("recycled content"))
        capital = Phrase(caption.text[:1].upper() + caption.text[1:], caption.language)
        key = next(key for key in _RECYCLED if key in found)
        fields = (self._field(key, waste) for waste in _WASTES)
        notes = (
            Phrase(f"{sign} {field}", field.language)
            for sign, field in zip(_SIGNS, fields, strict=True)
        )
        return bars("recycled", capital, "", amounts, notes)

    def _recycled(self, found: Values, key: str) -> Bar | None:
        record = _record(found, key)
        parts = tuple(
            self._amount(share, f"{camel_case(key)}/value/{camel_case(waste)}", is_path=True)
            for waste in _WASTES
            if isinstance(share := record.get(waste), Quantity)
        )
        if len(parts) < len(_WASTES):
            return None
        return Bar(name=self._label(key), parts=parts, limit=self._limit(key))

    def _limit(self, key: str) -> Limit | None:
        if self.minimum is None or key not in self.minimum.shares:
            return None
        share = Decimal(self.minimum.shares[key])
        language = self.values.language
        said = language.phrase(message("at least %(share)s from %(year)s on"))
        number = written(self.values.measure(Quantity(share, "%"))).text
        text = said.text % {"share": number, "year": self.minimum.since.year}
        return Limit(share, Phrase(text, said.language))

    def voltage(self, found: Values) -> Markup:
        """The window of voltage on a scale from zero."""
        lowest, nominal, highest = (
            element.value if (element := found.get(f"{name}_voltage")) else None
            for name in ("minimum", "nominal", "maximum")
        )
        if not isinstance(lowest, Quantity) or not isinstance(highest, Quantity):
            return Markup()
        if not 0 <= lowest.number < highest.number:
            return Markup()
        scale = 100 / highest.number
        above = [self._flag("maximum_voltage", highest, scale)]
        if isinstance(nominal, Quantity) and 0 <= nominal.number <= highest.number:
            above.append(self._flag("nominal_voltage", nominal, scale))
        lower = self._flag("minimum_voltage", lowest, scale)
        drawn = Scale(window=(lower.at, Decimal(100)), above=tuple(above), below=(lower,))
        return ruler("voltage", self.values.language.phrase(message("Voltage")), drawn)

    def temperature(self, found: Values) -> Markup:
        """The window of temperature, with the freezing point where the scale holds it."""
        element = found.get("idle_temperature")
        if element is None or not isinstance(element.value, Range):
            return Markup()
        window = element.value
        if window.low >= window.high:
            return Markup()
        scale = (100 - 2 * _MARGIN) / (window.high - window.low)
        zero = _MARGIN - window.low * scale
        said = Figure(written(self.values.measure(window)).text, element.point.member)
        end = 100 - _MARGIN
        freezing = written(self.values.measure(Quantity(Decimal(0), window.unit)))
        below = (Flag(zero, freezing),) if 0 <= zero <= 100 else ()
        drawn = Scale(window=(_MARGIN, end), above=(Flag(end, Phrase(""), said),), below=below)
        return ruler("temperature", self._label("idle_temperature"), drawn)

    def _flag(self, key: str, number: Quantity, scale: Decimal) -> Flag:
        figure = Figure(written(self.values.measure(number)).text, camel_case(key))
        return Flag(number.number * scale, self._label(key), figure)

    def _amount(self, number: Quantity, member: str, *, is_path: bool = False) -> Amount:
        said = written(self.values.measure(number)).text
        return Amount(number.number, Figure(said, member if is_path else camel_case(member)))

    def _label(self, key: str) -> Phrase:
        return self.values.language.label(registry().by_key[key].label)

    def _field(self, key: str, name: str) -> Phrase:
        return self.values.language.label(registry().by_key[key].field(name).label)


def _record(found: Values, key: str) -> Record:
    element = found.get(key)
    return element.value if element and isinstance(element.value, Record) else Record(())
