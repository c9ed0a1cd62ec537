"""How a product is spelt: the product URI that its QR code says, and the dppId.

Spec: GS1 Digital Link Standard: URI Syntax (`gtin-path` and `giai-path` of its grammar, without
convenience alphas), RFC 3986 2.1 for percent-encoding; DESIGN 4 for the dppId. Each has one
spelling: what would be printed otherwise is refused when it is parsed. What is parsed is held to
the formats; the narrower serials that operators hand out are the default of `SerialNumber`. Which
products exist isn't known here.
"""

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote, unquote_to_bytes

from passport.base_url import BaseUrl
from passport.errors import IdentifierError
from passport.gs1 import check_qualifier
from passport.product_key import ProductKey, key_of
from passport.quoting import quoted

# Order of the qualifiers of a GTIN (`gtin-path` of the grammar).
_QUALIFIERS = ("22", "10", "21")
_CONVENIENCE_ALPHAS = {"gtin": "01", "giai": "8004", "cpv": "22", "lot": "10", "ser": "21"}
_LONGEST_URI = 1024
_DPP_ID = re.compile(r"(?:[0-9A-Za-z_-]|\.[0-9A-F]{2}){1,256}")
_TO_ESCAPE = re.compile("[^0-9A-Za-z-]")


@dataclass(frozen=True, slots=True)
class ProductUri:
    """The address that a QR code says: a site's base URL and a product key."""

    base_url: BaseUrl
    key: ProductKey

    def __str__(self) -> str:
        return f"{self.base_url}{self.path}"

    @property
    def path(self) -> str:
        """The percent-encoded path, from `/` on and without a slash at the end."""
        return product_path(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedUri:
    """A product URI as found on a product.

    `variant` (22) and `batch` (10) are what it says besides; "" when it doesn't. They take no part
    in `uri`, which never prints them.
    """

    uri: ProductUri
    variant: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class DppId:
    """A product key as one word for paths under `/dpp/`, for `did:web` and for sealed headers.

    The key's segments joined by `_`; each byte outside `0-9A-Za-z-` is written `.XX` in upper-case
    hex (DESIGN 4). Two keys never share one, and it gives the key back.
    """

    key: ProductKey
    _text: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        text = "_".join(_with_escapes(segment) for segment in self.key.segments)
        object.__setattr__(self, "_text", text)

    @classmethod
    def of(cls, key: ProductKey) -> Self:
        """Return the dppId of a product."""
        return cls(key)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a dppId back; `IdentifierError` for anything that `str()` would not print."""
        if not _DPP_ID.fullmatch(text):
            raise IdentifierError(
                f"dppId {quoted(text)} holds what a dppId can't",
                "write every character outside 0-9, A-Z, a-z and - as .XX in upper-case hex",
            )
        dpp_id = cls(key_of(tuple(_without_escapes(part) for part in text.split("_"))))
        if str(dpp_id) != text:
            raise IdentifierError(f"dppId {quoted(text)} is misspelt", f"write {dpp_id}")
        return dpp_id

    def __str__(self) -> str:
        return self._text


def product_path(key: ProductKey) -> str:
    """Return the path of a product's page, percent-encoded (RFC 3986 2.1, GS1 grammar `XCHAR`).

    Letters, digits, `-`, `.` and `_` stand for themselves; all else is `%XX` in upper-case hex.
    """
    return "".join(f"/{quote(segment, safe='')}" for segment in key.segments)


def parse_product_uri(text: str, base_url: BaseUrl | None = None) -> ScannedUri:
    """Read a product URI; `IdentifierError` unless it is spelt exactly as we would print it.

    With `base_url` it must be of that site; without, of any https site. Variant (22) and batch
    (10) may stand before the serial (21), in this order, and are kept apart.
    """
    _check_uri_characters(text)
    origin, path = _split_origin(text)
    base = _checked_base(origin, base_url)
    segments = _path_segments(path)
    plain, qualifiers = _split_qualifiers(segments)
    return ScannedUri(
        uri=ProductUri(base, key_of(plain)),
        variant=check_qualifier("variant", qualifiers["22"]) if "22" in qualifiers else "",
        batch=check_qualifier("batch", qualifiers["10"]) if "10" in qualifiers else "",
    )


def _check_uri_characters(text: str) -> None:
    if len(text) > _LONGEST_URI:
        raise IdentifierError(f"product URI {quoted(text)} is too long", "scan the code again")
    if not re.fullmatch(r"[!-~]+", text):
        raise IdentifierError(
            f"product URI {quoted(text)} holds a space or a character outside ASCII",
            "scan the code again; a host with look-alike letters is not the operator's",
        )
    if "?" in text or "#" in text:
        raise IdentifierError(
            f"product URI {quoted(text)} has a query or fragment",
            "leave out everything from ? or # on",
        )


def _split_origin(text: str) -> tuple[str, str]:
    scheme, separator, rest = text.partition("://")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{separator}{authority}", f"{slash}{path}"


def _checked_base(origin: str, expected: BaseUrl | None) -> BaseUrl:
    base = BaseUrl(origin)
    if expected is None and not base.is_secure:
        raise IdentifierError(f"{base} is not encrypted", "a product URI begins with https://")
    if expected is not None and base != expected:
        raise IdentifierError(
            f"the product URI is of {base}, not of {expected}",
            "compare the host letter by letter, and ask the site that it names",
        )
    return base


def _path_segments(path: str) -> tuple[str, ...]:
    if path in ("", "/"):
        raise IdentifierError("the product URI names no product", "add /01/ and the GTIN")
    if path.endswith("/"):
        raise IdentifierError(
            f"path {quoted(path)} has a slash at the end", "leave it out: GS1 allows none"
        )
    if "//" in path:
        raise IdentifierError(f"path {quoted(path)} has an empty segment", "write one slash only")
    return tuple(_decoded(segment) for segment in path[1:].split("/"))


def _decoded(segment: str) -> str:
    """Undo the percent-encoding of one path segment, accepting the canonical one only."""
    try:
        text = unquote_to_bytes(segment).decode("ascii")
    except UnicodeDecodeError as error:
        raise IdentifierError(
            f"path segment {quoted(segment)} encodes a character outside ASCII",
            "use letters, digits and hyphens",
        ) from error
    if text in (".", ".."):
        raise IdentifierError(
            f"path segment {quoted(segment)} is a dot segment", "write the path without detours"
        )
    canonical = quote(text, safe="")
    if segment != canonical:
        raise IdentifierError(
            f"path segment {quoted(segment)} is percent-encoded in another way than ours",
            f"write {quoted(canonical)}",
        )
    return text


def _split_qualifiers(segments: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Take 22 and 10 out of a GTIN's path; return the path without them, and them."""
    _check_first(segments[0])
    if segments[0] != "01":
        return segments, {}
    names, values = segments[2::2], segments[3::2]
    for name in names:
        _check_known(name, _QUALIFIERS)
    if len(names) != len(values):
        raise IdentifierError(f"qualifier {names[-1]} has no value", "add it, or leave both out")
    positions = [_QUALIFIERS.index(name) for name in names]
    if positions != sorted(set(positions)):
        raise IdentifierError(
            f"qualifiers {', '.join(names)} are out of order or twice there",
            "write each once, in the order 22, 10, 21",
        )
    qualifiers = dict(zip(names, values, strict=True))
    serial = ("21", qualifiers.pop("21")) if "21" in qualifiers else ()
    return (*segments[:2], *serial), qualifiers


def _check_first(name: str) -> None:
    _check_known(name, ("01", "8004", "id"))


def _check_known(name: str, known: tuple[str, ...]) -> None:
    if name in known:
        return
    number = _CONVENIENCE_ALPHAS.get(name)
    remedy = f"write {number}" if number in known else f"use one of {', '.join(known)}"
    raise IdentifierError(f"{quoted(name)} is no application identifier of a battery here", remedy)


def _with_escapes(segment: str) -> str:
    return _TO_ESCAPE.sub(lambda match: f".{ord(match[0]):02X}", segment)


def _without_escapes(part: str) -> str:
    if "." not in part:
        return part
    return re.sub(r"\.([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), part)
