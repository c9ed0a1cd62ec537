"""Where the files of an origin are read from: the web, a folder, or another server.

`--at ORIGIN=URL|DIR` names a copy: what is read there counts as ORIGIN's for every identity check,
which is how a site is verified before it is deployed or after its host is gone (DESIGN 4). Plain
http is allowed for such a copy on this machine only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from generator.read import https
from generator.store.folder import FolderStore
from passport.base_url import BaseUrl
from passport.errors import ConfigError, HostError, IdentifierError


class Source(Protocol):
    """The files of one origin."""

    def get(self, path: str) -> bytes | None:
        """Return what lies at a URL path, None when nothing does; `HostError` for trouble."""


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A site in a folder, read as a host would serve it."""

    store: FolderStore

    def get(self, path: str) -> bytes | None:
        """Return a file; a path without a file of its own is a page's."""
        name = unquote(path).lstrip("/")
        if ".." in name.split("/"):
            raise HostError(f"{path!r} leaves the folder", "name a path of the site")
        if not name:
            return self.store.get("index.html")
        found = self.store.get(name)
        return found if found is not None else self.store.get(f"{name}.html")


@dataclass(frozen=True, slots=True)
class WebSource:
    """An origin on the web."""

    origin: str

    def get(self, path: str) -> bytes | None:
        """Fetch a path."""
        return https.get(f"{self.origin}{path}").content


@dataclass(frozen=True, slots=True)
class LoopbackSource:
    """A copy served by this machine, without TLS."""

    host: str
    port: int

    def get(self, path: str) -> bytes | None:
        """Fetch a path."""
        connection = HTTPConnection(self.host, self.port, timeout=https.TIMEOUT_SECONDS)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            content = response.read(https.MAX_BYTES)
        except (OSError, HTTPException) as error:
            raise HostError(f"{self.host}:{self.port}{path}: {error}", "is it running?") from error
        finally:
            connection.close()
        if response.status not in (200, 404):
            raise HostError(f"{path} answers {response.status}", "a copy answers 200 or 404")
        return content if response.status == 200 else None


@dataclass(frozen=True, slots=True)
class Origins:
    """Reads absolute URLs, from the copy named for their origin or from the web."""

    copies: Mapping[str, Source]

    def get(self, url: str) -> bytes | None:
        """Return what lies at a URL, None when nothing does."""
        parts = urlsplit(url)
        return self.source(f"{parts.scheme}://{parts.netloc}").get(parts.path or "/")

    def source(self, origin: str) -> Source:
        """Return where an origin is read from."""
        return self.copies.get(origin) or WebSource(str(BaseUrl(origin)))


def parse_copy(text: str) -> tuple[str, Source]:
    """Read one `--at ORIGIN=URL|DIR`; raises `ConfigError`."""
    origin, equals, target = text.partition("=")
    if not equals or not target:
        raise ConfigError(f"--at {text!r} names no copy", "write --at https://host=FOLDER")
    try:
        return str(BaseUrl(origin)), _copy(target)
    except IdentifierError as error:
        raise ConfigError(f"--at {origin}: {error.message}", error.remedy) from error


def _copy(target: str) -> Source:
    if not target.startswith(("http://", "https://")):
        folder = Path(target)
        if not folder.is_dir():
            raise ConfigError(f"there is no folder {target!r}", "name a folder or a URL")
        return FolderSource(FolderStore(folder))
    base = BaseUrl(target.rstrip("/"))
    if base.is_secure:
        return WebSource(str(base))
    return LoopbackSource(base.host, urlsplit(target).port or 80)
