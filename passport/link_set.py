"""The link set of a product and the description of the site as a resolver.

RFC 9264 (`application/linkset+json`) with relations of the GS1 Web Vocabulary and of IANA; the
well-known file is GS1's resolver description. A link set names a product's own resources and its
model's passport only, so that a change of the model or of the theme rewrites none (DESIGN 4).
A static site answers neither `?linkType=` nor `Accept`: it is no full GS1-conformant resolver.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from passport.base_url import BaseUrl
from passport.encoding.canonical import Json

_GS1 = "https://ref.gs1.org/voc/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLinks:
    """Where a product's resources lie; all are paths of the site.

    `pages` maps each language of the page to its path, the default one first; `model` is the path
    of the model's passport, "" for a model itself. `history` and `predecessor`, the list of
    versions and the version before, are "" while there is one version only.
    """

    page: str
    pages: Mapping[str, str]
    passport: str
    did_document: str
    schema: str
    model: str
    history: str = ""
    predecessor: str = ""


def link_set(base_url: BaseUrl, title: str, links: ProductLinks) -> Json:
    """Return the link set of a product; `title` names it to people, in the default language."""
    page = _link(base_url, links.page, "text/html", title, tuple(links.pages))
    passport = _link(base_url, links.passport, "application/vc", title)
    relations: dict[str, Json] = {
        "anchor": f"{base_url}{links.page}",
        _GS1 + "defaultLink": [page],
        _GS1 + "pip": [
            _link(base_url, path, "text/html", title, (language,))
            for language, path in links.pages.items()
        ],
        _GS1 + "dpp": [passport],
        "alternate": [passport],
        "describedby": [
            _link(base_url, links.schema, "application/schema+json", title),
            _link(base_url, links.did_document, "application/did", title),
        ],
    }
    if links.model:
        relations["type"] = [_link(base_url, links.model, "application/vc", title)]
    if links.history:
        relations |= _versions(base_url, title, links)
    return {"linkset": [relations]}


def _versions(base_url: BaseUrl, title: str, links: ProductLinks) -> dict[str, Json]:
    """How the versions hang together (RFC 5829)."""
    return {
        "latest-version": [_link(base_url, links.passport, "application/vc", title)],
        "predecessor-version": [_link(base_url, links.predecessor, "application/vc", title)],
        "version-history": [_link(base_url, links.history, "application/json", title)],
    }


def resolver_description(base_url: BaseUrl, name: str) -> Json:
    """Return `/.well-known/gs1resolver`."""
    return {
        "name": name,
        "resolverRoot": str(base_url),
        "supportedPrimaryKeys": ["01", "8004"],
        "linkTypeDefaultCanBeLinkset": False,
    }


def _link(
    base_url: BaseUrl, path: str, media_type: str, title: str, languages: tuple[str, ...] = ()
) -> dict[str, Json]:
    link: dict[str, Json] = {"href": f"{base_url}{path}", "type": media_type, "title": title}
    return link | {"hreflang": list(languages)} if languages else link
