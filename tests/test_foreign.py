"""Other people's verifiers judge what we sign, and we what they sign.

They share no code with us, nor JavaScript with Python. Whatever we accept they accept; what we
refuse they refuse, but for the vectors listed here by name: there they are laxer, or a document is
none of theirs. A list is exact: a release that changes a verdict is noticed.
"""

import asyncio
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from did_webvh.provision import auto_provision_did
from did_webvh.update import auto_update_did

from passport.did.webvh import verify_did_log
from tests.foreign_node import Object, ask
from tests.foreign_python import accepts_document, accepts_log
from tests.vectors import Vector, load_vectors

DOCUMENTS = load_vectors("proof", "documents")
LOGS = load_vectors("did_webvh", "logs")

LAX_PROOFS = {
    "created missing",
    "expires added and signed",
    "previous proof added",
    "created with fraction",
    "created without zone",
    "created no day",
    "created in year 0",
    "created in year 10000",
    "issuer missing",
    "issuer a list",
    "issuer without id",
    "method without type",
    "method defined inside assertionMethod",
    "expired key",
    "key with an unclear end",
    "revoked but still named",
}
"""What both take for good."""

LAX_DIGITAL_BAZAAR = LAX_PROOFS | {
    "two proofs",
    "good and bad proof",
    "proof in a list",
    "context appended",
    "context of the proof removed",
}
LAX_OPENVC = LAX_PROOFS | {
    "R of small order",
    "created a number",
    "did:key of the attacker",
    "relative method id",
    "method of another controller",
    "method without controller",
    "only for authentication",
    "Ed25519VerificationKey2020",
}
LAX_DIDWEBVH_TS = {
    "member twice",
    "method of before",
    "parameter unknown",
    "next key hashes numbers",
    "portable a text",
    "deactivated a number",
    "entry after deactivation",
    "ttl negative",
    "ttl true",
    "ttl beyond the range",
    "ttl a text",
    "watchers a text",
    "witnesses none",
    "witness a list",
    "next key hashes omitted",
    "time with fraction",
    "moved without the old name",
    "proofs none",
    # It is asked about the log alone.
    "asked for another DID",
    "asked for another host",
}
LAX_DID_WEBVH = {
    "member twice",
    "deactivated a number",
    "entry after deactivation",
    "ttl true",
    "ttl beyond the range",
    "witnesses later",
    "next key hashes omitted",
    "time to come",
    "moved without the old name",
    "host: path traversal",
    "host: encoded traversal",
}


def differing(vectors: tuple[Vector, ...], verdicts: list[bool]) -> tuple[set[str], set[str]]:
    """Return the names that others accept and we refuse, and those that only we accept."""
    pairs = list(zip(vectors, verdicts, strict=True))
    return (
        {vector.name for vector, accepted in pairs if accepted and vector.error},
        {vector.name for vector, accepted in pairs if not accepted and not vector.error},
    )


def input_of(vector: Vector) -> Object:
    assert isinstance(vector.input, dict)
    return vector.input


def test_digital_bazaar_on_proofs() -> None:
    verdicts = [answer["verified"] for answer in ask(map(input_of, DOCUMENTS))]
    assert differing(DOCUMENTS, verdicts) == (LAX_DIGITAL_BAZAAR, set())


def test_openvc_on_proofs() -> None:
    inputs = map(input_of, DOCUMENTS)
    verdicts = [accepts_document(i["document"], i["didDocuments"]) for i in inputs]
    # It reads credentials only, and those have a context.
    assert differing(DOCUMENTS, verdicts) == (LAX_OPENVC, {"without context"})


def test_didwebvh_ts_on_logs() -> None:
    verdicts = [answer["verified"] for answer in ask(map(input_of, LOGS))]
    assert differing(LOGS, verdicts) == (LAX_DIDWEBVH_TS, set())


def test_did_webvh_on_logs(tmp_path: Path) -> None:
    inputs = map(input_of, LOGS)
    verdicts = [accepts_log(i["log"], i["did"] or last_did(i["log"]), tmp_path) for i in inputs]
    # A moved DID is resolved by its present name only.
    assert differing(LOGS, verdicts) == (LAX_DID_WEBVH, {"moved, asked for by the old name"})


def last_did(log: str) -> str:
    """Return the DID of the last entry of any log, however broken."""
    found = re.findall(r'"id":"(did:webvh:[^"#]*)"', log)
    return found[-1] if found else ""


def test_we_verify_a_log_of_didwebvh_ts() -> None:
    (answer,) = ask([{"make": "id.example.com"}])
    log = verify_did_log(answer["log"].encode(), now=datetime.now(UTC))
    assert [version.number for version in log.versions] == [1, 2]
    assert log.latest.parameters.portable


def test_we_verify_a_log_of_did_webvh(tmp_path: Path) -> None:
    name, passphrase = "id.example.com/issuer", "a passphrase"
    making = auto_provision_did(name, "ed25519", passphrase, target_dir=str(tmp_path))
    _, state, _ = asyncio.run(making)
    document = {**state.document_copy(), "alsoKnownAs": ["did:web:id.example.com:issuer"]}
    (tmp_path / "did.json").write_text(json.dumps(document), encoding="utf-8")
    asyncio.run(auto_update_did(tmp_path, passphrase))
    log = verify_did_log((tmp_path / "did.jsonl").read_bytes(), now=datetime.now(UTC))
    assert [version.number for version in log.versions] == [1, 2]


@pytest.mark.parametrize("lax", [LAX_DIGITAL_BAZAAR, LAX_OPENVC, LAX_DIDWEBVH_TS, LAX_DID_WEBVH])
def test_every_laxity_is_a_vector_that_we_refuse(lax: set[str]) -> None:
    refused = {vector.name for vector in (*DOCUMENTS, *LOGS) if vector.error}
    assert lax <= refused
