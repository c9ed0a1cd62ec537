"""The tables of checks, each with what it rests on: a data point, a clause or a rule of ours."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

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
Table = tuple[tuple[str, C], ...]
"""Checks, each behind its basis."""

_SCOPE = "Art. 77(1)"
_EVIDENCE = "requirements 4"

SITE_CHECKS: Table[SiteCheck] = (
    ("DESIGN 5", operators.issuer_exists),
    ("Art. 78", hosting.hosts_exist),
    ("Art. 78(c), (e)", hosting.hosts_hold_their_roles),
    ("Art. 78(d)", hosting.processors_may_not_sell),
    ("Art. 77(4)", hosting.another_party_is_authorised),
    ("Art. 78(e)", hosting.copies_are_fresh),
    ("requirements 6", labels.designs_are_tried),
    ("requirements 6", labels.designs_are_legible),
)

OPERATOR_CHECKS: Table[OperatorCheck] = (
    ("requirements 2", operators.roles_are_proven),
    ("DESIGN 4", operators.names_fit_addresses),
    ("Annex VI A (1), (3)", operators.countries_exist),
    ("Art. 38(7)", operators.operators_can_be_reached),
)

MODEL_CHECKS: Table[ModelCheck] = (
    ("Annex VI A (1)", references.operators_exist),
    ("Annex VI A (1)", operators.manufacturers_make),
    ("Art. 77(4)", operators.responsible_operators_place),
    ("Art. 77(4)", operators.issuer_is_authorised),
    ("Annex VI A (3)", references.plants_exist),
    ("Annex VI A (3)", statements.plant_parts_are_of_the_model),
    ("Art. 77(3)", registration.identifiers_have_an_issuer),
    ("requirements 2", registration.registrations_are_proven),
    (_SCOPE, scope.scope_is_reviewed),
    (_SCOPE, scope.review_is_past),
    (_SCOPE, scope.wholes_exist),
    (_SCOPE, scope.batteries_get_passports),
    ("Art. 3(1)(13), (15)", scope.decisions_are_recorded),
    ("DESIGN 3", statements.stated_once),
    ("Annex XIII 1(h)", performance.voltages_ascend),
    ("Annex XIII 1(n)", performance.efficiency_does_not_grow),
    ("Art. 13(5)", materials.metals_have_their_symbols),
    ("Art. 77(2)", documents.documents_are_used),
    (_EVIDENCE, evidence.entries_exist),
    (_EVIDENCE, evidence.points_are_covered_once),
    (_EVIDENCE, evidence.results_are_dated),
    (_EVIDENCE, evidence.validations_passed),
    (_EVIDENCE, evidence.entries_prove_something),
    (_EVIDENCE, evidence.values_have_evidence),
    ("languages", prose.model_languages),
)

ELEMENT_CHECKS: Table[ElementCheck] = (
    ("units", figures.percentages_are_shares),
    ("units", figures.amounts_are_positive),
    ("Annex XIII 1(l)", figures.idle_temperatures_are_plausible),
    ("dates", figures.dates_are_plausible),
    ("Art. 7(1)", carbon.stages_make_the_total),
    ("Art. 8(1)", materials.recycled_shares_add_up),
    ("Art. 8(2), (3)", recycled.shares_reach_the_minimum),
    ("Annex VI A (8)", materials.registry_numbers_are_valid),
    ("Art. 13(4)", materials.separate_collection_symbol),
    ("Art. 13(5)", materials.metal_symbols),
    ("Art. 52(3)", documents.sourcing_has_a_report),
    ("Annex XIII 1", documents.public_documents_are_published),
    ("applicability", statements.values_fit_the_model),
    ("languages", prose.element_languages),
)

BATTERY_CHECKS: Table[BatteryCheck] = (
    ("Art. 77(3)", references.model_of_battery_exists),
    (_SCOPE, scope.battery_is_unit),
    ("Annex VI A (3)", references.plant_of_battery_exists),
    ("Annex VI A (4)", batteries.made_before_placed),
    ("dates", batteries.dates_are_plausible),
)


LIFE_CHECKS: Table[LifeCheck] = (
    ("Art. 77(7)", lives.holders_exist),
    ("Annex XIII 4(a)", lives.values_are_due),
)


def check_life(content: LifeContent, context: CheckContext) -> Iterator[Problem]:
    """Run the checks of one battery's life."""
    for _, check in LIFE_CHECKS:
        yield from check(content, context)


def check_site(context: CheckContext) -> Iterator[Problem]:
    """Run the checks of settings and operators."""
    for _, of_site in SITE_CHECKS:
        yield from of_site(context)
    for operator in context.operators.values():
        for _, of_operator in OPERATOR_CHECKS:
            yield from of_operator(operator, context)


def check_model(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """Run every check on one model and on each of its elements."""
    for _, of_model in MODEL_CHECKS:
        yield from of_model(content, context)
    for item in stated(content):
        for _, of_element in ELEMENT_CHECKS:
            flaws = of_element(item.element, content.model, context)
            yield from (told(flaw, item) for flaw in flaws)


def check_batteries(batteries_: Iterable[Battery], context: CheckContext) -> Iterator[Problem]:
    """Run the checks of batteries one by one, and look for identifiers used twice."""
    collisions = Collisions()
    for model in context.models.values():
        yield from collisions.model(model)
    for battery in batteries_:
        for _, of_battery in BATTERY_CHECKS:
            yield from of_battery(battery, context)
        yield from collisions.battery(battery, context.models)
