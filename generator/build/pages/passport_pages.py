"""Pages of passports: of a battery model, and of batteries, shard by shard.

What is the same for all batteries of a shard is rendered once a language (DESIGN 8); a battery's
page adds its own rows, its serial number and its QR code.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from markupsafe import Markup

from generator.build.artifact import Artifact
from generator.build.history import Past
from generator.build.issue import Issued
from generator.build.pages.access_views import OPEN_PAGE, AccessView, AccessViewer
from generator.build.pages.language import message
from generator.build.pages.pictures.lives import battery_timeline
from generator.build.pages.product_pages import ProductPages, SharedParts
from generator.build.pages.seal import seal_svg
from generator.build.plan import PassportPlan, Shard
from passport.applicability import Outcome, State, outcome
from passport.identifiers import product_path
from passport.model import BatteryModel, EconomicOperator, Element
from passport.registry import Level, registry
from passport.schema import schema_path
from passport.sealing.group_key import MODEL_GROUPS, RESTRICTED_GROUPS
from passport.subject import SCHEMA_VERSION
from passport.values import Text
from passport.version_history import history_path

PageOf = Callable[[PassportPlan, Issued, Past], Artifact]
"""Renders the page of a passport, once it is issued, in one language."""
WITHDRAWN = "withdrawn"
_DIFFERS_BY_PLANT = message(
    "it differs from plant to plant; the passport of each battery states it"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportView:
    """What a page says besides the product; `own` maps a section to rows of this battery alone."""

    issuer: str
    serial: str
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
    own: Mapping[str, Markup]


class PassportPages(ProductPages):
    """Renders passports in one language."""

    __slots__ = ()

    def model(self, plan: PassportPlan, issued: Issued, past: Past) -> Artifact:
        """Render a model's page; its passport was issued at `issued`."""
        today = self.pages.plan.time.date()
        outcomes = self._outcomes(plan.model, plan.elements, today)
        if plan.plant is None:
            reason = self._text(_DIFFERS_BY_PLANT)
            outcomes = tuple(_without_plant(outcome, reason) for outcome in outcomes)
        shared = self.shared_parts(plan.model, outcomes, plan.elements, (Level.MODEL,), today)
        return self._page("model.html", plan, shared, self._view(plan, issued, past, {}))

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
        view = self._view(plan, issued, past, rows)
        template = "battery.html" if plan.elements else "tombstone.html"
        return self._page(template, plan, shared, view)

    def _page(
        self, template: str, plan: PassportPlan, shared: SharedParts, view: PassportView
    ) -> Artifact:
        values = {"product": self.product(plan, shared), "passport": view}
        languages = self.pages.plan.languages_of(plan)
        return self.pages.page(template, plan.title, plan.page_path, languages, values)

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

    def _text(self, english: str) -> Text:
        phrase = self.viewer.language.phrase(english)
        return Text(((phrase.language or self.pages.code, phrase.text),))

    def _rows(self, elements: Iterable[Element]) -> Markup:
        values = {"rows": self.viewer.rows(elements)}
        return self.pages.templates.render("parts/rows.html", values)

    def _view(
        self, plan: PassportPlan, issued: Issued, past: Past, own: Mapping[str, Markup]
    ) -> PassportView:
        language = self.viewer.language
        return PassportView(
            issuer=self.pages.plan.operators[self.pages.plan.config.issuer].name,
            serial=str(plan.battery.serial) if plan.battery else "",
            passport_id=f"{plan.uri.base_url}/dpp/{plan.dpp_id}",
            json_path=plan.json_path,
            did_path=plan.did_path,
            model_path=self.pages.path(product_path(plan.model.identifier)),
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
            own=own,
        )

    def _access(self, plan: PassportPlan) -> tuple[AccessView, ...]:
        """The restricted groups of a passport: its model's, and of a battery its own."""
        groups = RESTRICTED_GROUPS if plan.battery else MODEL_GROUPS
        brokers = self.pages.plan.config.brokers
        # A fragment stays in the browser: no host learns who wants to open what.
        open_path = f"{self.pages.path(OPEN_PAGE)}#{plan.dpp_id}"
        return AccessViewer(self.viewer.language).access(groups, brokers, open_path)


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
