"""The anchor: a site that was rolled back, forked or lost is not built on."""

import shutil
import subprocess
from pathlib import Path

import pytest

from generator.cli.build import build
from generator.store.anchor import FileAnchor, GitAnchor
from passport.errors import ConfigError, PublishError, VerificationError
from tests.cli import CommandLine
from tests.small_project import write_lot, write_model, write_project

FIRST = "A1,rack,2026-12-01,"
ANCHORS = {"a file": "../anchor/checkpoint", "a ref": "refs/cellfolio/published"}


@pytest.fixture(params=ANCHORS.values(), ids=ANCHORS)
def project(request: pytest.FixtureRequest, tmp_path: Path, run: CommandLine) -> Path:
    """A project with keys of its own, an anchor, and one build."""
    project = write_project(tmp_path / "project")
    write_model(project, "rack", "51.2")
    write_lot(project, FIRST)
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    assert run("--project", project, "keys", "init").code == 0
    assert run("--project", project, "keys", "groups", "init", "--by", "Tester").code == 0
    settings = project / "cellfolio.toml"
    text = settings.read_text().replace('keys = "demo"', 'keys = "keys"')
    settings.write_text(f'{text}anchor = "{request.param}"\n')
    build(project, project / "site", genesis=True)
    return project


def _add_a_battery(project: Path, serial: str) -> None:
    write_lot(project, FIRST, f"{serial},rack,2026-12-01,")


def test_a_site_goes_on_from_what_was_published(project: Path) -> None:
    _add_a_battery(project, "A2")
    assert build(project, project / "site").new_versions == 1


def test_a_rolled_back_site_is_refused(project: Path) -> None:
    shutil.copytree(project / "site", project / "old")
    _add_a_battery(project, "A2")
    build(project, project / "site")

    with pytest.raises(VerificationError, match="rolled back"):
        build(project, project / "old")


def test_a_forked_log_is_refused(project: Path) -> None:
    kept = project / "kept"
    shutil.copytree(project / "site", kept)
    anchor = _anchor(project)
    before = anchor.read()
    _add_a_battery(project, "A2")
    build(project, project / "site")
    after = anchor.read()
    anchor.advance(after, before)
    _add_a_battery(project, "B2")
    build(project, kept)
    anchor.advance(anchor.read(), after)
    shutil.rmtree(project / "site")
    kept.rename(project / "site")

    with pytest.raises(VerificationError, match="forked"):
        build(project, project / "site")


def test_a_fresh_clone_without_the_site_is_refused(project: Path) -> None:
    shutil.rmtree(project / "site")

    with pytest.raises(ConfigError, match="published before"):
        build(project, project / "site")
    with pytest.raises(ConfigError, match="published before"):
        build(project, project / "site", genesis=True)
    assert not (project / "site").exists()


def test_what_is_no_checkpoint_of_the_site_is_no_anchor(project: Path) -> None:
    anchor = _anchor(project)
    anchor.advance(anchor.read(), b"another text")

    with pytest.raises(VerificationError, match="anchor: it is no checkpoint"):
        build(project, project / "site")


def test_a_lost_anchor_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if ANCHORS["a ref"] in (project / "cellfolio.toml").read_text():
        words = ["git", "update-ref", "-d", ANCHORS["a ref"]]
        subprocess.run(words, cwd=project, check=True)
    else:
        (project / ANCHORS["a file"]).unlink()
    build(project, project / "site")
    assert "the anchor holds nothing yet" in capsys.readouterr().err
    build(project, project / "site")
    assert "anchor" not in capsys.readouterr().err


def test_a_ref_that_git_cannot_read_is_not_taken_for_none(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="not a git repository"):
        GitAnchor(tmp_path, ANCHORS["a ref"]).read()


def test_a_folder_is_no_anchor(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        FileAnchor(tmp_path).read()


def test_an_anchor_moves_only_from_where_it_was_read(project: Path) -> None:
    anchor = _anchor(project)
    with pytest.raises(PublishError, match="has moved"):
        anchor.advance(b"another checkpoint", b"mine")


def _anchor(project: Path) -> FileAnchor | GitAnchor:
    text = (project / "cellfolio.toml").read_text()
    if ANCHORS["a ref"] in text:
        return GitAnchor(project, ANCHORS["a ref"])
    return FileAnchor(project / ANCHORS["a file"])
