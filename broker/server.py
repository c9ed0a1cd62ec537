"""A broker from its settings to its listeners: what is opened, in which order, and closed again.

DESIGN 7: one process, one event loop. Bundle and group keys are read anew when
their files change, or at SIGHUP, while requests go on; SIGTERM lets those under way finish.
"""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from secrets import token_bytes
from time import monotonic

import uvicorn
from starlette.applications import Starlette

from broker.access_token import AccessTokens
from broker.admin import Admin, admin_app
from broker.app import Broker, Clock, public_app
from broker.audit import LogGuard
from broker.audit_checkpoint import Anchor, AuditSigner
from broker.bundle_file import BundleFile, Snapshot
from broker.config import Listener, Settings
from broker.dpop import Nonces
from broker.group_keys import HeldKeys, demo_keys, held_keys
from broker.housekeeping import Housekeeper
from broker.http_protocol import BoundedHttp
from broker.keyring import Keyring, check_group_keys, open_keyring
from broker.limits import RateLimits
from broker.metrics import Metrics
from broker.release import Releases
from broker.store import Failpoint, Store, no_failpoint
from broker.token import TokenEndpoint
from broker.writer import Writer
from passport.access_bundle import BundleCheck, bundle_digest, verify_bundle
from passport.errors import ConfigError, HostError, PassportError, VerificationError

WATCH_SECONDS = 2.0
"""How often files are looked at for changes."""
GRACE_SECONDS = 10
"""How long requests under way may take when the broker is told to stop."""
KEEP_ALIVE_SECONDS = 15
MOST_CONNECTIONS = 4000
"""Connections at once; one more is told to come back."""
BACKLOG = 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a broker listens."""

    public: Listener
    admin: Listener


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A broker with all that it stands on."""

    settings: Settings
    broker: Broker
    bundle: BundleFile
    writer: Writer
    housekeeper: Housekeeper
    metrics: Metrics
    clock: Clock


def utc_now() -> datetime:
    """Return the present time."""
    return datetime.now(UTC)


def open_service(
    settings: Settings,
    environment: Mapping[str, str],
    clock: Clock = utc_now,
    failpoint: Failpoint = no_failpoint,
) -> Service:
    """Put a broker together; nothing runs yet. Errors are those of its settings and keys."""
    keyring = open_keyring(settings, environment)
    _check_private(settings.database)
    metrics, writer = Metrics(), Writer(Store(settings.database, clock, failpoint, LogGuard()))
    bundle = _bundle_file(settings, environment)
    rates = RateLimits(settings.limits, monotonic)
    releases = Releases(
        bundle, writer, limits=settings.limits, rates=rates, metrics=metrics, failpoint=failpoint
    )
    anchor = None if settings.anchor is None else Anchor(settings.anchor)
    return Service(
        settings=settings,
        broker=_broker(settings, keyring, bundle, writer, releases, rates, metrics, clock),
        bundle=bundle,
        writer=writer,
        housekeeper=Housekeeper(writer, audit_signer(settings, keyring), anchor, metrics),
        metrics=metrics,
        clock=clock,
    )


def _broker(
    settings: Settings,
    keyring: Keyring,
    bundle: BundleFile,
    writer: Writer,
    releases: Releases,
    rates: RateLimits,
    metrics: Metrics,
    clock: Clock,
) -> Broker:
    tokens = AccessTokens(str(settings.url), keyring.token)
    return Broker(
        url=settings.url,
        origins=settings.origins,
        bundle=bundle,
        nonces=Nonces(token_bytes(32)),
        tokens=tokens,
        token_endpoint=TokenEndpoint(bundle=bundle, tokens=tokens, writer=writer, rates=rates),
        releases=releases,
        rates=rates,
        metrics=metrics,
        clock=clock,
    )


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
    read_keys = partial(group_keys_of, settings, environment)
    return BundleFile(settings.bundle, settings.bundle_key, read_keys, watched)


def group_keys_of(settings: Settings, environment: Mapping[str, str]) -> HeldKeys:
    """Return the group keys at hand; `HostError` for none, `ConfigError` for the demo's."""
    if settings.is_demo:
        return demo_keys()
    keys = held_keys(settings.keys, environment, settings.aws_kms)
    check_group_keys(keys, settings)
    return keys


