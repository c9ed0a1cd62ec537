"""`cellfolio theme`: what it lists, what it copies, and what it refuses to write over."""

import json
from pathlib import Path

import pytest

from generator.build.pages.theme import built_in_file
from tests.access_project import edit
from tests.cli import CommandLine
from tests.small_project import write_project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path / "project")


def test_a_file_is_copied_once(project: Path, run: CommandLine) -> None:
    copy = project / "themes/default/static/site.css"
    words = ("--project", project, "theme", "eject", "static/site.css")
    tried = run(*words, "--dry-run", "--json")
    assert (tried.code, copy.exists()) == (0, False)
    assert json.loads(tried.out)["written"] is False
    assert run(*words).code == 0
    assert copy.read_bytes() == built_in_file("static/site.css")
    copy.write_text("changed")
    again = run(*words)
    assert again.code == 1
    assert "site.css is there already" in again.err
    assert copy.read_text() == "changed"


def test_it_goes_where_the_settings_say(project: Path, run: CommandLine) -> None:
    edit(project, "cellfolio.toml", 'keys = "demo"', 'keys = "demo"\ntheme = "own"')
    done = run("--project", project, "theme", "eject", "templates/home.html", "--json")
    assert json.loads(done.out)["file"] == str(project / "themes/own/templates/home.html")
    listed = run("--project", project, "theme", "list", "--json")
    own = [entry["file"] for entry in json.loads(listed.out)["files"] if entry["own"]]
    assert own == ["templates/home.html"]
    assert "own       templates/home.html" in run("--project", project, "theme", "list").out


@pytest.mark.parametrize("name", ["templates/hme.html", "../../cellfolio.toml", "/etc/passwd"])
def test_only_files_of_the_theme_are_copied(project: Path, run: CommandLine, name: str) -> None:
    told = f"the built-in theme has no {name}"
    run.fails_saying(told, "--project", project, "theme", "eject", name)


def test_a_template_in_another_encoding_is_named(project: Path, run: CommandLine) -> None:
    template = project / "themes/default/templates/home.html"
    template.parent.mkdir(parents=True)
    template.write_bytes(b"\xff\xfe")
    done = run("--project", project, "theme", "languages")
    told = f"cellfolio: {template} is not UTF-8: save the file again as UTF-8\n"
    assert (done.code, done.err) == (2, told)
