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

from passport.canonical import canonical_json
from passport.strict_json import parse_json
from tests.foreign_node import FOLDER, NODE, Object
from tests.passport.test_strict_json import data_of
from tests.sample.conftest import Sample
from tests.vectors import Vector, load_vectors

HOST = "id.example.com"
BATTERY = "dpp/01_09506000134352_21_T48L2611-0001"
KINDS = (
    r"index\.html|404\.html|[a-z]{2}\.html",
    r"01/.*\.html",
    r"8004/.*\.html",
    r"[a-z]{2}/(01|8004)/.*\.html",
    r"dpp/[^/]+/passport\.json",
    r"dpp/[^/]+/did\.json",
    r"dpp/[^/]+/linkset\.json",
    r"\.well-known/did\.json",
    r"\.well-known/did\.jsonl",
    r"\.well-known/gs1resolver",
    r"assets/.*",
    r"ctx/.*",
    r"schema/.*",
    r"manifest/index\.json",
    r"manifest/(?!index).*\.json",
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


def ask_about(questions: Iterable[object]) -> list[bool]:
    """Return whether the stranger accepts a document, a log or JSON, one after the other."""
    lines = "".join(f"{json.dumps(question)}\n" for question in questions)
    words = [str(NODE), "stranger.mjs", "-"]
    done = subprocess.run(
        words, cwd=FOLDER, input=lines, capture_output=True, text=True, check=True
    )
    return [json.loads(line)["verified"] for line in done.stdout.splitlines()]


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

    listed = [path for path in paths_of(sample.site) if not path.startswith("manifest/")]
    assert answer == {"passports": len(sample.passports), "files": len(listed)}


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


def test_a_file_that_nobody_signed_is_refused(site: Path) -> None:
    (site / "01/more.html").write_text("more", encoding="utf-8")
    assert ask_stranger(site) == {"refused": "01/more.html", "why": "not listed"}


def test_a_passport_in_the_place_of_another_is_refused(site: Path) -> None:
    shutil.copy(site / f"{BATTERY[:-1]}2/passport.json", site / f"{BATTERY}/passport.json")
    assert ask_stranger(site) == {"refused": f"{BATTERY}/passport.json", "why": "place"}


@pytest.mark.parametrize(("format_", "case"), [("proof", "documents"), ("did_webvh", "logs")])
def test_the_stranger_judges_our_vectors_as_we_do(format_: str, case: str) -> None:
    vectors = load_vectors(format_, case)

    verdicts = ask_about(vector.input for vector in vectors)

    accepted = {v.name for v, is_good in zip(vectors, verdicts, strict=True) if is_good}
    assert accepted == {vector.name for vector in vectors if not vector.error}


def test_the_stranger_reads_json_that_we_read_in_the_form_that_we_write() -> None:
    vectors = load_vectors("strict_json", "values")
    texts = [data_of(vector) for vector in vectors]

    verdicts = ask_about({"json": base64.b64encode(text).decode()} for text in texts)

    canonical = {v.name for v, text in zip(vectors, texts, strict=True) if is_canonical(v, text)}
    assert {v.name for v, is_good in zip(vectors, verdicts, strict=True) if is_good} == canonical


def is_canonical(vector: Vector, text: bytes) -> bool:
    """Whether a vector's text is accepted and spelt as we would write it."""
    return not vector.error and canonical_json(parse_json(text)) == text
