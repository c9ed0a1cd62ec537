"""Completeness: values are found wherever they come from, and what is missing is told once."""

from dataclasses import replace
from datetime import date

from passport.applicability import State
from passport.checks.context import ModelContent
from passport.completeness import Completeness, Standard, judge, missing
from passport.model import (
    Address,
    BatteryModel,
    EconomicOperator,
    NotApplicable,
    Plant,
    RestrictedElements,
)
from passport.problems import Place, Problem, Severity
from passport.registry import Group, registry
from passport.values import Code, Text
from tests.nouns import element, model, rated, scope

STANDARD = Standard(guidance="1.0", as_of=date(2027, 2, 18))
SECRET = "the 7 secret screws"
PLANTS = tuple(
    Plant(slug=slug, name=slug, city="Leipzig", country="DE", facility_id="")
    for slug in ("north", "south")
)
MAKER = EconomicOperator(
    slug="maker",
    name="Maker",
    trade_name="Maker",
    identifier="1",
    address=Address(street="Weg 1", postal_code="1", city="Leipzig", country="DE"),
    web="",
    email="",
    roles=(),
    plants=PLANTS,
    place=Place("content/operators/maker.yaml"),
)
RACK = model(elements=(*rated("51.2", "100"), element("chemistry", Code("chemistry", "lfp"))))


def content(
    battery_model: BatteryModel = RACK,
    *restricted: RestrictedElements,
    has_batteries: bool = True,
) -> ModelContent:
    return ModelContent(model=battery_model, restricted=restricted, has_batteries=has_batteries)


def judged(found: ModelContent) -> Completeness:
    return judge(found, {"maker": MAKER}, STANDARD)


def state(found: Completeness, key: str) -> State:
    return next(each.state for each in found.outcomes if each.point.key == key)


def problems(found: ModelContent) -> dict[str, Problem]:
    return {each.path: each for each in missing(found, judged(found), STANDARD)}


def test_each_data_point_is_judged_once() -> None:
    found = judged(content())
    assert [each.point for each in found.outcomes] == list(registry().data_points)
    assert sum(found.counts.values()) == len(registry().data_points)


def test_what_nobody_types_is_provided() -> None:
    found = judged(content())
    for key in ("responsible_operator", "manufacturer", "battery_category", "manufacturing_place"):
        assert state(found, key) is State.PROVIDED
    assert state(found, "manufacturer_contact") is State.NOT_APPLICABLE


def test_rows_give_what_belongs_to_a_battery() -> None:
    for key in ("unique_identifier", "model_identification", "manufacturing_date"):
        assert state(judged(content()), key) is State.PROVIDED
        none_yet = judged(content(has_batteries=False))
        assert state(none_yet, key) is State.NOT_YET_REQUIRED


def test_a_value_by_plant_is_missed_where_a_plant_lacks_it() -> None:
    given = element("recycled_lithium", "x")
    two = replace(RACK, plants=("north", "south"), by_plant=(("north", (given,)),))
    assert state(judged(content(two)), "recycled_lithium") is State.MISSING
    told = problems(content(two))["$.recycled_lithium"]
    assert "is missing: south: required" in told.message
    assert told.remedy.endswith("circularity.yaml for each plant")
    both = replace(two, by_plant=(("north", (given,)), ("south", (given,))))
    assert state(judged(content(both)), "recycled_lithium") is State.PROVIDED


def test_a_missing_data_point_names_number_label_clause_and_file() -> None:
    told = problems(content())["$.mass"]
    assert told.severity is Severity.ERROR
    assert told.rule == "missing-data-point"
    assert told.message == "data point 10 (Weight) is missing: required, but no value is given"
    assert told.clause == registry().by_key["mass"].clause
    assert told.remedy == "add mass to content/models/m/model.yaml"
    assert told.place == Place("content/models/m/model.yaml")


def test_an_undecided_one_is_a_warning() -> None:
    told = problems(content())["$.warranty_period"]
    assert (told.severity, told.rule) == (Severity.WARNING, "undecided-data-point")
    assert "or write not_applicable with the reason" in told.remedy


def test_restricted_data_points_are_judged_without_their_words() -> None:
    reason = NotApplicable(Text((("en", SECRET),)))
    part = RestrictedElements(
        model="m",
        group=Group.INTEREST_MODEL,
        elements=(
            element("damage_warnings", Text((("en", SECRET),))),
            replace(element("fasteners", ()), value=reason),
        ),
    )
    found = content(RACK, part)
    assert state(judged(found), "damage_warnings") is State.PROVIDED
    assert state(judged(found), "fasteners") is State.NOT_APPLICABLE
    assert state(judged(found), "test_reports") is State.MISSING
    assert SECRET not in str([(each.reason, each.state) for each in judged(found).outcomes])
    told = problems(found)
    assert told["$.fasteners"].rule == "mandatory-not-applicable"
    assert SECRET not in str(told)
    assert (
        told["$.test_reports"].remedy
        == "add test_reports to content/models/m/restricted/xiii-3.yaml"
    )


def test_nothing_is_missing_outside_the_passport() -> None:
    block = model(elements=rated("12", "100"), bms=False)
    found = judged(content(block))
    assert found.counts[State.MISSING] == 0
    reason = next(each.reason for each in found.outcomes if each.point.key == "mass")
    assert reason.in_language("en")[1].startswith("an industrial battery of 1.2 kWh")
    volunteer = replace(block, scope=scope(voluntary=True))
    assert state(judged(content(volunteer)), "mass") is State.MISSING


def test_an_unknown_operator_is_told_elsewhere() -> None:
    lost = replace(RACK, manufacturer="nobody", operator="nobody")
    assert state(judged(content(lost)), "manufacturer") is State.MISSING
    assert "$.manufacturer" not in problems(content(lost))
