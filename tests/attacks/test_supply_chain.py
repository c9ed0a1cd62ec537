"""Rows 31 and 33 of the attacks: what others host, and what a machine is like, changes nothing."""

import hashlib
import socket
from pathlib import Path

import pytest

from generator.cli.build import build
from passport.context import passport_context
from passport.encoding.canonical import canonical_json
from passport.schema import passport_schema
from tests.cli import CommandLine
from tests.small_project import write_lot, write_model, write_project

ORIGIN = "https://id.example.com"
SCANNED = f"{ORIGIN}/01/09506000134352/21/A1"


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail whoever makes a socket or asks for a name."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("somebody asked the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


def test_31_nothing_is_fetched_to_build_or_verify(
    no_network: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = write_project(tmp_path / "project")
    write_model(project, "rack", "51.2")
    write_lot(project, "A1,rack,2026-12-01,")
    site = project / "site"
    build(project, site)
    run = CommandLine(monkeypatch, capsys)
    copy = f"{ORIGIN}={site}"
    assert run("verify", site).code == 0
    assert run("verify", ORIGIN, "--at", copy).code == 0
    assert run("verify", SCANNED, "--at", copy).code == 0
    assert run("verify", site / "dpp/01_09506000134352_21_A1/passport.json", "--at", copy).code == 0
    assert run("resolve", "did:web:id.example.com", "--site", site).code == 0
    assert no_network is None


def test_31_context_and_schema_are_made_here(tmp_path: Path) -> None:
    project = write_project(tmp_path / "project")
    write_model(project, "rack", "51.2")
    build(project, project / "site")
    (context,) = (project / "site/ctx").iterdir()
    (schema,) = (project / "site/schema").iterdir()
    assert context.read_bytes() == canonical_json(passport_context())
    assert schema.read_bytes() == canonical_json(passport_schema(ORIGIN))


def test_33_a_build_is_a_function_of_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795168800")
    digests = []
    for name in ("one", "two"):
        project = write_project(tmp_path / name)
        write_model(project, "rack", "51.2")
        write_lot(project, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,")
        build(project, project / "site")
        files = sorted(p for p in (project / "site").rglob("*") if p.is_file())
        digests.append(
            {
                p.relative_to(project): hashlib.sha256(p.read_bytes()).hexdigest()
                for p in files
                if p.name != ".gitignore"
            }
        )
    assert digests[0] == digests[1]
