"""Markdown to HTML that is safe to show: descriptions and instructions of a model.

Whoever may write content may not thereby run code on the page (DESIGN 3), so HTML in the source
is shown as the text it is, and what the converter makes goes through an allow-list. Headings
start at level 3, below those of the page. This module knows neither pages nor themes.
"""

from functools import lru_cache
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

_TAGS = frozenset(
    {"p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "code", "pre"}
    | {"blockquote", "table", "thead", "tbody", "tr", "th", "td"}
)
_HEADINGS = {f"h{level}": f"h{min(level + 2, 6)}" for level in range(1, 7)}


class Html(str):
    """A fragment of HTML made here; templates print it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the fragment, which is what template engines ask for instead of escaping."""
        return str(self)


class _Elements(Treeprocessor):
    """Changes what the allow-list would otherwise drop together with its text."""

    def run(self, root: Element) -> None:
        """Move each heading two levels down, and put an image's description in its place."""
        for element in root.iter():
            element.tag = _HEADINGS.get(element.tag, element.tag)
            if element.tag == "img":
                element.tag, element.text = "span", element.get("alt")


class _PageProse(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the library's name
        """Take HTML as text, and change elements after everything else."""
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_Elements(md), "elements", 0)


def _link_within(url: str) -> str | None:
    """Keep a relative link, unless a browser could take it for one to another host."""
    odd = any(char.isspace() or char == "\\" or not char.isprintable() for char in url)
    return None if odd or url.startswith("//") else url


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"*": frozenset(), "a": {"href"}, "ol": {"start"}},
    url_schemes={"https", "mailto"},
    url_relative=_link_within,
    link_rel="noopener noreferrer",
)


@lru_cache(maxsize=4096)
def render_prose(text: str) -> Html:
    """Return Markdown (with tables) as HTML of a few harmless elements."""
    converted = markdown.markdown(text, extensions=["tables", "sane_lists", _PageProse()])
    return Html(_CLEANER.clean(converted))
