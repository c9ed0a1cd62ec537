"""TLS in front of a server that speaks plain HTTP on this machine, for browsers.

Bytes are passed on as they come; where nobody listens behind it, a connection just ends.
"""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

_CHUNK = 65536


class TlsFront:
    """Listens until closed, and passes on to nobody until it is told to whom."""

    def __init__(self, certificate: Path) -> None:
        self.behind: tuple[str, int] | None = None
        self._open: list[socket.socket] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def leads_to(self, behind: tuple[str, int] | None) -> None:
        """Pass on to a host and port from now on, or to nobody; connections end."""
        self.behind = behind
        while self._open:
            with contextlib.suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        # A thread that waits in accept() keeps the port until it is woken.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            if self.behind is None:
                return
            plain.settimeout(30)
            with (
                self._context.wrap_socket(plain, server_side=True) as outside,
                socket.create_connection(self.behind, timeout=30) as inside,
            ):
                self._open += [outside, inside]
                back = Thread(target=_pass_on, args=(inside, outside), daemon=True)
                back.start()
                _pass_on(outside, inside)
                back.join(30)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def tls_front(certificate: Path) -> Iterator[TlsFront]:
    """Listen until left."""
    front = TlsFront(certificate)
    try:
        yield front
    finally:
        front.close()
