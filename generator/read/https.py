"""HTTPS requests that can't be turned against this machine's own network.

Only https, only host names in A-labels, no redirects, no proxies, no credentials; every address
that a name resolves to must be public, and the address that was checked is the one connected to
(research: identity 9, row 22). Size and time are bounded. Knows bytes, not what they mean.
"""

import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from passport.base_url import BaseUrl
from passport.errors import HostError, IdentifierError

MAX_BYTES = 8 << 20
TIMEOUT_SECONDS = 10
_CHUNK = 1 << 16
_REMEDY = "check the address and the connection, or name a copy with --at ORIGIN=FOLDER"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the body is None for 404 and 410."""

    status: int
    media_type: str
    content: bytes | None


class _PinnedConnection(HTTPSConnection):
    """Connects to one address that was checked; the certificate must still be the host's."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._context = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT_SECONDS, context=self._context)
        self._address = address

    def connect(self) -> None:
        """Open the socket to the checked address."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


def get(url: str) -> Answer:
    """Fetch a URL; raises `IdentifierError` for one that we do not ask, `HostError` for trouble."""
    parts = urlsplit(url)
    base = BaseUrl(f"{parts.scheme}://{parts.netloc}")
    if not base.is_secure:
        raise IdentifierError(f"{base} is not encrypted", "use https")
    port = parts.port or 443
    address = public_address(base.host, port)
    connection = _PinnedConnection(base.host, port, address)
    deadline = time.monotonic() + TIMEOUT_SECONDS
    try:
        connection.request("GET", parts.path or "/", headers={"Accept-Encoding": "identity"})
        return _answer(url, connection.getresponse(), deadline)
    except (OSError, HTTPException) as error:
        raise HostError(f"{url} can't be read: {error}", _REMEDY) from error
    finally:
        connection.close()


def public_address(host: str, port: int) -> str:
    """Resolve a host name; raises `HostError` unless every address of it is public."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        raise HostError(f"{host} is an address, not a name", "use the host's name")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise HostError(f"{host} can't be resolved: {error}", _REMEDY) from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not _is_public(address):
            raise HostError(f"{host} is an internal address ({address})", "it is never asked")
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    checked = mapped or address
    return checked.is_global and not checked.is_multicast


def _answer(url: str, response: HTTPResponse, deadline: float) -> Answer:
    media_type = response.headers.get_content_type()
    if response.status in (404, 410):
        return Answer(response.status, media_type, None)
    if response.status != 200:
        raise HostError(f"{url} answers {response.status}", "redirects and errors are not followed")
    return Answer(200, media_type, _body(url, response, deadline))


def _body(url: str, response: HTTPResponse, deadline: float) -> bytes:
    content = bytearray()
    while chunk := response.read1(_CHUNK):
        content += chunk
        if len(content) > MAX_BYTES:
            raise HostError(f"{url} is larger than {MAX_BYTES} bytes", "nothing of ours is")
        if time.monotonic() > deadline:
            raise HostError(f"{url} takes longer than {TIMEOUT_SECONDS} seconds", "try again later")
    return bytes(content)
