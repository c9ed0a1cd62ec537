"""Group keys that never leave AWS KMS; needs the extra `aws`.

Spec: AWS KMS API Reference, GenerateMac, for a key of spec HMAC_256. A broker asks for nothing
else, and reaches KMS alone (best by an endpoint in its own network). Each answer takes some
milliseconds, one header after another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from passport.errors import ConfigError, HostError, IdentifierError
from passport.sealing.group_key import GroupKey, GroupKeyId, key_check

ALGORITHM = "HMAC_SHA_256"
SECONDS = 5


class KmsClient(Protocol):
    """What is used of boto3's client for KMS; names of arguments are AWS's."""

    def generate_mac(
        self,
        *,
        KeyId: str,  # noqa: N803
        Message: bytes,  # noqa: N803
        MacAlgorithm: str,  # noqa: N803
    ) -> Mapping[str, object]:
        """Return the HMAC of a message."""


@dataclass(frozen=True, slots=True)
class KmsMac:
    """HMAC-SHA256 with a key in KMS."""

    arn: str
    client: KmsClient = field(repr=False, compare=False)

    def mac(self, message: bytes) -> bytes:
        """Return the HMAC, 32 bytes; `HostError` when KMS refuses or answers wrongly."""
        try:
            answer = self.client.generate_mac(
                KeyId=self.arn, Message=message, MacAlgorithm=ALGORITHM
            )
        except Exception as error:
            # boto3's errors have no common type that it exports; none of them quotes the message.
            raise HostError(
                f"AWS KMS does not serve {self.arn}: {type(error).__name__}",
                "check region, credentials, the key's policy (kms:GenerateMac) and state",
            ) from error
        mac = answer.get("Mac")
        if not isinstance(mac, bytes) or len(mac) != 32:
            raise HostError(f"AWS KMS answered {self.arn} with no MAC", "try again")
        if not self.arn.endswith(str(answer.get("KeyId"))):
            raise HostError(f"AWS KMS answered {self.arn} with another key's MAC", "try again")
        return mac


def kms_keys(arns: Mapping[str, str]) -> Iterator[GroupKey]:
    """Return the group keys in KMS, by their full ids; each is asked once whether it is that one.

    `ConfigError` for one that isn't, `HostError` when KMS can't be asked.
    """
    for text, arn in arns.items():
        try:
            key_id = GroupKeyId.parse(text)
        except IdentifierError as error:
            raise ConfigError(f"aws_kms: {error.message}", error.remedy) from error
        mac = KmsMac(arn, _client(arn))
        if key_check(mac) != key_id.check:
            raise ConfigError(f"{arn} is not the key {key_id}", "name its ARN")
        yield GroupKey(key_id, mac)


def _client(arn: str) -> KmsClient:
    try:
        import boto3  # noqa: PLC0415 (the extra may be missing)
        from botocore.config import Config  # noqa: PLC0415 (the same)
    except ImportError:
        raise HostError(
            "keys in AWS KMS need boto3", "install it: pip install 'cellfolio[aws,broker]'"
        ) from None
    config = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"mode": "standard"})
    session = boto3.Session(region_name=arn.split(":")[3])
    client: KmsClient = session.client("kms", config=config)
    return client
