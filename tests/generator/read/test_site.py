"""One flipped byte anywhere, and the site is not genuine, with the reason."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from passport.encoding.canonical import canonical_json
from tests.cli import CommandLine

PASSPORT = "dpp/01_09506000134352_21_A1/passport.json"
OTHER = "dpp/01_09506000134352_21_A2/passport.json"
PAGE = "01/09506000134352/21/A1.html"
PRODUCT = "dpp/01_09506000134352_21_A1/did.json"
CHECKS = {
    *("issuer", "manifest", "shards", "files", "passports", "versions"),
    *("sealed", "products", "links", "status", "log", "extra"),
}


def test_a_site_as_built_is_genuine(run: CommandLine, pristine: Path) -> None:
    done = run("verify", pristine, "--json")

    report = json.loads(done.out)
    assert done.code == 0
    assert report["verdict"] == "genuine"
    assert report["passports"] == 3
    assert {check["name"] for check in report["checks"]} == CHECKS
    assert all(check["lookedAt"] for check in report["checks"] if check["name"] != "versions")


def _edit(member: str, value: object) -> Callable[[bytes], bytes]:
    def edit(content: bytes) -> bytes:
        document = json.loads(content)
        document[member] = value
        return canonical_json(document)

    return edit


DAMAGES: dict[str, tuple[str, Callable[[bytes], bytes], set[str]]] = {
    "a figure on a page": (PAGE, lambda b: b.replace(b"51.2", b"61.2"), {"files"}),
    "a figure in a passport": (
        PASSPORT,
        lambda b: b.replace(b'"51.2"', b'"61.2"'),
        {"files", "passports"},
    ),
    "a signature": (
        PASSPORT,
        lambda b: b.replace(b'"proofValue":"z', b'"proofValue":"z1'),
        {"files", "passports"},
    ),
    "a product's key": (
        PRODUCT,
        _edit("verificationMethod", [{"id": "x"}]),
        {"files", "products"},
    ),
    "a product's controller": (
        PRODUCT,
        _edit("controller", "did:web:evil.example"),
        {"files", "products"},
    ),
    "the issuer's log": (
        ".well-known/did.jsonl",
        lambda b: b.replace(b"2026-01-01", b"2026-01-02"),
        {"files", "issuer"},
    ),
    "the issuer's other name": (
        ".well-known/did.json",
        _edit("alsoKnownAs", []),
        {"files", "issuer"},
    ),
    "the manifest's index": ("manifest/index.json", _edit("commit", "0" * 40), {"manifest"}),
    "a shard": ("manifest/all.json", lambda b: b.replace(b'"size":', b'"size" :', 1), {"shards"}),
    "a link": (PAGE, lambda b: b.replace(b'href="/', b'href="/x', 1), {"files", "links"}),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_with_the_check_that_fails(run: CommandLine, site: Path, name: str) -> None:
    path, damage, failed = DAMAGES[name]
    content = (site / path).read_bytes()
    damaged = damage(content)
    assert damaged != content
    (site / path).write_bytes(damaged)
    assert failed <= run.failed_checks(site)


def test_a_passport_of_another_battery_is_refused(run: CommandLine, site: Path) -> None:
    shutil.copy(site / OTHER, site / PASSPORT)
    assert {"files", "passports"} <= run.failed_checks(site)


def test_a_missing_file_is_found(run: CommandLine, site: Path) -> None:
    (site / PAGE).unlink()
    assert "files" in run.failed_checks(site)


def test_a_site_without_a_manifest_is_no_site(run: CommandLine, site: Path) -> None:
    (site / "manifest/index.json").unlink()
    done = run("verify", site)
    assert (done.code, "/manifest/index.json is missing" in done.err) == (4, True)


def test_any_flipped_byte_is_found(run: CommandLine, site: Path) -> None:
    files = sorted(path for path in site.rglob("*") if path.is_file())
    chance = random.Random(7)
    for path in chance.sample(files, 12):
        content = bytearray(path.read_bytes())
        position = chance.randrange(len(content))
        kept = content[position]
        content[position] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        assert run("verify", site).code == 4, f"{path} byte {position}"
        content[position] = kept
        path.write_bytes(content)
    assert run("verify", site).code == 0
