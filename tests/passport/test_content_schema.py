"""The editors' schemas and the reader agree on what a content file may hold."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from jsonschema import Draft202012Validator

from generator.cli.build import build
from generator.content import (
    access_clients,
    access_policy,
    documents,
    elements,
    evidence,
    hosting,
    labels,
    models,
    operators,
)
from generator.content.check import check
from generator.content.strict_yaml import read_yaml
from passport.content_schema import content_schemas
from passport.problems import Findings
from passport.registry import registry
from tests.editor_view import editor_view

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT
TEMPLATE = ROOT / "generator/cli/template"
MODEL = "models/rack-battery-48v"


def content_files(project: Path) -> Iterator[tuple[str, Path]]:
    """Return the YAML files of a project that have a schema, each with the schema's key."""
    for glob in content_schemas():
        for path in sorted((project / "content").glob(glob)):
            yield glob, path


def flaws(glob: str, path: Path) -> list[str]:
    """Return what the schema finds wrong with a file."""
    findings = Findings()
    node = read_yaml(path.read_bytes(), path.name, findings)
    assert node is not None, findings.problems
    validator = Draft202012Validator(content_schemas()[glob])
    return [f"{e.json_path}: {e.message}" for e in validator.iter_errors(editor_view(node))]


@pytest.mark.parametrize("glob", content_schemas())
def test_each_schema_is_a_schema(glob: str) -> None:
    Draft202012Validator.check_schema(content_schemas()[glob])


@pytest.mark.parametrize(
    ("glob", "path"),
    [*content_files(SAMPLE), *content_files(TEMPLATE)],
    ids=lambda value: value.relative_to(ROOT).as_posix() if isinstance(value, Path) else "",
)
def test_every_sample_file_fits_its_schema(glob: str, path: Path) -> None:
    assert flaws(glob, path) == []


def test_every_yaml_file_of_the_samples_has_a_schema() -> None:
    for project in (SAMPLE, TEMPLATE):
        files = {
            path
            for part in ("operators", "models", "access")
            for path in (project / "content" / part).rglob("*.yaml")
        }
        files |= set((project / "content").glob("*.yaml"))
        assert files
        assert files == {path for _, path in content_files(project)}


def test_there_is_a_schema_for_each_file_that_is_read() -> None:
    files = {f"models/*/{stem}.yaml" for stem in (models.MODEL_FILE, *models.PUBLIC_FILES)}
    files |= {f"models/*/restricted/{stem}.yaml" for stem in models.RESTRICTED_FILES}
    files |= {"access/policy.yaml", "access/clients/*.yaml", "access/issuers.yaml"}
    files |= {"operators/*.yaml", hosting.HOSTING_FILE, f"models/*/{evidence.EVIDENCE_FILE}.yaml"}
    files |= {labels.LABELS_FILE}
    assert content_schemas().keys() == files


MEMBERS: dict[str, dict[str, tuple[str, ...]]] = {
    "operators/*.yaml": {
        "properties": operators._MEMBERS,
        "properties.address.properties": operators._ADDRESS,
        "properties.roles.anyOf.0.properties": operators._ROLE,
        "properties.plants.additionalProperties.properties": operators._PLANT,
    },
    "models/*/model.yaml": {
        "properties": (*models._TYPED, *(point.key for point in registry().from_source("model"))),
        "properties.scope.properties": models._SCOPE,
        "properties.eu_registry.properties": models._REGISTRATION,
        "properties.documents.additionalProperties.properties": documents._MEMBERS,
    },
    "hosting.yaml": {
        "properties": hosting._MEMBERS,
        "properties.processor.properties": hosting._PROCESSOR,
        "properties.back_up.properties": hosting._BACK_UP,
        "properties.authorisations.anyOf.0.properties": hosting._AUTHORISATION,
    },
    "labels.yaml": {
        "properties.designs.additionalProperties.properties": labels._MEMBERS,
        "properties.designs.additionalProperties.properties.tests.anyOf.0.properties": labels._TEST,
    },
    "access/policy.yaml": {
        "properties": access_policy._MEMBERS,
        "properties.defaults.properties": access_policy._SHARED,
        "properties.rules.items.properties": (*access_policy._OWN, *access_policy._SHARED),
    },
    "access/clients/*.yaml": {
        "properties": access_clients._CLIENT,
        "properties.key.properties": access_clients._KEY,
        "properties.holdings.anyOf.0.properties": access_clients._HOLDING,
    },
    "access/issuers.yaml": {
        "properties.issuers.anyOf.0.properties": access_clients._ISSUER,
        "properties.issuers.anyOf.0.properties.keys.anyOf.0.properties": access_clients._METHOD,
    },
    "models/*/evidence.yaml": {
        "additionalProperties.properties": evidence._MEMBERS,
    },
    "models/*/performance.yaml": {
        "properties.rated_capacity.anyOf.1.properties": (*elements._STATED, *elements._ABOUT),
    },
}


