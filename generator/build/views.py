"""What a page shows, in one language: sections of rows, facts of the first screen, withheld groups.

Made from public elements and outcomes only; a restricted group appears as its title and who may
read it, whether or not there is anything in it. Templates get these values and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.build.language import Language
from generator.build.value_views import ValueView, ValueViewer
from passport.applicability import Outcome, State
from passport.model import Element, NotApplicable
from passport.registry import SECTIONS, DataPoint, Group, Requirement, registry
from passport.values import Text

FACTS = (
    "rated_capacity",
    "nominal_voltage",
    "chemistry",
    "mass",
    "carbon_footprint",
    "warranty_period",
)
"""What a person asks first; the data points of the first screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One data point: its value, or the reason why there is none."""

    key: str
    number: str
    label: str
    help: str
    clause: str
    state: str
    value: ValueView | None
    reason: str
    reason_language: str
    about: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithheldView:
    """A restricted group within a section: what it covers and who may read it."""

    group: str
    clause: str
    labels: tuple[str, ...]
    readers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section of the page."""

    id: str
    title: str
    rows: tuple[RowView, ...]
    withheld: tuple[WithheldView, ...]


_TITLES = {
    "general": "Battery and manufacturer",
    "labels": "Symbols, labels and conformity",
    "carbon": "Carbon footprint",
    "due-diligence": "Supply chain due diligence",
    "materials": "Materials and composition",
    "circularity": "Circularity and end of life",
    "performance": "Performance and durability",
    "condition": "State of this battery",
}
_READERS = {
    Group.INTEREST_MODEL: (
        "Persons with a legitimate interest, such as repairers and recyclers, and authorities"
    ),
    Group.AUTHORITY: "Notified bodies, market surveillance authorities and the Commission",
    Group.INTEREST_BATTERY: (
        "Persons with a legitimate interest, such as this battery's purchaser or recyclers"
    ),
}
_CLAUSES = {
    Group.INTEREST_MODEL: "Annex XIII 2",
    Group.AUTHORITY: "Annex XIII 3",
    Group.INTEREST_BATTERY: "Annex XIII 4",
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Makes the views of one language."""

    language: Language
    values: ValueViewer

    def sections(
        self, outcomes: Iterable[Outcome], elements: Iterable[Element]
    ) -> tuple[SectionView, ...]:
        """View outcomes by section; a voluntary data point without a value is left out."""
        found = {element.point.key: element for element in elements}
        rows: dict[str, list[RowView]] = {section: [] for section in SECTIONS}
        for outcome in outcomes:
            if _is_shown(outcome):
                row = self._row(outcome, found.get(outcome.point.key))
                rows[outcome.point.section].append(row)
        return tuple(
            SectionView(
                id=section,
                title=self.language.text(_TITLES[section]),
                rows=tuple(rows[section]),
                withheld=self._withheld(section),
            )
            for section in SECTIONS
        )

    def facts(self, elements: Iterable[Element]) -> tuple[RowView, ...]:
        """View the data points of the first screen that have a value."""
        found = {element.point.key: element for element in elements}
        rows = []
        for key in FACTS:
            element = found.get(key)
            if element and not isinstance(element.value, NotApplicable):
                provided = Outcome(point=element.point, state=State.PROVIDED, reason=Text(()))
                rows.append(self._row(provided, element))
        return tuple(rows)

    def _row(self, outcome: Outcome, element: Element | None) -> RowView:
        point = outcome.point
        reason_language, reason = self._reason(outcome)
        return RowView(
            key=point.key,
            number=point.number,
            label=point.label.text(self.language.code),
            help=point.help.text(self.language.code),
            clause=point.clause,
            state=outcome.state,
            value=self._value(point, element),
            reason=reason,
            reason_language=reason_language,
            about=self._about(element) if element else (),
        )

    def _value(self, point: DataPoint, element: Element | None) -> ValueView | None:
        if element is None or isinstance(element.value, NotApplicable):
            return None
        return self.values.view(point, element.value)

    def _reason(self, outcome: Outcome) -> tuple[str, str]:
        if outcome.state is State.PROVIDED:
            return "", ""
        if outcome.state is State.DUPLICATE:
            labels = [registry().by_key[key].label for key in outcome.point.duplicate_of]
            return "", ", ".join(label.text(self.language.code) for label in labels)
        language, reason = outcome.reason.in_language(self.language.code)
        return (language if language != self.language.code else ""), reason

    def _about(self, element: Element) -> tuple[tuple[str, str], ...]:
        """How a value came to be: conditions, method, date, and whether it was measured."""
        text, conditions = self.language.text, element.conditions
        measured = {
            "at temperature": conditions.temperature,
            "at state of charge": conditions.state_of_charge,
            "at C-rate": conditions.c_rate,
        }
        parts = []
        for label, quantity in measured.items():
            if quantity is not None:
                view = self.values.measure(quantity)
                parts.append((text(label), f"{view.number} {view.unit}"))
        if element.method:
            parts.append((text("method"), element.method))
        if element.basis:
            basis = registry().code_lists["measurement_basis"][element.basis].label
            parts.append((text("basis"), basis.text(self.language.code)))
        if element.as_of:
            parts.append((text("as of"), self.language.day(element.as_of)))
        return tuple(parts)

    def _withheld(self, section: str) -> tuple[WithheldView, ...]:
        groups: dict[Group, list[str]] = {}
        for point in registry().data_points:
            if point.section == section and not point.is_public:
                groups.setdefault(point.group, []).append(point.label.text(self.language.code))
        return tuple(
            WithheldView(
                group=group,
                clause=_CLAUSES[group],
                labels=tuple(labels),
                readers=self.language.text(_READERS[group]),
            )
            for group, labels in groups.items()
        )


def _is_shown(outcome: Outcome) -> bool:
    """Leave out duplicates, and what guidance does not ask for unless there is a value."""
    if outcome.state is State.DUPLICATE:
        return False
    asked = {asked for _, row in outcome.point.requirements for _, asked in row}
    voluntary = asked <= {Requirement.VOLUNTARY, Requirement.NONE, Requirement.OPTIONAL}
    return outcome.state is State.PROVIDED or not voluntary
