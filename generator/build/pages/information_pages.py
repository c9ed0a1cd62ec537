"""Information pages: what is public about a model whose batteries need no passport.

Says why there is none (Art. 77(1)) and what still applies, and shows the data of Annex XIII point 1
that are stated. Nothing is signed, and there is nothing below it: no file for programs, no
batteries.
"""

from dataclasses import dataclass

from generator.build.artifact import Artifact
from generator.build.pages.language import Phrase
from generator.build.pages.product_pages import ProductPages
from generator.build.plan import ProductPlan
from passport.applicability import State, said
from passport.duties import DUTIES
from passport.model import BatteryModel, Element, NotApplicable
from passport.scope import judge


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationView:
    """What an information page says besides the product; `duties` are (what, clause)."""

    why: Phrase
    clause: str
    duties: tuple[tuple[Phrase, str], ...]


class InformationPages(ProductPages):
    """Renders information pages in one language."""

    __slots__ = ()

    def page(self, plan: ProductPlan) -> Artifact:
        """Render the page of a model outside the passport."""
        provided = tuple(e for e in plan.elements if _is_shown(e))
        outcomes = tuple(said(element.point, State.PROVIDED, "") for element in provided)
        shared = self.shared_parts(plan.model, outcomes, provided, ())
        values = {"product": self.product(plan, shared), "information": self._view(plan.model)}
        name, languages = plan.model.name, self.pages.plan.config.languages
        return self.pages.page("information.html", name, plan.page_path, languages, values)

    def _view(self, model: BatteryModel) -> InformationView:
        scope = judge(model, None, self.pages.plan.time.date())
        choose, clause = self.viewer.language.choose, self.viewer.clause
        return InformationView(
            why=choose(scope.why.translations),
            clause=clause(scope.clause),
            duties=tuple((choose(d.what.translations), clause(d.clause)) for d in DUTIES),
        )


def _is_shown(element: Element) -> bool:
    """Values of Annex XIII point 1; who answers for a passport is not a question here."""
    is_point_1 = element.point.clause.startswith("Annex XIII 1")
    return is_point_1 and not isinstance(element.value, NotApplicable)
