"""An artifact: one file of the site under the URL that it will have for decades.

The URLs are DESIGN 4's. A page lies at `{path}.html`, because every static host serves that file at
`{path}`; all else lies where its URL says. This module knows neither what the bytes mean nor how
they get to a disk or a host.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote

PAGE_TYPE = "text/html"
NOT_FOUND_URL = "/404.html"  # hosts look for this very file

# RFC 3986 3.3: a segment is made of pchar; escapes are upper case and never stand for a character
# that needs none (6.2.2), so that one file has one URL.
_SEGMENT = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-F]{2})+")
_NEEDLESS_ESCAPE = re.compile(r"%(?:2D|2E|5F|7E|3\d|[46][1-9A-F]|[57][0-9A])")
_UNUSABLE_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f/\\]")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_TEXT_TYPES = ("text/", "application/json", "application/vc", "application/did", "image/svg+xml")
_MAX_NAME_BYTES = 255 - len(".html")
_RESERVED_PAGES = frozenset({"/index", "/404"})  # their files belong to "/" and to "/404.html"


class CacheClass(StrEnum):
    """How long a copy may be used; `generator.publish.headers` turns it into a header."""

    PAGE = "page"  # asked for again at each visit
    DATA = "data"  # the current state of something that has versions
    ASSET = "asset"  # the name changes with the bytes; carried over when a build no longer makes it
    WRITTEN_ONCE = "written-once"  # superseded versions, log tiles: the same bytes for ever
    SEALED = "sealed"  # written once, but a tombstone may take its place


def is_text(media_type: str) -> bool:
    """Whether files of a type are text: they compress well, and can be searched."""
    return media_type.startswith(_TEXT_TYPES) or media_type.endswith("+json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One published file; `ValueError` for a URL or media type that can't be published."""

    url_path: str  # "/01/09506000134352/21/ABC123", percent-encoded, as people request it
    content: bytes
    media_type: str  # without parameters: "text/html"
    cache: CacheClass

    def __post_init__(self) -> None:
        if not _MEDIA_TYPE.fullmatch(self.media_type):
            raise ValueError(f"{self.media_type!r} is no media type without parameters")
        disk_path_of(self.url_path, self.media_type)

    @property
    def disk_path(self) -> str:
        """Where the file lies under the site folder: POSIX, relative, no escapes."""
        return disk_path_of(self.url_path, self.media_type)


def disk_path_of(url_path: str, media_type: str) -> str:
    """Return the file for a URL, or raise `ValueError` when the URL isn't in its one clean form."""
    is_page = media_type == PAGE_TYPE
    if is_page and url_path == "/":
        return "index.html"
    if not url_path.startswith("/"):
        raise ValueError(f"URL path {url_path!r} doesn't start with a slash")
    path = "/".join(_name(segment, url_path) for segment in url_path[1:].split("/"))
    if not is_page or url_path == NOT_FOUND_URL:
        return path
    if url_path in _RESERVED_PAGES:
        raise ValueError(f"URL path {url_path!r} would take a file that hosts treat specially")
    return path + ".html"


def url_path_of(disk_path: str) -> str:
    """Return a clean URL for a file under the site folder: the inverse of `disk_path_of`."""
    if disk_path == "index.html":
        return "/"
    url_path = f"/{disk_path}"
    page = url_path if url_path == NOT_FOUND_URL else url_path.removesuffix(".html")
    return quote(page, safe="/!$&'()*+,;=:@", errors="surrogateescape")


def _name(segment: str, url_path: str) -> str:
    """Return the file name for one segment; hosts decode a URL once before they look for it."""
    if not _SEGMENT.fullmatch(segment):
        raise ValueError(f"URL path {url_path!r} has an empty or wrongly encoded segment")
    if _NEEDLESS_ESCAPE.search(segment):
        raise ValueError(f"URL path {url_path!r} escapes a character that needs no escape")
    name = unquote(segment, errors="strict")
    if name in {".", ".."} or _UNUSABLE_IN_A_NAME.search(name):
        raise ValueError(f"URL path {url_path!r} has a segment that can't be a file name")
    if len(name.encode()) > _MAX_NAME_BYTES:
        raise ValueError(f"URL path {url_path!r} has a segment longer than a file name can be")
    return name
