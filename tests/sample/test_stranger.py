"""A stranger's verifier, written from docs/formats.md alone, judges the sample as we do.

`tests/foreign/stranger.mjs` shares no line and no library with us. Where it is not as strict as we
are, the page lacks a rule.
"""

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from generator.cli.build import build
from passport.encoding.canonical import canonical_json
from passport.encoding.strict_json import parse_json
from passport.encoding.timestamp import parse_time
from passport.manifest import is_listed
from passport.signing.proof import sign
from passport.status_bits import StatusBits
from tests import forge
from tests.foreign_node import FOLDER, NODE, Object
from tests.passport.encoding.test_strict_json import data_of
from tests.sample.conftest import Sample
from tests.small_project import write_lot, write_model, write_project
from tests.vectors import Vector, load_vectors

HOST = "id.example.com"
BATTERY = "dpp/01_09506000134352_21_T48L2611-0001"
KINDS = (
    r"index\.html|404\.html|[a-z]{2}\.html",
    r"01/.*\.html",
    r"8004/.*\.html",
    r"[a-z]{2}/(01|8004)/.*\.html",
    r"operators/.*\.html",
    r"[a-z]{2}/operators/.*\.html",
    r"([a-z]{2}/)?open\.html",
    r"dpp/[^/]+/passport\.json",
    r"dpp/[^/]+/did\.json",
    r"dpp/[^/]+/linkset\.json",
    r"\.well-known/did\.json",
    r"\.well-known/did\.jsonl",
    r"\.well-known/gs1resolver",
    r"access/policy\.json",
    r"dpp/[^/]+/sealed/xiii-[234]/[0-9]+\.json",
    r"dpp/[^/]+/sealed/doc/[0-9a-f]+",
    r"assets/.*",
    r"ctx/.*",
    r"schema/.*",
    r"manifest/index\.json",
    r"manifest/(?!index).*\.json",
    r"log/1/checkpoint",
    r"log/1/tile/[0-9]+/.*",
    r"log/1/tile/entries/.*",
    r"status/1/revocation/[0-9]+",
)
"""Patterns of the paths of each kind of file."""


def ask_stranger(site: Path) -> Object:
    """Return what the stranger says of a site: `passports`, or `refused` and `why`."""
    done = subprocess.run(
        [str(NODE), "stranger.mjs", str(site), HOST],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 4), done.stderr
    answer: Object = json.loads(done.stdout)
    assert ("refused" in answer) == (done.returncode == 4)
    return answer


