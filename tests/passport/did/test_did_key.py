"""did:key: the identifier is the key, in one spelling."""

import pytest

from passport.did.document import parse_did_document
from passport.did.key import (
    did_key,
    did_key_document,
    did_key_method,
    parse_did_key,
    resolve_did_key,
)
from tests import forge
from tests.vectors import Vector, expected, load_vectors

KEY = forge.signer_named("issuing-1").public_key


@pytest.mark.parametrize("vector", load_vectors("did_key", "methods"), ids=lambda v: v.name)
def test_methods(vector: Vector) -> None:
    assert isinstance(vector.input, str)
    with expected(vector):
        method = resolve_did_key(vector.input)
        assert method.multikey == vector.ok
        assert method.public_key.multikey == vector.ok
        assert method.controller == f"did:key:{vector.ok}"


def test_a_key_s_did_gives_the_key_back() -> None:
    assert parse_did_key(did_key(KEY)) == KEY


def test_its_document_says_the_same() -> None:
    document = parse_did_document(did_key_document(did_key(KEY)), did_key(KEY))
    assert document.method(did_key_method(KEY)) == resolve_did_key(did_key_method(KEY))


def test_its_document_lets_the_key_do_everything_that_signs() -> None:
    did = did_key(KEY)
    method = did_key_method(KEY)
    document = did_key_document(did)
    assert document == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {
                "id": method,
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": KEY.multikey,
            }
        ],
        "authentication": [method],
        "assertionMethod": [method],
        "capabilityInvocation": [method],
        "capabilityDelegation": [method],
    }
