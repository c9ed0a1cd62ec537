"""`evidence.yaml`: entries with their members; what is misspelt or left out is told at its line."""

from datetime import date
from pathlib import Path

from generator.content.load import load
from passport.evidence import EvidenceRegister, Result
from passport.problems import Findings
from tests.small_project import write, write_model, write_project

FILE = "content/models/rack/evidence.yaml"
ENTRY = """\
tests:
  covers: [nominal_voltage, rated_capacity]
  source_system: LIMS
  record: R-1
  owner: Laboratory
  updater: engineer
  rule: agrees with the report
  result: passed
  validated_on: 2026-10-01
  trigger: new cells
  frequency: yearly
"""


def read(tmp_path: Path, text: str) -> tuple[EvidenceRegister, list[str]]:
    project = write_project(tmp_path)
    write_model(project, "rack", "51.2")
    write(project, FILE, text)
    findings = Findings()
    (register,) = load(project, findings).evidence
    return register, [str(problem) for problem in findings.problems]


def test_an_entry_is_read(tmp_path: Path) -> None:
    register, told = read(tmp_path, ENTRY)
    (entry,) = register.entries
    assert told == []
    assert (register.model, register.place.file) == ("rack", FILE)
    assert [point.key for point in entry.covers] == ["nominal_voltage", "rated_capacity"]
    assert (entry.name, entry.source_system, entry.record) == ("tests", "LIMS", "R-1")
    assert (entry.owner, entry.updater, entry.document) == ("Laboratory", "engineer", None)
    assert (entry.result, entry.validated_on) == (Result.PASSED, date(2026, 10, 1))


def test_a_model_without_the_file_has_no_entries(tmp_path: Path) -> None:
    project = write_project(tmp_path)
    write_model(project, "rack", "51.2")
    (register,) = load(project, Findings()).evidence
    assert register.entries == ()
    assert register.place.file == FILE


def test_unknown_data_points_and_documents_are_told_at_their_place(tmp_path: Path) -> None:
    text = ENTRY.replace("rated_capacity", "rated_capacty") + "  document: report\n"
    register, told = read(tmp_path, text)
    first, second = told
    assert first == (
        f"{FILE}:2:29: $.tests.covers: there is no data point 'rated_capacty':"
        " write rated_capacity if that is what was meant, otherwise remove it"
    )
    assert second == (
        f"{FILE}:12:13: $.tests.document: there is no document 'report':"
        " add it under documents in model.yaml, or name one of: none yet"
    )
    assert [point.key for point in register.entries[0].covers] == ["nominal_voltage"]


def test_members_that_no_entry_can_lack(tmp_path: Path) -> None:
    _, told = read(tmp_path, "tests:\n  covers: [mass]\n")
    lacking = ["source_system", "record", "owner", "updater", "rule", "result"]
    assert sorted(line.partition("$.tests: ")[2].split()[0] for line in told) == sorted(
        [*lacking, "trigger", "frequency"]
    )
    assert f"{FILE}:2:3: $.tests: owner is missing: add a line owner: …" in told


def test_a_result_is_one_of_three(tmp_path: Path) -> None:
    _, told = read(tmp_path, ENTRY.replace("passed", "ok"))
    assert told == [
        f"{FILE}:8:11: $.tests.result: 'ok' is not a result: write passed, failed or open"
    ]
