"""Status lists: bits where the specification puts them, believed when the issuer signed them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.base_url import BaseUrl
from passport.did.document import parse_did_document, resolve_among
from passport.encoding.canonical import canonical_json
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import time_text
from passport.signing.proof import sign
from passport.status_bits import BITS, StatusBits
from passport.status_list import (
    ListAddress,
    StatusBit,
    StatusCheck,
    status_list_document,
    verify_status_list,
)
from tests import forge
from tests.forge_statuses import LIST, SITE, bits, document
from tests.vectors import Vector, expected, load_vectors

BASE = BaseUrl(SITE)
ADDRESS = ListAddress(BASE, 1, 0)
CREDENTIALS = load_vectors("status_list", "credentials")


@pytest.mark.parametrize("vector", load_vectors("status_list", "encoded"), ids=lambda v: v.name)
def test_encoded_lists(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    with expected(vector):
        statuses = StatusBits.parse(vector.input["encodedList"])
        assert list(statuses.revoked) == vector.ok
        near = sorted({at // 8 * 8 + bit for at in statuses.revoked for bit in range(8)})
        assert [at for at in near if statuses.is_revoked(at)] == vector.ok
        assert statuses.bits == bits(*statuses.revoked)
        assert StatusBits.parse(statuses.encoded) == statuses


@pytest.mark.parametrize("vector", load_vectors("status_list", "entries"), ids=lambda v: v.name)
def test_the_status_in_a_passport(vector: Vector) -> None:
    members = parse_object(json.dumps(vector.input).encode())
    with expected(vector):
        bit = StatusBit.parse(members, BASE)
        assert {"generation": bit.address.generation, "index": bit.index} == vector.ok
        assert bit.to_json() == members
        assert StatusBit.of(BASE, 1, bit.index) == bit


@pytest.mark.parametrize("vector", CREDENTIALS, ids=lambda v: v.name)
def test_signed_lists(vector: Vector) -> None:
    asked = vector.input
    assert isinstance(asked, dict)
    assert asked["url"] == ADDRESS.url == LIST
    resolve = resolve_among([parse_did_document(asked["didDocument"], forge.DID)])
    with expected(vector):
        content = json.dumps(asked["document"]).encode()
        found = verify_status_list(content, resolve, address=ADDRESS)
        told = {"revoked": list(found.statuses.revoked), "validUntil": time_text(found.valid_until)}
        assert told == vector.ok


def test_every_check_fails_in_some_vector() -> None:
    failed = {vector.says.partition(":")[0] for vector in CREDENTIALS}
    assert set(StatusCheck) <= failed | {"json"}


def test_what_is_made_is_what_the_vectors_hold() -> None:
    made = status_list_document(
        ADDRESS,
        StatusBits().revoke([42]),
        valid_from=forge.TIME,
        valid_until=datetime(2046, 2, 18, 9, 30, tzinfo=UTC),
    )
    encoded = document()["credentialSubject"]["encodedList"]
    subject = made["credentialSubject"]
    assert isinstance(subject, dict)
    assert StatusBits.parse(encoded).encoded == subject["encodedList"]
    assert {**made, "credentialSubject": {**subject, "encodedList": encoded}} == document()


def test_a_list_is_fresh_between_its_times() -> None:
    begin, end = forge.TIME, forge.TIME + timedelta(days=7)
    made = status_list_document(ADDRESS, StatusBits(), valid_from=begin, valid_until=end)
    signed = sign(
        made,
        forge.signer_named("issuing-1"),
        created=begin,
        verification_method=f"{forge.DID}#issuing-1",
    )
    resolve = resolve_among([parse_did_document(forge.issuer(), forge.DID)])
    found = verify_status_list(canonical_json(signed), resolve, address=ADDRESS)
    second = timedelta(seconds=1)
    times = (begin - second, begin, end - second, end)
    assert [found.is_fresh(time) for time in times] == [False, True, True, False]


def test_a_list_that_ends_before_it_begins_is_not_made() -> None:
    with pytest.raises(ValueError, match="can't be valid"):
        status_list_document(ADDRESS, StatusBits(), valid_from=forge.TIME, valid_until=forge.TIME)


def test_an_index_has_one_bit() -> None:
    for index, number, position in ((0, 0, 0), (131_071, 0, 131_071), (131_072, 1, 0)):
        bit = StatusBit.of(BASE, 2, index)
        assert (bit.address.number, bit.position, bit.index) == (number, position, index)
        assert bit.address.path == f"/status/2/revocation/{number}"


@given(st.sets(st.integers(0, BITS - 1), max_size=50))
def test_what_is_encoded_is_read_back(positions: set[int]) -> None:
    statuses = StatusBits().revoke(positions)
    assert statuses.revoked == tuple(sorted(positions))
    assert StatusBits.parse(statuses.encoded) == statuses
    assert all(map(statuses.is_revoked, positions))


def test_an_almost_empty_list_is_short() -> None:
    assert len(StatusBits().revoke([42]).encoded) < 100


@pytest.mark.parametrize("position", [-1, BITS])
def test_no_bit_lies_outside(position: int) -> None:
    with pytest.raises(ValueError, match="no position"):
        StatusBits().revoke([position])
    with pytest.raises(ValueError, match="no position"):
        StatusBits().is_revoked(position)
    with pytest.raises(ValueError, match="16384 bytes, not 1"):
        StatusBits(b"\0")
