"""Size classes at their borders, and what is padded into them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.sealing.size_class import (
    DOCUMENT_SIZES,
    LARGEST_DOCUMENT,
    LARGEST_PAYLOAD,
    PAYLOAD_SIZES,
    SMALLEST_CLASS,
    SizeClasses,
    padme,
    power_of_two,
)

BOTH = pytest.mark.parametrize(
    "sizes", [PAYLOAD_SIZES, DOCUMENT_SIZES], ids=["payload", "document"]
)
LENGTHS = st.integers(0, LARGEST_DOCUMENT)


@pytest.mark.parametrize(
    ("length", "payload", "document"),
    [
        (1, 4096, 4096),
        (4095, 4096, 4096),
        (4096, 4096, 4096),
        (4097, 8192, 4352),
        (4352, 8192, 4352),
        (4353, 8192, 4608),
        (8191, 8192, 8192),
        (8192, 8192, 8192),
        (8193, 16384, 8704),
        (65535, 65536, 65536),
        (65536, 65536, 65536),
        (65537, 131072, 67584),
        (1_000_000, 1_048_576, 1_015_808),
        (LARGEST_PAYLOAD + 4, 2**23, 2**23),
    ],
)
def test_classes(length: int, payload: int, document: int) -> None:
    assert (power_of_two(length), padme(length)) == (payload, document)


def test_the_longest_document_fits_a_class_that_holds_its_length_too() -> None:
    assert padme(4 + LARGEST_DOCUMENT) == 66 * 1024 * 1024
    assert DOCUMENT_SIZES.is_class(66 * 1024 * 1024)
    assert not DOCUMENT_SIZES.is_class(68 * 1024 * 1024)
    assert PAYLOAD_SIZES.is_class(2**23)
    assert not PAYLOAD_SIZES.is_class(2**24)


@given(LENGTHS)
def test_padme_is_as_its_paper_defines_it(length: int) -> None:
    """Nikitin and others 2019, algorithm 1: E = floor(log2 L), S = floor(log2 E) + 1."""
    length += SMALLEST_CLASS
    exponent = len(bin(length)) - 3
    kept = len(bin(exponent)) - 2
    unit = 2 ** (exponent - kept)
    assert padme(length) == -(-length // unit) * unit


@BOTH
@given(length=LENGTHS)
def test_a_class_holds_its_length_and_is_its_own_class(sizes: SizeClasses, length: int) -> None:
    size = sizes.class_of(length)
    assert size >= max(length, SMALLEST_CLASS)
    assert sizes.class_of(size) == size
    assert sizes.class_of(length + 1) >= size


@given(LENGTHS)
def test_documents_grow_by_an_eighth_at_most(length: int) -> None:
    length += SMALLEST_CLASS
    assert padme(length) <= length * 1.125


@BOTH
@given(plaintext=st.binary(max_size=10_000))
def test_what_is_padded_comes_back(sizes: SizeClasses, plaintext: bytes) -> None:
    padded = sizes.padded(plaintext)
    assert sizes.is_class(len(padded))
    assert sizes.plaintext_of(padded) == plaintext
    assert sizes.digest(plaintext) == hashlib.sha256(padded).digest()


@BOTH
@pytest.mark.parametrize("border", [4092, 8188, 65532])
def test_a_class_holds_the_length_besides(sizes: SizeClasses, border: int) -> None:
    assert len(sizes.padded(bytes(border))) == border + 4
    assert len(sizes.padded(bytes(border + 1))) == sizes.class_of(border + 5) > border + 4


def test_no_other_size_is_a_class() -> None:
    for sizes, own in ((PAYLOAD_SIZES, (6144, 12288)), (DOCUMENT_SIZES, (4353, 8193))):
        others = (0, 16, 2048, 4095, 4097, *own)
        assert [size for size in others if sizes.is_class(size)] == []


@BOTH
def test_what_is_too_long_is_not_padded(sizes: SizeClasses) -> None:
    with pytest.raises(ValueError, match="can be sealed"):
        sizes.padded(bytes(sizes.largest + 1))


@pytest.mark.parametrize(
    ("sizes", "largest", "size"),
    [(PAYLOAD_SIZES, 8_388_604, 8_388_608), (DOCUMENT_SIZES, 67_108_864, 69_206_016)],
    ids=["payload", "document"],
)
def test_the_longest_is_padded_and_comes_back(sizes: SizeClasses, largest: int, size: int) -> None:
    longest = b"x" * largest
    padded = sizes.padded(longest)
    assert len(padded) == size
    assert sizes.plaintext_of(padded) == longest


@BOTH
@pytest.mark.parametrize(
    ("whole", "says"),
    [
        ((4093).to_bytes(4) + bytes(4092), "more than there is"),
        (bytes(8192), "not the class"),
        (bytes(4095) + b"\1", "not zeros"),
        (b"\0\0\0\1ab".ljust(4096, b"\0"), "not zeros"),
    ],
)
def test_anything_else_than_what_is_padded_is_refused(
    sizes: SizeClasses, whole: bytes, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        sizes.plaintext_of(whole)


@BOTH
def test_a_length_beyond_the_longest_is_refused(sizes: SizeClasses) -> None:
    whole = bytearray(sizes.class_of(4 + sizes.largest))
    whole[:4] = (sizes.largest + 1).to_bytes(4)
    with pytest.raises(ValueError, match="more than there is"):
        sizes.plaintext_of(bytes(whole))


def test_the_longest_are_those_of_the_format() -> None:
    assert (SMALLEST_CLASS, LARGEST_PAYLOAD, LARGEST_DOCUMENT) == (4096, 8_388_604, 67_108_864)