def ask_about(what: str, inputs: Iterable[object]) -> list[Object]:
    """Return what the stranger says of documents, logs, JSON…: `verified`, and what it `says`."""
    lines = "".join(f"{json.dumps({'ask': what} | _members(given))}\n" for given in inputs)
    words = [str(NODE), "stranger.mjs", "-"]
    done = subprocess.run(
        words, cwd=FOLDER, input=lines, capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _members(given: object) -> Object:
    assert isinstance(given, dict)
    return given


def paths_of(site: Path) -> list[str]:
    """Return the paths of a site's files."""
    found = (path for path in sorted(site.rglob("*")) if path.is_file())
    return [path.relative_to(site).as_posix() for path in found]


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.fixture
def site(sample: Sample, tmp_path: Path) -> Path:
    """A copy of the sample, to be damaged."""
    return Path(shutil.copytree(sample.site, tmp_path / "site"))


def test_the_stranger_finds_the_sample_genuine(sample: Sample) -> None:
    answer = ask_stranger(sample.site)

    listed = [path for path in paths_of(sample.site) if is_listed(f"/{path}")]
    passports = len(sample.passports)
    assert answer == {
        "passports": passports,
        "versions": passports,
        "files": len(listed),
        "entries": passports + len(("DID log", "status list", "manifest")),
        "withdrawn": [],
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_byte_in_each_kind_of_file_is_refused(kind: str, site: Path) -> None:
    path = next(path for path in paths_of(site) if re.fullmatch(kind, path))
    flip(site / path)

    assert ask_stranger(site)["refused"] == path


def test_every_file_is_of_a_kind_that_is_flipped(sample: Sample) -> None:
    unknown = [p for p in paths_of(sample.site) if not any(re.fullmatch(k, p) for k in KINDS)]
    assert unknown == []


def test_a_missing_file_is_refused(site: Path) -> None:
    (site / f"{BATTERY}/linkset.json").unlink()
    assert ask_stranger(site)["refused"] == f"{BATTERY}/linkset.json"


@pytest.mark.parametrize(
    "path",
    [
        "01/more.html",
        "manifest/more.json",
        "status/1/revocation/1",
        "log/2/checkpoint",
        "log/1/more",
        "log/1/tile/0/001",
        "log/1/tile/0/000.p/056",
    ],
)
def test_a_file_that_nobody_signed_is_refused(path: str, site: Path) -> None:
    (site / path).parent.mkdir(parents=True, exist_ok=True)
    (site / path).write_text("more", encoding="utf-8")
    assert ask_stranger(site) == {"refused": path, "why": "not listed"}


def test_a_passport_in_the_place_of_another_is_refused(site: Path) -> None:
    shutil.copy(site / f"{BATTERY[:-1]}2/passport.json", site / f"{BATTERY}/passport.json")
    assert ask_stranger(site) == {"refused": f"{BATTERY}/passport.json", "why": "place"}


def test_a_status_list_that_was_never_logged_is_refused(site: Path) -> None:
    path = site / "status/1/revocation/0"
    document = json.loads(path.read_bytes())
    document["credentialSubject"]["encodedList"] = StatusBits().revoke([7]).encoded
    created = parse_time(document.pop("proof")["created"])
    key = f"{document['issuer']}#issuing-1"
    signed = sign(
        document, forge.signer_named("issuing-1"), created=created, verification_method=key
    )
    path.write_bytes(canonical_json(signed))

    assert ask_stranger(site) == {
        "refused": "status/1/revocation/0",
        "why": "the list is not in the log",
    }


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose model and batteries have three versions."""
    project = write_project(tmp_path_factory.mktemp("history"))
    write_lot(project, "A1,rack,2026-12-01,", "A2,rack,2026-12-01,")
    for voltage in ("51.2", "48.0", "51.2"):
        write_model(project, "rack", voltage)
        build(project, project / "site")
    return project / "site"


def test_the_stranger_finds_superseded_versions_and_earlier_tiles_genuine(history: Path) -> None:
    answer = ask_stranger(history)

    assert (answer["passports"], answer["versions"], answer["withdrawn"]) == (3, 9, [])
    assert {path for path in paths_of(history) if path.startswith("log/1/tile/0/")} == {
        "log/1/tile/0/000.p/6",
        "log/1/tile/0/000.p/10",
        "log/1/tile/0/000.p/14",
    }


@pytest.mark.parametrize(
    "path",
    [
        "dpp/01_09506000134352_21_A1/v/1.json",
        "dpp/01_09506000134352_21_A1/v/2.json",
        "dpp/01_09506000134352_21_A1/versions.json",
        "log/1/tile/0/000.p/6",
        "log/1/tile/entries/000.p/10",
    ],
)
def test_a_flipped_byte_in_what_was_published_earlier_is_refused(
    path: str, history: Path, tmp_path: Path
) -> None:
    site = Path(shutil.copytree(history, tmp_path / "site"))
    flip(site / path)

    assert ask_stranger(site)["refused"] == path


JUDGED = (
    ("proof", "documents", "proof"),
    ("did_webvh", "logs", "didLog"),
    ("credential", "documents", "passport"),
    ("checkpoint", "notes", "checkpoint"),
    ("tiles", "reading", "reading"),
    ("log_entry", "entries", "entry"),
    ("status_list", "credentials", "statusList"),
    ("status_list", "encoded", "bits"),
)


@pytest.mark.parametrize(("format_", "case", "what"), JUDGED)
def test_the_stranger_judges_our_vectors_as_we_do(format_: str, case: str, what: str) -> None:
    vectors = load_vectors(format_, case)

    answers = ask_about(what, (vector.input for vector in vectors))

    accepted = {v.name for v, answer in zip(vectors, answers, strict=True) if answer["verified"]}
    assert accepted == {vector.name for vector in vectors if not vector.error}


@pytest.mark.parametrize(
    ("format_", "case", "what"),
    [("tiles", "reading", "reading"), ("status_list", "encoded", "bits")],
)
def test_the_stranger_reads_in_our_vectors_what_we_do(format_: str, case: str, what: str) -> None:
    vectors = [vector for vector in load_vectors(format_, case) if not vector.error]

    answers = ask_about(what, (vector.input for vector in vectors))

    assert [answer["says"] for answer in answers] == [vector.ok for vector in vectors]


def test_the_stranger_reads_json_that_we_read_in_the_form_that_we_write() -> None:
    vectors = load_vectors("strict_json", "values")
    texts = [data_of(vector) for vector in vectors]

    answers = ask_about("json", ({"json": base64.b64encode(text).decode()} for text in texts))

    canonical = {v.name for v, text in zip(vectors, texts, strict=True) if is_canonical(v, text)}
    verified = (answer["verified"] for answer in answers)
    assert {v.name for v, is_good in zip(vectors, verified, strict=True) if is_good} == canonical


def is_canonical(vector: Vector, text: bytes) -> bool:
    """Whether a vector's text is accepted and spelt as we would write it."""
    return not vector.error and canonical_json(parse_json(text)) == text
