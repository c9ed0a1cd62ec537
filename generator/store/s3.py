"""A site in a bucket of an S3-compatible store; the only place that imports obstore (extra `s3`).

Spec: Amazon S3 API Reference, PutObject (conditional writes), HeadObject, ListObjectsV2. Requests
that a store throttles, drops or fails are tried again, later each time. A write whose answer was
lost may have happened: tried again it finds its own object, which the caller knows by its digest.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from generator.aws.session import Account, find_account
from generator.store.objects import DIGEST, Condition, Expected, Headers, Stored
from passport.errors import HostError

try:
    import obstore
    from obstore.exceptions import (
        AlreadyExistsError,
        BaseError,
        GenericError,
        PermissionDeniedError,
        PreconditionError,
        UnauthenticatedError,
    )
    from obstore.store import S3Store
except ImportError:  # pragma: no cover (the extra is missing)
    HAS_OBSTORE = False
else:
    HAS_OBSTORE = True

_NEEDED_FOR, _EXTRA = "buckets", "s3"
_DEFAULT_REGION = "us-east-1"  # what stores that have no regions take
_RETRIES = 8
_RETRY_FOR = timedelta(minutes=2)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(milliseconds=200), timedelta(seconds=10)
_ATTEMPTS = 4
"""Of a request whose connection was lost, each with retries of its own for what a store refuses."""
_TIMEOUT = timedelta(seconds=60)
_MOST_CONNECTIONS = "64"
_LONGEST_REASON = 240

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Where a bucket is: `prefix` stands before each key; "" for AWS's endpoint or usual region."""

    name: str
    prefix: str
    endpoint: str
    region: str


@dataclass(frozen=True, slots=True)
class S3Objects:
    """The objects of a bucket below its prefix."""

    bucket: Bucket
    _store: Any = field(repr=False)

    def get(self, key: str) -> bytes | None:
        """Return an object's bytes, None when there is none."""
        return self._ask(key, lambda: bytes(obstore.get(self._store, key).bytes()))

    def head(self, key: str) -> Stored | None:
        """Return what is known of an object."""
        return self._ask(key, lambda: _stored(obstore.get(self._store, key, options=_ONLY_HEAD)))

    def put(self, key: str, content: bytes, digest: str, headers: Headers, on: Condition) -> str:
        """Write an object in one request; "" if the store refuses the condition."""
        attributes = {**headers, DIGEST: digest}

        def write() -> str:
            done = obstore.put(
                self._store,
                key,
                content,
                attributes=attributes,
                mode=_mode(on),
                use_multipart=False,
            )
            return done["e_tag"] or digest

        try:
            return self._ask(key, write) or ""
        except (AlreadyExistsError, PreconditionError):
            return ""

    def delete(self, key: str) -> None:
        """Delete an object."""
        self._ask(key, lambda: obstore.delete(self._store, key))

    def every_key(self, prefix: str = "") -> Iterator[str]:
        """Yield every key below the bucket's prefix, or below one under it."""
        pages = iter(obstore.list(self._store, prefix or None, chunk_size=1000))
        while page := self._ask("the list of objects", lambda: next(pages, None)):
            for meta in page:
                yield meta["path"]

    def _ask(self, what: str, request: Callable[[], Found]) -> Found | None:
        """Make a request, again while its connection is lost; None where nothing lies."""
        for attempt in range(_ATTEMPTS):
            try:
                return request()
            except FileNotFoundError:
                return None
            except (AlreadyExistsError, PreconditionError):
                raise
            except (PermissionDeniedError, UnauthenticatedError) as error:
                raise HostError(
                    f"the bucket {self.bucket.name} refuses {what}: {_reason(error)}",
                    "check the credentials, the region and the bucket's policy",
                ) from error
            except GenericError as error:
                if attempt == _ATTEMPTS - 1:
                    raise self._failed(what, error) from error
                _wait(attempt)
            except BaseError as error:
                raise self._failed(what, error) from error
        raise AssertionError("the last attempt returns or raises")

    def _failed(self, what: str, error: Exception) -> HostError:
        return HostError(
            f"the bucket {self.bucket.name} doesn't serve {what}: {_reason(error)}",
            "check the endpoint and the connection, then run the same command again",
        )


def open_bucket(bucket: Bucket) -> S3Objects:
    """Open a bucket with the credentials of the surroundings; no request is made yet.

    `HostError` without the extra, credentials or a region.
    """
    if not HAS_OBSTORE:
        raise HostError(
            f"{_NEEDED_FOR} need obstore", f"install it: pip install 'cellfolio[{_EXTRA}]'"
        )
    account = find_account(needed_for=_NEEDED_FOR, extra=_EXTRA)
    region = bucket.region or account.region or (_DEFAULT_REGION if bucket.endpoint else "")
    if not region:
        raise HostError(
            f"no region is known for the bucket {bucket.name}",
            "write region under [deploy] in cellfolio.toml, or set AWS_DEFAULT_REGION",
        )
    options: dict[str, Any] = {"endpoint": bucket.endpoint} if bucket.endpoint else {}
    store = S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        region=region,
        virtual_hosted_style_request=not bucket.endpoint,
        conditional_put="etag",
        disable_bulk_delete=True,
        credential_provider=_provider(account),
        client_options={
            "allow_http": bucket.endpoint.startswith("http://"),
            "timeout": _TIMEOUT,
            "pool_max_idle_per_host": _MOST_CONNECTIONS,
        },
        retry_config={
            "max_retries": _RETRIES,
            "retry_timeout": _RETRY_FOR,
            "backoff": {"init_backoff": _FIRST_PAUSE, "max_backoff": _LONGEST_PAUSE, "base": 2},
        },
        **options,
    )
    return S3Objects(bucket, store)


_ONLY_HEAD: Any = {"head": True}


def _provider(account: Account) -> Callable[[], Any]:
    def provide() -> Mapping[str, str | datetime | None]:
        found = account.credentials()
        return {
            "access_key_id": found.access_key_id,
            "secret_access_key": found.secret_access_key,
            "token": found.token,
            "expires_at": found.expires_at,
        }

    return provide


def _mode(on: Condition) -> Any:  # noqa: ANN401 (a type that obstore has for checkers only)
    match on:
        case Expected.NOTHING:
            return "create"
        case Expected.ANYTHING:
            return "overwrite"
    return {"e_tag": on}


def _stored(found: Any) -> Stored:  # noqa: ANN401 (the same)
    attributes = dict(found.attributes)
    digest = str(attributes.pop(DIGEST, ""))
    return Stored(tag=found.meta["e_tag"] or "", digest=digest, headers=attributes)


def _reason(error: Exception) -> str:
    """The first words of what was said: the rest is the library's own view of the request."""
    words = " ".join(str(error).partition("Debug source")[0].split())
    return words if len(words) <= _LONGEST_REASON else f"{words[:_LONGEST_REASON]}…"


def _wait(attempt: int) -> None:
    """Wait longer each time, and not as long as the others that failed with us."""
    pause = _FIRST_PAUSE.total_seconds() * 2**attempt
    time.sleep(pause * (0.5 + random.random()))  # noqa: S311 (no secret)
