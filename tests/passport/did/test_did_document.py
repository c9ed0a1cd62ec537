"""DID documents: whose keys they are, read so that nothing about them is unclear."""

import pytest

from passport.did.document import DidDocument, issuer_document, parse_did_document, resolve_among
from passport.errors import VerificationError
from tests import forge
from tests.forge import DID, Object, changed


def with_method(**members: object) -> Object:
    """Return the issuer's document with its first key changed; None removes a member."""
    document = forge.issuer()
    first, *others = document["verificationMethod"]
    return {**document, "verificationMethod": [changed(first, members), *others]}


def parsed(document: Object) -> DidDocument:
    return parse_did_document(document, DID)


def test_everything_of_a_method_is_read() -> None:
    method = parsed(with_method(expires="2030-01-01T00:00:00Z")).method(f"{DID}#issuing-1")
    assert method.controller == DID
    assert method.kind == "Multikey"
    assert method.multikey == forge.signer_named("issuing-1").public_key.multikey
    assert method.may_assert
    assert not method.is_revoked
    assert method.expires is not None
    assert method.expires.year == 2030


def test_other_names_and_members_are_kept() -> None:
    document = parsed(forge.issuer())
    assert document.also_known_as == ("did:webvh:QmExample:id.example.com",)
    assert document.members == forge.issuer()


@pytest.mark.parametrize("fragment", ["issuing-1", "a/b?c", "%C3%A4", "z6Mk:~!$&'()*+,;=@"])
def test_a_fragment_is_of_the_characters_of_uris(fragment: str) -> None:
    assert parsed(with_method(id=f"{DID}#{fragment}")).methods[0].id == f"{DID}#{fragment}"


@pytest.mark.parametrize(
    "method_id",
    [
        "#issuing-1",
        DID,
        f"{DID}#",
        f"{DID}#a#b",
        "did:web:evil.example.org#issuing-1",
        f"{DID}:shop#issuing-1",
        f"{DID}?versionId=1#issuing-1",
        f"{DID}#\x1b[2K\rgenuine",
        f"{DID}#issuing-1\n",
        f"{DID}#issuing 1",
        f"{DID}#\u202eissuing",
        f"{DID}#%2",
    ],
)
def test_an_id_is_absolute_the_document_s_own_and_printable(method_id: str) -> None:
    with pytest.raises(VerificationError, match=r"did-document: key .* has no absolute id of"):
        parsed(with_method(id=method_id))


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (changed(forge.issuer(), {"id": "did:web:evil.example.org"}), "the document is of 'did:"),
        (changed(forge.issuer(), {"id": None}), "member 'id' is missing"),
        (changed(forge.issuer(), {"verificationMethod": {}}), "'verificationMethod' is not a list"),
        (changed(forge.issuer(), {"verificationMethod": ["x"]}), "'verificationMethod' is no obj"),
        (changed(forge.issuer(), {"assertionMethod": [{}]}), "is not a list of texts"),
        (changed(forge.issuer(), {"alsoKnownAs": [1]}), "is not a list of texts"),
        (with_method(id=f"{DID}#issuing-2"), "two keys have one id"),
        (with_method(controller=None), "member 'controller' is missing"),
        (with_method(type=None), "member 'type' is missing"),
        (with_method(publicKeyMultibase=1), "member 'publicKeyMultibase' is not a text"),
        (with_method(expires="soon"), "'soon' is no point in time"),
    ],
)
def test_what_is_unclear_is_refused(document: Object, says: str) -> None:
    with pytest.raises(VerificationError, match=f"^did-document: .*{says}"):
        parsed(document)


def test_a_method_without_a_multikey_is_read_but_signs_nothing() -> None:
    method = parsed(with_method(publicKeyMultibase=None)).method(f"{DID}#issuing-1")
    with pytest.raises(VerificationError, match="'' is not multibase base58btc"):
        _ = method.public_key


def test_another_kind_of_key_signs_nothing() -> None:
    method = parsed(with_method(type="JsonWebKey")).method(f"{DID}#issuing-1")
    with pytest.raises(VerificationError, match="is a 'JsonWebKey'"):
        _ = method.public_key


def test_a_revoked_key_is_known_as_such() -> None:
    assert parsed(forge.issuer()).method(f"{DID}#{forge.REVOKED}").is_revoked


def test_an_issuers_document_begins_with_its_contexts() -> None:
    document = issuer_document(DID, (), ["did:webvh:QmExample:id.example.com"])
    assert document == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": DID,
        "alsoKnownAs": ["did:webvh:QmExample:id.example.com"],
        "verificationMethod": [],
        "assertionMethod": [],
        "service": [],
    }


def test_only_documents_at_hand_are_asked() -> None:
    resolve = resolve_among([parsed(forge.issuer())])
    assert resolve(f"{DID}#issuing-2").id == f"{DID}#issuing-2"
    with pytest.raises(VerificationError, match="has no key"):
        resolve(f"{DID}#issuing-9")
    with pytest.raises(VerificationError, match="the document of 'did:web:evil' is not at hand"):
        resolve("did:web:evil#issuing-1")
