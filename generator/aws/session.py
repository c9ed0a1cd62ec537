"""Sessions with AWS, the generator's only place that imports boto3; needs the extra `s3` or `aws`.

Credentials are looked for as AWS's own tools do: environment, profile, single sign-on, the role of
the machine. They are handed on and never kept, printed or logged. What a service is asked is known
where it is asked.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from passport.errors import HostError

_TIMEOUT = 10
_TTL = timedelta(minutes=10)
"""For how long credentials are used before they are asked for again; a role's may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What signs requests, and until when."""

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    token: str | None = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as the surroundings name it: a source of credentials, and a region or ""."""

    credentials: Callable[[], Credentials] = field(repr=False)
    region: str


def aws_client(service: str, region: str, *, needed_for: str, extra: str) -> Any:  # noqa: ANN401
    """Return boto3's client of a service, untyped as boto3 is; "" asks for the usual region.

    `HostError` without the extra or a region.
    """
    boto3 = _boto3(needed_for, extra)
    from botocore.config import Config  # noqa: PLC0415 (of the extra)

    config = Config(connect_timeout=_TIMEOUT, read_timeout=_TIMEOUT, retries={"mode": "standard"})
    with asking(f"AWS {service}", "check the region and the credentials"):
        return boto3.Session(region_name=region or None).client(service, config=config)


def find_account(*, needed_for: str, extra: str) -> Account:
    """Return the account of the surroundings; `HostError` without the extra or credentials."""
    boto3 = _boto3(needed_for, extra)
    with asking("AWS", "check the profile and the credentials"):
        session = boto3.Session()
        found = session.get_credentials()
    if found is None:
        raise HostError(
            f"there are no credentials, which {needed_for} need",
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
        )

    def now() -> Credentials:
        with asking("AWS", "sign in again"):
            frozen = found.get_frozen_credentials()
        return Credentials(
            access_key_id=frozen.access_key,
            secret_access_key=frozen.secret_key,
            token=frozen.token,
            expires_at=datetime.now(UTC) + _TTL,
        )

    return Account(credentials=now, region=session.region_name or "")


@contextmanager
def asking(what: str, remedy: str) -> Iterator[None]:
    """Tell what did not work with AWS, and what to do about it, as `HostError`."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (of the extra)

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise HostError(f"{what}: {error}", remedy) from error


def _boto3(needed_for: str, extra: str) -> Any:  # noqa: ANN401 (untyped library)
    try:
        import boto3  # noqa: PLC0415 (the extra may be missing)
    except ImportError:
        raise HostError(
            f"{needed_for} need boto3", f"install it: pip install 'cellfolio[{extra}]'"
        ) from None
    return boto3
