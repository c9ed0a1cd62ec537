"""Canaries in points 2, 3 and 4 of the minimal site: no command shows them, no file holds them."""

import json
import shutil
from pathlib import Path

import pytest

from passport.signing.keys import demo_secret
from tests.cli import CommandLine
from tests.forge_sealed import Forged, padded

ROOT = Path(__file__).parents[2]
MINIMAL = ROOT / "tests/sites/minimal"
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
EVENTS: tuple[dict[str, object], ...] = (
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
    ("leakcheck",),
    ("leakcheck", "site", "--json"),
    ("access", "check"),
    ("access", "show"),
    ("access", "explain", "hafenkreis", "xiii-4", "--purpose", "dismantling"),
    ("keys", "groups", "init", "--by", "Tester", "--dry-run"),
    ("keys", "escrow", "--group", "xiii-2", "--to", "hafenkreis", "--by", "T", "--out", "2.age"),
)
HOST = "https://id.example.com"
MODEL = "01_09506000134352"
PRODUCT = f"{HOST}/01/09506000134352/21/AR-0001"


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
    assert (project / "content/models/rack/restricted/report.pdf").is_file()
    for name in ("policy.yaml", "clients/hafenkreis.yaml"):
        path = project / "content/access" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "content/access" / name, path)
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
    files = [path for path in (project / "site").rglob("*") if path.is_file()]
    # Every code has its name in the words of /open.
    published = [path.read_bytes() for path in files if "/open." not in path.as_posix()]
    assert published
    assert not [word for word in secrets for content in published if word.encode() in content]
    report = (project / "content/models/rack/restricted/report.pdf").read_bytes()
    assert report not in published


def test_what_can_not_be_opened_tells_nothing(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project)
    run = CommandLine(monkeypatch, capsys)
    assert run("build").code == 0
    words = ("open", PRODUCT, "--at", f"{HOST}=site")
    assert CANARIES["Secret key"] in run(*words, "--group", "xiii-2").out, "it opens"

    sealed = project / f"site/dpp/{MODEL}/sealed/xiii-2/1.json"
    right = sealed.read_bytes()
    for altered in (
        right.replace(b'"ciphertext":"', b'"ciphertext":"A', 1),
        right.replace(b'"version":1', b'"version":2'),
        right[:-1],
        b"{}",
    ):
        sealed.write_bytes(altered)
        for target in (words, ("open", sealed)):
            for form in ((), ("--json",)):
                done = run(*target, "--group", "xiii-2", *form)
                assert done.code != 0
                assert not [word for word in CANARIES.values() if word in done.out + done.err]


def test_an_altered_plaintext_is_not_told(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Sealed with the right key, but no JSON: its canary stays inside."""
    monkeypatch.chdir(project)
    run = CommandLine(monkeypatch, capsys)
    assert run("build").code == 0
    sealed = project / f"site/dpp/{MODEL}/sealed/xiii-2/1.json"
    members = json.loads(sealed.read_bytes())
    header = {name: members[name] for name in members if name not in ("ciphertext", "commitment")}
    secret = demo_secret("group/xiii-2/2026a")
    for text in (b'{"a": "CANARY-INSIDE"}', b"CANARY-INSIDE", b'{"CANARY-INSIDE":"x","A":1}'):
        forged = Forged(header=header, input=padded(text, 4096), secret=secret)
        sealed.write_bytes(forged.payload)
        done = run("open", sealed, "--group", "xiii-2")
        assert done.code == 4
        assert "CANARY" not in done.out + done.err
