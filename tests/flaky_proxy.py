"""A proxy before an HTTP server, which throttles, drops and stops as it is told.

It hands requests on over connections of its own, one request each, and counts them. Faults are
functions of a request's number and its method and path.
"""

import contextlib
import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

_HOP = ("transfer-encoding", "connection", "date", "server")
_REFUSED = b"<Error><Code>Refused</Code><Message>It is not done here.</Message></Error>"
_SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as a fault sees it; `number` counts from 1."""

    number: int
    method: str
    path: str
    is_conditional: bool = False


Fault = Callable[[Asked], str]
"""What to do with a request: `pass`, `throttle`, `drop` it, `lose` its answer, `cut` that short,
`mislabel` it with another ETag, or refuse with a status such as `403`."""


@dataclass(slots=True)
class Proxy:
    """A running proxy; `fault` may be changed at any time."""

    port: int
    fault: Fault
    asked: list[Asked] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def count(self, method: str) -> int:
        """How many requests of a method came."""
        return sum(asked.method == method for asked in self.asked)


def all_well(_: Asked) -> str:
    """No fault at all."""
    return "pass"


class _Server(ThreadingHTTPServer):
    def __init__(self, behind: int, fault: Fault) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        self.proxy = Proxy(port=self.server_address[1], fault=fault)
        self.lock = Lock()

    def note(self, handler: "_Handler") -> Asked:
        names = {name.lower() for name in handler.headers}
        with self.lock:
            asked = Asked(
                number=len(self.proxy.asked) + 1,
                method=handler.command,
                path=handler.path,
                is_conditional=bool(names & {"if-match", "if-none-match"}),
            )
            self.proxy.asked.append(asked)
            return asked


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        match self.server.proxy.fault(self.server.note(self)):
            case "throttle":
                self._answer(503, [("Content-Type", "application/xml")], _SLOW_DOWN)
            case status if status.isdigit():
                self._answer(int(status), [("Content-Type", "application/xml")], _REFUSED)
            case "mislabel":
                code, headers, content = self._forward(body)
                kept = [pair for pair in headers if pair[0].lower() != "etag"]
                self._answer(code, [*kept, ("ETag", '"of something else"')], content)
            case "cut":
                code, headers, content = self._forward(body)
                self._answer(code, headers, content[: len(content) // 2], len(content))
                self._cut()
            case "drop":
                self._cut()
            case "lose":
                self._forward(body)
                self._cut()
            case _:
                self._answer(*self._forward(body))

    do_GET = do_HEAD = do_POST = do_DELETE = do_PUT  # noqa: N815 (the base class's names)

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=30)
        with contextlib.closing(connection):
            connection.putrequest(
                self.command, self.path, skip_host=True, skip_accept_encoding=True
            )
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body or None)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()

    def _answer(
        self, status: int, headers: list[tuple[str, str]], body: bytes, length: int | None = None
    ) -> None:
        has_body = self.command != "HEAD"
        self.send_response(status)
        for name, value in headers:
            is_length = name.lower() == "content-length"
            if name.lower() not in _HOP and not (is_length and has_body):
                self.send_header(name, value)
        if has_body:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if has_body:
            self.wfile.write(body)

    def _cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(2)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
        """Keep no log."""


@contextmanager
def proxying(port: int, fault: Fault = all_well) -> Iterator[Proxy]:
    """Stand before a server on a port of this machine while the block runs."""
    with _Server(port, fault) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.proxy
        finally:
            server.shutdown()
            thread.join(10)
