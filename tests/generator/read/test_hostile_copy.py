"""A copy from a stranger: nothing outside of it is read, nothing hides in it, nothing hangs."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.read.checks import Check
from generator.read.log import read_log
from generator.read.logged import GENERATION, check_entries
from generator.read.site_issuer import read_issuer
from generator.read.site_manifest import read_manifest
from generator.read.sources import FolderSource, LoopbackSource, parse_copies
from generator.store.folder import LARGEST, FolderStore
from passport.base_url import BaseUrl
from passport.encoding.canonical import Json, canonical_json
from passport.errors import ConfigError, HostError, VerificationError
from passport.signing.keys import KeyId, SeedSigner, demo_secret, demo_signer
from passport.signing.proof import sign
from passport.status_bits import StatusBits
from tests.cli import CommandLine
from tests.forge import Object

ORIGIN = "https://id.example.com"
SCANNED = f"{ORIGIN}/01/09506000134352/21/A1"
PASSPORT = "dpp/01_09506000134352_21_A1/passport.json"
PAGE = "01/09506000134352/21/A1.html"


EXTRA = [
    "01/extra.html",
    "log/1/phish.html",
    "manifest/phish.html",
    "log/1/tile/0/005",
    "log/1/tile/0/000.p/1",
    "log/1/tile/entries/000.p/1",
    "log/1/tile/9",
    "status/1/x",
    "dpp/01_09506000134352_21_A1/passport.json.html",
    "01/09506000134352/21/A1",
    "01/09506000134352/21/A1.html.html",
    ".htaccess",
    "01/.git",
    "a\ud83d.html",
    "new\nline",
]


@pytest.mark.parametrize("name", EXTRA)
def test_nothing_hides_in_a_folder(run: CommandLine, site: Path, name: str) -> None:
    path = site / os.fsdecode(name.encode(errors="surrogatepass"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("<p>unsigned</p>", encoding="utf-8")
    shadowed = {"files"} if name == PAGE.removesuffix(".html") else set()
    assert run.failed_checks(site) == {"extra"} | shadowed


@pytest.mark.parametrize("name", [".gitignore", ".nojekyll"])
def test_what_people_keep_at_the_top_is_no_harm(run: CommandLine, site: Path, name: str) -> None:
    (site / name).write_text("*\n", encoding="ascii")
    assert run("verify", site).code == 0


@pytest.mark.parametrize(
    "plant",
    [
        lambda site, outside: (site / "private").symlink_to(outside),
        lambda site, outside: (site / "nothing").symlink_to(outside / "nothing"),
        lambda site, _: os.mkfifo(site / "pipe"),
    ],
    ids=["link to a folder", "link to nothing", "pipe"],
)
def test_what_is_no_file_is_told(
    run: CommandLine, site: Path, tmp_path: Path, plant: Callable[[Path, Path], None]
) -> None:
    plant(site, tmp_path)
    assert run.failed_checks(site) == {"extra"}


def _endless(path: Path, _: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)


@pytest.mark.parametrize(
    "plant",
    [
        lambda path, outside: path.symlink_to(outside / "secret.json"),
        lambda path, _: os.mkfifo(path),
        _endless,
        lambda path, _: path.symlink_to("/dev/zero"),
        lambda path, _: path.symlink_to(path),
        lambda path, _: path.mkdir(),
    ],
    ids=["linked", "pipe", "endless", "device", "loop", "folder"],
)
def test_a_passport_that_is_no_file_of_the_folder_is_not_read(
    run: CommandLine, site: Path, tmp_path: Path, plant: Callable[[Path, Path], None]
) -> None:
    (tmp_path / "secret.json").write_bytes((site / PASSPORT).read_bytes())
    (site / PASSPORT).unlink()
    plant(site / PASSPORT, tmp_path)
    assert {"files", "passports"} <= run.failed_checks(site)
    assert run("verify", SCANNED, "--at", f"{ORIGIN}={site}").code in (3, 4)


@pytest.mark.parametrize("path", ["/../x", "/a/../../x", "/%2e%2e/x", "/a%00b", "/" + "a" * 5000])
def test_a_path_never_leaves_the_folder(site: Path, path: str) -> None:
    with pytest.raises(HostError):
        FolderSource(FolderStore(site)).get(path)


def test_a_link_within_the_folder_is_followed(site: Path) -> None:
    (site / "copy.json").symlink_to(PASSPORT)
    assert FolderStore(site).get("copy.json") == (site / PASSPORT).read_bytes()


@pytest.mark.parametrize("name", [PAGE, "dpp/01_09506000134352_21_A1/linkset.json"])
def test_bytes_that_are_no_text_are_a_failed_check(run: CommandLine, site: Path, name: str) -> None:
    content = (site / name).read_bytes()
    (site / name).write_bytes(b'<a href="/\xff">' + content + b'"https://id.example.com/\xff"')
    assert {"files", "links"} <= run.failed_checks(site)


def resigned(document: Object, **members: Json) -> bytes:
    """Return a document with other members, signed anew by the key that everybody has."""
    unsigned = {name: value for name, value in {**document, **members}.items() if name != "proof"}
    signer = demo_signer(KeyId.parse("issuing-1"))
    time, method = datetime(2026, 2, 18, tzinfo=UTC), "did:web:id.example.com#issuing-1"
    return canonical_json(sign(unsigned, signer, created=time, verification_method=method))


@pytest.mark.parametrize(
    "shard",
    [
        {"path": "/dpp/all.json"},
        {"path": ".evil.example.org/all.json"},
        {"path": "/manifest/../../secret.json"},
        {"files": True},
        {"sha256": "x"},
    ],
)
def test_a_signed_manifest_leads_nowhere_else(
    run: CommandLine, site: Path, shard: dict[str, Json]
) -> None:
    path = site / "manifest/index.json"
    index = json.loads(path.read_bytes())
    path.write_bytes(resigned(index, shards=[{**index["shards"][0], **shard}]))
    assert "manifest" in run.failed_checks(site)


def test_a_file_is_listed_by_one_shard_only(run: CommandLine, site: Path) -> None:
    path, other = site / "manifest/index.json", site / "manifest/other.json"
    index = json.loads(path.read_bytes())
    (shard,) = index["shards"]
    other.write_bytes((site / "manifest/all.json").read_bytes())
    second = {**shard, "path": "/manifest/other.json"}
    path.write_bytes(resigned(index, shards=[shard, second]))
    assert run.failed_checks(site) == {"shards", "log"}


@pytest.mark.parametrize(
    "base", ["https://id..example.com", "http://localhost:8000", "https://127.0.0.1", "x"]
)
def test_a_site_of_an_impossible_place_is_not_genuine(
    run: CommandLine, site: Path, base: str
) -> None:
    path = site / "manifest/index.json"
    path.write_bytes(resigned(json.loads(path.read_bytes()), id=f"{base}/manifest/index.json"))
    done = run("verify", site)
    assert done.code == 4
    assert done.out.startswith("not genuine")


def test_another_site_s_copy_is_not_the_site_that_was_asked_for(
    run: CommandLine, site: Path
) -> None:
    """Whoever hosts a copy may have put his own keys into its issuer's document."""
    assert run("verify", ORIGIN, "--at", f"{ORIGIN}={site}").code == 0
    done = run("verify", "https://evil.example.org", "--at", f"https://evil.example.org={site}")
    assert done.code == 4
    assert "holds a site that says it is https://id.example.com" in done.out


