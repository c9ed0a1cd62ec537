"""HPKE in our suite against RFC 9180, a second implementation, and keys that must be refused."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from passport.errors import VerificationError
from passport.sealing.hpke import KEM_ID, SUITE, RecipientKey, RecipientSecret

# RFC 9180's companion file (cfrg/draft-irtf-cfrg-hpke, test-vectors.json): mode 0, KEM 0x0020,
# KDF 0x0001, AEAD 0x0002, the first encryption.
INFO = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
EPHEMERAL = bytes.fromhex("179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11")
SECRET = bytes.fromhex("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d")
PUBLIC = bytes.fromhex("430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c")
ENCAPSULATED = bytes.fromhex("6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256")
AAD = b"Count-0"
PLAINTEXT = b"Beauty is truth, truth beauty"
CIPHERTEXT = bytes.fromhex(
    "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a"
)

PRIME = 2**255 - 19
KEM = b"KEM\x00\x20"
HPKE = b"HPKE\x00\x20\x00\x01\x00\x02"


def extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, hashlib.sha256)


def expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2) + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, labelled + b"\1", hashlib.sha256)[:length]


def seal(plaintext: bytes, recipient: bytes, info: bytes, aad: bytes = b"") -> bytes:
    """Seal as RFC 9180 4.1, 5.1 and 6.1 say it, with the vector's ephemeral key."""
    ephemeral = X25519PrivateKey.from_private_bytes(EPHEMERAL)
    encapsulated = ephemeral.public_key().public_bytes_raw()
    agreed = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    prk = extract(KEM, b"", b"eae_prk", agreed)
    shared = expand(KEM, prk, b"shared_secret", encapsulated + recipient, 32)
    context = b"\0" + extract(HPKE, b"", b"psk_id_hash", b"")
    context += extract(HPKE, b"", b"info_hash", info)
    secret = extract(HPKE, shared, b"secret", b"")
    key = expand(HPKE, secret, b"key", context, 32)
    nonce = expand(HPKE, secret, b"base_nonce", context, 12)
    return encapsulated + AESGCM(key).encrypt(nonce, plaintext, aad)


def test_the_second_implementation_and_the_library_both_meet_the_vector() -> None:
    assert RecipientSecret(SECRET).public.raw == PUBLIC
    assert seal(PLAINTEXT, PUBLIC, INFO, AAD) == ENCAPSULATED + CIPHERTEXT
    private = X25519PrivateKey.from_private_bytes(SECRET)
    opened = openssl.hpke._decrypt_with_aad(SUITE, ENCAPSULATED + CIPHERTEXT, private, INFO, AAD)
    assert opened == PLAINTEXT


def test_what_the_second_implementation_seals_is_opened() -> None:
    content_keys = bytes(range(64))
    sealed = seal(content_keys, PUBLIC, b"cellfolio")
    assert RecipientSecret(SECRET).open(sealed, info=b"cellfolio") == content_keys


def test_what_the_suite_seals_is_opened_by_that_key_and_info_only() -> None:
    secret = RecipientSecret(SECRET)
    sealed = SUITE.encrypt(b"k" * 32, secret.public.public_key, b"this request")
    assert secret.open(sealed, info=b"this request") == b"k" * 32
    with pytest.raises(VerificationError, match="not sealed to this key"):
        secret.open(sealed, info=b"another request")
    with pytest.raises(VerificationError, match="not sealed to this key"):
        RecipientSecret(EPHEMERAL).open(sealed, info=b"this request")


@pytest.mark.parametrize("place", [0, 31, 32, -1])
def test_no_changed_byte_is_opened(place: int) -> None:
    sealed = bytearray(seal(b"k" * 32, PUBLIC, b""))
    sealed[place] ^= 1
    with pytest.raises(VerificationError):
        RecipientSecret(SECRET).open(bytes(sealed), info=b"")


def test_nothing_can_be_sealed_too() -> None:
    sealed = seal(b"", PUBLIC, b"")
    assert len(sealed) == 48
    assert RecipientSecret(SECRET).open(sealed, info=b"") == b""


def test_the_kind_of_key_has_the_rfcs_number() -> None:
    assert KEM_ID == "0x0020"


@pytest.mark.parametrize("length", [0, 32, 47])
def test_too_short_an_answer_is_refused(length: int) -> None:
    with pytest.raises(VerificationError, match=f"{length} bytes are too few"):
        RecipientSecret(SECRET).open(bytes(length), info=b"")


# RFC 7748 6.1 and the order of the curve and its twist; the last five are other spellings.
SMALL_ORDER = (
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    PRIME - 1,
    PRIME,
    PRIME + 1,
    2**255,
    2**255 + 1,
    2**256 - 1,
)


@pytest.mark.parametrize("coordinate", SMALL_ORDER)
def test_a10_a_key_whose_secret_everybody_knows_is_refused(coordinate: int) -> None:
    raw = coordinate.to_bytes(32, "little")
    with pytest.raises(VerificationError, match="not canonical or of small order"):
        RecipientKey(raw)
    with pytest.raises(VerificationError, match="not canonical or of small order"):
        RecipientSecret(SECRET).open(raw + bytes(48), info=b"")


def test_a10_each_key_of_small_order_does_yield_nothing_secret() -> None:
    for coordinate in SMALL_ORDER[:7]:
        key = X25519PublicKey.from_public_bytes(coordinate.to_bytes(32, "little"))
        with pytest.raises(ValueError, match="shared key"):
            X25519PrivateKey.from_private_bytes(EPHEMERAL).exchange(key)


def test_a10_a_second_spelling_of_a_good_key_is_refused() -> None:
    # Nine is the base point: 9 + p is the same point to X25519, 9 + 2^255 too.
    assert RecipientKey((9).to_bytes(32, "little"))
    for spelling in (9 + PRIME, 9 + 2**255):
        with pytest.raises(VerificationError, match="not canonical"):
            RecipientKey(spelling.to_bytes(32, "little"))


@pytest.mark.parametrize("length", [0, 31, 33, 65, 1 << 20])
def test_a10_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(VerificationError, match="bytes, not 32"):
        RecipientKey(b"\x09" * length)


def test_a_private_key_is_never_shown() -> None:
    assert SECRET.hex() not in repr(RecipientSecret(SECRET))
    assert repr(SECRET) not in repr(RecipientSecret(SECRET))
