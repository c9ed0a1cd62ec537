"""Pages of passports: of a battery model, and of batteries, shard by shard.

What is the same for all batteries of a shard is rendered once a language (DESIGN 8); a battery's
page adds its own rows, its serial number and its QR code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from markupsafe import Markup, escape

from generator.build.access_views import OPEN_PAGE, AccessView, AccessViewer
from generator.build.artifact import Artifact
from generator.build.history import Past
from generator.build.issue import Issued
from generator.build.language import message
from generator.build.pages import OperatorLine, Pages, readable_key
from generator.build.pictures.lives import battery_timeline
from generator.build.pictures.sections import SectionPictures
from generator.build.plan import PassportPlan, Shard
from generator.build.prose import render_prose
from generator.build.seal import seal_svg
from generator.build.value_views import ValueViewer
from generator.build.views import SectionView, Viewer
from passport.applicability import Outcome, State, outcome
from passport.checks.recycled import next_minimum
from passport.evidence import NOTHING_PUBLISHED
from passport.identifiers import product_path
from passport.model import BatteryModel, EconomicOperator, Element
from passport.registry import Group, Level, registry
from passport.schema import schema_path
from passport.subject import SCHEMA_VERSION
from passport.values import Text
from passport.version_history import history_path

WITHDRAWN = "withdrawn"
_DIFFERS_BY_PLANT = message(
    "it differs from plant to plant; the passport of each battery states it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPart:
    """A section with the rows that are shared rendered."""

    id: str
    title: Markup
    gist: Markup
    figures: Markup
    body: Markup
    is_withheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedParts:
    """The parts of a page that all batteries of a shard have in common."""

    picture: Markup
    safety: Markup
    facts: Markup
    sections: tuple[SectionPart, ...]
    prose: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportView:
    """What a passport's page shows; `own` maps a section to the rows of this battery alone."""

    name: str
    model_number: str
    maker: OperatorLine
    issuer: str
    operator: OperatorLine
    serial: str
    uri: str
    readable_key: str
    qr: Markup
    passport_id: str
    json_path: str
    did_path: str
    model_path: str
    version: int
    schema_path: str
    schema_version: str
    issued_on: str
    updated: str
    state: str
    """`current`, `replaced`, `ceased` or, whatever else it is, `withdrawn`."""
    seal: Markup
    access: tuple[AccessView, ...]
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    history_path: str
    """Where the versions are listed, "" while there is one only."""
    timeline: Markup
    shared: SharedParts
    own: Mapping[str, Markup]


