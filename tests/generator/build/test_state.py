"""The previous site is the only state: what may be built on, and what is refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.build.site import Site, prepare_site
from generator.cli import build as build_command
from generator.cli.build import build
from passport.errors import ConfigError, PublishError, VerificationError
from tests.access_project import write_access_project
from tests.small_project import write_lot, write_model, write_project
from tests.small_site import tree

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


@pytest.fixture
def out(project: Path) -> Path:
    """Build the project, and return its site."""
    build(project, project / "site")
    return project / "site"


def test_a_build_on_its_own_result_changes_nothing(project: Path, out: Path) -> None:
    before = tree(out)

    assert build(project, out).written == 0
    assert tree(out) == before


def test_the_output_is_a_whole_site_wherever_the_previous_one_lies(project: Path) -> None:
    build(project, project / "first")
    write_lot(project, FIRST, SECOND)
    build(project, project / "second", previous=str(project / "first"))
    shutil.copytree(project / "first", project / "copy")
    build(project, project / "copy")

    second, copy = tree(project / "second"), tree(project / "copy")
    current = {path for path in copy if ".p/" not in path}
    assert {path: second.get(path) for path in current} == {path: copy[path] for path in current}


def test_an_earlier_commit_is_not_dated_before_the_site_that_it_is_built_on(
    project: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_model(project, "rack", "48.0")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1794913600")
    build(project, out)

    history = json.loads((out / PASSPORT).with_name("versions.json").read_bytes())["versions"]
    assert history[1]["validFrom"] == history[0]["validFrom"]


def _changed(content: bytes) -> bytes:
    return content.replace(b"0", b"1", 1)


def _other(content: bytes) -> bytes:
    return bytes(len(content))


def _lost(_: bytes) -> None:
    return None


@pytest.mark.parametrize(
    ("path", "damage", "told"),
    [
        (PASSPORT, _changed, f"the previous site has other bytes at /{PASSPORT}"),
        (PASSPORT, _lost, f"the previous site lacks /{PASSPORT}"),
        ("manifest/index.json", _changed, "previous site's /manifest/index.json"),
        ("manifest/index.json", _other, "previous site's /manifest/index.json/json"),
        ("manifest/index.json", _lost, "the previous site lacks /manifest/index.json"),
        ("manifest/all.json", _changed, "previous site's /manifest/all.json"),
        ("manifest/all.json", _lost, "previous site's /manifest/all.json"),
        (".well-known/did.jsonl", _lost, "the previous site lacks /.well-known/did.jsonl"),
        ("status/1/revocation/0", _other, "previous site's /status/1/revocation/0"),
        ("status/1/revocation/0", _lost, "previous site's /status/1/revocation/0"),
        ("log/1/checkpoint", _other, "previous site's log/checkpoint"),
        ("log/1/checkpoint", _lost, "checkpoint is missing"),
        ("log/1/tile/0/000.p/5", _other, "previous site's log"),
        ("log/1/tile/0/000.p/5", _lost, "previous site's log"),
    ],
)
def test_a_damaged_previous_site_is_refused_and_stays(
    project: Path, out: Path, path: str, damage: Callable[[bytes], bytes | None], told: str
) -> None:
    content = damage((out / path).read_bytes())
    if content is None:
        (out / path).unlink()
    else:
        (out / path).write_bytes(content)
    before = tree(out)
    write_lot(project, FIRST, SECOND)

    with pytest.raises(VerificationError) as error:
        build(project, out)
    assert told in str(error.value)
    assert "finds genuine" in error.value.remedy
    assert tree(out) == before


def test_a_removed_battery_is_refused(project: Path) -> None:
    out = project / "site"
    write_lot(project, FIRST, SECOND)
    build(project, out)
    write_lot(project, FIRST)

    with pytest.raises(Exception, match="would vanish"):
        build(project, out)


def test_a_build_that_was_overtaken_changes_nothing(
    project: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lot(project, FIRST, SECOND)

    prepare: Callable[..., Site] = prepare_site

    def overtaken(*words: object, **options: object) -> Site:
        prepared = prepare(*words, **options)
        monkeypatch.setattr(build_command, "prepare_site", prepare)
        write_lot(project, FIRST, "B2,rack,2026-12-01,", "B3,rack,2026-12-01,")
        build(project, out)
        return prepared

    monkeypatch.setattr(build_command, "prepare_site", overtaken)
    with pytest.raises(PublishError, match="another run has written"):
        build(project, out)
    assert (out / "01/09506000134352/21/B3.html").is_file()
    assert not (out / "01/09506000134352/21/A2.html").exists()


def test_a_removed_policy_is_refused(tmp_path: Path) -> None:
    project = write_access_project(tmp_path / "project")
    build(project, project / "site")
    before = tree(project / "site")
    shutil.rmtree(project / "content/access")

    with pytest.raises(PublishError, match=r"would vanish: /access/policy\.json: put the content"):
        build(project, project / "site")
    assert tree(project / "site") == before


def test_a_log_is_not_begun_twice(project: Path, out: Path) -> None:
    with pytest.raises(ConfigError, match="there is a previous site"):
        build(project, out, genesis=True)
