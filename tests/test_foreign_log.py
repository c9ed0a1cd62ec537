"""Other people's software judges our log and our status lists, and we judge theirs.

`aics-tlog` and Digital Bazaar's status lists share no code with us. Whatever we accept they
accept; what we refuse they refuse, but for the vectors listed here by name, where they are laxer.
A list is exact: a release that changes a verdict is noticed.
"""

from pathlib import Path

import pytest

from passport.log.growing_log import RightEdge
from passport.log.merkle import consistency_proof, inclusion_proof, leaf_hash, root_of
from passport.log.tiled_log import TiledLog
from passport.status_bits import BITS
from passport.status_list import StatusBit
from tests import foreign_node, forge
from tests.extended_log import extend
from tests.foreign_node import Object
from tests.foreign_tlog import ask, command
from tests.forge_statuses import LIST, entry
from tests.site_logs import BASE, KEY, ORIGIN, entries, note_of, passport_entry, write_log
from tests.vectors import Vector, load_vectors

LAX_TLOG: dict[str, set[str]] = {
    "merkle/inclusion": set(),
    "merkle/consistency": set(),
    "checkpoint/notes": {
        "17 signatures",
        "size '9007199254740992'",
        "empty log with a root",
        "extension line",
        "cut",
        "keys of two logs",
    },
    "checkpoint/vkeys": {"id in upper case"},
    "tiles/reading": {"leaf tile longer"},
}
ASKED = {
    "merkle/inclusion": "inclusion",
    "merkle/consistency": "consistency",
    "checkpoint/notes": "note",
    "checkpoint/vkeys": "vkey",
    "tiles/reading": "reading",
}
LAX_LISTS = {
    "zlib",
    "gzip bomb",
    "one byte more",
    "one byte less",
    "no bits",
    "bytes behind",
    "two members",
    "padded",
    "base64",
    "white space",
    "not ASCII",
}
LAX_CREDENTIALS = {
    "another list",
    "subject of another list",
    "without end",
    "without begin",
    "context appended",
    "another member",
    "two bits a status",
    "shorter than 16 KB",
    "gzip bomb",
}


def input_of(vector: Vector) -> Object:
    assert isinstance(vector.input, dict)
    return vector.input


def differing(vectors: tuple[Vector, ...], verdicts: list[bool]) -> tuple[set[str], set[str]]:
    """Return the names that others accept and we refuse, and those that only we accept."""
    pairs = list(zip(vectors, verdicts, strict=True))
    return (
        {vector.name for vector, accepted in pairs if accepted and vector.error},
        {vector.name for vector, accepted in pairs if not accepted and not vector.error},
    )


@pytest.mark.parametrize("name", ASKED)
def test_aics_tlog_on_vectors(name: str) -> None:
    vectors = load_vectors(*name.split("/"))
    answers = ask({**input_of(vector), "ask": ASKED[name]} for vector in vectors)
    verdicts = [answer["verified"] for answer in answers]
    assert differing(vectors, verdicts) == (LAX_TLOG[name], set())
    if name == "tiles/reading":
        read = [a["entry"] for a, v in zip(answers, vectors, strict=True) if not v.error]
        assert read == [vector.ok for vector in vectors if not vector.error]


def in_hex(files: dict[str, bytes]) -> dict[str, str]:
    return {path: content.hex() for path, content in files.items()}


@pytest.mark.parametrize("size", [1, 255, 256, 257, 1000])
def test_aics_tlog_writes_the_files_that_we_write(size: int) -> None:
    held = entries(size)
    extension = extend(RightEdge(), held)
    ours = {file.tile.path: file.content for file in extension.files}
    (made,) = ask([{"ask": "build", "entries": [content.hex() for content in held]}])
    assert made["files"] == in_hex(ours)


def test_aics_tlog_audits_a_log_of_70000_that_grew() -> None:
    held = entries(70_000)
    first = extend(RightEdge(), held[:300])
    second = extend(first.edge, held[300:])
    files = {file.tile.path: file.content for file in (*first.files, *second.files)}
    damaged = files | {"tile/1/000": bytes(32) + files["tile/1/000"][32:]}
    asked = {"ask": "audit", "size": 70_000, "root": second.edge.root.hex()}
    good, bad = ask([asked | {"files": in_hex(f)} for f in (files, damaged)])
    assert (good["verified"], good["bundles"]) == (True, 274)
    assert not bad["verified"]


