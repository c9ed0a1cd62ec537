"""An archive of one passport: verified offline, refused for whatever in it was not published."""

import io
import json
import socket
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.read.archive import MOST_FILES, is_archive, verify_archive
from generator.read.passport import PassportReport, Verdict
from passport.encoding.canonical import canonical_json
from passport.errors import VerificationError
from tests.cli import CommandLine
from tests.small_site import SmallSite

PASSPORT = "dpp/01_09506000134352_21_A1/passport.json"
OTHER = "dpp/01_09506000134352_21_A2/passport.json"
PAGE = "01/09506000134352/21/A1.html"
PRODUCT = "dpp/01_09506000134352_21_A1/did.json"
DID = ".well-known/did.json"
DID_LOG = ".well-known/did.jsonl"
NOTE = "log/1/checkpoint"
LIST = "status/1/revocation/0"
INDEX = "manifest/index.json"
SHARD = "manifest/all.json"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
Files = dict[str, bytes]


@pytest.fixture
def files(site: Path) -> Files:
    return kept_of(site)


def kept_of(site: Path) -> Files:
    """What the page of a battery reads and keeps."""
    names = [PASSPORT, PAGE, PRODUCT, DID, DID_LOG, NOTE, LIST, INDEX, SHARD]
    tiles = (path.relative_to(site).as_posix() for path in site.rglob("log/1/tile/0/*.p/*"))
    return {name: (site / name).read_bytes() for name in (*names, *tiles)}


def archive(files: Files, compression: int = zipfile.ZIP_STORED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return packed.getvalue()


def judged(files: Files) -> PassportReport:
    return verify_archive(archive(files), NOW)


def changed(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


def without(name: str) -> Callable[[Files], None]:
    return lambda files: files.__delitem__(name)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking anybody is an error."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.usefixtures("no_network")
def test_a_copy_is_genuine_and_says_of_when(files: Files) -> None:
    report = judged(files)
    assert report.verdict is Verdict.COPY
    assert str(report.passport.uri) == "https://id.example.com/01/09506000134352/21/A1"
    assert json.loads(files[INDEX])["time"] in report.why
    assert "https://id.example.com must name the same" in report.why
    assert {"signature", "log", "status"} <= set(report.checks)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    ("change", "check"),
    [
        pytest.param(changed(PASSPORT, b'"51.2"', b'"52.1"'), "signature", id="passport"),
        pytest.param(changed(PAGE, b"51.2", b"52.1"), "archive", id="page"),
        pytest.param(changed(DID_LOG, b"2026", b"2025"), "archive", id="did log"),
        pytest.param(changed(PRODUCT, b"A1", b"A2"), "archive", id="product"),
        pytest.param(changed(DID, b"z6Mk", b"z6Mj"), "key", id="keys"),
        pytest.param(changed(NOTE, b"log/1\n", b"log/2\n"), "checkpoint", id="checkpoint"),
        pytest.param(changed(SHARD, b"text/html", b"text/HTML"), "", id="shard"),
        pytest.param(lambda files: files.update({"more.txt": b""}), "archive", id="more"),
        pytest.param(lambda files: files.update({OTHER: b"{}"}), "archive", id="two passports"),
        pytest.param(without(PASSPORT), "archive", id="no passport"),
        pytest.param(without(DID), "method", id="no keys"),
        pytest.param(without(NOTE), "", id="no checkpoint"),
        pytest.param(without(SHARD), "", id="no shard"),
        pytest.param(without(INDEX), "", id="no manifest"),
    ],
)
def test_what_was_not_published_is_refused(
    files: Files, change: Callable[[Files], None], check: str
) -> None:
    change(files)
    with pytest.raises(VerificationError) as refused:
        judged(files)
    assert refused.value.check == check


def test_a_page_that_the_manifest_does_not_cover_is_refused_when_freshness_is_unknown_too(
    files: Files,
) -> None:
    del files[LIST]
    assert judged(files).verdict is Verdict.FRESHNESS_UNKNOWN
    files[PAGE] = files[PAGE].replace(b"51.2", b"52.1")
    with pytest.raises(VerificationError, match="not the file that was published"):
        judged(files)


def test_a_manifest_that_nobody_signed_covers_nothing(files: Files) -> None:
    del files[LIST]
    files[INDEX] = canonical_json({**json.loads(files[INDEX]), "time": "2020-01-01T00:00:00Z"})
    with pytest.raises(VerificationError, match="signature"):
        judged(files)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04", "it can't be read"),
        (archive({PASSPORT: b"{}" * 200}, zipfile.ZIP_DEFLATED), "packed"),
        (archive({f"{n}": b"" for n in range(MOST_FILES + 1)}), "more than one passport's"),
        (archive({PASSPORT: b"{}"}), "credentialSubject"),
        (archive({}), "0 passports"),
    ],
)
def test_what_is_no_archive_of_ours_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(VerificationError, match=says):
        verify_archive(content, NOW)


def test_a_cut_archive_is_refused(files: Files) -> None:
    whole = archive(files)
    for end in range(1, len(whole), 997):
        with pytest.raises(VerificationError):
            verify_archive(whole[:end], NOW)


def test_a_name_twice_is_refused(files: Files) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr(PASSPORT, files[PASSPORT])
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr(PASSPORT, files[PASSPORT])
    with pytest.raises(VerificationError, match="one name"):
        verify_archive(packed.getvalue(), NOW)


def test_documents_are_no_archives(files: Files) -> None:
    assert is_archive(archive(files))
    assert not is_archive(files[PASSPORT])


def test_the_command_line_verifies_an_archive(
    files: Files, tmp_path: Path, run: CommandLine
) -> None:
    kept = tmp_path / "kept.zip"
    kept.write_bytes(archive(files))
    done = run("verify", kept, "--json")
    assert done.code == 0
    assert json.loads(done.out)["verdict"] == "genuine copy"
    files[PAGE] = files[PAGE].replace(b"51.2", b"52.1")
    kept.write_bytes(archive(files))
    done = run("verify", kept)
    assert done.code == 4
    assert "not genuine: archive" in done.out


def test_an_archive_of_a_withdrawn_passport_says_so(tmp_path: Path, run: CommandLine) -> None:
    site = SmallSite(tmp_path / "project", run)
    site.builds()
    site.withdraws(("A1", 1))
    site.builds()
    assert judged(kept_of(site.site)).verdict is Verdict.WITHDRAWN
