"""Five outcomes: what guidance, chemistry, traits and date make of a data point."""

from dataclasses import replace
from datetime import date

import pytest

from passport.applicability import (
    RULES,
    Outcome,
    State,
    excluding_rule,
    guidance_counts,
    is_certain,
    outcome,
)
from passport.model import BatteryModel, Element, NotApplicable
from passport.registry import GUIDANCE_VERSIONS, Category, Requirement, registry
from passport.values import Code, Text
from tests.nouns import element, model, rated

BEFORE, FROM = date(2027, 2, 17), date(2027, 2, 18)
M, C, P, O, NONE = (  # noqa: E741 (the guidance's own letters)
    Requirement.MANDATORY,
    Requirement.CONDITIONAL,
    Requirement.PENDING,
    Requirement.OPTIONAL,
    Requirement.NONE,
)
COUNTS = {
    ("1.0", Category.EV): {M: 51, C: 8, P: 4, O: 1, NONE: 7},
    ("1.0", Category.LMT): {M: 54, C: 8, P: 4, O: 1, NONE: 4},
    ("1.0", Category.INDUSTRIAL): {M: 36, C: 26, P: 4, O: 1, NONE: 4},
    ("2.0", Category.EV): {M: 47, C: 8, P: 8, O: 1, NONE: 7},
    ("2.0", Category.LMT): {M: 50, C: 8, P: 8, O: 1, NONE: 4},
    ("2.0", Category.INDUSTRIAL): {M: 32, C: 26, P: 8, O: 1, NONE: 4},
}


def of_chemistry(code: str, **traits: bool) -> BatteryModel:
    elements = (*rated("51.2", "100"), element("chemistry", Code("chemistry", code)))
    return model(elements=elements, **traits)


def judged(
    key: str,
    battery_model: BatteryModel | None = None,
    *,
    given: Element | None = None,
    guidance: str = "1.0",
    as_of: date = FROM,
) -> Outcome:
    point = registry().by_key[key]
    return outcome(point, given, battery_model or of_chemistry("lfp"), guidance, as_of)


def told(found: Outcome, language: str = "en") -> tuple[str, str]:
    return found.state.value, found.reason.in_language(language)[1]


@pytest.mark.parametrize(("version", "category"), COUNTS)
@pytest.mark.requirement("R3.4")
def test_counts_of_the_guidance(version: str, category: Category) -> None:
    counts = guidance_counts(category, version)
    assert counts == COUNTS[version, category]
    assert sum(counts.values()) == 71


def test_provided() -> None:
    given = element("nominal_voltage", rated("51.2", "100")[0].value)
    assert judged("nominal_voltage", given=given).state is State.PROVIDED


def test_missing_from_the_day_that_passports_are_required() -> None:
    assert told(judged("mass")) == ("missing", "required, but no value is given")
    assert told(judged("mass", as_of=BEFORE)) == (
        "not yet required",
        "required from 18 February 2027",
    )


def test_not_applicable_for_the_operators_reason() -> None:
    reason = Text((("en", "it is weightless"),))
    given = replace(element("mass", ""), value=NotApplicable(reason))
    assert told(judged("mass", given=given)) == ("not applicable", "it is weightless")


def test_duplicate_names_what_it_repeats() -> None:
    assert told(judged("rated_capacity_annex")) == ("duplicate", "rated_capacity")


@pytest.mark.parametrize("key", ["carbon_footprint", "responsible_sourcing"])
def test_pending_says_which_act_is_missing_in_both_languages(key: str) -> None:
    found = judged(key)
    pending = registry().by_key[key].pending
    assert pending is not None
    assert told(found) == ("not yet required", pending.text("en"))
    assert told(found, "de") == ("not yet required", pending.text("de"))
    assert pending.text("en") != pending.text("de")


def test_recycled_content_is_pending_in_guidance_2_only() -> None:
    assert judged("recycled_lithium").state is State.MISSING
    assert judged("recycled_lithium", guidance="2.0").state is State.NOT_YET_REQUIRED


@pytest.mark.parametrize(
    ("key", "chemistry", "state", "reason"),
    [
        ("recycled_cobalt", "lfp", "not applicable", "diese Zellchemie enthält kein Kobalt"),
        ("recycled_cobalt", "nmc", "missing", "verlangt, aber keine Angabe"),
        ("recycled_lead", "agm", "missing", "verlangt, aber keine Angabe"),
        ("recycled_lithium", "agm", "not applicable", "diese Zellchemie enthält kein Lithium"),
        (
            "cadmium_lead_symbols",
            "lfp",
            "not applicable",
            "diese Zellchemie enthält weder Cadmium noch Blei",
        ),
        ("cadmium_lead_symbols", "nicd", "missing", "verlangt, aber keine Angabe"),
    ],
)
@pytest.mark.requirement("R3.3")
def test_chemistry_decides(key: str, chemistry: str, state: str, reason: str) -> None:
    assert told(judged(key, of_chemistry(chemistry)), "de") == (state, reason)


