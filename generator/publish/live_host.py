"""A site as a host answers for it: status and headers as they come, redirects not followed.

`--at ORIGIN=URL` asks another address for the same site. On this machine it is asked as if it were
ORIGIN: by that name, and over TLS with a certificate of that name, so that a host can be tried out
before the name leads to it.
"""

import ipaddress
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import unquote

from generator.read.https import CLIENT, LIMITS, Answer, ask, pinned
from passport.base_url import BaseUrl
from passport.errors import ConfigError, IdentifierError


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveHost:
    """The host of a site; `at` is where it is asked instead, None for where its name leads."""

    base_url: BaseUrl
    at: BaseUrl | None = None

    def ask(self, target: str, *, accept: str = "*/*") -> Answer:
        """Ask for a path with its query; `HostError` for trouble."""
        name = self.base_url if self.at is None or _is_here(self.at) else self.at
        headers = {"Host": name.authority, "Accept": accept}
        return ask(self._connection(), f"{self.base_url}{target}", target, headers, LIMITS)

    def get(self, path: str) -> bytes | None:
        """Return what lies at a path, as `Source` does."""
        return self.ask(path).found(f"{self.base_url}{unquote(path)}")

    def _connection(self) -> HTTPConnection:
        if self.at is None:
            return CLIENT.connection(self.base_url)
        if not _is_here(self.at):
            return CLIENT.connection(self.at)
        address = "127.0.0.1" if self.at.host == "localhost" else self.at.host.strip("[]")
        if self.at.is_secure:
            return pinned(self.base_url.host, self.at.port, address)
        return HTTPConnection(address, self.at.port, timeout=LIMITS.seconds)


def parse_live_host(url: str, copies: tuple[str, ...]) -> LiveHost:
    """Read a site's address and `--at ORIGIN=URL`; `ConfigError` for what isn't one."""
    try:
        base_url = BaseUrl(url.removesuffix("/"))
        found = [(BaseUrl(origin), text) for origin, text in map(_parts, copies)]
        ats = [BaseUrl(text.removesuffix("/")) for origin, text in found if origin == base_url]
    except IdentifierError as error:
        raise ConfigError(error.message, error.remedy) from error
    if len(found) > 1 or len(ats) != len(found):
        raise ConfigError(
            f"--at names another origin than {base_url}", f"write --at {base_url}=URL, once"
        )
    return LiveHost(base_url=base_url, at=ats[0] if ats else None)


def _parts(text: str) -> tuple[str, str]:
    origin, equals, target = text.partition("=")
    if not equals or not target.startswith(("http://", "https://")):
        raise ConfigError(f"--at {text!r} names no host", "write --at https://host=https://URL")
    return origin, target


def _is_here(url: BaseUrl) -> bool:
    if url.host == "localhost":
        return True
    try:
        return ipaddress.ip_address(url.host.strip("[]")).is_loopback
    except ValueError:
        return False
