"""HTTPS requests that can't be turned against this machine's own network.

Only https, only host names in A-labels, no redirects, no proxies, no credentials; every address
that a name resolves to must be public, and the address that was checked is the one connected to
(attack 22). Size and time are bounded. Knows bytes, not what they mean.
"""

import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Event, Timer

from passport.base_url import BaseUrl
from passport.errors import HostError, IdentifierError
from passport.quoting import quoted

Address = IPv4Address | IPv6Address

MAX_BYTES = 8 << 20
TIMEOUT_SECONDS = 10
_CHUNK = 1 << 16
_URL = re.compile(r"(https?://(?:(?![/?#])[!-~])*)(/(?:(?![?#])[!-~])*)?")
_REMEDY = "check the address and the connection, or read a copy in a folder, as --help says"

# RFC 4291 2.4 and 2.5.4, RFC 6052 2.1. What lies outside is special, or nobody has it yet.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Clouds answer their own machines here, though the addresses look public, or do to some Pythons.
_OF_CLOUDS = (IPv4Network("168.63.129.16/32"), IPv4Network("192.0.0.0/24"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered, whatever its status: header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def found(self, url: str) -> bytes | None:
        """Return the body, None for 404 and 410; `HostError` for any other status than 200."""
        if self.status in (404, 410):
            return None
        if self.status != 200:
            raise HostError(f"{url} answers {self.status}", "redirects and errors are not followed")
        return self.content


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take: bytes of the body; seconds to connect, for TLS, for the answer."""

    seconds: float = TIMEOUT_SECONDS
    bytes: int = MAX_BYTES


LIMITS = Limits()
"""What a request may take unless the caller says otherwise."""
SEALED_LIMITS = Limits(seconds=300, bytes=72 << 20)
"""What a file may take that can be a sealed document: 64 MiB, padded."""


def is_public(address: Address) -> bool:
    """Whether an address is of the open internet; one that carries another is judged by that."""
    if isinstance(address, IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour or _of_nat64(address)
        if carried is not None:
            return is_public(carried)
        if address not in _GLOBAL_UNICAST:
            return False
    if any(address in network for network in _OF_CLOUDS):
        return False
    return address.is_global and not address.is_multicast


def _of_nat64(address: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


@dataclass(frozen=True, slots=True)
class Client:
    """Asks servers of the open internet; `allows` judges each address that a name resolves to."""

    allows: Callable[[Address], bool] = is_public
    limits: Limits = LIMITS

    def get(self, url: str) -> bytes | None:
        """Fetch a URL, None when nothing lies there.

        `IdentifierError` for one that we do not ask, `HostError` for trouble.
        """
        origin, path = split_url(url)
        return ask(self.connection(BaseUrl(origin)), url, path, {}, self.limits).found(url)

    def connection(self, base: BaseUrl) -> HTTPSConnection:
        """Return a connection, not yet made; `IdentifierError` or `HostError` as for `get`."""
        if not base.is_secure:
            raise IdentifierError(f"{base} is not encrypted", "use https")
        address = self._address(base.host, base.port)
        return pinned(base.host, base.port, address, self.limits)

    def _address(self, host: str, port: int) -> str:
        """Resolve a host name, once; `HostError` unless every address of it is allowed."""
        with suppress(ValueError):
            raise HostError(f"{ip_address(host.strip('[]'))} is no name", "use the host's name")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise HostError(f"{host} can't be resolved: {error}", _REMEDY) from error
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            if not self.allows(ip_address(address)):
                raise HostError(f"{host} is an internal address ({address})", "it is never asked")
        return addresses[0]


CLIENT = Client()
"""Asks the open internet only."""


def split_url(url: str) -> tuple[str, str]:
    """Return origin and path of a URL without query and fragment; `IdentifierError` for others."""
    match = _URL.fullmatch(url)
    if match is None:
        raise IdentifierError(
            f"{quoted(url)} is no address of a file", "write https://, a host and a path"
        )
    return match[1], match[2] or "/"


class _PinnedConnection(HTTPSConnection):
    """Connects to one address that was checked; the certificate must still be the host's."""

    def __init__(self, host: str, port: int, address: str, seconds: float) -> None:
        self._context = ssl.create_default_context()
        super().__init__(host, port, timeout=seconds, context=self._context)
        self._address = address

    def connect(self) -> None:
        """Open the socket to the checked address."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        # A body that ends without TLS saying so was cut off by somebody on the way.
        self.sock = self._context.wrap_socket(
            plain, server_hostname=self.host, suppress_ragged_eofs=False
        )


def pinned(host: str, port: int, address: str, limits: Limits = LIMITS) -> HTTPSConnection:
    """Return a connection to an address, whose certificate must be of a host."""
    return _PinnedConnection(host, port, address, limits.seconds)


def ask(
    connection: HTTPConnection,
    url: str,
    target: str,
    headers: Mapping[str, str],
    limits: Limits,
    body: bytes | None = None,
) -> Answer:
    """Ask for a target and return what comes, redirects and errors too; `HostError` for trouble.

    The connection is closed. A `body` is posted. A header that comes twice is joined with a comma,
    as any recipient may (RFC 9110 5.3).
    """
    over = Event()
    method = "GET" if body is None else "POST"
    try:
        connection.connect()
        with _time_limit(connection.sock, limits.seconds, over):
            sent = {"Accept-Encoding": "identity", **headers}
            connection.request(method, target, body=body, headers=sent)
            response = connection.getresponse()
            content = _body(url, response, limits.bytes, over)
            return Answer(status=response.status, headers=_headers(response), content=content)
    except (OSError, HTTPException) as error:
        why = f"it takes longer than {limits.seconds} seconds" if over.is_set() else str(error)
        raise HostError(f"{url} can't be read: {why}", _REMEDY) from error
    finally:
        connection.close()


@contextmanager
def _time_limit(opened: socket.socket, seconds: float, over: Event) -> Iterator[None]:
    """Shut the socket when time is up.

    A time-out for each read isn't enough: a byte now and then, or one more "100 Continue", and a
    server holds its client for ever.
    """

    def cut() -> None:
        over.set()
        with suppress(OSError):
            socket.socket.shutdown(opened, socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _headers(response: HTTPResponse) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in response.getheaders():
        known = found.get(name.lower())
        found[name.lower()] = value if known is None else f"{known}, {value}"
    return found


def _body(url: str, response: HTTPResponse, largest: int, over: Event) -> bytes:
    content = bytearray()
    while chunk := response.read1(_CHUNK):
        content += chunk
        if len(content) > largest:
            raise HostError(f"{url} is larger than {largest} bytes", "nothing of ours is")
    if response.length or over.is_set():
        raise IncompleteRead(bytes(content), response.length)
    return bytes(content)
