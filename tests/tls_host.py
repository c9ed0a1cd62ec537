"""A host on this machine that speaks TLS and answers with whatever bytes it is told.

Its certificate is by an authority that only a test trusts. A thread serves one connection after
another; the raw bytes of each request are kept.
"""

import contextlib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Handler = Callable[[socket.socket, Event], None]
"""Answers one request; the event says that the host is closing."""


def write_certificate(folder: Path, *hosts: str) -> Path:
    """Write a self-signed certificate and its key into one PEM file; it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test host")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(map(x509.DNSName, hosts)), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "host.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return path


@dataclass(slots=True)
class TlsHost:
    """Serves while it is entered; `requests` holds what was asked, `connections` counts."""

    certificate: Path
    handler: Handler
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    _closing: Event = field(default_factory=Event)
    _listener: socket.socket = field(init=False)
    _thread: Thread = field(init=False)

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join(5)
        self._listener.close()

    def _serve(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        while not self._closing.is_set():
            with contextlib.suppress(OSError):
                plain, _ = self._listener.accept()
                self.connections += 1
                plain.settimeout(5)
                with context.wrap_socket(plain, server_side=True) as connection:
                    self.requests.append(connection.recv(65536))
                    self.handler(connection, self._closing)


def answers(response: bytes, *, says_goodbye: bool = True) -> Handler:
    """Return a handler that sends bytes and closes, as TLS wants it or just so."""

    def handle(connection: socket.socket, _closing: Event) -> None:
        connection.sendall(response)
        if says_goodbye and isinstance(connection, ssl.SSLSocket):
            with contextlib.suppress(OSError):
                connection.unwrap()

    return handle


def drips(first: bytes, again: bytes) -> Handler:
    """Return a handler that sends some bytes, and then others for ever, a few a second."""

    def handle(connection: socket.socket, closing: Event) -> None:
        connection.sendall(first)
        while not closing.wait(0.02):
            connection.sendall(again)

    return handle
