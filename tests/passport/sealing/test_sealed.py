"""Sealing and opening: every check refuses what it must, and nothing leaks from one that does."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.sealing import LARGEST_MEGABYTES, peak_megabytes
from passport.encoding.base64url import base64url, from_base64url
from passport.encoding.canonical import JsonObject
from passport.errors import IdentifierError, VerificationError
from passport.identifiers import DppId
from passport.registry import Group, Level
from passport.sealing.group_key import GroupKey, SecretMac
from passport.sealing.sealed import is_same_input, open_payload, open_sealed, seal
from passport.sealing.sealed_file import SealedFile, check_digest, parse_sealed
from passport.sealing.sealed_header import (
    SealedCheck,
    SealedHeader,
    Sealing,
    content_key,
    document_resource,
    sealed_document_path,
    sealed_path,
    unsalted,
)
from passport.sealing.size_class import LARGEST_PAYLOAD
from tests import forge_sealed
from tests.forge_sealed import BATTERY, MODEL, SALT_SECRET, SECRETS, Forged, Object, mac
from tests.salamander import salamander
from tests.sealed_vectors.cases import DOCUMENT, DRAWING, MODEL_MEMBERS
from tests.sealed_vectors.files import file_of
from tests.vectors import Vector, expected, load_vectors

SALT_KEY = SecretMac(SALT_SECRET)
OTHER_SECRET = SecretMac(bytes(32))
CANARY = b'{"note":"canary-of-point-4"}'


def key_of(group: str, epoch: str = "2026a") -> GroupKey:
    return GroupKey.of(Group(group), epoch, SecretMac(SECRETS[group]))


def sealing(**members: object) -> Sealing:
    """What is sealed: a battery's payload, but for these members."""
    told = {**Forged.of(b"").expected, **members}
    return Sealing(
        passport=DppId.parse(told["passport"]),
        level=Level(told["level"]),
        group=Group(told["group"]),
        version=told["version"],
        resource=told["resource"],
    )


def sealed(plaintext: bytes, salt_key: SecretMac = SALT_KEY, **members: object) -> SealedFile:
    what = sealing(**members)
    return seal(plaintext, what, key_of(what.group), salt_key)


def key_to(file: SealedFile) -> bytes:
    return content_key(file.header, SecretMac(SECRETS[file.header.group]))


def as_object(value: object) -> Object:
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("vector", load_vectors("sealed", "headers"), ids=lambda v: v.name)
def test_headers(vector: Vector) -> None:
    given = as_object(vector.input)
    with expected(vector):
        header = SealedHeader.parse(given["header"])
        key = content_key(header, SecretMac(from_base64url(given["groupKey"])))
        read = {"canonical": header.canonical().decode(), "contentKey": base64url(key)}
        assert read == vector.ok
        assert header.to_json() == given["header"]


def opened(given: Object, content: bytes) -> JsonObject:
    """Do what an opener does, in its order."""
    what = sealing(**given["expected"])
    if "digest" in given:
        check_digest(content, given["digest"])
    file = parse_sealed(content)
    key = from_base64url(given["contentKey"])
    if what.is_document:
        return {"plaintext": base64url(open_sealed(file, key, expected=what))}
    return open_payload(file, key, expected=what)


@pytest.mark.parametrize("case", ["payloads", "documents"])
def test_files(case: str, subtests: pytest.Subtests) -> None:
    files: dict[str, bytes] = {}
    for vector in load_vectors("sealed", case):
        with subtests.test(vector.name):
            given = as_object(vector.input)
            content = file_of(given, files, is_text=case == "payloads")
            files[vector.name] = content
            with expected(vector):
                assert opened(given, content) == vector.ok
                assert parse_sealed(content).to_bytes() == content


@pytest.mark.parametrize(
    ("plaintext", "size", "members"),
    [
        (b"{}", 4096, {}),
        (CANARY, 4096, {"version": 12}),
        (b"x" * 4092, 4096, {}),
        (b"x" * 4093, 8192, {}),
        (b"{}", 4096, MODEL_MEMBERS),
        (b"{}", 4096, MODEL_MEMBERS | {"group": "xiii-3"}),
        (b"a drawing", 4096, DRAWING),
        (b"x" * 5000, 5120, DRAWING),
    ],
)
def test_sealing_does_what_the_page_of_formats_says(
    plaintext: bytes, size: int, members: Object
) -> None:
    forged = Forged.of(plaintext, size, **members)
    file = sealed(plaintext, **members)
    assert file.to_bytes() == (forged.document if "doc" in str(members) else forged.payload)
    assert file.header.to_json() == forged.header


