"""Proofs: what is signed is verified; every lie is refused, and the failed check is named."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.did.document import DidDocument, parse_did_document, resolve_among
from passport.did.key import did_key_method
from passport.encoding.canonical import canonical_json
from passport.encoding.multibase import from_base58_multibase
from passport.encoding.strict_json import parse_object
from passport.errors import JsonError, VerificationError
from passport.signing.keys import SeedSigner
from passport.signing.proof import Check, sign, verify
from tests import forge
from tests.vectors import Vector, expected, load_vectors

DOCUMENTS = load_vectors("proof", "documents")


def document_of(data: object) -> dict[str, object]:
    """Return a value as verifiers get it: as bytes, read strictly."""
    return dict(parse_object(json.dumps(data).encode()))


def did_document(data: object) -> DidDocument:
    return parse_did_document(document_of(data), forge.DID)


@pytest.mark.parametrize("vector", DOCUMENTS, ids=lambda v: v.name)
def test_documents(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    document = document_of(vector.input["document"])
    with expected(vector):
        resolve = resolve_among(did_document(data) for data in vector.input["didDocuments"])
        verified = verify(document, resolve, issuer=vector.input["issuer"])
        assert verified.method.id == f"{forge.DID}#{vector.ok}"
        assert {**verified.document, "proof": document["proof"]} == document


def test_every_check_fails_in_some_vector() -> None:
    failed = {vector.says.partition(":")[0] for vector in DOCUMENTS}
    assert set(Check) <= failed | {"key"}
    assert any("no point of full order" in vector.says for vector in DOCUMENTS)


def test_the_official_vector_is_reproduced() -> None:
    """Data Integrity EdDSA Cryptosuites 1.0, B.2."""
    (vector,) = load_vectors("proof", "w3c")
    assert isinstance(vector.input, dict)
    secret = from_base58_multibase(vector.input["secretKeyMultibase"])
    assert secret[:2] == b"\x80\x26"
    signer = SeedSigner(secret[2:])
    assert signer.public_key.multikey == vector.input["publicKeyMultibase"]
    signed = sign(
        vector.input["unsigned"],
        signer,
        created=datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC),
        verification_method=vector.input["verificationMethod"],
    )
    assert signed["proof"] == vector.ok


def test_the_official_document_is_verified_by_a_document_of_its_issuer() -> None:
    (vector,) = load_vectors("proof", "w3c")
    issuer = vector.input["unsigned"]["issuer"]
    method = {
        "id": vector.input["verificationMethod"],
        "type": "Multikey",
        "controller": issuer,
        "publicKeyMultibase": vector.input["publicKeyMultibase"],
    }
    controller = {
        "id": issuer,
        "verificationMethod": [method],
        "assertionMethod": [method["id"]],
    }
    signed = {**vector.input["unsigned"], "proof": vector.ok}
    resolve = resolve_among([parse_did_document(controller, issuer)])
    assert verify(signed, resolve).issuer == issuer


def test_signing_again_gives_the_same_bytes() -> None:
    assert canonical_json(forge.signed_passport()) == canonical_json(forge.forged({}))


def test_what_is_signed_is_not_signed_over() -> None:
    with pytest.raises(ValueError, match="has a proof already"):
        sign(
            forge.signed_passport(),
            forge.signer_named("issuing-1"),
            created=forge.TIME,
            verification_method=f"{forge.DID}#issuing-1",
        )


def test_a_null_proof_is_none() -> None:
    with pytest.raises(VerificationError, match="proof: the document is not signed"):
        verify({**forge.PASSPORT, "proof": None}, resolve_among([]))


def test_a_document_without_issuer_is_by_whom_the_caller_expects() -> None:
    unsigned = {k: v for k, v in forge.PASSPORT.items() if k != "issuer"}
    signed = {**unsigned, "proof": forge.forged_proof(unsigned, "issuing-1", {})}
    resolve = resolve_among([did_document(forge.issuer())])
    assert verify(signed, resolve, issuer=forge.DID).issuer == forge.DID
    with pytest.raises(VerificationError, match="issuer: member 'id' is not a text"):
        verify(signed, resolve)


def test_a_resolver_that_answers_with_another_key_is_not_believed() -> None:
    resolve = resolve_among([did_document(forge.issuer())])
    with pytest.raises(VerificationError, match=r"method: asked for key .*, was given"):
        verify(forge.signed_passport(), lambda _: resolve(f"{forge.DID}#issuing-2"))


def test_the_attacker_s_did_key_is_not_asked() -> None:
    method = did_key_method(forge.signer_named("attacker").public_key)
    recipe = {"signer": "attacker", "options": {"verificationMethod": method}}
    with pytest.raises(VerificationError) as caught:
        verify(forge.forged(recipe), resolve_among([did_document(forge.issuer())]))
    assert caught.value.check == Check.ISSUER


SIGNED_BYTES = canonical_json(forge.signed_passport())
RESOLVE = resolve_among([did_document(forge.issuer())])


@given(st.integers(0, len(SIGNED_BYTES) * 8 - 1))
def test_no_bit_can_be_flipped(bit: int) -> None:
    mutated = bytearray(SIGNED_BYTES)
    mutated[bit // 8] ^= 1 << bit % 8
    with pytest.raises((JsonError, VerificationError)):
        verify(parse_object(bytes(mutated)), RESOLVE)
