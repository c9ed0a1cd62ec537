"""Pages of economic operators: who they are, in which roles, and the models they answer for.

DESIGN 4: `/operators/{slug}`. Only operators that a public page names have one. What proves a role
and whom an operator authorised are never shown (requirements 4).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from generator.build.artifact import Artifact
from generator.build.pages.language import Language, Phrase
from generator.build.pages.rendering import ListedModel, Pages, operator_path
from generator.build.plan import ProductPlan
from passport.model import EconomicOperator, Plant
from passport.values import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantView:
    """A plant: its name, where it lies, and its facility identifier or ""."""

    name: str
    place: str
    facility_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorView:
    """What an operator's page shows."""

    name: str
    trade_name: str
    identifier: str
    roles: tuple[Phrase, ...]
    address: tuple[str, ...]
    web: str
    email: str
    plants: tuple[PlantView, ...]
    models: tuple[ListedModel, ...]


def operator_pages(pages: Pages, slugs: Collection[str]) -> Iterator[Artifact]:
    """Render the pages of operators in one language, in the order of their slugs."""
    languages = pages.plan.config.languages
    for slug in sorted(slugs):
        operator = pages.plan.operators[slug]
        values = {"operator": _view(pages, operator)}
        path = operator_path(operator)
        yield pages.page("operator.html", operator.name, path, languages, values)


def _view(pages: Pages, operator: EconomicOperator) -> OperatorView:
    language, address = pages.templates.language, operator.address
    return OperatorView(
        name=operator.name,
        trade_name="" if operator.trade_name == operator.name else operator.trade_name,
        identifier=operator.identifier,
        roles=_roles(operator, pages),
        address=(
            address.street,
            f"{address.postal_code} {address.city}".strip(),
            language.country(address.country),
        ),
        web=operator.web,
        email=operator.email,
        plants=tuple(_plant(plant, language) for plant in operator.plants),
        models=tuple(
            pages.listed(plan) for plan in pages.plan.described if _answers_for(operator, plan)
        ),
    )


def _roles(operator: EconomicOperator, pages: Pages) -> tuple[Phrase, ...]:
    """The roles held on the day of the build, each once."""
    day = pages.plan.time.date()
    held = dict.fromkeys(r.role for r in operator.roles if operator.holds((r.role,), day))
    return tuple(pages.templates.language.meaning(Code("operator_role", role)) for role in held)


def _plant(plant: Plant, language: Language) -> PlantView:
    place = ", ".join(part for part in (plant.city, language.country(plant.country)) if part)
    return PlantView(name=plant.name, place=place, facility_id=plant.facility_id)


def _answers_for(operator: EconomicOperator, plan: ProductPlan) -> bool:
    return operator.slug in (plan.model.manufacturer, plan.operator.slug)
