"""`cellfolio init`: the new site builds at once, is the caller's, and overwrites nothing."""

import json
import os
import subprocess
import tomllib
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import pytest

from generator.content.check import Checked, check
from generator.publish.hosts import netlify_headers
from tests.cli import CommandLine

ROOT = Path(__file__).parents[3]


def checked(folder: Path, as_of: date) -> Checked:
    """Check a new site and hold it to no problem at all, not even a warning."""
    found = check(folder, as_of)
    assert [str(problem) for problem in found.problems] == []
    return found


@pytest.mark.parametrize("as_of", [date(2026, 12, 1), date(2027, 2, 18)])
@pytest.mark.parametrize("guidance", ["1.0", "2.0"])
def test_a_new_site_is_without_problems(
    run: CommandLine, tmp_path: Path, as_of: date, guidance: str
) -> None:
    run("init", tmp_path)
    assert check(tmp_path, as_of, guidance).problems == ()


def test_it_builds_at_once_and_says_what_comes_next(run: CommandLine, tmp_path: Path) -> None:
    site = tmp_path / "my-site"
    done = run("init", site)
    assert (done.code, done.err) == (0, "")
    for step in (f"cd {site}", "cellfolio check", "cellfolio build", "cellfolio serve", "git init"):
        assert f"\n  {step}" in done.out
    assert "https://id.example.com is for trying out" in done.out
    assert run("--project", site, "build").code == 0
    assert (site / "site/01/09506000160481/21/EX26-000001.html").is_file()


def test_without_a_folder_it_is_the_project_or_here(
    run: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("--project", tmp_path / "there", "init").code == 0
    assert (tmp_path / "there/cellfolio.toml").is_file()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    done = run("init")
    assert (done.code, "cd " in done.out) == (0, False)
    assert (tmp_path / "here/cellfolio.toml").is_file()


def test_address_and_operator_are_the_callers(run: CommandLine, tmp_path: Path) -> None:
    words = ("--base-url", "https://pass.muster.eu", "--operator", "Muster Zellen AG")
    done = run("init", tmp_path, *words)
    assert "trying out" not in done.out
    assert "Before you build: demo keys can't sign for https://pass.muster.eu" in done.out
    found = checked(tmp_path, date(2027, 2, 18)).content
    assert str(found.config.base_url) == "https://pass.muster.eu"
    assert found.config.issuer == "muster-zellen-ag"
    (operator,) = found.operators
    assert (operator.slug, operator.name) == ("muster-zellen-ag", "Muster Zellen AG")
    assert {model.operator for model in found.models} == {"muster-zellen-ag"}
    assert "Muster Zellen AG" in (tmp_path / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ('Ünal & Söhne "Zelle" #1: 100 % \\o/', "unal-sohne-zelle-1-100-o"),
        ("Μπαταρίες ΑΕ", "operator"),
        ("no", "no"),
        ("0123456", "0123456"),
        ("Example Cells GmbH & Co. KG", "example-cells-gmbh-co-kg"),
        ("Z" * 120, "z" * 40),
    ],
)
def test_any_printable_name_is_taken(
    run: CommandLine, tmp_path: Path, name: str, slug: str
) -> None:
    assert run("init", tmp_path, "--operator", name).code == 0
    (operator,) = checked(tmp_path, date(2026, 12, 1)).content.operators
    assert (operator.name, operator.slug) == (name, slug)


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--operator", "  ", "--operator: '  ' is no name"),
        ("--operator", "two\nlines", "--operator: 'two\\nlines' is no name"),
        ("--base-url", "id.example.com", "begin with https://"),
        ("--base-url", "https://id.example.com/", "goes on behind the host"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    run: CommandLine, tmp_path: Path, option: str, value: str, told: str
) -> None:
    run.fails_saying(told, "init", tmp_path / "new", option, value)
    assert not (tmp_path / "new").exists()


def test_a_folder_with_something_in_it_is_left_alone(run: CommandLine, tmp_path: Path) -> None:
    for name in "abcdefg":
        (tmp_path / f"{name}.txt").write_text(name)
    done = run("init", tmp_path)
    assert done.code == 2
    assert done.err == (
        f"cellfolio: {tmp_path} is not empty: it holds a.txt, b.txt, c.txt, d.txt, e.txt and 2 "
        "more: name a new or empty folder\n"
    )
    assert len(list(tmp_path.iterdir())) == 7


