"""`cellfolio export`: one passport as published, as a table, and nothing that is restricted."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from passport.registry import registry
from tests.cli import CommandLine

MINIMAL = Path(__file__).parents[2] / "sites" / "minimal"
DPP_ID = "01_09506000134352_21_AR-0001"
PATH = "/01/09506000134352/21/AR-0001"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")
    return Path(shutil.copytree(MINIMAL, tmp_path / "site-project"))


@pytest.mark.parametrize(
    "name", ["AR-0001", DPP_ID, PATH, f"https://id.example.com{PATH}"], ids=lambda name: name[:8]
)
def test_a_passport_has_several_names(run: CommandLine, project: Path, name: str) -> None:
    subject = json.loads(run("--project", project, "export", name).out)
    assert subject["uniqueProductIdentifier"] == f"https://id.example.com{PATH}"
    assert subject["nominalVoltage"] == {"value": "51.2", "unit": "V"}


def test_json_is_the_subject_as_published(
    run: CommandLine, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("--project", project, "build").code == 0
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    published = json.loads((project / f"site/dpp/{DPP_ID}/passport.json").read_bytes())
    exported = json.loads(run("--project", project, "export", DPP_ID).out)
    assert exported == published["credentialSubject"]


def test_the_table_has_every_public_data_point(run: CommandLine, project: Path) -> None:
    done = run("--project", project, "export", "AR-0001", "--format", "csv", "--language", "de")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    by_member = {row["member"]: row for row in rows}
    assert by_member["nominalVoltage"] == {
        "number": "27",
        "key": "nominal_voltage",
        "member": "nominalVoltage",
        "label": "Nennspannung",
        "value": "51.2",
        "unit": "V",
        "as_of": "",
        "method": "",
        "basis": "",
        "clause": registry().by_key["nominal_voltage"].clause,
        "group": "xiii-1",
    }
    assert by_member["internalResistance.pack"]["value"] == "17.0"
    assert by_member["idleTemperature"]["value"] == "-20 .. 50"
    assert by_member["initialRoundTripEfficiency"]["as_of"] == "2026-01-02"
    document = by_member["declarationOfConformity.document"]["value"]
    assert document.startswith("https://id.example.com/")
    exported = json.loads(run("--project", project, "export", "AR-0001").out)
    points = {point.member for point in registry().data_points}
    members = {row["member"].partition(".")[0].partition("[")[0] for row in rows}
    assert members == exported.keys() & points


def test_nothing_restricted_is_exported(run: CommandLine, project: Path) -> None:
    done = run("--project", project, "export", "AR-0001", "--format", "csv")
    assert {row["group"] for row in csv.DictReader(io.StringIO(done.out))} == {"xiii-1"}
    model = run("--project", project, "export", "/01/09506000134352")
    restricted = {point.member for point in registry().data_points if not point.is_public}
    assert model.code == 0
    assert not restricted & json.loads(model.out).keys()


def test_an_unknown_passport_is_told(run: CommandLine, project: Path) -> None:
    run.fails_saying("there is no passport 'AR-9999'", "--project", project, "export", "AR-9999")
    assert run("--project", project, "export", "https://elsewhere.example/01/1").code == 2
