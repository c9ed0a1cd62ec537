"""HPKE (RFC 9180) in the one suite in which brokers answer, over `cryptography`.

Base mode, single shot, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. What a ciphertext
belongs to stands in `info`; there is no other associated data (RFC 9180 8.1). Keys that yield a
secret known to everybody are refused before they are used. Sealing needs randomness, so it is done
where the broker answers; the suite and the checks of keys are the same for both sides.
"""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from passport.errors import VerificationError

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
KEM_ID = "0x0020"
"""RFC 9180 7.1: the suite's name of its kind of key, as requests say it."""
KEY_LENGTH = 32
ENCAPSULATED_LENGTH = 32
TAG_LENGTH = 16

_PRIME = 2**255 - 19
# The u-coordinates of small order on Curve25519 and its twist: every secret made with one is zero
# (RFC 7748 6.1). Their other spellings are at or beyond the prime, and refused as such.
_SMALL_ORDER = frozenset(
    {
        0,
        1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
        _PRIME - 1,
    }
)


@dataclass(frozen=True, slots=True)
class RecipientKey:
    """A public X25519 key, 32 bytes; `VerificationError` unless it is canonical and sound."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_LENGTH:
            raise VerificationError(
                f"the key has {len(self.raw)} bytes, not {KEY_LENGTH}", "send an X25519 public key"
            )
        coordinate = int.from_bytes(self.raw, "little")
        if coordinate >= _PRIME or coordinate in _SMALL_ORDER:
            raise VerificationError(
                "the key is not canonical or of small order", "make a fresh X25519 key"
            )

    @property
    def public_key(self) -> X25519PublicKey:
        """The key as `SUITE` takes it."""
        return X25519PublicKey.from_public_bytes(self.raw)


@dataclass(frozen=True, slots=True)
class RecipientSecret:
    """A private X25519 key: 32 random bytes, for one answer only; never shown."""

    raw: bytes = field(repr=False)
    public: RecipientKey = field(init=False)

    def __post_init__(self) -> None:
        public = X25519PrivateKey.from_private_bytes(self.raw).public_key()
        object.__setattr__(self, "public", RecipientKey(public.public_bytes_raw()))

    def open(self, sealed: bytes, *, info: bytes) -> bytes:
        """Return what was sealed to this key for this `info`; `VerificationError` otherwise."""
        if len(sealed) < ENCAPSULATED_LENGTH + TAG_LENGTH:
            raise VerificationError(f"{len(sealed)} bytes are too few for an answer")
        RecipientKey(sealed[:ENCAPSULATED_LENGTH])
        key = X25519PrivateKey.from_private_bytes(self.raw)
        try:
            return SUITE.decrypt(sealed, key, info)
        except (InvalidTag, ValueError) as error:
            raise VerificationError(
                "the answer was not sealed to this key for this request",
                "somebody changed it, or it belongs to another request",
            ) from error
