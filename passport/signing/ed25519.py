"""Ed25519 (RFC 8032) over PyNaCl: every raw use of the primitive, and why it is safe.

Implementations differ where a key or a signature is malformed: with a key of small order, one
signature fits many messages. libsodium is the strictest that we know (it refuses S + L, R of small
order and non-canonical keys), and what it leaves open is closed where a key is read: `PublicKey`
holds points of the main subgroup only. Where keys come from and what they may do isn't known here.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from passport.encoding.multibase import ed25519_multikey, from_ed25519_multikey
from passport.errors import VerificationError
from passport.quoting import quoted

SEED_LENGTH = 32
SIGNATURE_LENGTH = 64


@dataclass(frozen=True, slots=True, order=True)
class PublicKey:
    """A public key, 32 bytes; `VerificationError` unless it is canonical and of full order."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != 32 or not _is_sound(self.raw):
            raise VerificationError(
                f"{quoted(self.raw.hex())} is no point of full order on the curve",
                "trust no document that names it: such a key signs nothing in particular",
            )

    @classmethod
    def of(cls, seed: bytes) -> Self:
        """Return the public key of a private key's 32-byte seed."""
        return cls(bytes(SigningKey(seed).verify_key))

    @classmethod
    def parse(cls, multikey: str) -> Self:
        """Read a Multikey, `z6Mk…`; `VerificationError` for another kind of key."""
        return cls(from_ed25519_multikey(multikey))

    @property
    def multikey(self) -> str:
        """The key as it stands in DID documents."""
        return ed25519_multikey(self.raw)


@lru_cache(maxsize=4096)  # it takes as long as verifying, and the same keys come again and again
def _is_sound(raw: bytes) -> bool:
    return bool(crypto_core_ed25519_is_valid_point(raw))


def sign(seed: bytes, message: bytes) -> bytes:
    """Return the signature, 64 bytes; the same for the same seed and message."""
    return SigningKey(seed).sign(message).signature


def verify(key: PublicKey, message: bytes, signature: bytes) -> None:
    """Return if the signature is the key's over these bytes; `VerificationError` otherwise."""
    if len(signature) != SIGNATURE_LENGTH:
        raise VerificationError(f"the signature has {len(signature)} bytes, not {SIGNATURE_LENGTH}")
    try:
        VerifyKey(key.raw).verify(message, signature)
    except BadSignatureError as error:
        raise VerificationError(
            f"the signature is not by {key.multikey} over these bytes",
            "one of document, proof and key was changed, or they belong to others",
        ) from error
