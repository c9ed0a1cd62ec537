"""What the sample's passports say of themselves: identifiers, responsibility, versions, values."""

from decimal import Decimal
from pathlib import Path

import pytest

from generator.content.load import load
from passport.problems import Findings
from passport.values import Quantity
from tests.sample.conftest import Sample

ROOT = Path(__file__).parents[2]
DPP_ID = "01_09506000134352_21_T48L2611-0001"
URL = "https://id.example.com/01/09506000134352/21/T48L2611-0001"


@pytest.mark.requirement("R2.2")
def test_a_battery_names_itself_its_model_its_plant_and_its_status(sample: Sample) -> None:
    subject = sample.read(f"dpp/{DPP_ID}/passport.json")["credentialSubject"]
    assert (subject["digitalProductPassportId"], subject["granularity"]) == (
        f"https://id.example.com/dpp/{DPP_ID}",
        "item",
    )
    assert subject["uniqueProductIdentifier"] == URL
    assert subject["dppStatus"] == "current"
    assert subject["facilityId"]
    assert "T48L2611-0001" in str(subject["modelIdentification"])
    assert "FM-T48-100" in str(subject["modelIdentification"])


@pytest.mark.requirement("R2.1")
def test_a_model_names_its_maker_its_declaration_and_the_schema(sample: Sample) -> None:
    subject = sample.read("dpp/01_09506000134352/passport.json")["credentialSubject"]
    assert subject["dppSchemaVersion"]
    assert "FM-DOC-T48-100-01" in str(subject["declarationOfConformity"])
    assert "Feldmark" in str(subject["manufacturer"])
    assert subject["economicOperatorId"]


@pytest.mark.requirement("R3.9")
def test_a_value_keeps_everything_that_is_known_about_it() -> None:
    findings = Findings()
    models = {model.slug: model for model in load(ROOT, findings).models}
    assert findings.problems == ()
    found = {each.point.key: each for each in models["telecom-rack-48v"].elements}
    capacity = found["rated_capacity"]
    assert capacity.value == Quantity(Decimal(100), "Ah")
    assert capacity.conditions.temperature == Quantity(Decimal(25), "°C")
    assert capacity.conditions.c_rate == Quantity(Decimal("0.2"), "C")
    assert str(capacity.as_of) == "2026-09-18"
    assert (capacity.basis, capacity.uncertainty) == ("measured", "±0.5 %")
    assert capacity.method
    assert capacity.originator
    charged = found["original_power"].conditions.state_of_charge
    assert charged == Quantity(Decimal(100), "%")
    collection = found["end_user_separate_collection"].value
    assert [language for language, _ in collection.translations] == ["en", "de"]  # type: ignore[union-attr]
