"""The tables of checks, each with what it rests on: a data point, a clause or a rule of ours."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from passport.checks import (
    batteries,
    carbon,
    documents,
    evidence,
    figures,
    hosting,
    labels,
    lives,
    materials,
    operators,
    performance,
    prose,
    recycled,
    references,
    registration,
    scope,
    statements,
)
from passport.checks.collisions import Collisions
from passport.checks.context import CheckContext, ModelContent, stated
from passport.checks.flaws import Flaw, told
from passport.checks.lives import LifeContent
from passport.model import Battery, BatteryModel, EconomicOperator, Element
from passport.problems import Problem

SiteCheck = Callable[[CheckContext], Iterator[Problem]]
OperatorCheck = Callable[[EconomicOperator, CheckContext], Iterator[Problem]]
ModelCheck = Callable[[ModelContent, CheckContext], Iterator[Problem]]
ElementCheck = Callable[[Element, BatteryModel, CheckContext], Iterator[Flaw]]
LifeCheck = Callable[[LifeContent, CheckContext], Iterator[Problem]]
BatteryCheck = Callable[[Battery, CheckContext], Iterator[Problem]]
C = TypeVar("C")

_SCOPE = "Art. 77(1)"
_EVIDENCE = "requirements 4"


@dataclass(frozen=True, slots=True)
class Row(Generic[C]):
    """A check and its basis."""

    basis: str
    check: C


SITE_CHECKS: tuple[Row[SiteCheck], ...] = (
    Row("DESIGN 5", operators.issuer_exists),
    Row("Art. 78", hosting.hosts_exist),
    Row("Art. 78(c), (e)", hosting.hosts_hold_their_roles),
    Row("Art. 78(d)", hosting.processors_may_not_sell),
    Row("Art. 77(4)", hosting.another_party_is_authorised),
    Row("Art. 78(e)", hosting.copies_are_fresh),
    Row("requirements 6", labels.designs_are_tried),
    Row("requirements 6", labels.designs_are_legible),
)

OPERATOR_CHECKS: tuple[Row[OperatorCheck], ...] = (
    Row("requirements 2", operators.roles_are_proven),
    Row("DESIGN 4", operators.names_fit_addresses),
    Row("Annex VI A (1), (3)", operators.countries_exist),
    Row("Art. 38(7)", operators.operators_can_be_reached),
)

MODEL_CHECKS: tuple[Row[ModelCheck], ...] = (
    Row("Annex VI A (1)", references.operators_exist),
    Row("Annex VI A (1)", operators.manufacturers_make),
    Row("Art. 77(4)", operators.responsible_operators_place),
    Row("Art. 77(4)", operators.issuer_is_authorised),
    Row("Annex VI A (3)", references.plants_exist),
    Row("Annex VI A (3)", statements.plant_parts_are_of_the_model),
    Row("Art. 77(3)", registration.identifiers_have_an_issuer),
    Row("requirements 2", registration.registrations_are_proven),
    Row(_SCOPE, scope.scope_is_reviewed),
    Row(_SCOPE, scope.review_is_past),
    Row(_SCOPE, scope.wholes_exist),
    Row(_SCOPE, scope.batteries_get_passports),
    Row("Art. 3(1)(13), (15)", scope.decisions_are_recorded),
    Row("DESIGN 3", statements.stated_once),
    Row("Annex XIII 1(h)", performance.voltages_ascend),
    Row("Annex XIII 1(n)", performance.efficiency_does_not_grow),
    Row("Art. 13(5)", materials.metals_have_their_symbols),
    Row("Art. 77(2)", documents.documents_are_used),
    Row(_EVIDENCE, evidence.entries_exist),
    Row(_EVIDENCE, evidence.points_are_covered_once),
    Row(_EVIDENCE, evidence.results_are_dated),
    Row(_EVIDENCE, evidence.validations_passed),
    Row(_EVIDENCE, evidence.entries_prove_something),
    Row(_EVIDENCE, evidence.values_have_evidence),
    Row("languages", prose.model_languages),
)

ELEMENT_CHECKS: tuple[Row[ElementCheck], ...] = (
    Row("units", figures.percentages_are_shares),
    Row("units", figures.amounts_are_positive),
    Row("Annex XIII 1(l)", figures.idle_temperatures_are_plausible),
    Row("dates", figures.dates_are_plausible),
    Row("Art. 7(1)", carbon.stages_make_the_total),
    Row("Art. 8(1)", materials.recycled_shares_add_up),
    Row("Art. 8(2), (3)", recycled.shares_reach_the_minimum),
    Row("Annex VI A (8)", materials.registry_numbers_are_valid),
    Row("Art. 13(4)", materials.separate_collection_symbol),
    Row("Art. 13(5)", materials.metal_symbols),
    Row("Art. 52(3)", documents.sourcing_has_a_report),
    Row("Annex XIII 1", documents.public_documents_are_published),
    Row("applicability", statements.values_fit_the_model),
    Row("languages", prose.element_languages),
)

BATTERY_CHECKS: tuple[Row[BatteryCheck], ...] = (
    Row("Art. 77(3)", references.model_of_battery_exists),
    Row(_SCOPE, scope.battery_is_unit),
    Row("Annex VI A (3)", references.plant_of_battery_exists),
    Row("Annex VI A (4)", batteries.made_before_placed),
    Row("dates", batteries.dates_are_plausible),
)


LIFE_CHECKS: tuple[Row[LifeCheck], ...] = (
    Row("Art. 77(7)", lives.holders_exist),
    Row("Annex XIII 4(a)", lives.values_are_due),
)


def check_life(content: LifeContent, context: CheckContext) -> Iterator[Problem]:
    """Run the checks of one battery's life."""
    for row in LIFE_CHECKS:
        yield from row.check(content, context)


def check_site(context: CheckContext) -> Iterator[Problem]:
    """Run the checks of settings and operators."""
    for site_row in SITE_CHECKS:
        yield from site_row.check(context)
    for operator in context.operators.values():
        for row in OPERATOR_CHECKS:
            yield from row.check(operator, context)


def check_model(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """Run every check on one model and on each of its elements."""
    for row in MODEL_CHECKS:
        yield from row.check(content, context)
    for item in stated(content):
        for element_row in ELEMENT_CHECKS:
            flaws = element_row.check(item.element, content.model, context)
            yield from (told(flaw, item) for flaw in flaws)


def check_batteries(batteries_: Iterable[Battery], context: CheckContext) -> Iterator[Problem]:
    """Run the checks of batteries one by one, and look for identifiers used twice."""
    collisions = Collisions()
    for model in context.models.values():
        yield from collisions.model(model)
    for battery in batteries_:
        for row in BATTERY_CHECKS:
            yield from row.check(battery, context)
        yield from collisions.battery(battery, context.models)
