"""did:web: one spelling of each identifier, and no way to another host or folder."""

import pytest

from passport.base_url import BaseUrl
from passport.did.document import issuer_document, parse_did_document
from passport.did.web import DidWeb, issuer_did, product_did, product_document
from passport.errors import IdentifierError
from passport.identifiers import DppId, parse_product_uri
from tests import forge
from tests.vectors import Vector, expected, load_vectors

SITE = BaseUrl("https://id.example.com")
URI = parse_product_uri("https://id.example.com/01/09506000134352/21/ABC123").uri
PRODUCT_DID = "did:web:id.example.com:dpp:01_09506000134352_21_ABC123"


@pytest.mark.parametrize("vector", load_vectors("did_web", "dids"), ids=lambda v: v.name)
def test_dids(vector: Vector) -> None:
    assert isinstance(vector.input, str)
    with expected(vector):
        did = DidWeb.parse(vector.input)
        assert str(did) == vector.input
        assert did.url == vector.ok


@pytest.mark.parametrize(
    "base_url", ["http://localhost:8000", "http://127.0.0.1", "https://localhost", "https://[::1]"]
)
def test_a_site_of_this_machine_has_no_did(base_url: str) -> None:
    with pytest.raises(IdentifierError, match="use https and a host name with a dot"):
        issuer_did(BaseUrl(base_url))


def test_issuer_and_product_have_dids_of_the_site() -> None:
    assert str(issuer_did(SITE)) == forge.DID
    assert str(product_did(SITE, DppId.of(URI.key))) == PRODUCT_DID


def test_a_product_has_no_key_of_its_own() -> None:
    service = {"id": "#page", "type": "https://ref.gs1.org/voc/pip", "serviceEndpoint": str(URI)}
    document = product_document(URI, issuer_did(SITE), [service])
    assert document == {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": PRODUCT_DID,
        "controller": forge.DID,
        "alsoKnownAs": ["https://id.example.com/01/09506000134352/21/ABC123"],
        "service": [{**service, "id": f"{PRODUCT_DID}#page"}],
    }
    assert parse_did_document(document, PRODUCT_DID).methods == ()


def test_the_issuer_s_document_keeps_every_key_and_lets_the_sound_ones_sign() -> None:
    document = forge.issuer()
    assert [method["id"] for method in document["verificationMethod"]] == [
        f"{forge.DID}#{name}" for name in forge.KEY_NAMES
    ]
    assert document["assertionMethod"] == [f"{forge.DID}#issuing-1", f"{forge.DID}#issuing-2"]
    assert document["alsoKnownAs"] == ["did:webvh:QmExample:id.example.com"]


def test_a_revoked_key_says_when_and_how_far_it_counted() -> None:
    (revoked,) = (m for m in forge.issuer()["verificationMethod"] if "revoked" in m)
    assert revoked["id"] == f"{forge.DID}#issuing-3"
    assert revoked["revoked"] == "2026-02-19T09:30:00Z"
    assert revoked["revokedAtLogSize"] == 7


def test_services_of_the_issuer_are_its_own() -> None:
    service = {"id": "#broker-1", "type": "Broker", "serviceEndpoint": "https://keys.example.com"}
    document = issuer_document(forge.DID, [], [], [service])
    assert document["service"] == [{**service, "id": f"{forge.DID}#broker-1"}]


def test_a_did_has_at_most_512_characters() -> None:
    longest = f"{forge.DID}:{'a' * (511 - len(forge.DID))}"
    assert str(DidWeb.parse(longest)) == longest
    with pytest.raises(IdentifierError, match="is no did:web"):
        DidWeb.parse(f"{longest}a")
