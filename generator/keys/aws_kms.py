"""A signer whose private key never leaves AWS KMS; needs the extra `aws`.

Spec: AWS KMS API Reference, Sign and GetPublicKey. The key is of spec ECC_NIST_EDWARDS25519 and
signs whole messages (ED25519_SHA_512 with RAW is Ed25519 of RFC 8032; ED25519_PH_SHA_512 is another
scheme, which our verifiers refuse). KMS takes messages of up to 4096 bytes. A build asks for Sign
only; the public key is read once, when it is entered in the register.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from generator.aws.session import asking as asking_aws
from generator.aws.session import aws_client
from passport.errors import HostError, VerificationError
from passport.signing.ed25519 import PublicKey, verify

KEY_SPEC = "ECC_NIST_EDWARDS25519"
ALGORITHM = "ED25519_SHA_512"
LONGEST_MESSAGE = 4096

# RFC 8410, 4: a SubjectPublicKeyInfo of id-Ed25519 is these bytes and the key, in DER one way only.
_SPKI = bytes.fromhex("302a300506032b6570032100")


class KmsClient(Protocol):
    """What is used of boto3's client for KMS."""

    def get_public_key(self, *, KeyId: str) -> Mapping[str, object]:  # noqa: N803 (AWS's name)
        """Return the public key of a key pair and what it is for."""

    def sign(
        self,
        *,
        KeyId: str,  # noqa: N803 (AWS's name)
        Message: bytes,  # noqa: N803
        MessageType: str,  # noqa: N803
        SigningAlgorithm: str,  # noqa: N803
    ) -> Mapping[str, object]:
        """Return a signature and the key that made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KmsSigner:
    """Signs with a key in KMS; each signature is checked against the register's public key."""

    arn: str
    public_key: PublicKey
    client: KmsClient = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes; `HostError` when KMS refuses or answers wrongly."""
        if len(message) > LONGEST_MESSAGE:
            raise ValueError(f"{len(message)} bytes are too many: KMS signs {LONGEST_MESSAGE}")
        with asking(self.arn, "kms:Sign"):
            answer = self.client.sign(
                KeyId=self.arn, Message=message, MessageType="RAW", SigningAlgorithm=ALGORITHM
            )
        _expect(answer, {"KeyId": self.arn, "SigningAlgorithm": ALGORITHM})
        signature = bytes_in(answer, "Signature")
        try:
            verify(self.public_key, message, signature)
        except VerificationError as error:
            raise HostError(
                f"{self.arn} signed with another key than {self.public_key.multikey}",
                "compare its public key with the register's",
            ) from error
        return signature


def kms_client(arn: str) -> KmsClient:
    """Return a client for the region of an ARN; credentials are looked for as AWS tools do.

    `HostError` without the extra.
    """
    client: KmsClient = aws_client(
        "kms", arn.split(":")[3], needed_for="keys in AWS KMS", extra="aws"
    )
    return client


def kms_public_key(arn: str, client: KmsClient) -> PublicKey:
    """Ask for a key's public half; `HostError` unless the key can sign passports."""
    with asking(arn, "kms:GetPublicKey"):
        answer = client.get_public_key(KeyId=arn)
    _expect(answer, {"KeyId": arn, "KeySpec": KEY_SPEC, "KeyUsage": "SIGN_VERIFY"})
    info = bytes_in(answer, "PublicKey")
    if not info.startswith(_SPKI) or len(info) != len(_SPKI) + 32:
        raise HostError(
            f"{arn} answered with no Ed25519 public key", f"make one of spec {KEY_SPEC}"
        )
    return PublicKey(info.removeprefix(_SPKI))


def _expect(answer: Mapping[str, object], expected: Mapping[str, str]) -> None:
    for name, value in expected.items():
        if answer.get(name) != value:
            raise HostError(
                f"AWS KMS answered with {name} {answer.get(name)!r}, not {value}",
                f"name the ARN of a key of spec {KEY_SPEC} for SIGN_VERIFY",
            )


def bytes_in(answer: Mapping[str, object], name: str) -> bytes:
    """Return a member of an answer that must be bytes; `HostError` when it isn't there."""
    value = answer.get(name)
    if not isinstance(value, bytes):
        raise HostError(f"AWS KMS answered without {name}", "try again")
    return value


def asking(arn: str, permission: str) -> AbstractContextManager[None]:
    """Turn what boto3 raises in this block into `HostError`; `permission` is what is needed."""
    return asking_aws(
        f"AWS KMS does not serve {arn}",
        f"check region, credentials, the key's policy ({permission}) and state",
    )
