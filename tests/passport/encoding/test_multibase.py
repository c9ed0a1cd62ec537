"""Multibase, multihash and Multikey: one spelling each."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passport.encoding.multibase import (
    base58,
    base58_multibase,
    digest_multibase,
    ed25519_multikey,
    from_base58,
    from_base58_multibase,
    from_ed25519_multikey,
    sha256_multihash,
)
from passport.errors import VerificationError

KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"


# draft-msporny-base58, section 5.
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
        (b"", ""),
        (b"\0", "1"),
    ],
)
def test_base58(data: bytes, text: str) -> None:
    assert base58(data) == text
    assert from_base58(text) == data


@given(st.binary(max_size=80))
def test_base58_is_read_back(data: bytes) -> None:
    assert from_base58_multibase(base58_multibase(data)) == data


@given(st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", max_size=80))
def test_no_bytes_have_two_spellings(text: str) -> None:
    assert base58(from_base58(text)) == text


@pytest.mark.parametrize("text", ["0", "O", "I", "l", " 1", "1\n", "é", "1" * 1025])
def test_another_alphabet_or_a_huge_text_is_refused(text: str) -> None:
    with pytest.raises(VerificationError, match="not base58btc"):
        from_base58(text)


@pytest.mark.parametrize("text", ["", "uAA", "m", "f00", "Z11", "6MkrJV"])
def test_another_base_is_refused(text: str) -> None:
    with pytest.raises(VerificationError, match="it begins with z"):
        from_base58_multibase(text)


def test_a_multikey_is_read_back() -> None:
    assert ed25519_multikey(from_ed25519_multikey(KEY)) == KEY


@pytest.mark.parametrize(
    ("prefix", "length", "says"),
    [
        ("ed01", 31, "31 bytes, not 32"),
        ("ed01", 33, "33 bytes, not 32"),
        ("ed01", 0, "0 bytes, not 32"),
        ("ec01", 32, "no Ed25519 public key"),  # X25519
        ("8024", 33, "no Ed25519 public key"),  # P-256
        ("8026", 32, "no Ed25519 public key"),  # Ed25519, private
        ("e701", 33, "no Ed25519 public key"),  # secp256k1
        ("", 0, "no Ed25519 public key"),
    ],
)
def test_another_kind_of_key_is_refused(prefix: str, length: int, says: str) -> None:
    with pytest.raises(VerificationError, match=says):
        from_ed25519_multikey(base58_multibase(bytes.fromhex(prefix) + bytes(length)))


def test_a_digest_says_its_kind() -> None:
    assert sha256_multihash(b"x") == b"\x12\x20" + hashlib.sha256(b"x").digest()
    assert digest_multibase(b"") == "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"
    assert len(digest_multibase(b"")) == 47


def test_every_character_of_the_alphabet_is_read_and_1024_at_most() -> None:
    alphabet = "".join(chr(n) for n in range(128) if chr(n).isalnum() and chr(n) not in "0OIl")
    assert base58(from_base58(alphabet)) == alphabet
    assert from_base58("1" * 1024) == bytes(1024)
