"""A scanned address, a file: genuine, or the first check that fails."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli import CommandLine

ORIGIN = "https://id.example.com"
SCANNED = f"{ORIGIN}/01/09506000134352/21/A1"
PASSPORT = "dpp/01_09506000134352_21_A1/passport.json"


def test_a_scanned_address_is_genuine_and_current(run: CommandLine, pristine: Path) -> None:
    done = run("verify", SCANNED, "--at", f"{ORIGIN}={pristine}", "--json")

    report = json.loads(done.out)
    assert done.code == 0
    assert report["verdict"] == "genuine and current"
    assert report["product"] == SCANNED
    assert report["key"] == "did:web:id.example.com#issuing-1"


def test_a_file_says_which_product_it_is_about(run: CommandLine, pristine: Path) -> None:
    done = run("verify", pristine / PASSPORT, "--at", f"{ORIGIN}={pristine}")

    assert done.code == 0
    assert SCANNED in done.out


@pytest.mark.parametrize(
    ("name", "old", "new", "check"),
    [
        ("figure", b'"51.2"', b'"61.2"', "signature"),
        ("proof removed", b'"proof"', b'"prof"', "form"),
        ("suite", b"eddsa-jcs-2022", b"eddsa-rdfc-2022", "suite"),
        ("purpose", b'"proofPurpose":"assertionMethod"', b'"proofPurpose":"authentication"', "pur"),
        ("context", b'/v2"', b'/v2","https://evil.example/ctx"', "place"),
        ("key", b"#issuing-1", b"#issuing-9", "method"),
        (
            "foreign key",
            b'Method":"did:web:id.example.com#',
            b'Method":"did:web:evil.ex#',
            "issuer",
        ),
        ("duplicate key", b'"version":1', b'"version":1,"version":1', "json"),
        ("version", b'"version":1', b'"version":2', "place"),
        ("product", b"/21/A1", b"/21/A2", "place"),
    ],
)
def test_a_changed_passport_names_the_check_that_fails(
    run: CommandLine, site: Path, name: str, old: bytes, new: bytes, check: str
) -> None:
    content = (site / PASSPORT).read_bytes()
    assert old in content, name
    (site / PASSPORT).write_bytes(content.replace(old, new))

    done = run("verify", SCANNED, "--at", f"{ORIGIN}={site}", "--json")

    report = json.loads(done.out)
    assert done.code == 4
    assert report["verdict"] == "not genuine"
    assert report["failedCheck"].startswith(check)


def test_the_passport_of_another_battery_is_refused(run: CommandLine, site: Path) -> None:
    shutil.copy(site / "dpp/01_09506000134352_21_A2/passport.json", site / PASSPORT)

    done = run("verify", SCANNED, "--at", f"{ORIGIN}={site}")

    assert done.code == 4
    assert "it is the passport of" in done.out


def test_an_unknown_serial_has_no_passport(run: CommandLine, pristine: Path) -> None:
    done = run("verify", f"{ORIGIN}/01/09506000134352/21/A3", "--at", f"{ORIGIN}={pristine}")

    assert done.code == 4
    assert "no passport lies at" in done.err
