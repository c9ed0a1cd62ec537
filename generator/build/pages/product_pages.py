"""What pages say of a product, whether it has a passport or not: its face, and what it shares.

What stands on all pages that state the same elements is rendered once (DESIGN 8). Passports, their
versions and their files aren't known here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from markupsafe import Markup, escape

from generator.build.pages.pictures.sections import SectionPictures
from generator.build.pages.prose import render_prose
from generator.build.pages.qr import qr_svg
from generator.build.pages.rendering import OperatorLine, Pages, readable_key
from generator.build.pages.value_views import ValueViewer
from generator.build.pages.views import DANGERS, TASKS, SectionView, Viewer
from generator.build.plan import ProductPlan
from generator.build.preview import NO_CODE
from passport.applicability import Outcome
from passport.checks.recycled import next_minimum
from passport.evidence import NOTHING_PUBLISHED
from passport.identifiers import ProductUri
from passport.model import BatteryModel, Element
from passport.registry import Level


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
class ProductView:
    """What a page shows of its product: names, who made it and answers for it, its code."""

    name: str
    model_number: str
    maker: OperatorLine
    operator: OperatorLine
    uri: str
    readable_key: str
    qr: Markup
    shared: SharedParts


@dataclass(frozen=True, slots=True)
class ProductPages:
    """Renders, in one language, what pages of products have in common."""

    pages: Pages
    viewer: Viewer

    @classmethod
    def of(cls, pages: Pages) -> Self:
        """Make the renderer that belongs to a site's pages."""
        language = pages.templates.language
        return cls(pages, Viewer(language, ValueViewer(language, pages.assets.document_paths)))

    def product(self, plan: ProductPlan, shared: SharedParts) -> ProductView:
        """View a product around the parts that it shares with others."""
        return ProductView(
            name=plan.model.name,
            model_number=plan.model.model_number,
            maker=self._maker(plan.model),
            operator=self.pages.operator_line(plan.operator),
            uri=str(plan.uri),
            readable_key=readable_key(plan.uri),
            qr=self._qr(plan.uri),
            shared=shared,
        )

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
        agents, dangers = viewer.extinguishing(elements), viewer.links(DANGERS, elements)
        facts, tasks = viewer.facts(elements), viewer.links(TASKS, elements)
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

    def _maker(self, model: BatteryModel) -> OperatorLine:
        """Name who makes a model: by the trade name, unless the model's name begins with it."""
        maker = self.pages.plan.operators[model.manufacturer]
        line = self.pages.operator_line(maker)
        is_said = model.name.startswith(maker.trade_name)
        return line if is_said else replace(line, name=maker.trade_name)

    def _qr(self, uri: ProductUri) -> Markup:
        """Draw the code of a product; a preview has none, whatever its theme does."""
        if self.pages.plan.config.is_preview:
            return NO_CODE
        return qr_svg(str(uri), self.viewer.language.text("QR code of this page's address"))

    def _picture(self, model: BatteryModel) -> Markup:
        """What the battery looks like; the document's title says it in words."""
        if model.picture is None:
            return Markup()
        path = self.pages.assets.document_paths[model.picture.sha256]
        title = self.viewer.language.choose(model.picture.title.translations)
        values = {"path": path, "title": title}
        return self.pages.templates.render("parts/picture.html", values)

    def _section(self, section: SectionView, figures: Markup) -> SectionPart:
        return SectionPart(
            id=section.id,
            title=escape(section.title),
            gist=section.gist,
            figures=figures,
            body=self.pages.templates.render("parts/section.html", {"section": section}),
            is_withheld=section.is_withheld,
        )

    def _prose(self, model: BatteryModel) -> Markup:
        if model.prose is None:
            return Markup()
        phrase = self.viewer.language.choose(model.prose.translations)
        values = {"prose": render_prose(phrase.text), "prose_language": phrase.language}
        return self.pages.templates.render("parts/prose.html", values)
