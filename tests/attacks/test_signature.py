"""Rows 3 and 7 of the attacks on signatures: whole passports, put in each other's place."""

import json
from collections.abc import Callable

import pytest

from passport.credential import verify_passport
from passport.did.document import parse_did_document, resolve_among
from passport.encoding.canonical import canonical_json
from passport.errors import VerificationError
from passport.identifiers import ProductUri, parse_product_uri
from tests import forge
from tests.forge import Object, changed

OTHER = "ABC124"
RESOLVE = resolve_among([parse_did_document(forge.issuer(), forge.DID)])
SCANNED = parse_product_uri("https://id.example.com/01/09506000134352/21/ABC123").uri


def neighbour() -> Object:
    """Return the genuine passport of another battery of the model."""
    text = json.dumps(forge.PASSPORT).replace("ABC123", OTHER)
    return forge.forged({"passport": json.loads(text)})


def next_version() -> Object:
    """Return the genuine next version of the passport."""
    return forge.forged({"passport": {"version": 3, "id": f"{forge.PASSPORT['id'][:-1]}3"}})


def refused(document: Object, expected: ProductUri | None = SCANNED) -> str:
    """Return the check that a document fails."""
    with pytest.raises(VerificationError) as caught:
        verify_passport(canonical_json(document), RESOLVE, expected=expected)
    return caught.value.check


def test_03_all_three_are_genuine() -> None:
    verify_passport(canonical_json(forge.signed_passport()), RESOLVE, expected=SCANNED)
    verify_passport(canonical_json(next_version()), RESOLVE, expected=SCANNED)
    assert verify_passport(canonical_json(neighbour()), RESOLVE).uri != SCANNED


@pytest.mark.parametrize("other", [neighbour, next_version])
def test_03_the_proof_of_another_passport_proves_nothing(other: Callable[[], Object]) -> None:
    mine, theirs = forge.signed_passport(), other()
    assert refused({**mine, "proof": theirs["proof"]}) == "signature"
    assert refused({**theirs, "proof": mine["proof"]}, None) == "signature"


def test_03_the_passport_of_another_battery_is_not_this_one_s() -> None:
    assert refused(neighbour()) == "product"


@pytest.mark.parametrize("part", ["id", "credentialSubject.id", "version"])
def test_03_a_passport_can_t_be_moved(part: str) -> None:
    theirs = neighbour()
    member, _, inner = part.partition(".")
    value = theirs[member][inner] if inner else theirs[member]
    moved = changed(forge.signed_passport(), {part: 7 if part == "version" else value})
    assert refused(moved, None) == "place"


def test_07_the_issuer_of_another_site_issues_nothing_here() -> None:
    evil = "did:web:evil.example.org"
    document = forge.forged(
        {
            "passport": {"issuer": {"id": evil}},
            "signer": "attacker",
            "options": {"verificationMethod": f"{evil}#issuing-1"},
        }
    )
    assert refused(document) == "place"
