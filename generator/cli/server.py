"""The local web server: sockets around `static_site`, with live reload on demand.

It answers what a production host answers, headers included, so that a page that works here works
there. For one's own machine: plain HTTP, one folder, no logs.
"""

import errno
import socket
import socketserver
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from generator.build.artifact import NOT_FOUND_URL
from generator.cli.reload import EVENTS_URL, SCRIPT, SCRIPT_URL, Echo, Reloads, Watcher, attempt
from generator.cli.static_site import Asked, Response, answer
from generator.publish.folder import require_finished
from passport.errors import HostError

_PATIENCE_SECONDS = 30  # of a connection on which nothing comes
_SIGN_OF_LIFE_SECONDS = 10


class SiteServer(ThreadingHTTPServer):
    """Serves one folder; `reloads` makes its pages reload themselves."""

    def __init__(self, out: Path, host: str, port: int, reloads: Reloads | None = None) -> None:
        self.out = out.resolve()
        self.reloads = reloads
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        """Where it answers."""
        host = str(self.server_address[0])
        return f"http://{f'[{host}]' if ':' in host else host}:{self.server_address[1]}/"

    def server_bind(self) -> None:
        """Bind without asking a name server for this machine's name, which may take long."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def server_close(self) -> None:
        """Close, and let pages go that wait for a reload."""
        if self.reloads:
            self.reloads.close()
        super().server_close()

    def handle_error(
        self,
        request: socket.socket | tuple[bytes, socket.socket],
        client_address: object,
    ) -> None:
        """Say nothing when a browser goes away; anything else is a bug of ours."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def serve_folder(
    out: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    echo: Echo = click.echo,
    rebuild: Callable[[], None] | None = None,
    watched: Sequence[Path] = (),
) -> None:
    """Serve a site until Ctrl-C; with `rebuild`, build it now and after each change of `watched`.

    Raises `HostError` when there is no site or the port is taken, `PublishError` when the site is
    unfinished.
    """
    if rebuild:
        attempt(rebuild, echo)
    _require_site(out)
    reloads = Reloads() if rebuild else None
    with _bound(out, host, port, reloads) as server, _watching(reloads, rebuild, watched, echo):
        echo(f"serving {out} at {server.url} until you press Ctrl-C")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            echo("stopped")


class _Handler(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"
    server_version = "cellfolio"
    sys_version = ""
    timeout = _PATIENCE_SECONDS

    def do_GET(self) -> None:
        path, _, edition = self.path.partition("?")
        reloads = self.server.reloads
        if reloads and path == EVENTS_URL:
            self._send_events(reloads, edition)
        elif reloads and path == SCRIPT_URL:
            headers = (("Content-Type", "text/javascript"), ("Cache-Control", "no-store"))
            self._send(Response(status=HTTPStatus.OK, headers=headers, body=SCRIPT))
        else:
            self._send(self._answer())

    def do_HEAD(self) -> None:
        self._send(self._answer(), with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
        """Keep no log of who asked for what."""

    def _answer(self) -> Response:
        reloads = self.server.reloads
        asked = Asked(
            target=self.path,
            accept_encoding=self.headers.get("Accept-Encoding", ""),
            if_none_match=self.headers.get("If-None-Match", ""),
        )
        return answer(self.server.out, asked, reloads.script if reloads else "")

    def _send(self, response: Response, *, with_body: bool = True) -> None:
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if with_body:
            self.wfile.write(response.body)

    def _send_events(self, reloads: Reloads, edition: str) -> None:
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"retry: 500\n\n")
        while not reloads.wait_for_other(edition, _SIGN_OF_LIFE_SECONDS):
            self.wfile.write(b": waiting\n\n")
        if not reloads.closed:
            self.wfile.write(b"event: reload\ndata: now\n\n")


def _require_site(out: Path) -> None:
    require_finished(out)
    if not (out / NOT_FOUND_URL[1:]).is_file():
        raise HostError(f"there is no site in {out}", "build it first: cellfolio build")


def _bound(out: Path, host: str, port: int, reloads: Reloads | None) -> SiteServer:
    try:
        return SiteServer(out, host, port, reloads)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"port {port} of {host} is taken"
        else:
            message = f"can't listen at port {port} of {host}: {error.strerror}"
        raise HostError(message, "name another with --port; 0 finds a free one") from error


def _watching(
    reloads: Reloads | None,
    rebuild: Callable[[], None] | None,
    watched: Sequence[Path],
    echo: Echo,
) -> AbstractContextManager[object]:
    if rebuild is None or reloads is None:
        return nullcontext()

    def rebuild_and_announce() -> None:
        if attempt(rebuild, echo):
            reloads.announce()

    return Watcher(watched, rebuild_and_announce)
