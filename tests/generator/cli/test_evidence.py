"""`cellfolio evidence`: coverage, and the register as one table with all columns."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.small_project import write, write_model, write_project

COLUMNS = (
    "model,plant,group,number,field,legal_basis,access_group,level,value,unit,type,evidence,"
    "source_system,record,artefact,digest,owner,updater,rule,result,last_validated,trigger,frequency"
)
SECRET = "Exzellentes Geheimverfahren"
REGISTER = """\
{name}:
  covers: [{covers}]
  source_system: LIMS
  record: R-{name}
  owner: Laboratory
  updater: engineer
  rule: agrees with the report
  result: {result}
  validated_on: 2026-10-01
  trigger: new cells
  frequency: yearly
"""


def entry(name: str, covers: str, result: str = "passed") -> str:
    return REGISTER.format(name=name, covers=covers, result=result)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A model with the four rows that requirements 4 names, and one value without evidence."""
    folder = write_project(tmp_path)
    write_model(folder, "rack", "51.2")
    home = "content/models/rack"
    write(folder, f"{home}/carbon.yaml", "absolute_carbon_footprint: 0.379 t\n")
    write(folder, f"{home}/restricted/xiii-2.yaml", f"damage_warnings: {SECRET}\n")
    write(folder, f"{home}/restricted/report.txt", "report")
    digest = "845e91831319e89c4d656bdb80c278ac09a7230d61e5dfd2e1b1fbb436ac8917"
    model = folder / home / "model.yaml"
    documents = (
        "documents:\n  report:\n    file: restricted/report.txt\n"
        f"    sha256: {digest}\n    title: Test report\n    languages: [en]\n"
        "    number: 1\n"
    )
    model.write_text(model.read_text() + documents)
    write(folder, f"{home}/restricted/xiii-3.yaml", "test_reports: [report]\n")
    register = (
        entry("carbon", "absolute_carbon_footprint")
        + entry("dismantling", "damage_warnings")
        + entry("health", "remaining_capacity", "open")
        + entry("compliance", "test_reports")
        + "  document: report\n"
        + entry("voltage", "nominal_voltage", "failed")
    )
    write(folder, f"{home}/evidence.yaml", register)
    return folder


def rows(text: str) -> dict[str, dict[str, str]]:
    return {row["field"]: row for row in csv.DictReader(io.StringIO(text))}


def test_coverage_is_counted_and_the_rest_is_listed(run: CommandLine, project: Path) -> None:
    done = run("--project", project, "evidence")
    lines = done.out.splitlines()
    assert lines[0].split() == ["model", "values", "with", "evidence", *lines[0].split()[4:]]
    assert lines[1].split() == ["rack", "6", "5", "3", "1", "1", "1"]
    assert lines[3] == (
        "content/models/rack/performance.yaml:2:17: rated_capacity has no evidence"
        " (Annex XIII 1(a); Annex VI A (6))"
    )
    listed = json.loads(run("--project", project, "evidence", "--format", "json").out)
    assert listed["models"][0]["without"] == "1"


@pytest.mark.requirement("R4.1", "R4.2", "R4.4")
def test_the_table_has_all_columns_and_the_four_rows(run: CommandLine, project: Path) -> None:
    done = run("--project", project, "evidence", "--table", "--format", "csv")
    assert done.out.splitlines()[0] == COLUMNS
    found = rows(done.out)
    carbon = found["Carbon footprint of the whole battery"]
    columns = ("access_group", "level", "value", "unit", "source_system", "record", "owner")
    said = [carbon[column] for column in columns]
    assert said == ["xiii-1", "model", "0.379 t", "t", "LIMS", "R-carbon", "Laboratory"]
    assert (carbon["result"], carbon["last_validated"]) == ("passed", "2026-10-01")
    dismantling, health = found["Warnings of damage"], found["Remaining capacity"]
    assert (dismantling["access_group"], dismantling["value"]) == ("xiii-2", "restricted")
    assert (health["access_group"], health["level"]) == ("xiii-4", "battery")
    tests = found["Test reports"]
    assert tests["access_group"] == "xiii-3"
    assert tests["artefact"] == "content/models/rack/restricted/report.txt"
    assert tests["digest"].startswith("sha256:")


@pytest.mark.parametrize("form", ["text", "csv", "json"])
@pytest.mark.requirement("R4.2")
def test_restricted_values_are_shown_on_demand_only(
    run: CommandLine, project: Path, form: str
) -> None:
    words = ("--project", project, "evidence", "--table", "--format", form)
    assert SECRET not in run(*words).out
    assert SECRET in run(*words, "--restricted").out


def test_strict_refuses_values_without_evidence_that_passed(
    run: CommandLine, project: Path
) -> None:
    done = run("--project", project, "evidence", "--strict")
    assert done.code == 1
    assert done.err == "cellfolio: 3 of 6 values lack evidence that passed\n"
    covers = "nominal_voltage, rated_capacity, absolute_carbon_footprint, damage_warnings"
    register = entry("all", f"{covers}, test_reports")
    write(project, "content/models/rack/evidence.yaml", register)
    assert run("--project", project, "evidence", "--strict").code == 0


def test_one_model_by_name(run: CommandLine, project: Path) -> None:
    write_model(project, "cabinet", "480", number=1)
    words = ("--project", project, "evidence", "--model")
    one = json.loads(run(*words, "cabinet", "--format", "json").out)
    assert [row["model"] for row in one["models"]] == ["cabinet"]
    unknown = run(*words, "pack")
    assert unknown.code == 2
    assert unknown.err == "cellfolio: there is no model 'pack': name one of: cabinet, rack\n"
