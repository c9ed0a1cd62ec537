"""Checkpoints: what a key of the log signed, and nothing that looks like it."""

import base64

import pytest

from passport.base_url import BaseUrl
from passport.errors import VerificationError
from passport.log.checkpoint import (
    Checkpoint,
    LogKey,
    log_origin,
    parse_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
)
from tests.forge_checkpoints import ORIGIN, OURS, TEXT, note, signed_by
from tests.vectors import Vector, expected, load_vectors

KEY = LogKey(ORIGIN, OURS.public_key)


@pytest.mark.parametrize("vector", load_vectors("checkpoint", "notes"), ids=lambda v: v.name)
def test_notes(vector: Vector) -> None:
    given = vector.input
    assert isinstance(given, dict)
    with expected(vector):
        keys = [LogKey.parse(vkey) for vkey in given["keys"]]
        checkpoint = verify_checkpoint(given["note"].encode(), keys)
        root = base64.b64encode(checkpoint.root).decode()
        told = {"origin": checkpoint.origin, "size": checkpoint.size, "root": root}
        assert told == vector.ok


@pytest.mark.parametrize("vector", load_vectors("checkpoint", "vkeys"), ids=lambda v: v.name)
def test_verifier_keys(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    with expected(vector):
        key = LogKey.parse(vector.input["vkey"])
        told = {"name": key.name, "publicKeyMultibase": key.public_key.multikey}
        assert told == vector.ok
        assert str(key) == vector.input["vkey"]


def test_what_is_signed_is_the_vectors_note() -> None:
    checkpoint = parse_checkpoint(note(TEXT).encode())
    assert sign_checkpoint(checkpoint, OURS) == note(TEXT).encode()
    assert checkpoint.text == TEXT


def test_the_key_of_the_go_checksum_database_is_read() -> None:
    """The one verifier key that everybody has."""
    vkey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    assert str(LogKey.parse(vkey)) == vkey


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(VerificationError, match="checkpoint: byte 2 is not UTF-8"):
        verify_checkpoint(b"id\xff" + note(TEXT).encode(), [KEY])


def test_a_note_is_bounded() -> None:
    huge = note(TEXT, signed_by(TEXT), f"— big.example {'AAAA' * 35_000}\n").encode()
    with pytest.raises(VerificationError, match="are more than the 131072 allowed"):
        verify_checkpoint(huge, [KEY])


def test_every_bit_counts() -> None:
    sound = note(TEXT).encode()
    for place in range(len(sound)):
        for bit in range(8):
            changed = bytearray(sound)
            changed[place] ^= 1 << bit
            with pytest.raises(VerificationError, match="checkpoint"):
                verify_checkpoint(bytes(changed), [KEY])


def test_every_cut_counts() -> None:
    sound = note(TEXT).encode()
    for length in range(len(sound)):
        with pytest.raises(VerificationError, match="checkpoint"):
            verify_checkpoint(sound[:length], [KEY])


def test_a_text_without_signature_is_only_read() -> None:
    unsigned = note(TEXT, signed_by("another text\n")).encode()
    assert parse_checkpoint(unsigned).size == 5
    with pytest.raises(VerificationError, match="the signature is not by"):
        verify_checkpoint(unsigned, [KEY])


def test_a_logs_name_is_its_address() -> None:
    assert log_origin(BaseUrl("https://id.example.com"), 1) == ORIGIN
    assert log_origin(BaseUrl("http://[::1]:8000"), 12) == "[::1]:8000/log/12"
    checkpoint = Checkpoint(origin="[::1]:8000/log/12", size=0, root=parse_empty())
    key = LogKey(checkpoint.origin, OURS.public_key)
    assert verify_checkpoint(sign_checkpoint(checkpoint, OURS), [key]) == checkpoint


def parse_empty() -> bytes:
    return base64.b64decode("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
