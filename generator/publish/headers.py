"""Response headers: what every host must send with every file, said once.

`KINDS` lists DESIGN 4's URLs with their media type and cache class; pages are all else. The local
server answers from this table, hosts' configuration files are rendered from it, and publishing
refuses an artifact that disagrees with it.

A host may join or replace a header that two of its rules set, so no two rules here that match one
URL set the same header: `/*` carries what all responses share, a kind's rule only its own three.
This module knows neither files nor sockets.
"""

import re
from dataclasses import dataclass
from functools import cache

from generator.build.artifact import PAGE_TYPE, CacheClass
from passport.errors import PublishError

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is published under a URL pattern: `:name` is one segment, `*` anything."""

    pattern: str
    media_type: str
    cache: CacheClass


# Nothing is allowed but what a page is made of, all of this site: no frame may hold it, no form
# leaves it, nothing inline runs, and script may not turn strings into markup. Whom its script may
# ask stands in the page itself (`build.pages`): that differs from page to page, and a host that
# joins the policies of two rules would hold the page that asks brokers to the narrower one.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self' https:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
_UNUSED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "payment",
    "usb",
)
COMMON_HEADERS: Headers = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", ", ".join(f"{feature}=()" for feature in _UNUSED_FEATURES)),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Strict-Transport-Security", "max-age=63072000"),
)

_ASK_EACH_TIME = "public, max-age=0, must-revalidate"
_FOR_EVER = "public, max-age=31536000, immutable"
_CACHE_CONTROL = {
    CacheClass.PAGE: _ASK_EACH_TIME,
    CacheClass.DATA: _ASK_EACH_TIME,
    CacheClass.ASSET: _FOR_EVER,
    CacheClass.WRITTEN_ONCE: _FOR_EVER,
    CacheClass.SEALED: "public, max-age=86400",
}
NEVER_CHANGES = frozenset({CacheClass.ASSET, CacheClass.WRITTEN_ONCE})
"""What other bytes may never take the place of."""

# Programs on other origins may read these: passports, what verifies them, and the log.
_FOR_PROGRAMS = frozenset(
    {
        "application/did",
        "application/json",
        "application/ld+json",
        "application/linkset+json",
        "application/octet-stream",
        "application/schema+json",
        "application/vc",
        "text/jsonl",
        "text/plain",
    }
)

PAGE = Kind(pattern="/*", media_type=PAGE_TYPE, cache=CacheClass.PAGE)
_SEALED_GROUPS = ("xiii-2", "xiii-3", "xiii-4")
_ASSET_TYPES = (
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("ico", "image/vnd.microsoft.icon"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain"),
    ("webp", "image/webp"),
    ("woff2", "font/woff2"),
)


def _kinds(cache_class: CacheClass, *rows: tuple[str, str]) -> tuple[Kind, ...]:
    return tuple(
        Kind(pattern=pattern, media_type=type_, cache=cache_class) for pattern, type_ in rows
    )


KINDS: tuple[Kind, ...] = (
    *_kinds(
        CacheClass.DATA,
        ("/dpp/:dppId/passport.json", "application/vc"),
        ("/dpp/:dppId/did.json", "application/did"),
        ("/dpp/:dppId/linkset.json", "application/linkset+json"),
        ("/dpp/:dppId/versions.json", "application/json"),
        ("/v1/dpps/:dppId", "application/json"),
        ("/.well-known/did.json", "application/did"),
        ("/.well-known/did.jsonl", "text/jsonl"),
        ("/.well-known/gs1resolver", "application/json"),
        ("/.well-known/security.txt", "text/plain"),
        ("/log/:generation/checkpoint", "text/plain"),
        ("/status/:generation/revocation/:number", "application/vc"),
        ("/manifest/*", "application/json"),
        ("/access/policy.json", "application/json"),
    ),
    *_kinds(
        CacheClass.WRITTEN_ONCE,
        ("/dpp/:dppId/v/:version", "application/vc"),
        ("/log/:generation/tile/*", "application/octet-stream"),
    ),
    *_kinds(
        CacheClass.SEALED,
        *((f"/dpp/:dppId/sealed/{group}/:version", "application/json") for group in _SEALED_GROUPS),
        ("/dpp/:dppId/sealed/doc/:salt", "application/octet-stream"),
    ),
    *_kinds(
        CacheClass.ASSET,
        ("/ctx/*", "application/ld+json"),
        ("/schema/*", "application/schema+json"),
        *((f"/assets/*.{suffix}", type_) for suffix, type_ in _ASSET_TYPES),
    ),
)
_NEVER_A_PAGE = tuple({f"{kind.pattern.split('/')[1]}/" for kind in KINDS})


def headers_for(media_type: str, cache_class: CacheClass) -> Headers:
    """Return all headers of a file, in a fixed order."""
    return (*COMMON_HEADERS, *own_headers(media_type, cache_class))


def object_headers(media_type: str, cache_class: CacheClass) -> dict[str, str]:
    """Return what an object store keeps with an object; the rest is said by what stands before it.

    Stores answer Access-Control-Allow-Origin by a setting of the bucket, never by an object's own.
    """
    kept = ("Content-Type", "Cache-Control")
    return {name: value for name, value in own_headers(media_type, cache_class) if name in kept}


def kind_of(disk_path: str) -> Kind:
    """Return what lies at a path under the site folder; `PublishError` for what has no URL."""
    url_path = f"/{disk_path}"
    for pattern, kind in _compiled_kinds():
        if pattern.fullmatch(url_path):
            return kind
    if disk_path.endswith(".html") and not disk_path.startswith(_NEVER_A_PAGE):
        return PAGE
    raise PublishError(
        f"no media type is known for {url_path}",
        "publish it under one of the site's URLs, with a suffix that hosts know",
    )


def own_headers(media_type: str, cache_class: CacheClass) -> Headers:
    """Return the headers of a file that not all have in common."""
    # RFC 8259 11: JSON has no charset parameter; text without one would be guessed.
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    own = (
        ("Content-Type", media_type + charset),
        ("Cache-Control", _CACHE_CONTROL[cache_class]),
    )
    if media_type in _FOR_PROGRAMS:
        return (*own, ("Access-Control-Allow-Origin", "*"))
    return own


@cache
def _compiled_kinds() -> tuple[tuple[re.Pattern[str], Kind], ...]:
    return tuple((_compile(kind.pattern), kind) for kind in KINDS)


def _compile(pattern: str) -> re.Pattern[str]:
    one_segment = re.sub(r":[A-Za-z]+", "[^/]+", re.escape(pattern))
    return re.compile(one_segment.replace(r"\*", ".+"))
