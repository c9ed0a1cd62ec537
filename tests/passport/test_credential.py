"""Passports: of this format, of the product that was asked for, by the site that it names."""

import json
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.base_url import BaseUrl
from passport.credential import (
    MEDIA_TYPE,
    Edition,
    PassportCheck,
    RelatedResource,
    VerifiedPassport,
    credential,
    lasting,
    related_resources,
    status_of,
    verify_passport,
)
from passport.did.document import parse_did_document, resolve_among
from passport.did.webvh import verify_did_log
from passport.encoding.canonical import canonical_json
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time
from passport.errors import VerificationError
from passport.identifiers import parse_product_uri
from passport.signing.proof import sign
from passport.status_list import StatusBit
from passport.subject import Header, Subject
from tests import forge
from tests.spoil import spoilt_bytes, spoilt_value
from tests.vectors import Vector, expected, load_vectors

DOCUMENTS = load_vectors("credential", "documents")
SEALED_PATH = "/dpp/01_09506000134352_21_ABC123/sealed/xiii-4/1.json"
SEALED = {
    "id": f"https://id.example.com{SEALED_PATH}",
    "mediaType": "application/json",
    "digestMultibase": "uEiA",
}


@pytest.mark.parametrize("vector", DOCUMENTS, ids=lambda v: v.name)
def test_documents(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    scanned = vector.input["scanned"]
    with expected(vector):
        resolve = resolve_among(
            parse_did_document(data, forge.DID) for data in vector.input["didDocuments"]
        )
        verified = verify_passport(
            json.dumps(vector.input["document"]).encode(),
            resolve,
            expected=parse_product_uri(scanned).uri if scanned else None,
        )
        assert {"uri": str(verified.uri), "version": verified.version} == vector.ok
        assert verified.subject == vector.input["document"]["credentialSubject"]
        assert str(verified.dpp_id) == "01_09506000134352_21_ABC123"
        assert verified.proof.issuer == forge.DID


def test_every_check_fails_in_some_vector() -> None:
    failed = {vector.says.partition(":")[0] for vector in DOCUMENTS}
    assert set(PassportCheck) <= failed | {PassportCheck.JSON}


def test_what_is_made_is_verified() -> None:
    uri = parse_product_uri("https://id.example.com/01/09506000134352/21/ABC123").uri
    header = Header(
        digital_product_passport_id="https://id.example.com/dpp/01_09506000134352_21_ABC123",
        unique_product_identifier=str(uri),
        granularity="item",
        dpp_status="current",
        last_update=forge.TIME,
        economic_operator_id="DE123456789",
        facility_id="",
        content_specification_ids=("https://id.example.com/schema/1.0.0",),
    )
    made = credential(
        uri,
        Subject(header=header, model_passport="", elements=()),
        {},
        edition=Edition(version=3, previous="uEiA", generation=1, index=9),
        also_known_as=("did:webvh:QmExample:id.example.com",),
        schema_path="/schema/1.0.0",
        time=forge.TIME,
        related=(RelatedResource(path=SEALED_PATH, digest="uEiA", media_type="application/json"),),
    )
    assert {name: value for name, value in made.items() if name != "credentialSubject"} == {
        "@context": forge.PASSPORT["@context"],
        "id": "https://id.example.com/dpp/01_09506000134352_21_ABC123/passport.json#v3",
        "type": forge.PASSPORT["type"],
        "issuer": {"id": forge.DID, "alsoKnownAs": ["did:webvh:QmExample:id.example.com"]},
        "validFrom": "2026-02-18T09:30:00Z",
        "version": 3,
        "previousVersion": "uEiA",
        "log": {"origin": "id.example.com/log/1", "index": 9},
        "credentialStatus": StatusBit.of(uri.base_url, 1, 9).to_json(),
        "credentialSchema": {"id": "https://id.example.com/schema/1.0.0", "type": "JsonSchema"},
        "relatedResource": [SEALED],
    }
    signer, method = forge.signer_named("issuing-1"), f"{forge.DID}#issuing-1"
    signed = sign(made, signer, created=forge.TIME, verification_method=method)
    assert verify_passport(canonical_json(signed), RESOLVE, expected=uri).version == 3
    assert MEDIA_TYPE == "application/vc"


def test_files_that_a_passport_binds_are_of_its_site_and_named_once() -> None:
    base_url = BaseUrl("https://id.example.com")
    other = {**SEALED, "id": f"{base_url}/dpp/other/sealed/xiii-4/1.json"}
    found = related_resources({"relatedResource": [SEALED, other]}, base_url)
    assert [each.path for each in found] == [SEALED_PATH, "/dpp/other/sealed/xiii-4/1.json"]
    assert (found[0].digest, found[0].media_type) == ("uEiA", "application/json")
    assert related_resources({}, base_url) == ()


@pytest.mark.parametrize(
    "related",
    [
        [],
        [SEALED, {**SEALED, "digestMultibase": "uEiB"}],
        [{**SEALED, "id": SEALED_PATH}],
        [{**SEALED, "id": f"https://id.example.org{SEALED_PATH}"}],
        [{**SEALED, "id": "https://id.example.com/sealed/1.json"}],
        [{**SEALED, "size": 4096}],
        [{"id": SEALED["id"], "mediaType": "application/json"}],
        {"0": SEALED},
    ],
)
def test_other_files_are_refused(related: object) -> None:
    with pytest.raises(VerificationError):
        related_resources({"relatedResource": related}, BaseUrl("https://id.example.com"))


def test_what_is_no_file_at_all_is_told_by_its_member() -> None:
    with pytest.raises(VerificationError, match="'relatedResource' is no object"):
        related_resources({"relatedResource": ["1.json"]}, BaseUrl("https://id.example.com"))


SIGNED_BYTES = canonical_json(forge.signed_passport())
RESOLVE = resolve_among([parse_did_document(forge.issuer(), forge.DID)])


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", SIGNED_BYTES + b"{}", b"\xff", b'{"a":1,"a":2}']
)
def test_what_is_no_json_fails_the_first_check(data: bytes) -> None:
    with pytest.raises(VerificationError) as caught:
        verify_passport(data, RESOLVE)
    assert caught.value.check == "json/json"


