"""What a static host answers: a request target becomes a status, headers and bytes.

A page answers at its extensionless URL only, nothing ever redirects or lists a folder, and what the
contract doesn't name (`generator.publish.headers`) isn't there. This module reads one folder; it
knows no sockets, and nothing of what a page says.
"""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from generator.build.artifact import NOT_FOUND_URL, PAGE_TYPE, disk_path_of, is_text
from generator.publish.headers import PAGE, Headers, Kind, headers_for, kind_of
from passport.errors import PublishError

_NO_PAGE = "application/octet-stream"  # any type but a page's asks for the file itself
_CACHED_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer; for HEAD the body is left unsent, its length isn't."""

    status: HTTPStatus
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of a request an answer depends on: the target as sent, and two header fields."""

    target: str
    accept_encoding: str = ""
    if_none_match: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    content: bytes
    gzipped: bytes | None  # none where it saves nothing
    digest: str


def answer(root: Path, asked: Asked, script: str = "") -> Response:
    """Answer from a site folder, given by its real path.

    `script` is a URL to add to every page: live reload.
    """
    path = asked.target.partition("?")[0]
    found = _find(root, path) if path != NOT_FOUND_URL else None
    if found is None:
        return _not_found(root, asked, script)
    kind, file = found
    return _respond(kind, _body(file, kind, script), asked)


def _find(root: Path, url_path: str) -> tuple[Kind, Path] | None:
    for media_type in (_NO_PAGE, PAGE_TYPE):
        try:
            disk_path = disk_path_of(url_path, media_type)
            kind = kind_of(disk_path)
        except (ValueError, PublishError):
            continue
        if (kind.media_type == PAGE_TYPE) == (media_type == PAGE_TYPE):
            file = root / disk_path
            return (kind, file) if _is_site_file(file) else None
    return None


def _is_site_file(file: Path) -> bool:
    try:
        # A link is no part of a site; following one could leave it.
        return file.is_file() and file.resolve() == file
    except OSError:  # a name longer than the system takes
        return False


def _not_found(root: Path, asked: Asked, script: str) -> Response:
    file = root / NOT_FOUND_URL[1:]
    body = _body(file, PAGE, script) if file.is_file() else _made(b"unknown address\n", PAGE)
    response = _respond(PAGE, body, Asked(target="", accept_encoding=asked.accept_encoding))
    return Response(status=HTTPStatus.NOT_FOUND, headers=response.headers, body=response.body)


def _respond(kind: Kind, body: _Body, asked: Asked) -> Response:
    zipped = body.gzipped if _accepts_gzip(asked.accept_encoding) else None
    etag = f'"{body.digest}{"-gzip" if zipped else ""}"'
    headers = headers_for(kind.media_type, kind.cache)
    if body.gzipped:
        headers = (*headers, ("Vary", "Accept-Encoding"))
    headers = (*headers, ("ETag", etag))
    if _is_known(etag, asked.if_none_match):
        kept = tuple(header for header in headers if header[0] != "Content-Type")
        return Response(status=HTTPStatus.NOT_MODIFIED, headers=kept, body=b"")
    if zipped:
        headers = (*headers, ("Content-Encoding", "gzip"))
    return Response(status=HTTPStatus.OK, headers=headers, body=zipped or body.content)


def _body(file: Path, kind: Kind, script: str) -> _Body:
    state = file.stat()
    added = script if kind.media_type == PAGE_TYPE else ""
    if state.st_size > _CACHED_BYTES:
        return _made(file.read_bytes(), kind, added)
    return _cached_body(file, state.st_mtime_ns, state.st_ino, kind, added)


@lru_cache(maxsize=256)
def _cached_body(file: Path, _modified: int, _inode: int, kind: Kind, added: str) -> _Body:
    return _made(file.read_bytes(), kind, added)


def _made(content: bytes, kind: Kind, script: str = "") -> _Body:
    if script:
        before, end, after = content.rpartition(b"</body>")
        content = b'%s<script src="%s"></script>%s%s' % (before, script.encode(), end, after)
    gzipped = None
    if is_text(kind.media_type):
        smaller = gzip.compress(content, mtime=0)
        gzipped = smaller if len(smaller) < len(content) else None
    return _Body(content=content, gzipped=gzipped, digest=sha256(content).hexdigest()[:32])


def _accepts_gzip(accept_encoding: str) -> bool:
    """RFC 9110 12.5.3: a quality of zero refuses, a star stands for what isn't named."""
    named: dict[str, bool] = {}
    for item in accept_encoding.lower().split(","):
        coding, _, parameter = item.partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        named[coding.strip()] = quality.strip("0.") != ""
    return named.get("gzip", named.get("*", False))


def _is_known(etag: str, if_none_match: str) -> bool:
    """RFC 9110 13.1.2: compared weakly; a star knows everything."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in tags or "*" in tags
