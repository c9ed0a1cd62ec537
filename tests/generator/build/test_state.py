"""The previous site is the only state: what may be built on, and what is refused."""

import json
import shutil
from pathlib import Path

import pytest

from generator.cli.build import build
from passport.errors import ConfigError, VerificationError
from tests.small_project import write_lot, write_model, write_project

PASSPORT = "dpp/01_09506000134352_21_A1/passport.json"
FIRST = "A1,rack,2026-12-01,"
SECOND = "A2,rack,2026-12-01,"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = write_project(tmp_path / "project")
    write_model(project, "rack", "51.2")
    write_lot(project, FIRST)
    return project


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")


def _tree(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_build_on_its_own_result_changes_nothing(project: Path) -> None:
    out = project / "site"
    build(project, out)
    before = _tree(out)

    assert build(project, out).written == 0
    assert _tree(out) == before


def test_the_output_is_a_whole_site_wherever_the_previous_one_lies(project: Path) -> None:
    build(project, project / "first")
    write_lot(project, FIRST, SECOND)
    build(project, project / "second", previous=str(project / "first"))
    shutil.copytree(project / "first", project / "copy")
    build(project, project / "copy")

    second, copy = _tree(project / "second"), _tree(project / "copy")
    current = {path for path in copy if ".p/" not in path}
    assert {path: second.get(path) for path in current} == {path: copy[path] for path in current}


def test_an_earlier_commit_is_not_dated_before_the_site_that_it_is_built_on(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = project / "site"
    build(project, out)
    write_model(project, "rack", "48.0")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1794913600")
    build(project, out)

    history = json.loads((out / PASSPORT).with_name("versions.json").read_bytes())["versions"]
    assert history[1]["validFrom"] == history[0]["validFrom"]


@pytest.mark.parametrize("path", [PASSPORT, "manifest/index.json", "manifest/all.json"])
def test_a_poisoned_previous_site_is_refused_and_stays(project: Path, path: str) -> None:
    out = project / "site"
    build(project, out)
    content = (out / path).read_bytes()
    (out / path).write_bytes(content.replace(b"0", b"1", 1))
    before = _tree(out)
    write_lot(project, FIRST, SECOND)

    with pytest.raises(VerificationError):
        build(project, out)
    assert _tree(out) == before


def test_a_site_without_its_log_is_refused(project: Path) -> None:
    out = project / "site"
    build(project, out)
    shutil.rmtree(out / "log")

    with pytest.raises(VerificationError, match="checkpoint is missing"):
        build(project, out)


def test_a_rewritten_tile_is_refused(project: Path) -> None:
    out = project / "site"
    build(project, out)
    tile = next(path for path in (out / "log/1/tile/0").rglob("*") if path.is_file())
    tile.write_bytes(bytes(len(tile.read_bytes())))

    with pytest.raises(VerificationError):
        build(project, out)


def test_a_removed_battery_is_refused(project: Path) -> None:
    out = project / "site"
    write_lot(project, FIRST, SECOND)
    build(project, out)
    write_lot(project, FIRST)

    with pytest.raises(Exception, match="would vanish"):
        build(project, out)


def test_a_log_is_not_begun_twice(project: Path) -> None:
    out = project / "site"
    build(project, out)

    with pytest.raises(ConfigError, match="there is a previous site"):
        build(project, out, genesis=True)
