"""Sealed files made by hand, right ones and wrong ones, without the code that they test.

Written from docs/formats.md with `hmac`, `json` and the AES-GCM of `cryptography`. What is wrong
inside (a length, the padding, a plaintext that is no JSON) can't be had by editing a file's bytes,
since its tag would tell: here it is sealed as if it were right.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from typing import Any, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Object = dict[str, Any]

MAGIC = b"cellfolio-sealed-v1\n"
MODEL = "01_09506000134352"
BATTERY = "01_09506000134352_21_ABC123"
SECRETS = {
    group: hashlib.sha256(group.encode()).digest() for group in ("xiii-2", "xiii-3", "xiii-4")
}
"""A key for each group, of epoch 2026a."""
SALT_SECRET = hashlib.sha256(b"salt").digest()


def mac(secret: bytes, message: bytes) -> bytes:
    return hmac.new(secret, message, hashlib.sha256).digest()


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jcs(value: Object) -> bytes:
    """Canonical JSON, for ASCII and whole numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def key_id(group: str, secret: bytes, epoch: str = "2026a") -> str:
    check = base64.b32encode(mac(secret, b"cellfolio/key-id/v1")[:10]).decode().lower()
    return f"{group}/{epoch}/{check}"


def padded(plaintext: bytes, size: int) -> bytes:
    return (len(plaintext).to_bytes(4, "big") + plaintext).ljust(size, b"\0")


@dataclass(frozen=True, kw_only=True)
class Forged:
    """A sealed file in the making: its header, what is encrypted, and the keys."""

    header: Object
    input: bytes
    secret: bytes

    @classmethod
    def of(cls, plaintext: bytes, size: int = 4096, **members: object) -> Self:
        """Return what is right; `members` are those of the header that are not the battery's."""
        header: Object = {
            "v": 1,
            "passport": BATTERY,
            "level": "battery",
            "group": "xiii-4",
            "version": 7,
            "resource": "payload",
            **members,
        }
        secret = SECRETS[header["group"]]
        header["key"] = key_id(header["group"], secret)
        whole = padded(plaintext, size)
        message = jcs(header) + b"\0" + hashlib.sha256(whole).digest()
        header["salt"] = b64url(mac(SALT_SECRET, b"cellfolio/salt/v1\0" + message)[:16])
        return cls(header=header, input=whole, secret=secret)

    def but(self, **members: object) -> Self:
        """Return it with other members in its header, sealed as if they were right."""
        return replace(self, header={**self.header, **members})

    @property
    def expected(self) -> Object:
        return {name: self.header[name] for name in EXPECTED}

    @property
    def content_key(self) -> bytes:
        return mac(self.secret, b"cellfolio/content-key/v1\0" + jcs(self.header))

    @property
    def commitment(self) -> bytes:
        return mac(self.content_key, b"commit\x01")

    @property
    def aad(self) -> bytes:
        return jcs(self.header)

    @property
    def cipher(self) -> AESGCM:
        return AESGCM(mac(self.content_key, b"encrypt\x01"))

    @property
    def ciphertext(self) -> bytes:
        return self.cipher.encrypt(bytes(12), self.input, self.aad)

    @property
    def members(self) -> Object:
        """The members of the file of a payload."""
        sealed = {"commitment": b64url(self.commitment), "ciphertext": b64url(self.ciphertext)}
        return {**self.header, **sealed}

    @property
    def payload(self) -> bytes:
        return jcs(self.members)

    @property
    def document(self) -> bytes:
        return self.file(self.ciphertext)

    def file(self, ciphertext: bytes) -> bytes:
        """Return the file of a document with any ciphertext."""
        return document_of({**self.header, "commitment": b64url(self.commitment)}, ciphertext)


EXPECTED = ("passport", "level", "group", "version", "resource")


def document_of(head: Object | bytes, ciphertext: bytes) -> bytes:
    """Return the file of a document with any head."""
    text = head if isinstance(head, bytes) else jcs(head)
    return MAGIC + len(text).to_bytes(4, "big") + text + ciphertext
