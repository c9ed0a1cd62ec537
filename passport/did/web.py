"""did:web: an identifier that is an https address, for the issuer and for each product.

Spec: did:web Method Specification (W3C CCG). Of its identifiers only those are read that cannot
be taken for another host or path: host names in A-labels, an upper-case `%3A` before a port, path
segments without any other encoding. An address of this machine is none: nobody else could look it
up. Fetching is not this module's business.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from passport.base_url import BaseUrl
from passport.did.document import CONTEXT
from passport.encoding.canonical import JsonObject
from passport.errors import IdentifierError
from passport.identifiers import DppId, ProductUri
from passport.quoting import quoted

_PREFIX = "did:web:"
_LONGEST = 512
_SEGMENT = re.compile(r"[0-9A-Za-z._-]+")
_AUTHORITY = re.compile(r"([^%:]+)(?:%3A([0-9]+))?")


@dataclass(frozen=True, slots=True)
class DidWeb:
    """`did:web:HOST[%3APORT][:SEGMENT…]`; raises `IdentifierError` for anything unclear."""

    base_url: BaseUrl
    path: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        host = self.base_url.host
        if not self.base_url.is_secure or not re.search(r"\.[a-z][0-9a-z-]*\Z", host):
            raise IdentifierError(
                f"{self.base_url} can't be a did:web", "use https and a host name with a dot"
            )
        for segment in self.path:
            if not _SEGMENT.fullmatch(segment) or segment in (".", ".."):
                raise IdentifierError(
                    f"did:web can't hold the path segment {quoted(segment)}",
                    "use letters, digits, dots, hyphens and underscores",
                )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a did:web; `IdentifierError` for anything that `str()` would not print."""
        if len(text) > _LONGEST or not text.startswith(_PREFIX):
            raise IdentifierError(f"{quoted(text)} is no did:web", "it begins with did:web:")
        authority, *path = text.removeprefix(_PREFIX).split(":")
        match = _AUTHORITY.fullmatch(authority)
        if match is None:
            raise IdentifierError(
                f"{quoted(text)} has no plain host", "write host, or host%3Aport, before any path"
            )
        host, port = match.groups()
        return cls(BaseUrl(f"https://{host}:{port}" if port else f"https://{host}"), tuple(path))

    def __str__(self) -> str:
        authority = self.base_url.authority.replace(":", "%3A")
        return _PREFIX + ":".join((authority, *self.path))

    @property
    def url(self) -> str:
        """Where its document lies."""
        return f"{self.folder_url}did.json"

    @property
    def folder_url(self) -> str:
        """Where its documents lie, with a slash at the end."""
        return f"{self.base_url}/{'/'.join(self.path or ('.well-known',))}/"


def issuer_did(base_url: BaseUrl) -> DidWeb:
    """Return the DID of a site's one issuer."""
    return DidWeb(base_url)


def product_did(base_url: BaseUrl, dpp_id: DppId) -> DidWeb:
    """Return the DID of a product; its document lies at `/dpp/{dppId}/did.json`."""
    return DidWeb(base_url, ("dpp", str(dpp_id)))


def product_document(
    uri: ProductUri, controller: DidWeb, services: Sequence[JsonObject] = ()
) -> JsonObject:
    """Return the DID document of a product: no keys, so that there is nothing to steal.

    The controller, its issuer, speaks for it. `services` are objects with `type` and
    `serviceEndpoint`, each with a fragment as `id`.
    """
    did = str(product_did(uri.base_url, DppId.of(uri.key)))
    return {
        "@context": list(CONTEXT[:1]),
        "id": did,
        "controller": str(controller),
        "alsoKnownAs": [str(uri)],
        "service": [{**service, "id": f"{did}{service['id']}"} for service in services],
    }