def check_service(settings: Settings, environment: Mapping[str, str], now: datetime) -> Snapshot:
    """Return what would decide if the broker began now; errors are those of `serve`."""
    open_service(settings, environment)
    content = settings.bundle.read_bytes()
    return Snapshot(
        bundle=verify_bundle(content, settings.bundle_key, now),
        digest=bundle_digest(content),
        keys=group_keys_of(settings, environment),
    )


async def serve(service: Service, started: Callable[[Addresses], None]) -> None:
    """Serve until SIGTERM or SIGINT; `started` is told the addresses once requests are taken.

    `VerificationError` or `HostError` for a bundle or keys that can't be used, `StoreError` for a
    store that can't be opened, `OSError` for an address that isn't free.
    """
    settings = service.settings
    with contextlib.ExitStack() as stack:
        public, admin = (
            stack.enter_context(contextlib.closing(_listen(listener)))
            for listener in (settings.public, settings.admin)
        )
        service.writer.start()
        stack.callback(service.writer.stop)
        await service.housekeeper.begin()
        await _load_first(service)
        servers = (
            (_Server(_config(public_app(service.broker), settings)), public),
            (_Server(_config(admin_app(_admin(service)), settings)), admin),
        )
        addresses = Addresses(_address(public), _address(admin))
        await _run(service, servers, lambda: started(addresses))


def _admin(service: Service) -> Admin:
    return Admin(
        bundle=service.bundle,
        writer=service.writer,
        metrics=service.metrics,
        clock=service.clock,
    )


class _Server(uvicorn.Server):
    """One listener; signals are for all of them, so none takes them for itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _run(
    service: Service,
    servers: tuple[tuple[_Server, socket.socket], ...],
    started: Callable[[], None],
) -> None:
    loop, reload = asyncio.get_running_loop(), asyncio.Event()

    def stop() -> None:
        for server, _ in servers:
            server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    loop.add_signal_handler(signal.SIGHUP, reload.set)
    started()  # only now: a signal before would end the process at once
    tasks = (
        asyncio.create_task(_watch(service, reload)),
        asyncio.create_task(service.housekeeper.keep()),
    )
    try:
        await asyncio.gather(*(server.serve([listening]) for server, listening in servers))
    finally:
        for task in tasks:
            task.cancel()


async def _watch(service: Service, reload: asyncio.Event) -> None:
    """Read bundle and keys anew when they changed, when told to, and while none is in use."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS):
                await reload.wait()
        if reload.is_set() or service.bundle.is_changed or not service.bundle.is_loaded:
            reload.clear()
            try:
                await _load(service)
            except PassportError as error:
                # What was in use stays in use; an operator sees this and the metric.
                service.metrics.reload_failures.inc()
                _log.error("bundle or keys can't be taken into use: %s", error)


async def _load_first(service: Service) -> None:
    """Load bundle and keys; a bundle that isn't in force is waited for, other faults are told."""
    try:
        await _load(service)
    except VerificationError as error:
        if error.check != BundleCheck.VALIDITY:
            raise
        _log.error("nothing is released: %s", error)


async def _load(service: Service) -> None:
    bundle = (await service.bundle.load(service.writer, service.clock())).bundle
    service.metrics.bundle_seq.set(bundle.seq)
    service.metrics.bundle_until.set(bundle.valid_until.timestamp())
    _log.info("bundle %s is in use until %s", bundle.seq, bundle.valid_until)


def _config(app: Starlette, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedHttp,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        limit_concurrency=MOST_CONNECTIONS,
    )


def _listen(listener: Listener) -> socket.socket:
    family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
    try:
        return socket.create_server(
            (listener.host, listener.port), family=family, backlog=BACKLOG, reuse_port=False
        )
    except OSError as error:
        raise HostError(
            f"{listener} can't be listened at: {(error.strerror or 'unknown').lower()}",
            "name a free address of this machine",
        ) from error


def _address(listening: socket.socket) -> Listener:
    host, port = listening.getsockname()[:2]
    return Listener(host, port)
