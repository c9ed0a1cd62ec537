"""`cellfolio doctor`: one finding a subject, with a remedy unless all is well."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from generator.cli import surroundings
from generator.cli.surroundings import Finding, State, examine, folds_case
from generator.publish.desk import Desk
from tests.access_project import edit
from tests.cli import CommandLine


@pytest.fixture
def project(run: CommandLine, tmp_path: Path) -> Path:
    """Make a new site, built and committed."""
    folder = tmp_path / "site-project"
    run("init", folder)
    run("--project", folder, "build")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    git(folder, *who, "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "Change")
    return folder


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)


def finding(project: Path, subject: str) -> Finding:
    """Return what the doctor says of one subject."""
    (found,) = [one for one in examine(project, project / "site") if one.subject == subject]
    return found


def test_a_committed_new_site_is_sound(run: CommandLine, project: Path) -> None:
    done = run("--project", project, "doctor")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines if not line.startswith(" ")].count("note") == 1
    assert "note     base_url: https://id.example.com is for trying out" in lines
    assert "ok       git: everything is committed" in lines


def test_json_holds_the_same(run: CommandLine, project: Path) -> None:
    done = run("--project", project, "doctor", "--json")
    found = json.loads(done.out)["findings"]
    assert [(f["subject"], f["state"]) for f in found] == [
        (f.subject, f.state) for f in examine(project, project / "site")
    ]


def test_a_problem_makes_the_exit_code_3_and_the_rest_is_still_told(
    run: CommandLine, project: Path
) -> None:
    edit(project, "cellfolio.toml", 'guidance = "1.0"', 'guidanc = "1.0"')
    done = run("--project", project, "doctor")
    assert done.code == 3
    assert done.err == "cellfolio: 1 problem with the surroundings: see the report\n"
    assert "problem  settings: cellfolio.toml: unknown setting 'guidanc'" in done.out
    assert "write guidance if that is what was meant" in done.out
    assert "ok       python:" in done.out


def test_a_folder_that_is_no_project(run: CommandLine, tmp_path: Path) -> None:
    done = run("--project", tmp_path, "doctor")
    assert done.code == 3
    assert "run `cellfolio init` in an empty folder" in done.out


@pytest.mark.parametrize(
    ("url", "state", "told"),
    [
        ("https://id.example.com", State.NOTE, "is for trying out"),
        ("http://localhost:8000", State.NOTE, "is for trying out"),
        ("https://pass.muster.eu", State.PROBLEM, "demo keys can't sign for"),
    ],
)
def test_base_url(project: Path, url: str, state: State, told: str) -> None:
    edit(project, "cellfolio.toml", "https://id.example.com", url)
    found = finding(project, "base_url")
    assert found.state is state
    assert told in found.message
    assert found.remedy


def test_a_yaml_library_without_its_c_parser(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    found = finding(project, "YAML parser")
    assert found.state is State.PROBLEM
    assert "--only-binary" in found.remedy


def test_a_language_without_a_catalogue(project: Path) -> None:
    edit(project, "cellfolio.toml", 'languages = ["en"]', 'languages = ["en", "nb"]')
    found = finding(project, "languages")
    assert found.state is State.NOTE
    assert found.remedy == "add themes/default/locale/nb.po"
    catalogue = project / found.remedy.removeprefix("add ")
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid "Battery passport"\nmsgstr "…"\n', "utf-8")
    assert finding(project, "languages").state is State.OK


def test_a_theme_that_is_not_there(project: Path) -> None:
    edit(project, "cellfolio.toml", 'guidance = "1.0"', 'theme = "own"')
    assert finding(project, "theme").state is State.PROBLEM


def test_a_large_lot(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert finding(project, "lots").state is State.OK
    monkeypatch.setattr(surroundings, "LARGE_LOT", 10)
    found = finding(project, "lots")
    assert (found.state, found.message) == (State.NOTE, "2026-11.csv has 0 MiB")


def test_an_unfinished_site(project: Path) -> None:
    desk = Desk(project / "site")
    desk.folder.mkdir(exist_ok=True)
    (desk.folder / "journal").write_text("{}")
    found = finding(project, "site")
    assert found.state is State.PROBLEM
    assert "run `cellfolio build`" in found.remedy


def test_a_site_that_was_never_built(project: Path, tmp_path: Path) -> None:
    (found,) = [f for f in examine(project, tmp_path / "no" / "site") if f.subject == "site"]
    assert (found.state, found.remedy) == (State.NOTE, "run `cellfolio build`")


def test_a_link_in_the_site(project: Path) -> None:
    (project / "site/link").symlink_to(project)
    assert finding(project, "site").state is State.PROBLEM


def test_changes_without_a_commit(project: Path) -> None:
    (project / "content/models/rack-battery-48v/about.md").write_text("changed")
    found = finding(project, "git")
    assert (found.state, "commit" in found.remedy) == (State.NOTE, True)


def test_a_project_outside_git(run: CommandLine, tmp_path: Path) -> None:
    run("init", tmp_path / "plain")
    found = finding(tmp_path / "plain", "git")
    assert (found.state, "git init" in found.remedy) == (State.NOTE, True)


def test_a_machine_without_git(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert finding(project, "git").state is State.PROBLEM


@pytest.mark.parametrize(
    ("old", "new", "state", "told"),
    [
        ("/keys/private/\n", "", State.PROBLEM, "Git would take keys/private/"),
        ("/site/*\n", "", State.PROBLEM, "Git would take site/"),
        ("/site/*\n", "site/**\n", State.OK, "stay out"),
        ("!/site/.gitignore\n", "", State.NOTE, "Git ignores site/.gitignore too"),
    ],
)
def test_what_git_ignores(project: Path, old: str, new: str, state: State, told: str) -> None:
    edit(project, ".gitignore", old, new)
    found = finding(project, "gitignore")
    assert (found.state, told in found.message) == (state, True)


def test_a_disk_that_ignores_case_is_told_by_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not folds_case(tmp_path / "not-there-yet")
    folder = tmp_path / "Mixed"
    folder.mkdir()
    exists = Path.exists

    def any_case(path: Path) -> bool:
        return exists(path) or exists(path.with_name(path.name.swapcase()))

    monkeypatch.setattr(Path, "exists", any_case)
    monkeypatch.setattr(Path, "samefile", lambda *_: True)
    assert folds_case(folder)
    assert folds_case(folder / "not-there-yet")


def test_it_writes_nothing(run: CommandLine, project: Path) -> None:
    def written() -> dict[Path, int]:
        index = project / ".git/index"
        paths = (path for path in project.rglob("*") if path not in (index, index.parent))
        return {path: path.stat().st_mtime_ns for path in paths}

    before = written()
    run("--project", project, "doctor")
    assert written() == before
