"""The foreign opener judges the vectors of sealed files as we do.

It was written from docs/formats.md and knows nothing of us. It reads no dppId by itself: what names
another passport than the one asked for is refused all the same, by `header` instead of `form`.
"""

from collections.abc import Iterable, Iterator

import pytest

from passport.encoding.base64url import base64url
from passport.sealing.sealed_header import SealedCheck
from tests.foreign_node import Object, ask
from tests.forge_sealed import SECRETS, Forged
from tests.sealed_vectors.cases import DOCUMENT, PAYLOAD
from tests.sealed_vectors.files import file_of
from tests.vectors import Vector, load_vectors

PROGRAM = "opener-questions.mjs"


@pytest.mark.parametrize("case", ["payloads", "documents"])
def test_it_opens_and_refuses_what_we_do(case: str) -> None:
    wrong = {}
    vectors = load_vectors("sealed", case)
    for vector, answer in zip(vectors, ask(questions(vectors, case), PROGRAM), strict=True):
        if not agrees(vector, answer):
            wrong[vector.name] = answer
    assert wrong == {}


def questions(vectors: Iterable[Vector], case: str) -> Iterator[Object]:
    files: dict[str, bytes] = {}
    for vector in vectors:
        assert isinstance(vector.input, dict)
        files[vector.name] = file_of(vector.input, files, is_text=case == "payloads")
        yield {**vector.input, "content": base64url(files[vector.name])}


def agrees(vector: Vector, answer: Object) -> bool:
    if not vector.error:
        return answer.get("ok") == vector.ok
    check = vector.says.split(":")[0]
    named = check if check in list(SealedCheck) else "form"
    return "ok" not in answer and answer["check"] in (named, "header")


@pytest.mark.parametrize("forged", [PAYLOAD, DOCUMENT])
def test_group_keys_lead_to_content_keys(forged: Forged) -> None:
    content = forged.payload if forged is PAYLOAD else forged.document
    question = {"content": base64url(content), "expected": forged.expected}
    keys = (forged.secret, SECRETS["xiii-3"])
    right, wrong = ask(({**question, "groupKey": base64url(key)} for key in keys), PROGRAM)
    assert "ok" in right
    assert wrong == {"check": "commitment", "says": "commitment"}