def test_aics_tlog_accepts_our_proofs_and_no_others() -> None:
    held = entries(100)
    leaves = [leaf_hash(content) for content in held]
    root = extend(RightEdge(), held).edge.root

    def node(height: int, index: int) -> bytes:
        return root_of(leaves[index << height : (index + 1) << height])

    questions: list[Object] = []
    for index in range(100):
        proof = [hash_.hex() for hash_ in inclusion_proof(index, 100, node)]
        asked = {"ask": "inclusion", "leaf": leaves[index].hex(), "index": index, "size": 100}
        questions += [
            asked | {"proof": proof, "root": root.hex()},
            asked | {"proof": proof, "root": root.hex(), "index": (index + 1) % 100},
        ]
    for old in range(1, 100):
        proof = [hash_.hex() for hash_ in consistency_proof(old, 100, node)]
        roots = [extend(RightEdge(), held[:n]).edge.root.hex() for n in (old, 100)]
        asked = {"ask": "consistency", "old": old, "new": 100, "oldRoot": roots[0]}
        questions += [
            asked | {"newRoot": roots[1], "proof": proof},
            asked | {"newRoot": roots[1], "proof": [*proof, roots[1]]},
        ]
    verdicts = [answer["verified"] for answer in ask(questions)]
    assert verdicts == [True, False] * 199


class TestCommandLine:
    """The program as an auditor calls it, over a site's folder."""

    @pytest.fixture
    def site(self, tmp_path: Path) -> Path:
        edge = write_log(tmp_path, entries(300))
        (tmp_path / "seen").write_bytes(note_of(tmp_path))
        write_log(tmp_path, entries(80), edge)
        return tmp_path

    def test_the_checkpoint(self, site: Path) -> None:
        words = ("--tiles", site / "log/1", "--log-key", KEY, "--origin", ORIGIN)
        assert command("verify-checkpoint", *words)["exit"] == 0
        assert command("verify-checkpoint", *words[:-1], "x.example/log/1")["exit"] == 1

    def test_an_entry(self, site: Path, tmp_path: Path) -> None:
        leaf = tmp_path / "leaf"
        leaf.write_bytes(passport_entry(5).to_bytes())
        words = ("--tiles", site / "log/1", "--log-key", KEY, "--leaf", leaf)
        assert command("verify-inclusion", *words, "--index", 5)["exit"] == 0
        assert command("verify-inclusion", *words, "--index", 6)["exit"] == 1

    def test_that_the_log_grew(self, site: Path, tmp_path: Path) -> None:
        words = ("--tiles", site / "log/1", "--log-key", KEY, "--old-checkpoint")
        assert command("verify-consistency", *words, site / "seen")["exit"] == 0
        write_log(tmp_path / "theirs", entries(300, "theirs"))
        forked = tmp_path / "theirs/log/1/checkpoint"
        assert command("verify-consistency", *words, forked)["exit"] == 1


def test_we_read_a_log_that_aics_tlog_wrote() -> None:
    held = entries(600)
    (made,) = ask([{"ask": "build", "entries": [content.hex() for content in held]}])
    files = {path: bytes.fromhex(content) for path, content in made["files"].items()}
    root = extend(RightEdge(), held).edge.root
    assert list(TiledLog(files.get, size=600, root=root).entries()) == held


def test_digital_bazaar_on_encoded_lists() -> None:
    vectors = load_vectors("status_list", "encoded")
    answers = foreign_node.ask(map(input_of, vectors), "status.mjs")
    assert differing(vectors, ["revoked" in a for a in answers]) == (LAX_LISTS, set())
    for vector, answer in zip(vectors, answers, strict=True):
        if not vector.error:
            assert (answer["length"], answer["revoked"]) == (BITS, vector.ok)


def test_digital_bazaar_on_signed_lists() -> None:
    vectors = load_vectors("status_list", "credentials")
    questions = [asked(input_of(vector), entry()) for vector in vectors]
    answers = foreign_node.ask(questions, "status.mjs")
    verdicts = [answer["verified"] for answer in answers]
    assert differing(vectors, verdicts) == (LAX_CREDENTIALS, set())


def test_digital_bazaar_reads_the_bit_that_we_name() -> None:
    (signed, *_) = load_vectors("status_list", "credentials")
    statuses = [StatusBit.of(BASE, 1, index).to_json() for index in (41, 42, 43)]
    questions = [asked(input_of(signed), dict(status)) for status in statuses]
    answers = foreign_node.ask(questions, "status.mjs")
    assert [answer["revoked"] for answer in answers] == [False, True, False]


def asked(given: Object, status: Object) -> Object:
    """Return the question whether a credential with that status was withdrawn."""
    return {
        "status": status,
        "issuer": forge.DID,
        "lists": {LIST: given["document"]},
        "didDocument": given["didDocument"],
    }


def test_every_laxity_is_a_vector_that_we_refuse() -> None:
    laxities = LAX_TLOG | {
        "status_list/encoded": LAX_LISTS,
        "status_list/credentials": LAX_CREDENTIALS,
    }
    for name, lax in laxities.items():
        assert lax <= {vector.name for vector in load_vectors(*name.split("/")) if vector.error}
