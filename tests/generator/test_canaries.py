"""Canaries in points 2, 3 and 4 of the minimal site: no command shows them, no file holds them."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli import CommandLine

MINIMAL = Path(__file__).parents[1] / "sites/minimal"
BATTERY = "01_09506000134352_21_AR-0001"
CANARIES = {
    "Secretium phosphate": "CANARY-2A-7f31c09d",
    "Secret cover": "CANARY-2B-5be2a416",
    "SC-20771": "CANARY-2B-c1d7e830",
    "Secret Spares Ltd": "CANARY-2B-90aa47f2",
    "Open the secret cover.": "CANARY-2C-e64b1d55",
    "Secret key": "CANARY-2C-08f3c7b9",
    "Secret lid under tension.": "CANARY-2C-3d9e62a0",
    "Switch off the secret switch.": "CANARY-2D-b7405ce1",
}
EVENTS = (
    {"kind": "put-into-service"},
    {"kind": "measurement", "values": {"remaining_capacity": "91.7305846 Ah"}, "method": "bms"},
    {"kind": "negative-event", "event": "mechanical-damage", "severity": "not-examined"},
    {"kind": "repair", "parts": ["housing"], "mends": "mechanical-damage"},
)
POINT_4 = ("91.7305846", "mechanical-damage", "not-examined")
COMMANDS = (
    ("check", "--details"),
    ("check", "--json"),
    ("check", "--format", "sarif"),
    ("scope", "--batteries"),
    ("evidence", "--table"),
    ("list", "--format", "json"),
    ("export", "AR-0001", "--format", "csv"),
    ("build", "--json"),
    ("show", "https://id.example.com/01/09506000134352/21/AR-0001"),
    ("verify", "site", "--json"),
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The minimal site with a canary in each restricted text, and a life in point 4."""
    project = Path(shutil.copytree(MINIMAL, tmp_path / "project"))
    path = project / "content/models/rack/restricted/xiii-2.yaml"
    text = path.read_text(encoding="utf-8")
    for word, canary in CANARIES.items():
        assert word in text
        text = text.replace(word, canary)
    path.write_text(text, encoding="utf-8")
    report = project / "content/models/rack/restricted/report.pdf"
    assert report.is_file()
    events = project / "content/events/2026.jsonl"
    events.parent.mkdir()
    lines = [{"battery": BATTERY, "time": f"2026-02-{n:02d}", **e} for n, e in enumerate(EVENTS, 4)]
    events.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return project


def test_no_canary_leaves_the_content(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project)
    run = CommandLine(monkeypatch, capsys)
    secrets = (*CANARIES.values(), *POINT_4)

    for words in COMMANDS:
        done = run(*words)
        assert done.code == 0, (words, done.err)
        assert not [word for word in secrets if word in done.out + done.err], words
    published = [path.read_bytes() for path in (project / "site").rglob("*") if path.is_file()]
    assert published
    assert not [word for word in secrets for content in published if word.encode() in content]
    report = (project / "content/models/rack/restricted/report.pdf").read_bytes()
    assert report not in published
