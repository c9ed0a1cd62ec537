"""Design tokens: colours that a site's own theme puts in the place of the default theme's.

`themes/<name>/tokens.toml` has two tables, `[light]` and `[dark]`, of colours as `#rrggbb`. Every
pair that text is shown in must keep the contrast that WCAG 2.2 asks for (1.4.3): a page that can't
be read is refused, not published. Doesn't know what the tokens are used for beyond that table.
"""

import re
import tomllib
from collections.abc import Mapping

from generator.content.yaml.near_misses import instead_of
from passport.errors import ConfigError

TOKENS_FILE = "tokens.toml"
_TEXT = 4.5
"""Least contrast of text on its ground (WCAG 1.4.3)."""

DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "light": {
        "paper": "#faf8f3",
        "ink": "#1b1d21",
        "muted": "#585b62",
        "accent": "#1d4e6b",
        "genuine": "#1a6b3c",
        "attention": "#8a4b00",
        "danger": "#ffc629",
        "on-danger": "#1a1500",
    },
    "dark": {
        "paper": "#15171a",
        "ink": "#e9e6df",
        "muted": "#a9abb0",
        "accent": "#93c5e4",
        "genuine": "#7fd39f",
        "attention": "#f0b35a",
        "danger": "#ffc629",
        "on-danger": "#1a1500",
    },
}
"""The default theme's own, which `static/site.css` holds."""

_PAIRS = (
    ("ink", "paper", _TEXT),
    ("muted", "paper", _TEXT),
    ("accent", "paper", _TEXT),
    ("genuine", "paper", _TEXT),
    ("attention", "paper", _TEXT),
    ("on-danger", "danger", _TEXT),
)
_MEDIA = {"light": "screen", "dark": "screen and (prefers-color-scheme:dark)"}  # paper stays plain
_COLOUR = re.compile("#[0-9A-Fa-f]{6}")


def tokens_css(text: str) -> str:
    """Return the CSS of a `tokens.toml`; raises `ConfigError` for a colour that can't be used."""
    schemes = _read(text)
    blocks = []
    for scheme, own in schemes.items():
        _check_contrast(scheme, {**DEFAULTS[scheme], **own})
        rules = "".join(f"--{name}:{colour};" for name, colour in own.items())
        blocks.append(f"@media {_MEDIA[scheme]}{{:root{{{rules}}}}}")
    return "\n" + "\n".join(blocks) + "\n" if blocks else ""


def colours_of(text: str, scheme: str) -> Mapping[str, str]:
    """Return all colours of a scheme, those of a `tokens.toml` over the default theme's."""
    return {**DEFAULTS[scheme], **_read(text).get(scheme, {})}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _read(text: str) -> dict[str, dict[str, str]]:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{TOKENS_FILE}: {error}", "mend the file's TOML syntax") from error
    return {scheme: _scheme(scheme, tables[scheme]) for scheme in _known(tables, tuple(DEFAULTS))}


def _scheme(scheme: str, table: object) -> dict[str, str]:
    if not isinstance(table, dict):
        raise ConfigError(f"{TOKENS_FILE}: {scheme} is no table", f"write [{scheme}]")
    for name in _known(table, tuple(DEFAULTS[scheme])):
        if not isinstance(table[name], str) or not _COLOUR.fullmatch(table[name]):
            message = f"{TOKENS_FILE}: {scheme}.{name} = {table[name]!r} is no colour"
            raise ConfigError(message, 'write it as "#1d4e6b"')
    return dict(table)


def _known(table: Mapping[str, object], names: tuple[str, ...]) -> tuple[str, ...]:
    """The members of a table in the order of the names; any other is refused."""
    for name in table:
        if name not in names:
            raise ConfigError(f"{TOKENS_FILE}: there is no {name!r}", instead_of(name, names))
    return tuple(name for name in names if name in table)


def _check_contrast(scheme: str, colours: Mapping[str, str]) -> None:
    for name, ground, least in _PAIRS:
        found = contrast(colours[name], colours[ground])
        if found < least:
            raise ConfigError(
                f"{TOKENS_FILE}: {scheme}: {name} {colours[name]} on {ground} {colours[ground]}"
                f" has a contrast of {found:.1f}",
                f"choose colours with at least {least:g}, or people can't read the page",
            )


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, with the linear threshold of IEC 61966-2-1)."""
    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(channel: float) -> float:
    """Light of a channel of sRGB, both from 0 to 1."""
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
