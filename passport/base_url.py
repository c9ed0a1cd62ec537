"""The base URL of a site: where every product URI and signed absolute URL begins.

Spec: RFC 3986 3.2 (authority), RFC 5890 2.3 (A-labels), RFC 2606 and RFC 6761 (reserved names).
One spelling only, since `did:web` and each signature repeat it for decades. This module knows
neither DNS nor certificates, nor whether the host exists.
"""

import ipaddress
import re
from dataclasses import dataclass

from passport.errors import IdentifierError
from passport.quoting import quoted

RESERVED_TOP_LEVELS = frozenset({"example", "test", "invalid", "localhost"})
SHARED_DOMAINS = frozenset(
    """
    amazonaws.com azureedge.net azurewebsites.net cloudfront.net fastly.net firebaseapp.com fly.dev
    github.io gitlab.io googleapis.com herokuapp.com neocities.org netlify.app netlify.com
    onrender.com pages.dev r2.dev render.com surge.sh vercel.app web.app windows.net workers.dev
    """.split()  # noqa: SIM905 (a list of names reads better as text)
)
"""Domains of hosts that lend names below theirs; who moves to another host loses such a name."""
DEFAULT_PORTS = {"https": 443, "http": 80}
LARGEST_PORT = 65_535
LONGEST_HOST = 253

_SHAPE = re.compile(r"(https?)://(\[::1\]|[0-9a-z.-]+)(?::([1-9][0-9]{0,4}))?")
_LABEL = re.compile(r"[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?")
# WHATWG URL, "ends in a number": browsers read such a host as an IPv4 address.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

# Pattern (found anywhere), what is wrong, what to do; the first that is found is told.
_FAULTS = (
    (re.compile(r"[^!-~]"), "holds a character outside printable ASCII",
     "write an internationalised host in its ASCII form (xn--…)"),
    (re.compile(r"\A(?!https?://)", re.IGNORECASE), "is no web address", "begin with https://"),
    (re.compile(r"@"), "holds a user name", "leave out everything up to the @"),
    (re.compile(r"://[^/?#]*[/?#]"), "goes on behind the host",
     "end it with the host or port: no slash, path, query or fragment"),
    (re.compile(r"[A-Z]"), "holds upper-case letters", "write scheme and host in lower case"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class BaseUrl:
    """`https://` and a host name in lower-case A-labels, with a port if it isn't the default.

    No path and no slash at the end. Plain http and an IP address are for this machine only
    (`localhost`, 127.0.0.0/8, `[::1]`). Raises `IdentifierError`.
    """

    text: str

    def __post_init__(self) -> None:
        for pattern, message, remedy in _FAULTS:
            if pattern.search(self.text):
                raise IdentifierError(f"base URL {quoted(self.text)} {message}", remedy)
        match = _SHAPE.fullmatch(self.text)
        if match is None:
            raise IdentifierError(
                f"base URL {quoted(self.text)} has no usable host or port",
                "write it like https://id.example.com",
            )
        scheme, host, port = match.groups()
        _check_host(host)
        if port is not None:
            _check_port(scheme, int(port))
        if scheme == "http" and not _is_loopback(host):
            raise IdentifierError(
                f"base URL {quoted(self.text)} is not encrypted",
                "use https: plain http is for this machine's own addresses only",
            )

    def __str__(self) -> str:
        return self.text

    @property
    def host(self) -> str:
        """The host without its port; IPv6 in brackets."""
        return re.sub(r":[0-9]+\Z", "", self.authority)

    @property
    def authority(self) -> str:
        """Host and, unless it is the default, port (RFC 3986 3.2)."""
        return self.text.partition("://")[2]

    @property
    def port(self) -> int:
        """The port, be it the default or not."""
        scheme, _, authority = self.text.partition("://")
        named = authority.removeprefix(self.host).removeprefix(":")
        return int(named) if named else DEFAULT_PORTS[scheme]

    @property
    def is_secure(self) -> bool:
        """Whether the scheme is https."""
        return self.text.startswith("https:")

    @property
    def is_shared(self) -> bool:
        """Whether the name is lent by a host, as far as such hosts are known here."""
        labels = self.host.split(".")
        return any(".".join(labels[n:]) in SHARED_DOMAINS for n in range(len(labels)))

    @property
    def is_real(self) -> bool:
        """Whether real passports may live here: neither loopback nor a reserved name (DESIGN 4)."""
        labels = self.host.split(".")
        reserved = labels[-1] in RESERVED_TOP_LEVELS or labels[-2:-1] == ["example"]
        return not reserved and not _is_loopback(self.host)


def _check_host(host: str) -> None:
    if _is_loopback(host):
        return
    labels = host.split(".")
    if len(host) > LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise IdentifierError(
            f"host {quoted(host)} is no host name",
            "write labels of letters, digits and inner hyphens, 63 at most, with single dots",
        )
    if _NUMBER.fullmatch(labels[-1]):
        raise IdentifierError(
            f"host {quoted(host)} is an IP address",
            "use a host name: an address can't be kept for decades, and did:web forbids it",
        )
    if len(labels) == 1:
        raise IdentifierError(
            f"host {quoted(host)} is known in one network only", "write its full name"
        )
    for label in labels:
        _check_a_label(label)


def _check_a_label(label: str) -> None:
    # RFC 5891 4.2.3.1: hyphens in third and fourth place are kept for A-labels.
    if label[2:4] != "--":
        return
    if not label.startswith("xn--") or not _is_punycode_of_a_name(label[4:]):
        raise IdentifierError(
            f"host label {quoted(label)} is no internationalised name",
            "write the ASCII form that your registrar shows",
        )


def _is_punycode_of_a_name(text: str) -> bool:
    try:
        name = text.encode("ascii").decode("punycode")
    except UnicodeError:
        return False
    if name.isascii() or not name.isprintable() or name != name.lower():
        return False
    return name.encode("punycode") == text.encode("ascii")


def _check_port(scheme: str, port: int) -> None:
    if port > LARGEST_PORT:
        raise IdentifierError(f"port {port} does not exist", f"use 1 to {LARGEST_PORT}")
    if port == DEFAULT_PORTS[scheme]:
        raise IdentifierError(f"port {port} is the default of {scheme}", "leave it out")


def _is_loopback(host: str) -> bool:
    if host in ("localhost", "[::1]"):
        return True
    try:
        return ipaddress.IPv4Address(host).is_loopback
    except ValueError:
        return False
