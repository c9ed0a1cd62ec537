"""The browser's modules judge the vectors of their twins in `passport` as those do.

They run in Node, which has the same WebCrypto; `tests/twins/answer.mjs` puts the questions to them.
A refusal must be the right one: where a vector names the check that fails, so must the module.
"""

import base64
import json
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256

import pytest

from passport.identifiers import DppId, parse_product_uri
from passport.log.merkle import leaf_hash
from passport.log.tiles import Tile
from passport.manifest import ListedFile, make_shards
from tests.foreign_node import NODE, Object
from tests.passport.encoding.test_strict_json import data_of
from tests.vectors import FOLDER, Vector, load_vectors

PROGRAM = FOLDER.parent / "twins" / "answer.mjs"
BASE = "https://id.example.com"


def ask(what: str, inputs: Iterable[Object]) -> list[Object]:
    """Return an answer for each question: `ok`, or `refused` with the check and what it `says`."""
    lines = "".join(f"{json.dumps({'ask': what} | given)}\n" for given in inputs)
    done = subprocess.run(
        [NODE, PROGRAM], input=lines, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def members(vector: Vector) -> Object:
    assert isinstance(vector.input, dict)
    return vector.input


def text(vector: Vector) -> Object:
    return {"json": base64.b64encode(data_of(vector)).decode()}


def status(vector: Vector) -> Object:
    return {"base": BASE, "status": vector.input}


def leaf(vector: Vector) -> object:
    return leaf_hash(bytes.fromhex(str(vector.ok))).hex()


def ok(vector: Vector) -> object:
    return vector.ok


JUDGED: tuple[tuple[str, str, str, Callable[[Vector], Object], Callable[[Vector], object]], ...] = (
    ("strict_json", "values", "json", text, ok),
    ("proof", "documents", "proof", members, ok),
    ("credential", "documents", "passport", members, ok),
    ("checkpoint", "notes", "checkpoint", members, ok),
    ("status_list", "entries", "status", status, ok),
    ("status_list", "credentials", "statusList", members, ok),
    ("status_list", "encoded", "bits", members, ok),
    ("tiles", "reading", "leaf", members, leaf),
)
ENTRIES_ARE_NOT_READ = ("bundle", "entry", "other entry", "entries")
"""How the names of vectors begin whose hashes are right: who reads leaf hashes sees no entry."""
CHECKS = frozenset(
    (
        *("json", "form", "place", "product", "proof", "suite", "purpose", "created", "context"),
        *("issuer", "did-document", "method", "authorised", "key", "signature"),
        *("validity", "list", "tile"),
    )
)


@cache
def cases() -> tuple[tuple[str, Vector, object, Object], ...]:
    """Every vector with what is expected of it and the module's answer."""
    found: list[tuple[str, Vector, object, Object]] = []
    for format_, case, what, question, wanted in JUDGED:
        vectors = [v for v in load_vectors(format_, case) if not is_of_entries(format_, v)]
        answers = ask(what, map(question, vectors))
        for vector, answer in zip(vectors, answers, strict=True):
            expected = None if vector.error else wanted(vector)
            found.append((f"{format_}/{case}: {vector.name}", vector, expected, answer))
    return tuple(found)


def is_of_entries(format_: str, vector: Vector) -> bool:
    return format_ == "tiles" and vector.name.startswith(ENTRIES_ARE_NOT_READ)


def test_what_is_accepted_is_read_alike() -> None:
    accepted = {name: want for name, vector, want, _ in cases() if not vector.error}
    read = {name: answer.get("ok", answer) for name, v, _, answer in cases() if not v.error}
    # As text, since in Python 1 == 1.0 == True.
    assert json.dumps(read, sort_keys=True) == json.dumps(accepted, sort_keys=True)


def test_what_is_refused_is_refused_by_a_check() -> None:
    answers = {name: answer for name, vector, _, answer in cases() if vector.error}
    assert len(answers) > 200
    assert {name: answer for name, answer in answers.items() if not answer.get("isOurs")} == {}


def test_the_named_check_is_the_one_that_fails() -> None:
    wrong = {
        name: (vector.says, answer["refused"])
        for name, vector, _, answer in cases()
        if vector.error
        and vector.says.partition(":")[0] in CHECKS
        and answer.get("refused") != vector.says.partition(":")[0]
    }
    assert wrong == {}


@pytest.mark.parametrize("index", [0, 7, 255, 256, 999, 1000, 69_999, 1_234_067])
def test_paths_of_tiles_are_the_same(index: int) -> None:
    questions: list[Object] = [
        {"level": level, "index": index, "size": (index * 256 + held) << 8 * level}
        for level in (0, 1)
        for held in (1, 17, 256, 300)
    ]
    wanted = [
        Tile(level, index, min(held, 256)).path for level in (0, 1) for held in (1, 17, 256, 300)
    ]
    assert [answer["ok"] for answer in ask("tilePath", questions)] == wanted


def test_products_have_the_same_names() -> None:
    vectors = [v for v in load_vectors("identifiers", "dpp_id") if not v.error]
    uris = [f"{BASE}{vector.ok}" for vector in vectors]
    wanted = [str(DppId.of(parse_product_uri(uri).uri.key)) for uri in uris]
    assert [answer.get("ok") for answer in ask("dppId", ({"uri": uri} for uri in uris))] == wanted


@pytest.mark.parametrize("count", [3, 2049])
def test_a_path_is_looked_up_in_its_shard(count: int) -> None:
    listed = [
        ListedFile(f"/01/{n:014}", sha256(b"%d" % n).hexdigest(), n, "text/html", "page")
        for n in range(count)
    ]
    shards = make_shards(listed)
    question: Object = {
        "shards": [{"path": s.listed.path, "sha256": s.listed.sha256} for s in shards],
        "files": {s.listed.path: base64.b64encode(s.content).decode() for s in shards},
    }
    paths = [listed[0].path, listed[-1].path, "/01/elsewhere"]
    answers = ask("listed", ({**question, "path": path} for path in paths))
    assert [answer["ok"] for answer in answers] == [listed[0].sha256, listed[-1].sha256, None]
    files = {name: base64.b64encode(b"{}").decode() for name in question["files"]}
    (refused,) = ask("listed", [{**question, "files": files, "path": paths[0]}])
    assert refused["refused"] == "manifest"
