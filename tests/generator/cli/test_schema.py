"""`cellfolio schema`: files for editors, and the setting that names them."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from passport.content_schema import content_schemas
from tests.cli import CommandLine


def settings_of(project: Path) -> dict[str, object]:
    """Return the editor's settings."""
    found = json.loads((project / ".vscode/settings.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_each_kind_of_file_gets_a_schema_of_its_own(run: CommandLine, tmp_path: Path) -> None:
    done = run("schema", "--out", tmp_path / "schemas")
    assert (done.code, done.err) == (0, "")
    written = sorted(path.name for path in (tmp_path / "schemas").iterdir())
    assert written == [
        "access-client.json",
        "access-issuers.json",
        "access-policy.json",
        "carbon.json",
        "circularity.json",
        "composition.json",
        "due-diligence.json",
        "evidence.json",
        "hosting.json",
        "labels.json",
        "model.json",
        "operator.json",
        "performance.json",
        "restricted-xiii-2.json",
        "restricted-xiii-3.json",
        "waste.json",
    ]
    for name in written:
        Draft202012Validator.check_schema(json.loads((tmp_path / "schemas" / name).read_bytes()))
    assert not (tmp_path / ".vscode").exists()


def test_an_editor_finds_the_schema_of_every_content_file(run: CommandLine, tmp_path: Path) -> None:
    run("init", tmp_path)
    assert run("--project", tmp_path, "schema", "--editor", "vscode").code == 0
    named = settings_of(tmp_path)["yaml.schemas"]
    assert isinstance(named, dict)
    assert len(named) == len(content_schemas())
    reached = set()
    for address, (glob,) in named.items():
        assert (tmp_path / address).is_file()
        reached |= set(tmp_path.glob(glob))
    assert reached == set((tmp_path / "content").rglob("*.yaml"))


def test_what_the_editor_was_told_before_stays(run: CommandLine, tmp_path: Path) -> None:
    (tmp_path / ".vscode").mkdir()
    (tmp_path / ".vscode/settings.json").write_text('{"editor.rulers": [100]}')
    assert run("--project", tmp_path, "schema", "--editor", "vscode").code == 0
    assert settings_of(tmp_path).keys() == {"editor.rulers", "yaml.schemas"}


def test_settings_with_comments_are_left_alone(run: CommandLine, tmp_path: Path) -> None:
    (tmp_path / ".vscode").mkdir()
    (tmp_path / ".vscode/settings.json").write_text("{} // mine")
    done = run("--project", tmp_path, "schema", "--editor", "vscode")
    assert (done.code, "is not plain JSON" in done.err) == (2, True)
    assert (tmp_path / ".vscode/settings.json").read_text() == "{} // mine"


def test_schemas_outside_the_project_are_named_in_full(run: CommandLine, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    run("--project", project, "schema", "--out", tmp_path / "elsewhere", "--editor", "vscode")
    named = settings_of(project)["yaml.schemas"]
    assert isinstance(named, dict)
    assert f"{tmp_path}/elsewhere/model.json" in named
