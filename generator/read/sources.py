"""Where the files of an origin are read from: the web, a folder, or another server.

`--at ORIGIN=URL|DIR` names a copy: what is read there counts as ORIGIN's for every identity check,
which is how a site is verified before it is deployed or after its host is gone (DESIGN 4). Plain
http is allowed for such a copy on this machine only.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from generator.read.https import (
    CLIENT,
    LIMITS,
    SEALED_LIMITS,
    Client,
    Limits,
    ask,
    split_url,
)
from generator.store.folder import FolderStore
from passport.base_url import BaseUrl
from passport.errors import ConfigError, HostError, IdentifierError, VerificationError
from passport.quoting import quoted

_NOT_FOUND = "/404.html"


class Files(Protocol):
    """Files by their paths, wherever they lie."""

    def get(self, path: str) -> bytes | None:
        """Return a file's bytes, None when there is none; `HostError` for trouble."""


class Source(Protocol):
    """The files of one origin."""

    def get(self, path: str) -> bytes | None:
        """Return what lies at a URL path, None when nothing does; `HostError` for trouble."""


def needed(source: Source, path: str) -> bytes:
    """Return a file that a whole site has; `VerificationError` when nothing lies there."""
    content = source.get(path)
    if content is None:
        raise VerificationError(f"{path} is missing", "ask for a whole copy of the site")
    return content


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A site as files, in a folder or a bucket, read as a host would serve it."""

    store: Files

    def get(self, path: str) -> bytes | None:
        """Return a file; a path without a file of its own is a page's."""
        name = unquote(path).lstrip("/")
        if ".." in name.split("/"):
            raise HostError(f"{quoted(path)} leaves the folder", "name a path of the site")
        if not name:
            return self.store.get("index.html")
        found = self.store.get(name)
        return found if found is not None else self.store.get(f"{name}.html")


@dataclass(frozen=True, slots=True)
class WebSource:
    """An origin on the web."""

    origin: str
    client: Client = CLIENT

    def get(self, path: str) -> bytes | None:
        """Fetch a path."""
        found = self.client.get(f"{self.origin}{_checked(path)}")
        if found is None and path == _NOT_FOUND:
            connection = self.client.connection(BaseUrl(self.origin))
            return _unknown(connection, self.origin, self.client.limits)
        return found


@dataclass(frozen=True, slots=True)
class LoopbackSource:
    """A copy served by this machine, without TLS."""

    host: str
    port: int
    limits: Limits = LIMITS

    def get(self, path: str) -> bytes | None:
        """Fetch a path."""
        origin = f"http://{self.host}:{self.port}"
        url = f"{origin}{_checked(path)}"
        found = ask(self.connection(), url, path, {}, self.limits).found(url)
        if found is None and path == _NOT_FOUND:
            return _unknown(self.connection(), origin, self.limits)
        return found

    def connection(self) -> HTTPConnection:
        """Return a connection, not yet made."""
        return HTTPConnection(self.host, self.port, timeout=self.limits.seconds)


@dataclass(frozen=True, slots=True)
class RememberingSource:
    """A source that is asked for each path once, so that a run sees one state of a site."""

    source: Source
    _found: dict[str, bytes | None] = field(default_factory=dict, repr=False)

    def get(self, path: str) -> bytes | None:
        """Return what lay at a path when it was first asked for."""
        if path not in self._found:
            self._found[path] = self.source.get(path)
        return self._found[path]


@dataclass(frozen=True, slots=True)
class Origins:
    """Reads absolute URLs, from the copy named for their origin or from the web."""

    copies: Mapping[str, Source]
    client: Client = CLIENT

    def get(self, url: str) -> bytes | None:
        """Return what lies at a URL, None when nothing does."""
        origin, path = split_url(url)
        return self.source(origin).get(path)

    def source(self, origin: str) -> Source:
        """Return where an origin is read from."""
        return self.copies.get(origin) or WebSource(str(BaseUrl(origin)), self.client)

    def remembering(self, origins: Iterable[str]) -> "Origins":
        """Return the same origins; what is read of these ones is read once."""
        kept = {origin: RememberingSource(self.source(origin)) for origin in origins}
        return replace(self, copies={**self.copies, **kept})

    def within(self, limits: Limits) -> "Origins":
        """Return the same origins, read within other limits."""
        copies = {origin: _within(source, limits) for origin, source in self.copies.items()}
        return Origins(copies, replace(self.client, limits=limits))

    def connection(self, base: BaseUrl) -> HTTPConnection:
        """Return a connection to a server that does more than serve files, not yet made.

        `ConfigError` if the copy named for it is a folder; `IdentifierError` or `HostError` for an
        address that isn't asked.
        """
        match self.copies.get(str(base)):
            case None:
                return self.client.connection(base)
            case LoopbackSource() as copy:
                return copy.connection()
            case WebSource(origin, client):
                return client.connection(BaseUrl(origin))
        raise ConfigError(
            f"--at names files for {base}, which is a server", "name a URL, or leave it out"
        )


def _within(source: Source, limits: Limits) -> Source:
    match source:
        case WebSource(origin, client):
            return WebSource(origin, replace(client, limits=limits))
        case LoopbackSource():
            return replace(source, limits=limits)
    return source


def _unknown(connection: HTTPConnection, origin: str, limits: Limits) -> bytes:
    """What unknown addresses answer: few hosts give that page an address of its own."""
    path = f"/{secrets.token_hex(8)}"
    return ask(connection, f"{origin}{path}", path, {"Accept": "text/html"}, limits).content


def _checked(path: str) -> str:
    """A path from a signed list is still somebody's: it must not change the host it is put to."""
    if not path.startswith("/"):
        raise HostError(f"{quoted(path)} is no path", "a path begins with a slash")
    return path


def parse_copies(texts: Iterable[str]) -> dict[str, Source]:
    """Read all `--at ORIGIN=URL|DIR`; raises `ConfigError`, for an origin named twice as well."""
    copies: dict[str, Source] = {}
    for text in texts:
        origin, source = _parse_copy(text)
        if origin in copies:
            raise ConfigError(f"--at names {origin} twice", "name one copy of each origin")
        copies[origin] = source
    return copies


def _parse_copy(text: str) -> tuple[str, Source]:
    origin, equals, target = text.partition("=")
    if not equals or not target:
        raise ConfigError(f"--at {text!r} names no copy", "write --at https://host=FOLDER")
    try:
        return str(BaseUrl(origin)), _parse_source(target)
    except IdentifierError as error:
        raise ConfigError(f"--at {origin}: {error.message}", error.remedy) from error


def parse_source(target: str) -> Source:
    """Open a whole site by its folder's name or its URL, sealed documents and all.

    `ConfigError` or `IdentifierError` for anything else.
    """
    return _within(_parse_source(target), SEALED_LIMITS)


def _parse_source(target: str) -> Source:
    if not target.startswith(("http://", "https://")):
        folder = Path(target)
        if not folder.is_dir():
            raise ConfigError(f"there is no folder {target!r}", "name a folder or a URL")
        return FolderSource(FolderStore(folder))
    base = BaseUrl(target.rstrip("/"))
    if base.is_secure:
        return WebSource(str(base))
    return LoopbackSource(base.host, base.port)
