"""Pieces of SVG that every picture is made of.

Widths are percent of the room and heights multiples of the text's size (SVG 2, 8.9), so that only
the marks scale: text stays as large as the page's. A picture is one image with a name and a
description (`role="img"`); both are texts in it, so that what is heard is what is seen. A text that
shows a signed value names its member, as elsewhere on the page. Knows neither passports nor
languages.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap

from markupsafe import Markup, escape

from generator.build.pages.language import Phrase

LINE = Decimal("1.5")
"""From one line of text to the next, in em; heights are multiples of a half, which return and so
cost a page little."""
NO_BREAK = "\N{NO-BREAK SPACE}"
TOP = Decimal("2.5")
"""Where the first line below the caption stands."""
WIDEST = 33
"""Characters that fit beside each other on the smallest phone (320 px) in any of our scripts."""
PERCENT_A_LETTER = Decimal("2.9")
"""How much of that phone's width a letter takes, at most."""
_NOTHING = Markup()
_TEN = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A text that shows a value; `member` points to it from the picture's own member.

    It is "" for what the signed passport does not say.
    """

    text: str
    member: str = ""


def picture(
    name: str, caption: Phrase, height: Decimal, marks: Iterable[Markup], member: str = ""
) -> Markup:
    """Return a whole picture, `height` em high; `name` is unique on the page."""
    return Markup(
        '<svg class="picture" role="img" height="{height}em"{member} aria-labelledby="{name}-t"'
        ' aria-describedby="{name}-d"><text id="{name}-t" y="1em"{language}>{caption}</text>'
        '<g id="{name}-d">{marks}</g></svg>'
    ).format(
        name=name,
        height=plain(height),
        member=_given("data-member", member),
        language=_given("lang", caption.language),
        caption=caption.text,
        marks=Markup("\n").join(marks),
    )


def text(words: Phrase | Figure, y: Decimal, x: Decimal = Decimal(0), anchor: str = "") -> Markup:
    """Write one line with its base at `y` em, beginning (or ending, by `anchor`) at `x` percent."""
    if isinstance(words, Figure):
        return _text(escape(words.text), y, x, anchor, words.member)
    return _text(escape(words.text), y, x, anchor, language=words.language)


def named(name: Phrase, figure: Figure, y: Decimal, x: Decimal, anchor: str) -> Markup:
    """Write a value after its name, in one line."""
    return _text(Markup("{} ").format(name.text) + span(figure), y, x, anchor, "", name.language)


def _text(
    written: Markup,
    y: Decimal,
    x: Decimal = Decimal(0),
    anchor: str = "",
    member: str = "",
    language: str = "",
) -> Markup:
    return Markup('<text y="{}em"{}{}{}{}>{}</text>').format(
        plain(y),
        _percent("x", x),
        _given("text-anchor", anchor),
        _given("data-member", member),
        _given("lang", language),
        written,
    )


def paragraph(
    words: Phrase, y: Decimal, end: str = "", spans: Markup = _NOTHING
) -> tuple[Markup, Decimal]:
    """Write a text in as many lines as a phone needs; returns it and the base of the next line.

    `end` are values that the text ends with, in one piece; `spans` is how these are marked.
    """
    whole = f"{words.text} {end}".rstrip()
    lines = wrap(whole, WIDEST, break_long_words=False, break_on_hyphens=False)
    written = [escape(line) for line in lines]
    if end:
        written[-1] = escape(lines[-1].removesuffix(end)) + spans
    texts = (
        _text(line, y + number * LINE, language=words.language)
        for number, line in enumerate(written)
    )
    return Markup("\n").join(texts), y + len(lines) * LINE


def span(figure: Figure) -> Markup:
    """Write a value within a text."""
    return Markup("<tspan{}>{}</tspan>").format(_given("data-member", figure.member), figure.text)


def bar(x: Decimal, y: Decimal, width: Decimal, kind: str = "") -> Markup:
    """Draw a bar from `x` percent on, with its top at `y` em."""
    return Markup('<rect{} y="{}em" width="{}%"{}/>').format(
        _percent("x", x), plain(y), plain(width), _given("class", kind)
    )


def leader(x: Decimal, top: Decimal, bottom: Decimal, kind: str = "") -> Markup:
    """Draw a line upright at `x` percent."""
    return Markup('<line{}{} y1="{}em" y2="{}em"{}/>').format(
        _percent("x1", x), _percent("x2", x), plain(top), plain(bottom), _given("class", kind)
    )


def plain(number: Decimal) -> str:
    """Write a coordinate as short as it gets: to one place below ten, else whole or a half."""
    near = round(number, 1) if number < _TEN else round(2 * number) / Decimal(2)
    return f"{near:f}".removesuffix(".0").removeprefix("0") or "0"


def _percent(name: str, number: Decimal) -> Markup:
    return Markup(' {}="{}%"').format(name, plain(number)) if number else Markup()


def _given(name: str, value: str) -> Markup:
    return Markup(' {}="{}"').format(name, value) if value else Markup()
