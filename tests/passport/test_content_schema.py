"""The editors' schemas and the reader agree on what a content file may hold."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copy, copytree

import pytest
from jsonschema import Draft202012Validator

from generator.cli.build import build
from generator.content import elements, hosting, labels
from generator.content.check import check
from generator.content.model_source import (
    EVIDENCE_FILE,
    MODEL_FILE,
    PUBLIC_FILES,
    RESTRICTED_FILES,
)
from generator.content.yaml.located import Node
from generator.content.yaml.members import Members
from generator.content.yaml.strict_yaml import read_yaml
from passport.content_schema import content_schemas
from passport.problems import Findings
from passport.schema_shapes import Schema, part_of
from tests.editor_view import editor_view

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT
TEMPLATE = ROOT / "generator/cli/template"
MODEL = "models/rack-battery-48v"
DID = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


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
    files = {f"models/*/{stem}.yaml" for stem in (MODEL_FILE, *PUBLIC_FILES)}
    files |= {f"models/*/restricted/{stem}.yaml" for stem in RESTRICTED_FILES}
    files |= {"access/policy.yaml", "access/clients/*.yaml", "access/issuers.yaml"}
    files |= {"operators/*.yaml", hosting.HOSTING_FILE, f"models/*/{EVIDENCE_FILE}.yaml"}
    files |= {labels.LABELS_FILE}
    assert content_schemas().keys() == files


def own_members(shape: Schema) -> frozenset[str]:
    """Return the names that an object's schema has besides data points, which have titles."""
    members = shape.get("properties")
    own = members.items() if isinstance(members, dict) else ()
    return frozenset(name for name, member in own if "title" not in member)


def objects(shape: Schema) -> Iterator[frozenset[str]]:
    """Return the members of each object in a schema that is no data point."""
    own = own_members(shape)
    yield from {own} - {frozenset()}
    named_by_people = isinstance(shape.get("additionalProperties"), dict)
    for name in {"any"} if named_by_people else own:
        yield from objects(part_of(shape, name))


def test_readers_ask_for_every_member_of_a_schema_and_for_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    copytree(SAMPLE / "content", tmp_path / "content")
    copy(SAMPLE / "cellfolio.toml", tmp_path)
    for file, rest in (
        ("operators/elbkreis", f"authorised: {{did: {DID}, evidence: x, valid_from: 2026-09-01}}"),
        ("models/ups-vrla-cabinet/model", "eu_registry: {proof: unread}"),
        ("access/issuers", "    keys: {id: unread}"),
    ):
        with (tmp_path / f"content/{file}.yaml").open("a") as stream:
            stream.write(f"{rest}\n")
    asked: dict[frozenset[str], set[str]] = {}
    node = Members.node

    def noting(members: Members, name: str, *, required: bool = False) -> Node | None:
        if own := own_members(members.shape):
            asked.setdefault(own, set()).add(name)
        return node(members, name, required=required)

    monkeypatch.setattr(Members, "node", noting)
    check(tmp_path, date(2027, 3, 1))
    expected = {own for schema in content_schemas().values() for own in objects(schema)}
    assert asked == {own: set(own) for own in expected}


def test_the_long_form_has_the_members_of_its_reader() -> None:
    schema = json.dumps(content_schemas()["models/*/performance.yaml"])
    (_, long) = json.loads(schema)["properties"]["rated_capacity"]["anyOf"]
    assert set(long["properties"]) == {*elements._STATED, *elements._ABOUT}


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