def test_a_missing_chemistry_leaves_its_metals_undecided() -> None:
    found = judged("recycled_cobalt", model(elements=rated("51.2", "100")))
    assert found.state is State.MISSING
    assert not found.certain
    assert judged("chemistry", model(elements=rated("51.2", "100"))).certain


@pytest.mark.requirement("R3.7")
def test_standby_use_has_no_cycle_life() -> None:
    standby = of_chemistry("agm", standby=True)
    found = judged("expected_cycles", standby)
    assert found.state is State.NOT_APPLICABLE
    assert "standby use" in told(found)[1]
    assert excluding_rule(registry().by_key["expected_lifetime_cycles"], standby)
    assert not excluding_rule(registry().by_key["expected_lifetime_years"], standby)
    assert judged("expected_cycles").state is State.MISSING


@pytest.mark.requirement("R3.6")
def test_soce_and_threshold_are_for_vehicles() -> None:
    for key in ("state_of_certified_energy", "exhaustion_threshold"):
        assert judged(key).state is State.NOT_APPLICABLE
    car = model(category=Category.EV, stationary=False)
    assert judged("exhaustion_threshold", car).state is State.MISSING


@pytest.mark.requirement("R3.6")
def test_state_of_health_is_asked_of_light_transport_and_stationary_storage() -> None:
    asked = ("remaining_capacity", "self_discharge_evolution", "remaining_power")
    asked += ("remaining_round_trip_efficiency", "ohmic_resistance")
    for key in asked:
        point = registry().by_key[key]
        assert not excluding_rule(point, of_chemistry("lfp"))
        assert not excluding_rule(point, model(category=Category.LMT, stationary=False))
        assert excluding_rule(point, of_chemistry("lfp", stationary=False)) == "art_14"


@pytest.mark.requirement("R3.5")
def test_ageing_belongs_to_the_battery_and_changes() -> None:
    for key in (
        "capacity_fade",
        "power_fade",
        "internal_resistance_increase",
        "round_trip_efficiency_fade",
        "expected_lifetime_years",
    ):
        point = registry().by_key[key]
        assert (point.group, point.level) == ("xiii-4", "battery")
        assert point.update == "status-change"


def test_conditional_without_a_rule_stays_undecided() -> None:
    found = judged("warranty_period")
    assert (found.state, found.certain) == (State.MISSING, False)
    for number in ("57", "58", "69"):
        point = next(p for p in registry().data_points if p.number == number)
        assert point.applies == ()
        assert not is_certain(point, of_chemistry("lfp"), "1.0")


def test_what_arises_in_use_is_not_certain() -> None:
    for number in ("62", "63", "64", "65", "66", "68", "70", "71"):
        point = next(p for p in registry().data_points if p.number == number)
        assert point.update == "periodic"
        assert not is_certain(point, of_chemistry("lfp"), "1.0")


def test_values_in_use_come_with_events() -> None:
    found = judged("remaining_capacity")
    assert told(found) == ("not yet required", "values come with the events of each battery")
    without_bms = of_chemistry("lfp", bms=False)
    assert judged("remaining_capacity", without_bms).state is State.NOT_APPLICABLE


def test_voluntary_points_are_not_missed() -> None:
    assert told(judged("third_party_assurances")) == ("not applicable", "voluntary, and not given")


@pytest.mark.parametrize("guidance", GUIDANCE_VERSIONS)
@pytest.mark.parametrize("category", list(Category))
def test_every_data_point_has_an_outcome_in_two_languages(
    category: Category, guidance: str
) -> None:
    battery_model = model(category=category, elements=rated("51.2", "100"))
    for point in registry().data_points:
        found = outcome(point, None, battery_model, guidance, FROM)
        languages = [language for language, _ in found.reason.translations]
        assert languages == (["en"] if found.state is State.DUPLICATE else ["en", "de"])


def test_every_rule_of_the_registry_is_known_and_told_in_two_languages() -> None:
    named = {name for point in registry().data_points for name in point.applies}
    assert named <= set(RULES)
    for rule in RULES.values():
        english, german = rule.otherwise
        assert english != german


def test_the_excluding_rule_is_the_first_that_fails() -> None:
    point = registry().by_key["recycled_cobalt"]
    assert excluding_rule(point, of_chemistry("lfp")) == "cobalt"
    assert excluding_rule(point, of_chemistry("nmc")) == ""
