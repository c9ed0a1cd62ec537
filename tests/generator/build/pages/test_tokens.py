"""Colours of a site's own: what becomes of them, and that nobody has to read grey on grey."""

from pathlib import Path

import pytest

from generator.build.pages.theme import find_theme
from generator.build.pages.tokens import DEFAULTS, contrast, tokens_css
from passport.errors import ConfigError

CSS = find_theme(Path(__file__).parents[4] / "nowhere", "default").file("static/site.css").decode()


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#ffffff", "#ffffff") == 1
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("scheme", DEFAULTS)
def test_the_defaults_are_those_of_the_style_sheet_and_can_be_read(scheme: str) -> None:
    light, _, rest = CSS.partition("@media (prefers-color-scheme: dark)")
    own = light if scheme == "light" else rest
    for name, colour in DEFAULTS[scheme].items():
        is_in_both = scheme == "dark" and colour == DEFAULTS["light"][name]
        assert is_in_both or f"--{name}: {colour};" in own, name
    written = "".join(f'{name} = "{colour}"\n' for name, colour in DEFAULTS[scheme].items())
    assert tokens_css(f"[{scheme}]\n{written}")


def test_an_own_accent_holds_on_screens_only() -> None:
    css = tokens_css('[light]\naccent = "#7a1f3d"\n[dark]\naccent = "#f0a0b8"\n')
    assert css == (
        "\n@media screen{:root{--accent:#7a1f3d;}}"
        "\n@media screen and (prefers-color-scheme:dark){:root{--accent:#f0a0b8;}}\n"
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('[light]\naccent = "#9ab"', "light.accent = '#9ab' is no colour"),
        ('[light]\naccent = "#99aabb"', r"accent #99aabb on paper #faf8f3 has a contrast of 2\."),
        ('[dark]\npaper = "#777777"', "dark: ink #e9e6df on paper #777777 has a contrast of 3"),
        ('[light]\nacent = "#000000"', "there is no 'acent': write accent if"),
        ('[print]\naccent = "#000000"', "there is no 'print'"),
        ('light = "#000000"', "light is no table"),
        ("[light", "tokens.toml: "),
    ],
)
def test_what_can_not_be_used_is_refused(text: str, wrong: str) -> None:
    with pytest.raises(ConfigError, match=wrong):
        tokens_css(text)
