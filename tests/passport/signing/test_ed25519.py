"""Ed25519: the keys and signatures on which implementations differ are refused."""

import pytest

from passport.errors import VerificationError
from passport.signing.ed25519 import PublicKey, sign, verify

# RFC 8032 7.1, test 2.
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
KEY = PublicKey(bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))
MESSAGE = b"\x72"
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
ORDER = 2**252 + 27742317777372353535851937790883648493

# Every encoding of the eight points of small order, non-canonical ones included.
SMALL_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


def test_the_rfc_s_example_is_reproduced() -> None:
    assert PublicKey.of(SEED) == KEY
    assert sign(SEED, MESSAGE) == SIGNATURE
    verify(KEY, MESSAGE, SIGNATURE)


def test_a_key_is_read_back() -> None:
    assert PublicKey.parse(KEY.multikey) == KEY


@pytest.mark.parametrize("raw", SMALL_ORDER)
def test_a_key_of_small_order_is_refused(raw: str) -> None:
    with pytest.raises(VerificationError, match="no point of full order"):
        PublicKey(bytes.fromhex(raw))


@pytest.mark.parametrize("raw", [b"", KEY.raw[:31], KEY.raw + b"\0", b"\x02" + bytes(31)])
def test_what_is_no_point_is_no_key(raw: bytes) -> None:
    with pytest.raises(VerificationError, match="no point of full order"):
        PublicKey(raw)


def with_order_added(signature: bytes) -> bytes:
    """Return the signature that some verifiers take for the same one: S + L instead of S."""
    number = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + number.to_bytes(32, "little")


@pytest.mark.parametrize(
    "signature",
    [
        with_order_added(SIGNATURE),
        bytes(64),
        bytes.fromhex(SMALL_ORDER[2]) + bytes(32),
        SIGNATURE[:32] + bytes(32),
        SIGNATURE[:-1] + b"\x01",
    ],
)
def test_another_signature_is_refused(signature: bytes) -> None:
    with pytest.raises(VerificationError, match="the signature is not by z6M"):
        verify(KEY, MESSAGE, signature)


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:63], SIGNATURE + b"\0"])
def test_a_signature_of_another_length_is_refused(signature: bytes) -> None:
    with pytest.raises(VerificationError, match="bytes, not 64"):
        verify(KEY, MESSAGE, signature)


def test_another_message_is_refused() -> None:
    with pytest.raises(VerificationError, match="the signature is not by"):
        verify(KEY, b"\x73", SIGNATURE)