@settings(max_examples=60)
@given(st.binary(max_size=9000), st.sampled_from([{}, MODEL_MEMBERS, DRAWING]))
def test_what_was_sealed_comes_back(plaintext: bytes, members: Object) -> None:
    file = sealed(plaintext, **members)
    content = file.to_bytes()
    assert content == sealed(plaintext, **members).to_bytes(), "the same input, the same bytes"
    read = parse_sealed(content)
    assert read == file
    check_digest(content, file.digest)
    assert open_sealed(read, key_to(read), expected=sealing(**members)) == plaintext
    assert is_same_input(plaintext, read.header, SALT_KEY)


def test_other_inputs_have_other_salts_and_keys() -> None:
    """A salt is one of plaintext, header and salt key; a content key is never used twice."""
    files = [
        sealed(CANARY),
        sealed(CANARY + b" "),
        sealed(CANARY, version=8),
        sealed(CANARY, passport=BATTERY[:-1] + "4"),
        sealed(CANARY, OTHER_SECRET),
        seal(CANARY, sealing(), key_of("xiii-4", "2026b"), SALT_KEY),
        seal(CANARY, sealing(), GroupKey.of(Group("xiii-4"), "2026a", OTHER_SECRET), SALT_KEY),
        sealed(CANARY, **MODEL_MEMBERS),
        sealed(CANARY, **MODEL_MEMBERS | {"group": "xiii-3"}),
        sealed(CANARY, **DRAWING),
        sealed(CANARY, **DRAWING | {"resource": "doc/4"}),
    ]  # fmt: skip
    assert len({file.header.salt for file in files}) == len(files)
    assert len({key_to(file) for file in files}) == len(files)


def test_a_change_of_input_is_noticed() -> None:
    header = sealed(CANARY).header
    assert is_same_input(CANARY, header, SALT_KEY)
    assert not is_same_input(CANARY + b"\0", header, SALT_KEY), "zeros are no padding"
    assert not is_same_input(b"", header, SALT_KEY)
    longest = bytes(LARGEST_PAYLOAD)
    assert is_same_input(longest, sealed(longest).header, SALT_KEY)
    assert not is_same_input(longest + b"\0", header, SALT_KEY)
    assert not is_same_input(CANARY, header, SecretMac(bytes(32)))
    assert not is_same_input(CANARY, replace(header, version=8), SALT_KEY)


@pytest.mark.parametrize("incidents", [0, 1, 5])
def test_sizes_tell_nothing_of_incidents(incidents: int) -> None:
    record = {"date": "2027-03-01", "kind": "mechanical", "description": "dropped from a rack"}
    payload = json.dumps({"accidents": [record] * incidents}).encode()
    assert len(sealed(payload).to_bytes()) == len(sealed(b"{}").to_bytes())


def test_a_document_has_one_name_that_tells_nothing() -> None:
    file = sealed(b"a drawing", **DRAWING)
    dpp_id, salt = DppId.parse(MODEL), file.header.salt
    assert sealed_document_path(dpp_id, salt) == f"/dpp/{MODEL}/sealed/doc/{salt.hex()}"
    assert (
        sealed_path(DppId.parse(BATTERY), Group("xiii-4"), 7)
        == f"/dpp/{BATTERY}/sealed/xiii-4/7.json"
    )
    assert document_resource(3) == "doc/3"
    for number in (0, -1, 1_000_000):
        with pytest.raises(IdentifierError, match="no number of a document"):
            document_resource(number)


@pytest.mark.parametrize(
    "members",
    [
        {"group": "xiii-1"},
        {"group": "xiii-2"},
        {"level": "model"},
        {"passport": MODEL},
        {"version": 0},
        {"version": -7},
        {"version": 2**53},
        {"resource": "doc/1", "version": 0},
        {"resource": "doc/x"},
        {"resource": ""},
        MODEL_MEMBERS | {"passport": BATTERY},
        MODEL_MEMBERS | {"group": "xiii-4"},
        DRAWING | {"version": 1},
    ],
)
def test_what_does_not_fit_is_not_sealed(members: Object) -> None:
    with pytest.raises(IdentifierError):
        sealing(**members)


def test_a_key_of_another_group_seals_nothing() -> None:
    with pytest.raises(IdentifierError, match="is not of group xiii-4"):
        seal(b"{}", sealing(), key_of("xiii-3"), SALT_KEY)


def test_a_salt_has_sixteen_bytes() -> None:
    with pytest.raises(IdentifierError, match="15 bytes"):
        replace(sealed(b"{}").header, salt=bytes(15))


def test_the_header_without_salt_is_canonical() -> None:
    header = sealed(b"{}").header
    members = {name: value for name, value in header.to_json().items() if name != "salt"}
    assert unsalted(header.sealing, header.key) == forge_sealed.jcs(members)


