"""The browser opens what `passport/sealing/sealed.py` opens, and refuses the rest alike.

It runs in Node, whose WebCrypto is that of browsers; `tests/twins/sealed.mjs` puts the questions.
"""

import json
import subprocess
from collections.abc import Iterable

import pytest

from passport.encoding.base64url import base64url
from passport.sealing.sealed_header import (
    SealedCheck,
    SealedHeader,
    sealed_document_path,
    sealed_path,
)
from passport.sealing.size_class import LARGEST_DOCUMENT, padme, power_of_two
from tests.foreign_node import NODE
from tests.forge_sealed import Forged, Object
from tests.sealed_vectors.cases import DOCUMENT, PAYLOAD
from tests.sealed_vectors.files import file_of
from tests.vectors import FOLDER, Vector, load_vectors

PROGRAM = FOLDER.parent / "twins" / "sealed.mjs"


def ask(what: str, inputs: Iterable[Object]) -> list[Object]:
    """Return an answer for each question: `ok`, or the `check` that fails and what it `says`."""
    lines = "".join(f"{json.dumps({'ask': what} | given)}\n" for given in inputs)
    done = subprocess.run(
        [NODE, PROGRAM], input=lines, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def members(value: object) -> Object:
    assert isinstance(value, dict)
    return value


def hold(vectors: tuple[Vector, ...], answers: list[Object]) -> None:
    """Hold answers to vectors: what was read, or words of the refusal by one of the checks."""
    wrong = {}
    for vector, answer in zip(vectors, answers, strict=True):
        is_right = answer.get("ok") == vector.ok if not vector.error else is_refusal(vector, answer)
        if not is_right:
            wrong[vector.name] = answer
    assert wrong == {}


def is_refusal(vector: Vector, answer: Object) -> bool:
    return answer.get("check") in list(SealedCheck) and vector.says in answer["says"]


def test_headers_are_read_alike() -> None:
    vectors = load_vectors("sealed", "headers")
    hold(vectors, ask("header", (members(vector.input) for vector in vectors)))


@pytest.mark.parametrize("case", ["payloads", "documents"])
def test_files_are_opened_alike(case: str) -> None:
    vectors = load_vectors("sealed", case)
    files: dict[str, bytes] = {}
    questions = []
    for vector in vectors:
        given = members(vector.input)
        files[vector.name] = file_of(given, files, is_text=case == "payloads")
        questions.append({**given, "content": base64url(files[vector.name])})
    hold(vectors, ask("file", questions))


def test_who_holds_a_group_key_opens_without_a_broker() -> None:
    made = [PAYLOAD, DOCUMENT]
    questions = [
        {
            "content": base64url(forged.document if forged is DOCUMENT else forged.payload),
            "groupKey": base64url(forged.secret),
            "expected": forged.expected,
        }
        for forged in made
    ]
    answers = ask("offline", questions)
    assert answers == [{"ok": {"plaintext": base64url(plaintext(forged))}} for forged in made]
    (refused,) = ask("offline", [questions[0] | {"groupKey": base64url(bytes(32))}])
    assert refused["check"] == "commitment"


def plaintext(forged: Forged) -> bytes:
    return forged.input[4 : 4 + int.from_bytes(forged.input[:4])]


def test_classes_have_the_same_sizes() -> None:
    borders = [2**power + step for power in range(12, 27) for step in (-1, 0, 1, 2, 4095, 4096)]
    lengths = [1, 4092, 4095, *borders, 1_234_567, LARGEST_DOCUMENT + 4]
    answers = ask("sizes", ({"length": length} for length in lengths))
    assert [answer["ok"] for answer in answers] == [[power_of_two(n), padme(n)] for n in lengths]


def test_files_have_the_same_paths() -> None:
    headers = [SealedHeader.parse(forged.header) for forged in (PAYLOAD, DOCUMENT)]
    answers = ask("paths", ({"header": header.to_json()} for header in headers))
    assert [answer["ok"] for answer in answers] == [
        [
            sealed_path(header.passport, header.group, header.version),
            sealed_document_path(header.passport, header.salt),
        ]
        for header in headers
    ]
