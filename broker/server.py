"""A broker's listeners, from the first request to the last.

DESIGN 7: one process, one event loop. SIGHUP has bundle and keys read anew, SIGTERM and SIGINT let
requests under way finish. What is served is `broker.service`'s matter.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette

from broker.admin import Admin, admin_app
from broker.app import public_app
from broker.bundle_watch import BundleWatch
from broker.config import Listener, Settings
from broker.http_protocol import BoundedHttp
from broker.service import Service
from passport.errors import HostError

GRACE_SECONDS = 10
"""How long requests under way may take when the broker is told to stop."""
KEEP_ALIVE_SECONDS = 15
MOST_CONNECTIONS = 4000
"""Connections at once; one more is told to come back."""
BACKLOG = 1024


async def serve(service: Service, started: Callable[[Listener, Listener], None]) -> None:
    """Serve until SIGTERM or SIGINT; `started` is told both addresses, public and admin.

    `VerificationError` or `HostError` for a bundle or keys that can't be used, `StoreError` for a
    store that can't be opened, `OSError` for an address that isn't free.
    """
    settings, broker, writer = service.settings, service.broker, service.writer
    with contextlib.ExitStack() as stack:
        public, admin = (
            stack.enter_context(contextlib.closing(_listen(listener)))
            for listener in (settings.public, settings.admin)
        )
        writer.start()
        stack.callback(writer.stop)
        await service.housekeeper.begin()
        watch = BundleWatch(broker.bundle, writer, broker.metrics, broker.clock)
        await watch.begin()
        servers = (
            (_Server(_config(public_app(broker), settings)), public),
            (_Server(_config(admin_app(Admin(broker, writer)), settings)), admin),
        )
        _on_signals([server for server, _ in servers], watch)
        started(_address(public), _address(admin))
        tasks = [asyncio.create_task(each) for each in (watch.keep(), service.housekeeper.keep())]
        try:
            await asyncio.gather(*(server.serve([listening]) for server, listening in servers))
        finally:
            for task in tasks:
                task.cancel()


class _Server(uvicorn.Server):
    """One listener; signals are for all of them, so none takes them for itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _on_signals(servers: list[_Server], watch: BundleWatch) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    loop.add_signal_handler(signal.SIGHUP, watch.told.set)


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
