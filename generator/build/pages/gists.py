"""Gists: one line that says what a section of the page holds ("LFP, 6 critical raw materials").

Made from the section's public elements. Which data points speak for a section stands in a table;
the others are found when the section is opened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from generator.build.pages.language import Phrase, message, plural_message
from generator.build.pages.value_views import Measure, ValueViewer, Words
from passport.model import Element, NotApplicable
from passport.values import Code, Quantity, Record, Value

_SPEAKERS: Mapping[str, tuple[str, ...]] = {
    "general": ("battery_category", "mass"),
    "labels": ("declaration_of_conformity", "instructions_for_use", "label_meaning"),
    "carbon": ("carbon_footprint", "carbon_footprint_label"),
    "due-diligence": ("responsible_sourcing", "third_party_assurances"),
    "materials": ("chemistry", "critical_raw_materials", "hazardous_substances"),
    "circularity": (
        "recycled_cobalt",
        "recycled_lithium",
        "recycled_nickel",
        "recycled_lead",
        "collection_and_treatment",
        "safe_handling",
    ),
    "performance": ("rated_capacity", "nominal_voltage", "expected_cycles"),
}
_COUNTED = {
    "critical_raw_materials": plural_message(
        "%(num)s critical raw material", "%(num)s critical raw materials"
    ),
    "hazardous_substances": plural_message(
        "%(num)s hazardous substance", "%(num)s hazardous substances"
    ),
    "instructions_for_use": plural_message("%(num)s document", "%(num)s documents"),
    "third_party_assurances": plural_message("%(num)s assurance", "%(num)s assurances"),
}
_NAMED = {
    "declaration_of_conformity": message("declaration of conformity"),
    "label_meaning": message("what the symbols mean"),
    "responsible_sourcing": message("report on responsible sourcing"),
    "recycled_cobalt": message("recycled content"),
    "recycled_lithium": message("recycled content"),
    "recycled_nickel": message("recycled content"),
    "recycled_lead": message("recycled content"),
    "collection_and_treatment": message("where to hand it in"),
    "safe_handling": message("safe handling"),
}


@dataclass(frozen=True, slots=True)
class GistWriter:
    """Writes gists in one language."""

    values: ValueViewer

    def gist(self, section: str, elements: Iterable[Element]) -> Markup:
        """Sum up a section; "" when none of its speakers has a value."""
        found = {element.point.key: element for element in elements}
        parts = dict.fromkeys(
            part
            for key in _SPEAKERS.get(section, ())
            if key in found and (part := self._part(found[key]))
        )
        return _sentence(tuple(parts))

    def _part(self, element: Element) -> Phrase | None:
        key, value = element.point.key, element.value
        if isinstance(value, NotApplicable):
            return None
        language = self.values.language
        if isinstance(value, tuple) and key in _COUNTED:
            return language.counted(*_COUNTED[key], len(value))
        if key in _NAMED:
            return language.phrase(_NAMED[key])
        return self._figure(element, value)

    def _figure(self, element: Element, value: Value) -> Phrase | None:
        _, quantity = leading_part(value)
        if quantity is not None:
            return written(self.values.measure(quantity))
        view = self.values.view(element.point, value)
        return view.text if isinstance(view, Words) and isinstance(value, Code) else None


def leading_part(value: Value) -> tuple[str, Quantity | None]:
    """The number that stands for a value: itself, or a record's first one with its field's name."""
    if isinstance(value, Quantity):
        return "", value
    if isinstance(value, Record):
        named = ((name, part) for name, part in value.fields if isinstance(part, Quantity))
        return next(named, ("", None))
    return "", None


def written(measure: Measure) -> Phrase:
    """A measure in one line; number and unit never part."""
    return Phrase(f"{measure.number}\N{NO-BREAK SPACE}{measure.unit}", measure.unit.language)


def _sentence(parts: tuple[Phrase, ...]) -> Markup:
    if not parts:
        return Markup()
    first, *rest = parts
    capital = Phrase(first.text[:1].upper() + first.text[1:], first.language)
    return Markup(", ").join((capital, *rest))