def test_escape_sequences_never_reach_the_terminal(run: CommandLine, site: Path) -> None:
    attacker = SeedSigner(demo_secret("attacker"))
    issuer = site / ".well-known/did.json"
    evil = f"did:web:id.example.com#x\x1b[2Kproduct {ORIGIN}"
    document = json.loads(issuer.read_bytes())
    method = {**document["verificationMethod"][0], "id": evil}
    method["publicKeyMultibase"] = attacker.public_key.multikey
    changed = {**document, "verificationMethod": [method], "assertionMethod": [evil]}
    issuer.write_bytes(canonical_json(changed))
    passport = json.loads((site / PASSPORT).read_bytes())
    unsigned = {name: value for name, value in passport.items() if name != "proof"}
    time = datetime(2026, 2, 18, tzinfo=UTC)
    signed = sign(unsigned, attacker, created=time, verification_method=evil)
    (site / PASSPORT).write_bytes(canonical_json(signed))
    for target in (SCANNED, site / PASSPORT, site):
        done = run("verify", target, "--at", f"{ORIGIN}={site}")
        assert done.code == 4
        assert "\x1b" not in done.out + done.err


@pytest.mark.parametrize("at", ["x", "x=", f"{ORIGIN}=nowhere", "ftp://a.example.com=.",
                                f"{ORIGIN}=http://id.example.org", f"{ORIGIN}=https://a.b/c",
                                f"{ORIGIN}=http://10.0.0.1:80", "https://127.1=."])  # fmt: skip
