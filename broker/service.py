"""A broker put together from its settings: what it stands on, and in which order that is opened.

DESIGN 7. Nothing runs yet, and no file of state is touched: `broker.server` serves it, commands
look at it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_bytes
from time import monotonic

from broker.access_token import AccessTokens
from broker.app import Broker
from broker.audit import LogGuard
from broker.audit_checkpoint import Anchor, AuditSigner
from broker.bundle_file import BundleFile
from broker.config import Settings
from broker.dpop import Nonces
from broker.group_keys import HeldKeys, demo_keys, held_keys
from broker.housekeeping import Housekeeper
from broker.keyring import Keyring, check_group_keys, open_keyring
from broker.limits import RateLimits
from broker.metrics import Metrics
from broker.release import Releases
from broker.store import Clock, Failpoint, Store, no_failpoint
from broker.token import TokenEndpoint
from broker.writer import Writer
from passport.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A broker with all that it stands on."""

    settings: Settings
    broker: Broker
    writer: Writer
    housekeeper: Housekeeper


def utc_now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)


def open_service(
    settings: Settings,
    environment: Mapping[str, str],
    clock: Clock = utc_now,
    failpoint: Failpoint = no_failpoint,
) -> Service:
    """Put a broker together; errors are those of its settings and its own keys."""
    keyring = open_keyring(settings, environment)
    _check_private(settings.database)
    writer = Writer(Store(settings.database, clock, failpoint, LogGuard()))
    metrics, limits = Metrics(), settings.limits
    rates = RateLimits(limits, monotonic)
    bundle = _bundle_file(settings, environment)
    tokens = AccessTokens(str(settings.url), keyring.token)
    broker = Broker(
        url=settings.url,
        origins=settings.origins,
        bundle=bundle,
        nonces=Nonces(token_bytes(32)),
        tokens=tokens,
        token_endpoint=TokenEndpoint(bundle=bundle, tokens=tokens, writer=writer, rates=rates),
        releases=Releases(
            bundle, writer, limits=limits, rates=rates, metrics=metrics, failpoint=failpoint
        ),
        rates=rates,
        metrics=metrics,
        clock=clock,
    )
    anchor = None if settings.anchor is None else Anchor(settings.anchor)
    housekeeper = Housekeeper(writer, audit_signer(settings, keyring), anchor, metrics)
    return Service(settings=settings, broker=broker, writer=writer, housekeeper=housekeeper)


def audit_signer(settings: Settings, keyring: Keyring) -> AuditSigner:
    """Return what signs the audit log."""
    return AuditSigner(
        origin=settings.audit_origin, signer=keyring.audit, previous=settings.audit_keys
    )


def _check_private(database: Path) -> None:
    if database.exists() and database.stat().st_mode & 0o077:
        raise ConfigError(
            f"others on this machine may read {database}", "it tells who asked: run chmod go= on it"
        )


def _bundle_file(settings: Settings, environment: Mapping[str, str]) -> BundleFile:
    watched = () if settings.keys is None else (settings.keys,)
    read_keys = partial(_group_keys, settings, environment)
    return BundleFile(settings.bundle, settings.bundle_key, read_keys, watched)


def _group_keys(settings: Settings, environment: Mapping[str, str]) -> HeldKeys:
    """Return the group keys at hand; `HostError` for none, `ConfigError` for the demo's."""
    if settings.is_demo:
        return demo_keys()
    keys = held_keys(settings.keys, environment, settings.aws_kms)
    check_group_keys(keys, settings)
    return keys
