"""Tombstones: only what the issuer signed for this very file says "withdrawn"."""

from dataclasses import replace

import pytest

from passport.base_url import BaseUrl
from passport.did.document import parse_did_document, resolve_among
from passport.encoding.canonical import canonical_json
from passport.errors import VerificationError
from passport.sealing.sealed_file import parse_sealed
from passport.sealing.tombstone import (
    Tombstone,
    is_tombstone,
    path_of,
    read_tombstone,
    tombstone_document,
    verify_tombstone,
)
from passport.signing.proof import sign
from tests import forge
from tests.forge import Object
from tests.sealed_vectors.cases import DOCUMENT, PAYLOAD

BASE = BaseUrl("https://id.example.com")
FILES = (PAYLOAD.payload, DOCUMENT.document)
FILE = PAYLOAD.payload
RESOLVE = resolve_among([parse_did_document(forge.issuer(), forge.DID)])


def stone_of(file: bytes) -> Tombstone:
    found = parse_sealed(file)
    return Tombstone(digest=found.digest, header=found.header, withdrawn=forge.TIME)


def signed(document: Object, by: str = "issuing-1") -> bytes:
    method = f"{forge.DID}#{by}"
    signer = forge.signer_named(by)
    return canonical_json(sign(document, signer, created=forge.TIME, verification_method=method))


def document_of(file: bytes) -> Object:
    return dict(tombstone_document(stone_of(file), BASE))


@pytest.mark.parametrize("file", FILES)
def test_it_says_what_was_there(file: bytes) -> None:
    stone = stone_of(file)
    content = signed(document_of(file))
    assert document_of(file)["type"] == "SealedFileTombstone"
    assert is_tombstone(content)
    assert not is_tombstone(file)
    assert verify_tombstone(content, path_of(stone.header), BASE, RESOLVE) == stone
    assert read_tombstone(content) == stone


LIES: dict[str, tuple[Object, str]] = {
    "address": ({"id": "https://id.example.com/dpp/x"}, "no tombstone of this file"),
    "type": ({"type": "StatusList"}, "no tombstone"),
    "issuer": ({"issuer": "did:web:other.example.com"}, "issuer"),
    "reason": ({"reason": "fire"}, "reason"),
    "digest missing": ({"digestMultibase": None}, "digestMultibase"),
    "time": ({"withdrawn": "2026-02-18"}, "2026-02-18"),
    "header": ({"header.v": 2}, "'v' is not 1"),
    "header of another file": ({"header.version": 8}, "of another file"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_signed_lie_is_none(name: str) -> None:
    changes, says = LIES[name]
    content = signed(forge.changed(document_of(FILE), changes))
    with pytest.raises(VerificationError, match=says):
        verify_tombstone(content, path_of(stone_of(FILE).header), BASE, RESOLVE)


def test_the_check_that_fails_has_a_name() -> None:
    content = signed({**document_of(FILE), "reason": "fire"})
    with pytest.raises(VerificationError) as verifying:
        verify_tombstone(content, path_of(stone_of(FILE).header), BASE, RESOLVE)
    with pytest.raises(VerificationError) as reading:
        read_tombstone(content)
    assert {verifying.value.check, reading.value.check} == {"tombstone"}


@pytest.mark.parametrize("by", ["attacker", "checkpoint-1", forge.REVOKED])
def test_the_site_s_issuing_key_alone_makes_one(by: str) -> None:
    method = "issuing-1" if by == "attacker" else by
    signer = forge.signer_named(by)
    document = sign(
        document_of(FILE),
        signer,
        created=forge.TIME,
        verification_method=f"{forge.DID}#{method}",
    )
    with pytest.raises(VerificationError):
        verify_tombstone(canonical_json(document), path_of(stone_of(FILE).header), BASE, RESOLVE)


def test_one_of_another_digest_is_another() -> None:
    content = signed(dict(tombstone_document(replace(stone_of(FILE), digest="uEi"), BASE)))
    found = verify_tombstone(content, path_of(stone_of(FILE).header), BASE, RESOLVE)
    assert found.digest == "uEi"
