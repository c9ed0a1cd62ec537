"""Sealing and opening: one group of one passport, or one document of a model, for later release.

DESIGN 6. Everything follows from the plaintext, the header and two keys, so the same input gives
the same bytes, and a content key encrypts exactly one input. Opening checks in the order of
`SealedCheck` and returns the plaintext only after the last one; an error never holds any of it.
Who may have a key is `passport.access.decision`' matter, where files lie the site's.
"""

import hmac
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.strict_json import parse_object
from passport.errors import JsonError, VerificationError
from passport.sealing.group_key import KEY_LENGTH, GroupKey, GroupKeyId, Mac
from passport.sealing.sealed_file import SealedFile, sizes_of
from passport.sealing.sealed_header import (
    SALT_LENGTH,
    SealedCheck,
    SealedHeader,
    Sealing,
    content_key,
    unsalted,
)
from passport.sealing.size_class import DOCUMENT_SIZES, PAYLOAD_SIZES

_SALT = b"cellfolio/salt/v1\0"
# A content key encrypts one input only: it is a MAC of the header, and the header's salt one of
# the input. So one nonce does for all.
_NONCE = bytes(12)


def seal(plaintext: bytes, sealing: Sealing, key: GroupKey, salt_key: Mac) -> SealedFile:
    """Seal a payload (canonical JSON) or a document under a group's key.

    The same arguments give the same bytes. Raises `IdentifierError` for a key of another group and
    `ValueError` for a plaintext that is too long.
    """
    sizes = DOCUMENT_SIZES if sealing.is_document else PAYLOAD_SIZES
    padded = sizes.padded(plaintext)
    salt = _salt(sealing, key.key_id, sha256(padded).digest(), salt_key)
    header = SealedHeader.of(sealing, key.key_id, salt)
    encryption_key, commitment = _derived(content_key(header, key.mac))
    ciphertext = AESGCM(encryption_key).encrypt(_NONCE, padded, header.canonical())
    return SealedFile(header=header, commitment=commitment, ciphertext=ciphertext)


def is_same_input(plaintext: bytes, header: SealedHeader, salt_key: Mac) -> bool:
    """Tell whether a file with this header was sealed from this plaintext with this salt key."""
    sizes = sizes_of(header)
    if len(plaintext) > sizes.largest:
        return False
    salt = _salt(header.sealing, header.key, sizes.digest(plaintext), salt_key)
    return hmac.compare_digest(salt, header.salt)


def open_sealed(file: SealedFile, content_key: bytes, *, expected: Sealing) -> bytes:
    """Return the plaintext of a file that is what was asked for.

    Check the passport and the file's digest first (`check_digest`). Raises `VerificationError`,
    whose `check` is one of `SealedCheck`; no plaintext leaves unless all of them pass.
    """
    if file.header.sealing != expected:
        raise VerificationError(
            f"the file is {_named(file.header.sealing)}, not {_named(expected)}",
            check=SealedCheck.HEADER,
        )
    if len(content_key) != KEY_LENGTH:
        raise _error(f"the content key has {len(content_key)} bytes", SealedCheck.COMMITMENT)
    encryption_key, commitment = _derived(content_key)
    if not hmac.compare_digest(commitment, file.commitment):
        raise _error("the file was sealed with another content key", SealedCheck.COMMITMENT)
    return _without_padding(_decrypted(file, encryption_key), file)


def open_payload(file: SealedFile, content_key: bytes, *, expected: Sealing) -> JsonObject:
    """Return the data points of a payload; `VerificationError` as for `open_sealed`."""
    plaintext = open_sealed(file, content_key, expected=expected)
    members = _object(plaintext)
    if members is None or canonical_json(members) != plaintext:
        raise _error("the payload is no canonical JSON object", SealedCheck.CONTENT)
    return members


def _salt(sealing: Sealing, key: GroupKeyId, digest: bytes, salt_key: Mac) -> bytes:
    return salt_key.mac(b"%b%b\0%b" % (_SALT, unsalted(sealing, key), digest))[:SALT_LENGTH]


def _derived(secret: bytes) -> tuple[bytes, bytes]:
    """Return the encryption key and the commitment: neither GCM nor its tag commits to a key."""
    return hmac.digest(secret, b"encrypt\1", sha256), hmac.digest(secret, b"commit\1", sha256)


def _decrypted(file: SealedFile, key: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(_NONCE, file.ciphertext, file.header.canonical())
    except InvalidTag as error:
        raise _error("the ciphertext was changed", SealedCheck.CIPHERTEXT) from error


def _without_padding(padded: bytes, file: SealedFile) -> bytes:
    try:
        return sizes_of(file.header).plaintext_of(padded)
    except ValueError as error:
        raise _error(str(error), SealedCheck.PADDING) from error


def _object(plaintext: bytes) -> JsonObject | None:
    try:
        return parse_object(plaintext)
    except JsonError:
        return None  # its message would quote the plaintext


def _named(sealing: Sealing) -> str:
    return (
        f"{sealing.group} {sealing.resource} of {sealing.level} {sealing.passport}, "
        f"version {sealing.version}"
    )


def _error(message: str, check: SealedCheck) -> VerificationError:
    return VerificationError(message, check=check)