def test_an_empty_repository_is_no_obstacle_and_a_file_no_folder(
    run: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    assert run("init", tmp_path / "file").code == 2
    subprocess.run(["git", "init", "--quiet", tmp_path / "new"], check=True)
    assert run("init", tmp_path / "new").code == 0


def test_a_disk_that_fails_leaves_nothing_that_looks_like_a_project(
    run: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = Path.write_bytes

    def fails_at_the_end(path: Path, content: bytes) -> int:
        if path.parent.name == "site":
            raise OSError(28, "No space left on device", str(path))
        return written(path, content)

    monkeypatch.setattr(Path, "write_bytes", fails_at_the_end)
    run.fails_saying("No space left", "init", tmp_path / "new", code=3)
    assert not (tmp_path / "new/cellfolio.toml").exists()


def test_gits_files_get_their_dots_and_keep_output_and_secrets_out(
    run: CommandLine, tmp_path: Path
) -> None:
    run("init", tmp_path)
    run("--project", tmp_path, "build")
    (tmp_path / "keys/private").mkdir()
    (tmp_path / "keys/private/issuing").write_text("secret")
    for words in ("init --quiet", "add .", "ls-files"):
        git = ["git", "-C", str(tmp_path), *words.split()]
        listed = subprocess.run(git, check=True, capture_output=True, text=True)
    names = listed.stdout.split()
    assert {".gitattributes", ".gitignore", "site/.gitignore", "keys/README.md"} <= set(names)
    assert [name for name in names if name.startswith("site/")] == ["site/.gitignore"]
    assert not [name for name in names if "private" in name]


def test_the_host_gets_the_headers_that_serve_sends(run: CommandLine, tmp_path: Path) -> None:
    run("init", tmp_path)
    text = (tmp_path / "netlify.toml").read_text("utf-8")
    assert text.endswith(netlify_headers())
    settings = tomllib.loads(text)
    own = tomllib.loads((ROOT / "netlify.toml").read_text("utf-8"))
    assert settings["headers"] == own["headers"]
    assert settings["build"]["processing"] == own["build"]["processing"]
    assert "-r requirements.txt" in settings["build"]["command"]
    assert (tmp_path / "requirements.txt").read_text().splitlines()[-1].startswith("cellfolio==")


def test_the_template_says_example_wherever_a_stranger_could_mistake_it() -> None:
    folder = ROOT / "generator/cli/template"
    for path in folder.rglob("documents/*"):
        assert path.read_text("utf-8").casefold().find("example") >= 0, path


def test_the_wiring_of_its_review_can_run(run: CommandLine, tmp_path: Path) -> None:
    run("init", tmp_path)
    for name in ("review.sh", ".githooks/pre-commit"):
        assert os.access(tmp_path / name, os.X_OK), name
    assert not os.access(tmp_path / "README.md", os.X_OK)
    settings = json.loads((tmp_path / ".vscode/settings.json").read_text("utf-8"))
    for address in settings["yaml.schemas"]:
        assert (tmp_path / address).is_file(), address


def test_every_file_of_content_has_owners(run: CommandLine, tmp_path: Path) -> None:
    run("init", tmp_path)
    lines = (tmp_path / "CODEOWNERS").read_text("utf-8").splitlines()
    rules = [line.split() for line in lines if line and not line.startswith("#")]
    assert rules[0][0] == "*"
    owners = {
        path.relative_to(tmp_path).as_posix(): next(
            names for pattern, *names in reversed(rules) if _owns(pattern, path, tmp_path)
        )
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    model = "content/models/rack-battery-48v"
    assert owners[f"{model}/model.yaml"] == ["@example/legal", "@example/engineering"]
    assert owners[f"{model}/evidence.yaml"] == ["@example/quality"]
    assert owners[f"{model}/performance.yaml"] == ["@example/engineering"]
    assert owners[f"{model}/restricted/xiii-3.yaml"] == ["@example/engineering"]
    assert owners["content/access/policy.yaml"] == ["@example/legal"]
    assert owners["content/batteries/2026-11.csv"] == ["@example/quality"]
    assert owners["CODEOWNERS"] == owners["review.sh"] == ["@example/legal"]
    assert owners[".github/workflows/passports.yml"] == ["@example/legal"]


def _owns(pattern: str, path: Path, root: Path) -> bool:
    """Whether a line of CODEOWNERS fits: anchored names with stars, folders with all below."""
    name = "/" + path.relative_to(root).as_posix()
    return pattern == "*" or fnmatch(name, f"{pattern}*" if pattern.endswith("/") else pattern)
