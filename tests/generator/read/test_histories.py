"""A history that does not fit the versions is found, by name."""

import json
from pathlib import Path

import pytest

from generator.cli.build import build
from passport.encoding.canonical import canonical_json
from tests.cli import CommandLine
from tests.small_project import write_lot, write_model, write_project

FOLDER = "dpp/01_09506000134352_21_A1"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site whose passports are in their third version."""
    project = write_project(tmp_path / "project")
    write_lot(project, "A1,rack,2026-12-01,")
    for volts in ("51.2", "48.0", "50.0"):
        write_model(project, "rack", volts)
        build(project, project / "site")
    return project / "site"


def test_three_versions_fit_their_history(run: CommandLine, site: Path) -> None:
    assert run.failed_checks(site) == set()
    assert len(json.loads((site / FOLDER / "versions.json").read_bytes())["versions"]) == 3


@pytest.mark.parametrize(
    ("member", "value"), [("digest", "uEi" + "A" * 44), ("version", 7)], ids=["digest", "number"]
)
def test_a_line_of_another_version_is_found(
    run: CommandLine, site: Path, member: str, value: object
) -> None:
    path = site / FOLDER / "versions.json"
    document = json.loads(path.read_bytes())
    document["versions"][1][member] = value
    path.write_bytes(canonical_json(document))

    assert {"files", "versions"} <= run.failed_checks(site)


def test_swapped_versions_are_found(run: CommandLine, site: Path) -> None:
    first, second = site / FOLDER / "v/1.json", site / FOLDER / "v/2.json"
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)

    assert {"files", "passports", "versions"} <= run.failed_checks(site)


def test_an_old_passport_beside_a_log_of_today_is_not_current(run: CommandLine, site: Path) -> None:
    (site / FOLDER / "passport.json").write_bytes((site / FOLDER / "v/2.json").read_bytes())
    product = "https://id.example.com/01/09506000134352/21/A1"

    done = run("verify", product, "--at", f"https://id.example.com={site}", "--json")

    report = json.loads(done.out)
    assert report["verdict"] == "genuine, freshness unknown"
    assert "older state" in report["why"]