def test_a_copy_is_named_in_full(run: CommandLine, at: str) -> None:
    assert run("verify", SCANNED, "--at", at).code == 2


def test_an_origin_has_one_copy(site: Path) -> None:
    with pytest.raises(ConfigError, match=r"names https://id\.example\.com twice"):
        parse_copies([f"{ORIGIN}={site}", f"{ORIGIN}={site.parent}"])
    named = parse_copies([f"{ORIGIN}={site}", "https://id.example.org=http://localhost:8000"])
    assert named["https://id.example.org"] == LoopbackSource("localhost", 8000)


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "gossip", "digest": "uEiA" + "A" * 43, "index": 99},
        {"type": "did-log", "digest": "x", "index": 99},
        {"type": "did-log", "digest": "uEiA" + "A" * 43, "index": 0},
    ],
)
def test_a_manifest_can_t_claim_what_the_log_has_not(
    run: CommandLine, site: Path, entry: dict[str, Json]
) -> None:
    path = site / "manifest/index.json"
    index = json.loads(path.read_bytes())
    path.write_bytes(resigned(index, entries=[*index["entries"], entry]))
    assert "log" in run.failed_checks(site)


def test_a_tile_says_how_much_it_holds(run: CommandLine, site: Path) -> None:
    for kind in ("0", "entries"):
        (tile,) = (site / f"log/1/tile/{kind}/000.p").iterdir()
        (tile.parent / "2").write_bytes(tile.read_bytes())
    assert run.failed_checks(site) == {"extra"}


def test_a_status_list_that_was_never_logged_is_refused(run: CommandLine, site: Path) -> None:
    path = site / "status/1/revocation/0"
    document = json.loads(path.read_bytes())
    withdrawn = {**document["credentialSubject"], "encodedList": StatusBits().revoke([1]).encoded}
    path.write_bytes(resigned(document, credentialSubject=withdrawn))
    assert run.failed_checks(site) == {"log"}
    source = FolderSource(FolderStore(site))
    manifest = read_manifest(source, read_issuer(source, BaseUrl(ORIGIN)))
    (address,) = manifest.status_addresses
    with pytest.raises(VerificationError, match="not the one that the manifest names"):
        manifest.status_list(path.read_bytes(), address)


def test_a_version_that_was_taken_away_shows(pristine: Path) -> None:
    base_url, source = BaseUrl(ORIGIN), FolderSource(FolderStore(pristine))
    check = Check("log", "the log holds what the site does")
    check_entries(read_log(source, base_url, GENERATION), {}, passports=2, check=check)
    assert [failure.message for failure in check.failures] == [
        "it holds 3 versions of passports, the site 2"
    ]


def test_a_revoked_key_is_believed_only_where_the_log_shows_it(
    run: CommandLine, site: Path
) -> None:
    """Whoever stole it can claim any place in the log, and keep us from reading it."""
    path = site / ".well-known/did.json"
    document = json.loads(path.read_bytes())
    for method in document["verificationMethod"]:
        if method["id"].endswith("#issuing-1"):
            method |= {"revoked": "2026-11-01T00:00:00Z", "revokedAtLogSize": 1000}
    path.write_bytes(canonical_json({**document, "assertionMethod": []}))
    checkpoint = site / "log/1/checkpoint"
    checkpoint.unlink()
    checkpoint.symlink_to("/dev/zero")
    done = run("verify", SCANNED, "--at", f"{ORIGIN}={site}", "--json")
    assert done.code == 4
    assert json.loads(done.out)["failedCheck"] == "log"
    assert "its key was revoked" in done.out