def broken(file: SealedFile) -> Iterator[tuple[SealedCheck, Callable[[], object]]]:
    """Yield for each check after the form an opening that fails at it, whatever comes later."""
    key, what = key_to(file), file.header.sealing
    spoilt = replace(file, ciphertext=bytes(len(file.ciphertext)))
    unknown = replace(spoilt, commitment=bytes(32))
    other = sealing(version=9)
    yield SealedCheck.HEADER, lambda: open_sealed(unknown, bytes(32), expected=other)
    yield SealedCheck.COMMITMENT, lambda: open_sealed(unknown, key, expected=what)
    yield SealedCheck.COMMITMENT, lambda: open_sealed(file, bytes(32), expected=what)
    yield SealedCheck.CIPHERTEXT, lambda: open_sealed(spoilt, key, expected=what)


def test_checks_fail_in_their_order() -> None:
    for check, opening in broken(sealed(CANARY)):
        with pytest.raises(VerificationError) as caught:
            opening()
        assert caught.value.check == check


def said(error: BaseException) -> str:
    """Return all that an error holds, and those that it came from."""
    told = [repr(error), str(error), repr(error.args), repr(vars(error))]
    came_from = (error.__cause__, error.__context__)
    return " ".join(told + [said(other) for other in came_from if other is not None])


def refused(file: bytes, key: bytes) -> VerificationError:
    with pytest.raises(VerificationError) as caught:
        open_payload(parse_sealed(file), key, expected=sealing())
    return caught.value


@pytest.mark.parametrize(
    "plaintext",
    [
        b'{"canary":1,"canary":2}',
        b'{"a": "canary"}',
        b'"canary"',
        b"canary",
        b'{"a":"canary\\ud800"}',
    ],
)
def test_an_error_holds_nothing_of_a_plaintext(plaintext: bytes) -> None:
    forged = Forged.of(plaintext)
    error = refused(forged.payload, forged.content_key)
    assert error.check == SealedCheck.CONTENT
    assert "canary" not in said(error)


def test_an_error_holds_nothing_of_a_padded_plaintext() -> None:
    forged = Forged.of(CANARY)
    for whole in (forged.input[:-1] + b"\1", b"\0\0\xff\xff" + forged.input[4:]):
        wrong = replace(forged, input=whole)
        error = refused(wrong.payload, wrong.content_key)
        assert error.check == SealedCheck.PADDING
        assert "canary" not in said(error)


def test_keys_are_never_shown() -> None:
    secret = SecretMac(b"canary-canary-canary-canary-0123")
    assert "canary" not in repr(secret)
    assert "canary" not in repr(GroupKey.of(Group("xiii-4"), "2026a", secret))
    file = sealed(CANARY)
    assert "ciphertext" not in repr(file)
    error = refused(file.to_bytes(), b"canary" * 6)
    assert "canary" not in said(error)


def test_gcm_alone_would_take_both_keys() -> None:
    """Why there is a commitment: a tag may hold for two keys, each with another plaintext."""
    made = salamander(DOCUMENT)
    aad, keys = DOCUMENT.aad, (DOCUMENT.content_key, made.second_key)
    one, other = (
        AESGCM(mac(key, b"encrypt\x01")).decrypt(bytes(12), made.ciphertext, aad) for key in keys
    )
    assert one != other
    file, what = parse_sealed(made.file), sealing(**DOCUMENT.expected)
    assert open_sealed(file, DOCUMENT.content_key, expected=what) == made.plaintext
    with pytest.raises(VerificationError, match="another content key"):
        open_sealed(file, made.second_key, expected=what)


def open_with_its_key(content: bytes, what: Sealing) -> bytes:
    """Open a file with what an honest broker gives: the key of the very header that it is shown."""
    file = parse_sealed(content)
    return open_sealed(file, key_to(file), expected=what)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_changed_byte_of_a_file_passes(data: st.DataObject) -> None:
    members = data.draw(st.sampled_from([{}, DRAWING]))
    file = sealed(CANARY, **members)
    content = bytearray(file.to_bytes())
    at = data.draw(st.integers(0, len(content) - 1) | st.integers(0, 400))
    content[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(VerificationError) as caught:
        open_with_its_key(bytes(content), sealing(**members))
    assert caught.value.check in {"form", "header", "commitment", "ciphertext"}
    assert "canary" not in said(caught.value)


@settings(max_examples=40)
@given(st.data())
def test_no_part_of_a_file_passes(data: st.DataObject) -> None:
    content = sealed(CANARY, **data.draw(st.sampled_from([{}, DRAWING]))).to_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    for part in (content[:at], content[at + 1 :], content + content[at:]):
        with pytest.raises(VerificationError) as caught:
            parse_sealed(part)
        assert caught.value.check == "form"


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_no_bytes_upset_the_parser(content: bytes) -> None:
    for file in (content, b"cellfolio-sealed-v1\n" + content):
        with pytest.raises(VerificationError) as caught:
            parse_sealed(file)
        assert caught.value.check == "form"


@pytest.mark.parametrize("what", ["seal", "open"])
def test_the_longest_document_takes_little_memory(what: str) -> None:
    assert peak_megabytes(what) <= LARGEST_MEGABYTES
