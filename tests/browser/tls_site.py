"""A site served as a host would: over TLS, under its own names, on this machine.

The browser is told to find the names here and to trust the one certificate, so a page's origin is
the site's, scripts are in a secure context, and the browser's cache works as it does for everybody.
"""

import base64
import shutil
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, BrowserType

from generator.cli.server import SiteServer
from tests.tls_host import write_certificate


@dataclass(frozen=True, slots=True)
class TlsSite:
    """A running host: the folder that it serves, and what a browser must be told to find it."""

    folder: Path
    browser_arguments: Sequence[str]

    def shows(self, site: Path) -> None:
        """Serve a copy of a site from now on."""
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(site, self.folder, dirs_exist_ok=True)

    def path(self, name: str) -> Path:
        """A file that it serves."""
        return self.folder / name


@contextmanager
def serving_tls(folder: Path, *hosts: str) -> Iterator[TlsSite]:
    """Serve a folder beside this one under these names, until left."""
    certificate = write_certificate(folder, *hosts)
    served = folder / "served"
    served.mkdir()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with SiteServer(served, "127.0.0.1", 0) as server:
        # A browser opens connections that it may not use: only the thread of one waits for it.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield TlsSite(served, _arguments(certificate, server.server_port, hosts))
        finally:
            server.shutdown()
            thread.join()


def _arguments(certificate: Path, port: int, hosts: Sequence[str]) -> tuple[str, ...]:
    public = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    digest = sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    rules = ",".join(f"MAP {host}:443 127.0.0.1:{port}" for host in hosts)
    return (
        f"--host-resolver-rules={rules}",
        f"--ignore-certificate-errors-spki-list={base64.b64encode(digest).decode()}",
    )


@contextmanager
def browser_told(
    browser_type: BrowserType, options: dict[str, object], *arguments: str
) -> Iterator[Browser]:
    """Launch a browser that is told where names lead."""
    known = options["args"]
    assert isinstance(known, list)
    found = browser_type.launch(**{**options, "args": [*known, *arguments]})  # type: ignore[arg-type]
    try:
        yield found
    finally:
        found.close()