@dataclass(frozen=True, slots=True)
class PassportPages:
    """Renders passports in one language."""

    pages: Pages
    viewer: Viewer

    @classmethod
    def of(cls, pages: Pages) -> "PassportPages":
        """Make the renderer of passports that belongs to a site's pages."""
        language = pages.templates.language
        return cls(pages, Viewer(language, ValueViewer(language, pages.assets.document_paths)))

    def model(self, plan: PassportPlan, issued: Issued, past: Past) -> Artifact:
        """Render a model's page; its passport was issued at `issued`."""
        today = self.pages.plan.time.date()
        outcomes = self._outcomes(plan.model, plan.elements, today)
        if plan.plant is None:
            reason = self._text(_DIFFERS_BY_PLANT)
            outcomes = tuple(_without_plant(outcome, reason) for outcome in outcomes)
        shared = self.shared_parts(plan.model, outcomes, plan.elements, (Level.MODEL,), today)
        view = self._view(plan, issued, past, shared, {})
        languages = self.pages.plan.config.languages
        return self._page("model.html", plan, view, languages)

    def shard(self, shard: Shard) -> "ShardPages":
        """Prepare the pages of a shard's batteries."""
        return ShardPages(self, shard)

    def shared_on(self, shard: Shard, day: date, holder: EconomicOperator) -> SharedParts:
        """Render what batteries of a shard share that were placed on the market on one day.

        They share the operator who is responsible for them now, too.
        """
        elements = shard.held_by(holder)
        outcomes = self._outcomes(shard.model, elements, day)
        return self.shared_parts(shard.model, outcomes, elements, tuple(Level), day)

    def battery(
        self, plan: PassportPlan, issued: Issued, past: Past, shared: SharedParts
    ) -> Artifact:
        """Render a battery's page around the parts that it shares with others."""
        own: dict[str, list[Element]] = {}
        for element in plan.elements:
            if element.point.level is Level.BATTERY:
                own.setdefault(element.point.section, []).append(element)
        rows = {section: self._rows(elements) for section, elements in own.items()}
        view = self._view(plan, issued, past, shared, rows)
        template = "battery.html" if plan.elements else "tombstone.html"
        return self._page(template, plan, view, self.pages.plan.config.battery_languages)

    def shared_parts(
        self,
        model: BatteryModel,
        outcomes: Iterable[Outcome],
        elements: tuple[Element, ...],
        levels: tuple[Level, ...],
        day: date | None = None,
    ) -> SharedParts:
        """Render what stands on all pages that state these elements.

        `day` decides which shares of recycled content are shown beside the stated ones; no
        passport, no day, no shares.
        """
        evidence = self.pages.plan.evidence.get(model.slug, NOTHING_PUBLISHED)
        viewer, render = replace(self.viewer, evidence=evidence), self.pages.templates.render
        agents, dangers = viewer.extinguishing(elements), viewer.dangers(elements)
        facts, tasks = viewer.facts(elements), viewer.tasks(elements)
        minimum = next_minimum(model, day) if day else None
        pictures = SectionPictures(viewer.values, minimum)
        return SharedParts(
            picture=self._picture(model),
            safety=render("parts/safety.html", {"agents": agents, "dangers": dangers}),
            facts=render("parts/facts.html", {"facts": facts, "tasks": tasks}),
            sections=tuple(
                self._section(section, pictures.of(section.id, elements))
                for section in viewer.sections(outcomes, elements, levels)
            ),
            prose=self._prose(model),
        )

    def _picture(self, model: BatteryModel) -> Markup:
        """What the battery looks like; the document's title says it in words."""
        if model.picture is None:
            return Markup()
        path = self.pages.assets.document_paths[model.picture.sha256]
        title = self.viewer.language.choose(model.picture.title.translations)
        values = {"path": path, "title": title}
        return self.pages.templates.render("parts/picture.html", values)

    def _outcomes(
        self, model: BatteryModel, elements: Iterable[Element], day: date
    ) -> tuple[Outcome, ...]:
        """Judge the public data points of a model, and others that are stated."""
        found = {element.point.key: element for element in elements}
        guidance = self.pages.plan.config.guidance
        return tuple(
            outcome(point, found.get(point.key), model, guidance, day)
            for point in registry().data_points
            if point.is_public and (point.level is Level.MODEL or point.key in found)
        )

    def _section(self, section: SectionView, figures: Markup) -> SectionPart:
        return SectionPart(
            id=section.id,
            title=escape(section.title),
            gist=section.gist,
            figures=figures,
            body=self.pages.templates.render("parts/section.html", {"section": section}),
            is_withheld=section.is_withheld,
        )

    def _text(self, english: str) -> Text:
        phrase = self.viewer.language.phrase(english)
        return Text(((phrase.language or self.pages.code, phrase.text),))

    def _rows(self, elements: Iterable[Element]) -> Markup:
        values = {"rows": self.viewer.rows(elements)}
        return self.pages.templates.render("parts/rows.html", values)

    def _prose(self, model: BatteryModel) -> Markup:
        if model.prose is None:
            return Markup()
        phrase = self.viewer.language.choose(model.prose.translations)
        values = {"prose": render_prose(phrase.text), "prose_language": phrase.language}
        return self.pages.templates.render("parts/prose.html", values)

    def _view(
        self,
        plan: PassportPlan,
        issued: Issued,
        past: Past,
        shared: SharedParts,
        own: Mapping[str, Markup],
    ) -> PassportView:
        language, model = self.viewer.language, plan.model
        return PassportView(
            name=model.name,
            model_number=model.model_number,
            maker=self.pages.maker_line(model),
            issuer=self.pages.plan.operators[self.pages.plan.config.issuer].name,
            operator=self.pages.operator_line(plan.operator),
            serial=str(plan.battery.serial) if plan.battery else "",
            uri=str(plan.uri),
            readable_key=readable_key(plan.uri),
            qr=self.pages.qr(plan.uri),
            passport_id=f"{plan.uri.base_url}/dpp/{plan.dpp_id}",
            json_path=plan.json_path,
            did_path=plan.did_path,
            model_path=self.pages.path(product_path(model.identifier)),
            version=issued.version,
            schema_path=schema_path(),
            schema_version=SCHEMA_VERSION,
            issued_on=language.day(issued.time.date()),
            updated=language.moment(issued.time),
            state=WITHDRAWN if issued.is_withdrawn else plan.status,
            seal=seal_svg(issued.digest),
            access=self._access(plan),
            predecessors=tuple(map(str, plan.life.predecessors)),
            successors=tuple(map(str, plan.life.successors)),
            history_path=history_path(plan.dpp_id) if issued.version > 1 else "",
            timeline=battery_timeline(plan, issued, past.versions, language),
            shared=shared,
            own=own,
        )

    def _access(self, plan: PassportPlan) -> tuple[AccessView, ...]:
        """The restricted groups of a passport: its model's, and of a battery its own."""
        groups = [Group.INTEREST_MODEL, Group.AUTHORITY]
        if plan.battery:
            groups.append(Group.INTEREST_BATTERY)
        brokers: dict[Group, tuple[str, ...]] = {}
        for broker in self.pages.plan.config.brokers:
            for group in broker.groups:
                brokers[group] = (*brokers.get(group, ()), broker.url.authority)
        # A fragment stays in the browser: no host learns who wants to open what.
        open_path = f"{self.pages.path(OPEN_PAGE)}#{plan.dpp_id}"
        return AccessViewer(self.viewer.language).access(groups, brokers, open_path)

    def _page(
        self, template: str, plan: PassportPlan, view: PassportView, languages: tuple[str, ...]
    ) -> Artifact:
        values = {"passport": view}
        return self.pages.page(template, plan.title, plan.page_path, languages, values)


@dataclass(frozen=True, slots=True)
class ShardPages:
    """Renders the batteries of one shard; remembers what they share, by the day that counts."""

    passports: PassportPages
    shard: Shard
    shared: dict[tuple[date, str], SharedParts] = field(default_factory=dict)

    def battery(self, plan: PassportPlan, issued: Issued, past: Past) -> Artifact:
        """Render one battery's page; its passport was issued at `issued`."""
        kind = self._judged_on(plan), plan.operator.slug
        if kind not in self.shared:
            self.shared[kind] = self.passports.shared_on(self.shard, kind[0], plan.operator)
        return self.passports.battery(plan, issued, past, self.shared[kind])

    def _judged_on(self, plan: PassportPlan) -> date:
        """The day on which the battery was placed on the market, else the day of the build."""
        placed = plan.battery.placed_on_market if plan.battery else None
        return placed or self.passports.pages.plan.time.date()


def _without_plant(found: Outcome, reason: Text) -> Outcome:
    """Say of a model made in several plants where its missing values stand."""
    if found.point.by_plant and found.state in (State.MISSING, State.NOT_YET_REQUIRED):
        return replace(found, state=State.NOT_APPLICABLE, reason=reason)
    return found