@pytest.mark.parametrize(
    ("glob", "path", "members"),
    [(glob, *part) for glob, parts in MEMBERS.items() for part in parts.items()],
)
def test_members_are_those_of_the_readers(glob: str, path: str, members: tuple[str, ...]) -> None:
    part: object = content_schemas()[glob]
    for step in path.split("."):
        assert isinstance(part, dict | list)
        part = part[int(step)] if isinstance(part, list) else part[step]
    assert isinstance(part, dict)
    assert set(part) == set(members)


@pytest.mark.parametrize(
    ("file", "right", "other"),
    [
        (f"{MODEL}/performance", "nominal_voltage: 51.2 V", "nominal_voltage: 51.2V"),
        (f"{MODEL}/performance", "nominal_voltage: 51.2 V", "nominal_voltage: {value: 51.2 V}"),
        (f"{MODEL}/performance", "-20 .. 50 °C", "0..50 °C"),
        (f"{MODEL}/model", "model_number: EX-RB48-100", "model_number: 48100"),
        (f"{MODEL}/model", "extinguishing_agent: [water, water-mist]", "extinguishing_agent: foam"),
        (f"{MODEL}/model", "stationary: true", 'stationary: "true"'),
        (f"{MODEL}/model", 'gtin: "09506000160481"', 'gtin: "19506000160488"'),
        (f"{MODEL}/circularity", "year: 2025", 'year: "2025"'),
        (f"{MODEL}/composition", "name: Dimethyl carbonate", "name: {en: Dimethyl carbonate}"),
        ("operators/example-cells", 'postal_code: "1220"', "postal_code: 1220"),
        ("access/policy", "actors: repairer\n", "actors: [repairer]\n"),
        ("access/policy", "time_to_live_days: 30", 'time_to_live_days: "30"'),
    ],
)
def test_other_spellings_are_taken_by_both(
    tmp_path: Path, file: str, right: str, other: str
) -> None:
    path = edited(tmp_path, file, right, other)
    assert flaws(schema_key(file), path) == []
    assert not check(tmp_path, date(2027, 3, 1)).has_errors


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        (f"{MODEL}/performance", "nominal_voltage: 51.2 V", "nominal_voltage: 51.2"),
        (f"{MODEL}/performance", "nominal_voltage: 51.2 V", "nominal_voltage: 51,2 V"),
        (f"{MODEL}/performance", "nominal_voltage: 51.2 V", "nominal_voltage: 51.2 kV"),
        (f"{MODEL}/performance", "nominal_voltage: 51.2 V", "nominal_voltage: 051.2 V"),
        (f"{MODEL}/performance", "nominal_voltage: 51.2 V", "nominal_volage: 51.2 V"),
        (f"{MODEL}/performance", "nominal_voltage: 51.2 V", "nominal_voltage: [51.2 V]"),
        (f"{MODEL}/performance", "nominal_voltage: 51.2 V", "nominal_voltage:"),
        (f"{MODEL}/performance", "basis: measured", "basis: guessed"),
        (f"{MODEL}/performance", "as_of: 2026-09-14", "as_of: 14.09.2026"),
        (f"{MODEL}/performance", "as_of: 2026-09-14", "measured_on: 2026-09-14"),
        (f"{MODEL}/performance", "temperature: 25 °C", "temperature: 298 K"),
        (f"{MODEL}/performance", "-20 .. 50 °C", "-20 to 50 °C"),
        (f"{MODEL}/performance", "-20 .. 50 °C", "-20 .. 50"),
        (f"{MODEL}/performance", "  cell: 0.70 mΩ\n", ""),
        (f"{MODEL}/performance", "  pack: 17.0 mΩ", "  pack: 17.0 mΩ\n  rack: 20 mΩ"),
        (f"{MODEL}/performance", "  not_applicable: No", "  value: 10 years\n  not_applicable: No"),
        (f"{MODEL}/performance", "reference: iec-62620", "reference: IEC 62620"),
        (f"{MODEL}/composition", "chemistry: lfp", "chemistry: LFP"),
        (f"{MODEL}/composition", "cas: 616-38-6", "cas: {number: 616-38-6}"),
        (f"{MODEL}/composition", "{material: copper, share: 10.5 %}", "copper"),
        (f"{MODEL}/circularity", "year: 2025", "year: 2025.5"),
        (f"{MODEL}/circularity", "year: 2025", "year: -1"),
        (f"{MODEL}/composition", "name: Dimethyl carbonate", "name: {English: Dimethyl carbonate}"),
        (f"{MODEL}/restricted/xiii-2", "insulated: true", "insulated: 1"),
        (f"{MODEL}/restricted/xiii-2", "kind: screw", "kind: Screw"),
        (f"{MODEL}/restricted/xiii-2", "email: parts@example.com", "email: parts"),
        (f"{MODEL}/restricted/xiii-3", "test_reports: [", "test_report: ["),
        (f"{MODEL}/model", "category: industrial", "category: starter"),
        (f"{MODEL}/model", "category: industrial ", "batterycategory: industrial "),
        (f"{MODEL}/model", "stationary: true", "stationary: maybe"),
        (f"{MODEL}/model", 'gtin: "09506000160481"', 'gtin: "9506000160481"'),
        (f"{MODEL}/model", 'gtin: "09506000160481"', "own_identifier: RB48"),
        (f"{MODEL}/model", 'gtin: "09506000160481"', ""),
        (f"{MODEL}/model", "  rationale: >-", "  reason: >-"),
        (f"{MODEL}/model", "    publish: true", "    public: true"),
        (f"{MODEL}/model", "mass: 44.0 kg", "mass: 44000 g"),
        (f"{MODEL}/evidence", "- rated_capacity", "- capacity"),
        (f"{MODEL}/evidence", "result: passed ", "result: fine "),
        (f"{MODEL}/evidence", "  owner: Service\n", ""),
        ("operators/example-cells", "  city: Vienna\n  country: AT\n", "  country: AT\n"),
        ("operators/example-cells", "role: manufacturer", "role: maker"),
        ("access/policy", "actors: repairer\n", "actors: anybody\n"),
        ("access/policy", "actors: repairer\n", "actors: ['*']\n"),
        ("access/policy", "purposes: recycling\n", "purposes: all\n"),
        ("access/policy", "group: xiii-3", "group: xiii-5"),
        ("access/policy", "operations: view", "operations: read"),
        ("access/policy", "reuse: not-determined", "reuse: free"),
        ("access/policy", "keep_days: 1827", "keep_days: forever"),
        ("access/policy", "  review_due: 2027-04-26\n", "  review_due: next spring\n"),
        ("access/policy", "effect: permit", "effect: allow"),
        ("access/policy", "version: 2026-11-01.1", "version: first"),
        ("operators/example-cells", "web: https://", "web: http://"),
        ("operators/example-cells", "    valid_from: 2026-09-01", "    valid_to: 2026-09-01"),
    ],
)
def test_wrong_content_is_refused_by_both(
    tmp_path: Path, file: str, right: str, wrong: str
) -> None:
    path = edited(tmp_path, file, right, wrong)
    assert flaws(schema_key(file), path) != []
    assert check(tmp_path, date(2026, 12, 1)).has_errors


def edited(folder: Path, file: str, old: str, new: str) -> Path:
    """Copy the template and replace a text in one of its files, comments included."""
    copytree(TEMPLATE, folder, dirs_exist_ok=True)
    path = folder / "content" / f"{file}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path


def schema_key(file: str) -> str:
    """Return the key of the schema that a file has."""
    return f"{file.replace(MODEL, 'models/*').replace('example-cells', '*')}.yaml"


@pytest.mark.parametrize("project", [SAMPLE, TEMPLATE], ids=["sample", "template"])
def test_every_passport_fits_the_published_schema(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build(project, out)
    (published,) = (out / "schema").iterdir()
    schema = json.loads(published.read_bytes())
    Draft202012Validator.check_schema(schema)
    passports = sorted(out.glob("dpp/*/passport.json"))
    assert passports
    for passport in passports:
        Draft202012Validator(schema).validate(json.loads(passport.read_bytes()))
