"""What a page shows, in one language: sections of rows, and the facts of the first screen.

Made from public elements and outcomes only. Templates get these values and nothing else. What is
said of restricted groups is `access_views`' business.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from generator.build.pages.access_views import AccessViewer, WithheldView, cited
from generator.build.pages.gists import GistWriter, leading_part, written
from generator.build.pages.language import Language, Phrase, message
from generator.build.pages.value_views import Listing, ValueView, ValueViewer, Words
from passport.applicability import Outcome, State
from passport.evidence import NOTHING_PUBLISHED, PublishedEvidence
from passport.model import Element, NotApplicable
from passport.registry import SECTIONS, DataPoint, Level, Requirement, camel_case
from passport.values import Code

FACTS = (
    "rated_capacity",
    "nominal_voltage",
    "chemistry",
    "mass",
    "carbon_footprint",
    "warranty_period",
)
"""What a person asks first; the data points of the first screen."""

EXTINGUISHING = "extinguishing_agent"
DANGERS = ("hazardous_substances", "safe_handling")
"""Where a page warns."""
TASKS = ("collection_and_treatment", "instructions_for_use")
"""Where a page says what a holder of the battery can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactView:
    """One figure of the first screen; `pointer` is where the signed passport says it."""

    key: str
    pointer: str
    label: Phrase
    value: ValueView


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A link to the row of a data point on the same page."""

    key: str
    label: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutView:
    """One thing that is said of a value; `label` is "" where the text says it all.

    `member` is where the signed passport says it, "" for what it does not say. `basis` is the code
    of what the text says, where it says how a value came to be.
    """

    member: str
    label: Phrase
    text: str | Phrase
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One data point with a value; `about` says how the value came to be."""

    key: str
    label: Phrase
    help: Phrase
    clause: str
    value: ValueView
    about: tuple[AboutView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """A reason why there is no value, and the (key, label, clause) of all that it holds for."""

    state: Phrase
    reason: Phrase
    points: tuple[tuple[str, Phrase, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section of the page; `gist` sums it up in one line."""

    id: str
    title: Phrase
    gist: Markup
    rows: tuple[RowView, ...]
    notes: tuple[NoteView, ...]
    withheld: tuple[WithheldView, ...]

    @property
    def is_withheld(self) -> bool:
        """Whether nothing in it is for everybody."""
        return bool(self.withheld) and not self.rows and not self.notes

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell at all."""
        return not (self.rows or self.notes or self.withheld)


_TITLES = {
    "general": message("Battery and manufacturer"),
    "labels": message("Symbols, labels and conformity"),
    "carbon": message("Carbon footprint"),
    "due-diligence": message("Supply chain due diligence"),
    "materials": message("Materials and composition"),
    "circularity": message("Circularity and end of life"),
    "performance": message("Performance and durability"),
    "condition": message("State of this battery"),
}
_STATES = {
    State.MISSING: message("Missing"),
    State.NOT_YET_REQUIRED: message("Not provided yet"),
    State.NOT_APPLICABLE: message("Does not apply"),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Makes the views of one language; `evidence` is what may be said of what proves a value."""

    language: Language
    values: ValueViewer
    evidence: PublishedEvidence = NOTHING_PUBLISHED

    def sections(
        self, outcomes: Iterable[Outcome], elements: Iterable[Element], levels: Collection[Level]
    ) -> tuple[SectionView, ...]:
        """View outcomes by section; a voluntary data point without a value is left out.

        `levels` are those whose restricted data points the passport has.
        """
        found = tuple(elements)
        shown: dict[str, list[Outcome]] = {section: [] for section in SECTIONS}
        for outcome in outcomes:
            if _is_shown(outcome):
                shown[outcome.point.section].append(outcome)
        views = (self._section(section, shown[section], found, levels) for section in SECTIONS)
        return tuple(view for view in views if not view.is_empty)

    def rows(self, elements: Iterable[Element]) -> tuple[RowView, ...]:
        """View the elements that have a value."""
        return tuple(self._row(e) for e in elements if not isinstance(e.value, NotApplicable))

    def facts(self, elements: Iterable[Element]) -> tuple[FactView, ...]:
        """View the data points of the first screen that have a value; of a record, its figure."""
        values = _values(elements)
        return tuple(self._fact(values[key]) for key in FACTS if key in values)

    def extinguishing(self, elements: Iterable[Element]) -> Markup:
        """What to put a fire out with; "" where nobody said."""
        element = _values(elements).get(EXTINGUISHING)
        view = None if element is None else self._value(element)
        agents = view.items if isinstance(view, Listing) else ()
        return Markup(", ").join(agent.text for agent in agents if isinstance(agent, Words))

    def links(self, keys: Iterable[str], elements: Iterable[Element]) -> tuple[LinkView, ...]:
        """View those of these data points that have a value, as links."""
        values = _values(elements)
        points = [values[key].point for key in keys if key in values]
        return tuple(LinkView(key=point.key, label=self._label(point)) for point in points)

    def clause(self, clause: str) -> str:
        """Cite the law as its translations do; the rest of a citation is the same everywhere."""
        return cited(clause, self.language)

    def _section(
        self,
        section: str,
        outcomes: list[Outcome],
        elements: tuple[Element, ...],
        levels: Collection[Level],
    ) -> SectionView:
        provided = {o.point.key for o in outcomes if o.state is State.PROVIDED}
        found = tuple(e for e in elements if e.point.key in provided)
        withheld = AccessViewer(self.language).withheld(section, levels)
        gist = GistWriter(self.values).gist(section, found)
        if withheld and not outcomes:
            gist = Markup("{}. {}").format(withheld[0].title, withheld[0].readers)
        return SectionView(
            id=section,
            title=self.language.phrase(_TITLES[section]),
            gist=gist,
            rows=self.rows(found),
            notes=self._notes(o for o in outcomes if o.point.key not in provided),
            withheld=withheld,
        )

    def _fact(self, element: Element) -> FactView:
        assert not isinstance(element.value, NotApplicable)
        name, figure = leading_part(element.value)
        view = self._value(element) if figure is None else self.values.measure(figure)
        pointer = (
            element.point.member if view.kind == "measure" else f"{element.point.member}/value"
        )
        return FactView(
            key=element.point.key,
            pointer=f"{pointer}/value/{camel_case(name)}" if name else pointer,
            label=self._label(element.point),
            value=view,
        )

    def _row(self, element: Element) -> RowView:
        point = element.point
        return RowView(
            key=point.key,
            label=self._label(point),
            help=self.language.choose(point.help.texts),
            clause=self.clause(point.clause),
            value=self._value(element),
            about=self._about(element),
        )

    def _value(self, element: Element) -> ValueView:
        assert not isinstance(element.value, NotApplicable)
        return self.values.view(element.point, element.value)

    def _notes(self, outcomes: Iterable[Outcome]) -> tuple[NoteView, ...]:
        """Say each reason once."""
        points: dict[tuple[State, Phrase], list[DataPoint]] = {}
        for outcome in outcomes:
            reason = self.language.choose(outcome.reason.translations)
            points.setdefault((outcome.state, reason), []).append(outcome.point)
        return tuple(
            NoteView(
                state=self.language.phrase(_STATES[state]),
                reason=reason,
                points=tuple((p.key, self._label(p), self.clause(p.clause)) for p in found),
            )
            for (state, reason), found in points.items()
        )

    def _about(self, element: Element) -> tuple[AboutView, ...]:
        """How a value came to be: declared, measured or verified, when, how and by whom."""
        parts = []
        if element.basis:
            text = self.language.meaning(Code("measurement_basis", element.basis))
            parts.append(replace(self._said("basis", text), basis=element.basis))
        if element.as_of:
            # After its basis a date needs no label.
            label = "" if element.basis else message("As of")
            parts.append(self._said("asOf", self.language.day(element.as_of), label))
        if element.method:
            parts.append(self._said("method", element.method, message("Method")))
        parts += self._conditions(element)
        if element.originator:
            parts.append(self._said("originator", element.originator, message("By")))
        if element.uncertainty:
            said = self._said("uncertainty", element.uncertainty, message("Uncertainty"))
            parts.append(said)
        return (*parts, *self._evidence(element))

    def _said(self, member: str, text: str | Phrase, label: str = "") -> AboutView:
        title = self.language.phrase(label) if label else Phrase("")
        return AboutView(member=member, label=title, text=text)

    def _evidence(self, element: Element) -> tuple[AboutView, ...]:
        """A published artefact as a link; of any other evidence only that there is some."""
        note = self.evidence.of(element)
        if note is None:
            return ()
        shown: str | Phrase = self.language.phrase("on file")
        if note.document is not None:
            path = self.values.document_paths[note.document.sha256]
            title = self.language.choose(note.document.title.translations)
            shown = Markup('<a href="{}">{}</a>').format(path, title)
        return (self._said("", shown, message("Evidence")),)

    def _conditions(self, element: Element) -> list[AboutView]:
        conditions = element.conditions
        measured = (
            ("temperature", message("Temperature"), conditions.temperature),
            ("stateOfCharge", message("State of charge"), conditions.state_of_charge),
            ("cRate", message("C-rate"), conditions.c_rate),
        )
        return [
            self._said(f"conditions/{member}", written(self.values.measure(quantity)), label)
            for member, label, quantity in measured
            if quantity is not None
        ]

    def _label(self, point: DataPoint) -> Phrase:
        return self.language.label(point.label)


def _values(elements: Iterable[Element]) -> Mapping[str, Element]:
    return {e.point.key: e for e in elements if not isinstance(e.value, NotApplicable)}


def _is_shown(outcome: Outcome) -> bool:
    """Leave out duplicates, and what guidance does not ask for unless there is a value."""
    if outcome.state is State.DUPLICATE:
        return False
    asked = {asked for _, row in outcome.point.requirements for _, asked in row}
    voluntary = asked <= {Requirement.VOLUNTARY, Requirement.NONE, Requirement.OPTIONAL}
    return outcome.state is State.PROVIDED or not voluntary
