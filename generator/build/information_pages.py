"""Information pages: what is public about a model whose batteries need no passport.

Says why there is none (Art. 77(1)) and what still applies, and shows the data of Annex XIII point 1
that are stated. Nothing is signed, and there is nothing below it: no file for programs, no
batteries.
"""

from dataclasses import dataclass

from markupsafe import Markup

from generator.build.artifact import Artifact
from generator.build.language import Phrase
from generator.build.pages import OperatorLine, readable_key
from generator.build.passport_pages import PassportPages, SharedParts
from generator.build.plan import ProductPlan
from passport.applicability import State, said
from passport.duties import DUTIES
from passport.model import Element, NotApplicable
from passport.scope import judge


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationView:
    """What an information page shows; `duties` are (what, clause)."""

    name: str
    model_number: str
    maker: OperatorLine
    operator: OperatorLine
    uri: str
    readable_key: str
    qr: Markup
    why: Phrase
    clause: str
    duties: tuple[tuple[Phrase, str], ...]
    shared: SharedParts


@dataclass(frozen=True, slots=True)
class InformationPages:
    """Renders information pages in one language."""

    passports: PassportPages

    def page(self, plan: ProductPlan) -> Artifact:
        """Render the page of a model outside the passport."""
        pages = self.passports.pages
        values = {"information": self._view(plan)}
        languages = pages.plan.config.languages
        return pages.page("information.html", plan.model.name, plan.page_path, languages, values)

    def _view(self, plan: ProductPlan) -> InformationView:
        viewer, pages = self.passports.viewer, self.passports.pages
        language = viewer.language
        model = plan.model
        scope = judge(model, None, pages.plan.time.date())
        provided = tuple(e for e in plan.elements if _is_shown(e))
        outcomes = tuple(said(element.point, State.PROVIDED, "") for element in provided)
        return InformationView(
            name=model.name,
            model_number=model.model_number,
            maker=pages.maker_line(model),
            operator=pages.operator_line(plan.operator),
            uri=str(plan.uri),
            readable_key=readable_key(plan.uri),
            qr=pages.qr(plan.uri),
            why=language.choose(scope.why.translations),
            clause=viewer.clause(scope.clause),
            duties=tuple(
                (language.choose(duty.what.translations), viewer.clause(duty.clause))
                for duty in DUTIES
            ),
            shared=self.passports.shared_parts(model, outcomes, provided, ()),
        )


def _is_shown(element: Element) -> bool:
    """Values of Annex XIII point 1; who answers for a passport is not a question here."""
    is_point_1 = element.point.clause.startswith("Annex XIII 1")
    return is_point_1 and not isinstance(element.value, NotApplicable)