@given(st.integers(0, len(SIGNED_BYTES) * 8 - 1))
def test_no_bit_can_be_flipped(bit: int) -> None:
    mutated = bytearray(SIGNED_BYTES)
    mutated[bit // 8] ^= 1 << bit % 8
    with pytest.raises(VerificationError):
        verify_passport(bytes(mutated), RESOLVE)


@pytest.mark.soak
def test_no_spoilt_passport_is_accepted() -> None:
    """Fifty thousand times; whatever comes, it ends in no error but our own."""
    chance, whole = Random(1), json.loads(SIGNED_BYTES)
    for number in range(50_000):
        value = spoilt_value(whole, chance) if number % 2 else whole
        data = json.dumps(value).encode() if number % 2 else spoilt_bytes(SIGNED_BYTES, chance)
        with suppress(VerificationError):
            verify_passport(data, RESOLVE)
            assert json.loads(data) == whole


@pytest.mark.soak
def test_no_spoilt_document_ends_in_another_error_than_ours() -> None:
    chance = Random(2)
    log = load_vectors("did_webvh", "logs")[0].input
    assert isinstance(log, dict)
    entry, now = json.loads(log["log"].splitlines()[0]), parse_time(log["now"])
    for _ in range(10_000):
        issuer = json.dumps(spoilt_value(forge.issuer(), chance)).encode()
        line = json.dumps(spoilt_value(entry, chance)).encode()
        with suppress(VerificationError):
            document = parse_did_document(parse_object(issuer), forge.DID)
            verify_passport(SIGNED_BYTES, resolve_among([document]))
        with suppress(VerificationError):
            verify_did_log(line, now=now)
            assert json.loads(line) == entry


def verified(**members: object) -> VerifiedPassport:
    """Return a genuine passport with other members."""
    document = forge.forged({"passport": members})
    return verify_passport(canonical_json(document), RESOLVE)


def test_the_place_in_the_log_is_the_place_in_the_status_list() -> None:
    base_url = parse_product_uri("https://id.example.com/01/09506000134352").uri.base_url
    bit = StatusBit.of(base_url, 1, 9)
    assert status_of(verified(credentialStatus=bit.to_json())) == bit
    for place in (
        {"origin": "id.example.com/log/1", "index": 8},
        {"origin": "id.example.com/log/2", "index": 9},
        {"origin": "id.example.com/log/1", "index": 9, "size": 1},
    ):
        with pytest.raises(VerificationError, match="is not its place in the status list"):
            status_of(verified(credentialStatus=bit.to_json(), log=place))
    with pytest.raises(VerificationError, match="'credentialStatus' is no object"):
        status_of(verified())


def test_a_version_is_due_for_what_lasts() -> None:
    again = {"version": 3, "previousVersion": "uEiA", "validFrom": "2026-03-01T00:00:00Z"}
    place = {"id": "x", "log": {"index": 1}, "credentialStatus": {"id": "x"}, "proof": {}}
    dated = {**forge.PASSPORT["credentialSubject"], "lastUpdate": "2026-03-01T00:00:00Z"}
    later = {**forge.PASSPORT, **again, **place, "credentialSubject": dated}
    assert lasting(later) == lasting(forge.PASSPORT)
    for name in ("@context", "type", "issuer", "credentialSubject"):
        assert lasting({**forge.PASSPORT, name: {"x": 1}}) != lasting(forge.PASSPORT)
