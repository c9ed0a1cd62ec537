"""Pages: plans become HTML, in each configured language.

What is the same for all batteries of a model and plant is viewed once a shard; a battery's page
adds its own rows and its QR code. Links are root-relative; the one absolute address is the
product URI, which is what the QR code says (DESIGN 4).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from generator.build.artifact import NOT_FOUND_URL, PAGE_TYPE, Artifact, CacheClass
from generator.build.assets import Assets
from generator.build.plan import PassportPlan, Plan
from generator.build.qr import qr_svg
from generator.build.theme import Templates, Theme, load_templates
from generator.build.value_views import ValueViewer
from generator.build.views import RowView, SectionView, Viewer
from generator.content.prose import render_prose
from passport.applicability import Outcome, outcome
from passport.identifiers import product_path
from passport.registry import Level, registry


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """What every page needs to know about itself."""

    language: str
    title: str
    path: str
    alternates: tuple[tuple[str, str, str], ...]
    """(language code, the language's own name, path) of each version, this one included."""
    assets: Mapping[str, str]
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportView:
    """What a passport's page shows."""

    name: str
    model_number: str
    maker: str
    operator: str
    serial: str
    uri: str
    qr: Markup
    json_path: str
    model_path: str
    issued: str
    facts: tuple[RowView, ...]
    sections: tuple[SectionView, ...]
    prose: Markup
    prose_language: str


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders the pages of a site in one language."""

    plan: Plan
    assets: Assets
    templates: Templates

    @property
    def code(self) -> str:
        """The code of the language."""
        return self.templates.language.code

    def passport(self, plan: PassportPlan) -> Artifact:
        """Render the page of a battery or of a model."""
        languages = self._languages(plan)
        template = "battery.html" if plan.battery else "model.html"
        view = self._passport_view(plan)
        title = f"{view.name} {view.serial}".strip()
        return self._page(template, title, plan.page_path, languages, {"passport": view})

    def home(self, models: Iterable[PassportPlan]) -> Artifact:
        """Render the site's first page: its models."""
        listed = [
            (plan.model.name, plan.model.model_number, self.path(plan.page_path)) for plan in models
        ]
        operator = self.plan.operators[self.plan.config.issuer]
        languages = self.plan.config.languages
        values = {"models": listed, "operator": operator}
        return self._page("home.html", operator.trade_name, "/", languages, values)

    def not_found(self) -> Artifact:
        """Render the page for unknown addresses; every host serves it with status 404."""
        title = self.templates.language.text("There is no passport at this address")
        return self._page("404.html", title, NOT_FOUND_URL, (self.code,), {})

    def path(self, path: str) -> str:
        """A page's path in this language: the default one has no prefix."""
        return path_in(self.code, path, self.plan.config.language)

    def _languages(self, plan: PassportPlan) -> tuple[str, ...]:
        config = self.plan.config
        return config.battery_languages if plan.battery else config.languages

    def _page(
        self,
        template: str,
        title: str,
        path: str,
        languages: tuple[str, ...],
        values: Mapping[str, object],
    ) -> Artifact:
        default = self.plan.config.language
        page = PageView(
            language=self.code,
            title=title,
            path=path_in(self.code, path, default),
            alternates=tuple(
                (code, self.templates.language.name_of(code), path_in(code, path, default))
                for code in languages
            ),
            assets=self.assets.theme_paths,
            host=self.plan.config.base_url.authority,
        )
        html = self.templates.render(template, {"page": page, **values})
        return Artifact(
            url_path=page.path,
            content=html.encode("utf-8"),
            media_type=PAGE_TYPE,
            cache=CacheClass.PAGE,
        )

    def _passport_view(self, plan: PassportPlan) -> PassportView:
        language = self.templates.language
        viewer = Viewer(language, ValueViewer(language, self.assets.document_paths))
        model = plan.model
        prose_language, prose = model.prose.in_language(self.code) if model.prose else ("", "")
        return PassportView(
            name=model.name,
            model_number=model.model_number,
            maker=self.plan.operators[model.manufacturer].trade_name,
            operator=plan.operator.name,
            serial=str(plan.battery.serial) if plan.battery else "",
            uri=str(plan.uri),
            qr=qr_svg(str(plan.uri), language.text("QR code of this address")),
            json_path=plan.json_path,
            model_path=self.path(product_path(model.identifier)),
            issued=language.moment(self.plan.time),
            facts=viewer.facts(plan.elements),
            sections=viewer.sections(_outcomes(plan, self.plan), plan.elements),
            prose=Markup(render_prose(prose)),  # noqa: S704 (sanitised there)
            prose_language=prose_language if prose_language != self.code else "",
        )


def path_in(code: str, path: str, default: str) -> str:
    """Where a page lies in a language (DESIGN 4: other languages under `/{lang}/`)."""
    if code == default:
        return path
    return f"/{code}" if path == "/" else f"/{code}{path}"


def pages_in_all_languages(plan: Plan, theme: Theme, assets: Assets) -> Iterator[Pages]:
    """The renderers of all configured languages, the default first."""
    for code in plan.config.languages:
        yield Pages(plan, assets, load_templates(theme, theme.language(code)))


def _outcomes(passport: PassportPlan, plan: Plan) -> tuple[Outcome, ...]:
    """Judge the public data points that stand on this page."""
    found = {element.point.key: element for element in passport.elements}
    as_of = _judged_on(passport, plan)
    return tuple(
        outcome(point, found.get(point.key), passport.model, plan.config.guidance, as_of)
        for point in registry().data_points
        if point.is_public
        and (passport.battery or point.level is Level.MODEL or point.key in found)
    )


def _judged_on(passport: PassportPlan, plan: Plan) -> date:
    """The day on which the battery was placed on the market, else the day of the build."""
    placed = passport.battery.placed_on_market if passport.battery else None
    return placed or plan.time.date()
