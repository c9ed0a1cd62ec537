"""A group key that never leaves AWS KMS, and the import by which it gets there.

Spec: AWS KMS API Reference, GenerateMac, GetParametersForImport and ImportKeyMaterial. The key is
of spec HMAC_256 and has imported material (origin EXTERNAL): KMS hands no key out, and one that
nobody could escrow would end with the account. Messages have up to 4096 bytes. Material is 32
bytes, wrapped by RSA-OAEP with a key of KMS' own; KMS keeps to the first that a key was given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from generator.keys.aws_kms import LONGEST_MESSAGE, asking, bytes_in, kms_client
from passport.errors import HostError
from passport.sealing.group_key import SecretMac, key_check

KEY_SPEC = "HMAC_256"
KEY_USAGE = "GENERATE_VERIFY_MAC"
ORIGIN = "EXTERNAL"
ALGORITHM = "HMAC_SHA_256"
WRAPPING_SPEC = "RSA_4096"
WRAPPING = "RSAES_OAEP_SHA_256"

_MAKE_ONE = f"make one with --key-spec {KEY_SPEC} --key-usage {KEY_USAGE} --origin {ORIGIN}"


class KmsMacClient(Protocol):
    """What is used of boto3's client for KMS; names of arguments are AWS's."""

    def generate_mac(
        self,
        *,
        KeyId: str,  # noqa: N803
        Message: bytes,  # noqa: N803
        MacAlgorithm: str,  # noqa: N803
    ) -> Mapping[str, object]:
        """Return the HMAC of a message."""

    def describe_key(self, *, KeyId: str) -> Mapping[str, object]:  # noqa: N803
        """Return what a key is for, and its state."""

    def get_parameters_for_import(
        self,
        *,
        KeyId: str,  # noqa: N803
        WrappingAlgorithm: str,  # noqa: N803
        WrappingKeySpec: str,  # noqa: N803
    ) -> Mapping[str, object]:
        """Return a public key for wrapping and a token, good for a day."""

    def import_key_material(
        self,
        *,
        KeyId: str,  # noqa: N803
        ImportToken: bytes,  # noqa: N803
        EncryptedKeyMaterial: bytes,  # noqa: N803
        ExpirationModel: str,  # noqa: N803
    ) -> Mapping[str, object]:
        """Give a key its material."""


@dataclass(frozen=True, slots=True)
class KmsMac:
    """HMAC-SHA256 with a key in KMS."""

    arn: str
    client: KmsMacClient = field(repr=False, compare=False)

    def mac(self, message: bytes) -> bytes:
        """Return the HMAC, 32 bytes; `HostError` when KMS refuses or answers wrongly."""
        if not 1 <= len(message) <= LONGEST_MESSAGE:
            raise ValueError(f"{len(message)} bytes are not 1 to {LONGEST_MESSAGE}, as KMS takes")
        with asking(self.arn, "kms:GenerateMac"):
            answer = self.client.generate_mac(
                KeyId=self.arn, Message=message, MacAlgorithm=ALGORITHM
            )
        mac = bytes_in(answer, "Mac")
        if not self.arn.endswith(str(answer.get("KeyId"))) or len(mac) != 32:
            raise HostError(f"AWS KMS answered {self.arn} with another key's MAC", "try again")
        return mac


def kms_mac(arn: str) -> KmsMac:
    """Return the MAC of a key in KMS, which isn't asked yet; `HostError` without the extra."""
    return KmsMac(arn, cast("KmsMacClient", kms_client(arn)))


def check_importable(arn: str) -> None:
    """Ask whether a key waits for its material; `HostError` unless it does and fits."""
    mac = kms_mac(arn)
    with asking(arn, "kms:DescribeKey"):
        told = mac.client.describe_key(KeyId=arn).get("KeyMetadata")
    described = told if isinstance(told, dict) else {}
    expected = {"KeySpec": KEY_SPEC, "KeyUsage": KEY_USAGE, "Origin": ORIGIN}
    for name, value in expected.items():
        if described.get(name) != value:
            raise HostError(f"{arn} has {name} {described.get(name)!r}, not {value}", _MAKE_ONE)
    if described.get("KeyState") != "PendingImport":
        raise HostError(
            f"{arn} waits for no key material: it is {described.get('KeyState')!r}",
            f"a key is used once, for one epoch; {_MAKE_ONE}",
        )


def import_secret(arn: str, secret: bytes) -> None:
    """Give a key its material, for good, and see that it answers as the secret does.

    Keep the secret first: KMS hands it out no more. `HostError` when KMS refuses.
    """
    mac = kms_mac(arn)
    with asking(arn, "kms:GetParametersForImport"):
        parameters = mac.client.get_parameters_for_import(
            KeyId=arn, WrappingAlgorithm=WRAPPING, WrappingKeySpec=WRAPPING_SPEC
        )
    wrapped = _wrapped(secret, bytes_in(parameters, "PublicKey"), arn)
    with asking(arn, "kms:ImportKeyMaterial"):
        mac.client.import_key_material(
            KeyId=arn,
            ImportToken=bytes_in(parameters, "ImportToken"),
            EncryptedKeyMaterial=wrapped,
            ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
        )
    if key_check(mac) != key_check(SecretMac(secret)):
        raise HostError(f"{arn} answers with another key than it was given", _MAKE_ONE)


def _wrapped(secret: bytes, public_key: bytes, arn: str) -> bytes:
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPublicKey):
        raise HostError(f"AWS KMS gave {arn} no RSA key for wrapping", "try again")
    return key.encrypt(secret, OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=None))
