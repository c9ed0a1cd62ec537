"""Prose: Markdown that people write, and what somebody might smuggle in with it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from generator.build.pages.prose import render_prose

TABLE = (
    "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n"
    "<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>"
)

SHOWN = {
    "paragraph": ("one\ntwo  \nthree", "<p>one\ntwo<br>\nthree</p>"),
    "emphasis": (
        "*a* **b** ***c*** `d`",
        "<p><em>a</em> <strong>b</strong> <strong><em>c</em></strong> <code>d</code></p>",
    ),
    "headings below the page's": ("# A\n\n## B\n\n###### F", "<h3>A</h3>\n<h4>B</h4>\n<h6>F</h6>"),
    "lists": (
        "* a\n* b\n\n3. c\n4. d",
        '<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>',
    ),
    "table without style": ("|a|\n|-:|\n|1|", TABLE),
    "quotation": ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
    "code": ("    a <b>", "<pre><code>a &lt;b&gt;\n</code></pre>"),
    "entities": ("&lt;b&gt; & ä", "<p>&lt;b&gt; &amp; ä</p>"),
    "the description of an image": ("see ![the *lid*](lid.png) here", "<p>see the *lid* here</p>"),
}

ATTACKS = {
    "script": ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    "script inside a paragraph": (
        "a <script src='https://x.example'></script>",
        "<p>a &lt;script src='https://x.example'&gt;&lt;/script&gt;</p>",
    ),
    "event handler": (
        "<img src=x onerror=alert(1)>",
        "<p>&lt;img src=x onerror=alert(1)&gt;</p>",
    ),
    "handler on an allowed element": (
        'a <em onclick="x()">b</em>',
        '<p>a &lt;em onclick="x()"&gt;b&lt;/em&gt;</p>',
    ),
    "raw HTML block": ("<div>\n*a*\n</div>", "<p>&lt;div&gt;\n<em>a</em>\n&lt;/div&gt;</p>"),
    "comment": ("<!-- c -->", "<p>&lt;!-- c --&gt;</p>"),
    "vector image": ("<svg/onload=alert(1)>", "<p>&lt;svg/onload=alert(1)&gt;</p>"),
    "image with data": ("![a](data:image/png;base64,AAAA)", "<p>a</p>"),
    "image from elsewhere": ("![a](https://x.example/track.png)", "<p>a</p>"),
    "title": (
        '[a](https://x.example "t")',
        '<p><a href="https://x.example" rel="noopener noreferrer">a</a></p>',
    ),
}

KEPT_LINKS = [
    "https://x.example/a?b=c#d",
    "mailto:service@x.example",
    "/01/09506000134352",
    "manual.pdf",
    "Anleitung-für-alle.pdf",
    "#repair",
]

DROPPED_LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java&#115;cript:alert(1)",
    "java&#9;script:alert(1)",
    "&#1;javascript:alert(1)",
    "vbscript:x",
    "data:text/html,x",
    "http://x.example",
    "ftp://x.example",
    "//x.example",
    "///x.example",
    "/\\x.example",
    "\\\\\\\\x.example",
    "/&#9;/x.example",
    "&#x2f;&#x2f;x.example",
    'https://x.example" onclick="x',
]


@pytest.mark.parametrize(
    ("text", "html"), [*SHOWN.values(), *ATTACKS.values()], ids=[*SHOWN, *ATTACKS]
)
def test_shown(text: str, html: str) -> None:
    assert render_prose(text) == html


@pytest.mark.parametrize("link", KEPT_LINKS)
def test_link_kept(link: str) -> None:
    assert render_prose(f"[a]({link})") == (
        f'<p><a href="{link}" rel="noopener noreferrer">a</a></p>'
    )


@pytest.mark.parametrize("link", DROPPED_LINKS)
@pytest.mark.parametrize("text", ["[a]({})", "[a](<{}>)", "[a][b]\n\n[b]: {}"])
def test_link_dropped(text: str, link: str) -> None:
    assert "href" not in render_prose(text.format(link))


def test_templates_print_it_as_it_is() -> None:
    template = Environment(autoescape=True).from_string("{{ prose }}")
    assert template.render(prose=render_prose("*a*")) == "<p><em>a</em></p>"


def test_the_same_text_is_rendered_once() -> None:
    assert render_prose("a *b*") is render_prose("a *b*")


class Seen(HTMLParser):
    """Collects the elements and attributes of a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str, str]] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name, value or "") for name, value in attrs}


PIECES = [
    "<", ">", "script", "img", " src=x", " onerror=x", "[a](", ")", "javascript:", "https://", "x",
    "&#9;", "!", "[", "]", "*", "`", "\n", "\n\n", "    ", "|", "|-|-|", '"', "'", "//", "\\", "#",
    "&lt;", "<!--", "-->", "<![CDATA[", "]]>", "<?", "svg", "style", "1. ", "> ", "\x02", "\x03",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_nothing_but_harmless_elements_comes_out(text: str) -> None:
    seen = Seen(render_prose(text))
    headings = {"h3", "h4", "h5", "h6"}
    blocks = {"p", "br", "hr", "ul", "ol", "li", "pre", "blockquote"}
    table = {"table", "thead", "tbody", "tr", "th", "td"}
    assert seen.tags <= headings | blocks | table | {"a", "em", "strong", "code"}
    for tag, name, value in seen.attributes:
        assert (tag, name) in {("a", "href"), ("a", "rel"), ("ol", "start")}
        scheme = value.partition(":")[0].lower()
        assert name != "href" or scheme not in ("javascript", "data", "http")
