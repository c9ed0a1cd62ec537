"""One language of a page: interface texts, numbers and dates.

Interface texts come from the theme's gettext catalogues, the English text being the key; numbers
and dates from CLDR through Babel. Units are fixed symbols, never translated (CLDR's
short units are words in some languages). A text that is there in another language only says so,
as a `Phrase`. Does not know the registry's data points.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import c2py
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from passport.errors import ConfigError
from passport.registry import Translated, registry
from passport.values import Code, YearMonth

SOURCE_LANGUAGE = "en"
"""The language of the keys of catalogues."""

LABEL = "label"
"""The context of the registry's labels in catalogues: one may be spelt like an interface text and
mean another thing."""

_LOCALES = {"en": "en_IE"}  # plain `en` writes dates the American way


MARKERS: dict[str, tuple[int, ...] | None] = {
    name: positions
    for positions, names in (
        (None, ("_", "gettext", "message", "text", "phrase")),
        ((1, 2), ("ngettext", "plural_message", "plural", "counted")),
    )
    for name in names
}
"""The calls in code and templates that hold interface texts, as Babel's extractors want them."""


def message(english: str) -> str:
    """Mark a text that a table holds; returns it unchanged."""
    return english


def plural_message(one: str, many: str) -> tuple[str, str]:
    """Mark a text with a plural that a table holds; returns both forms unchanged."""
    return one, many


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text and its language, "" where that is the page's own; templates print both."""

    text: str
    language: str = ""

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> str:
        """Return HTML that names a foreign language, for screen readers and hyphenation."""
        if not self.language:
            return escape(self.text)
        return Markup('<span lang="{}">{}</span>').format(self.language, self.text)


@dataclass(frozen=True, slots=True)
class Language:
    """A language with its catalogue; a text that is not translated stays English."""

    code: str
    catalog: Catalog

    @property
    def locale(self) -> Locale:
        """The CLDR locale that numbers and dates are written by."""
        return _locale(_LOCALES.get(self.code, self.code))

    def name_of(self, code: str) -> str:
        """A language's name in itself, for a menu of languages."""
        return str(_locale(code).get_language_name(code)).capitalize()

    def local_name_of(self, code: str) -> str:
        """A language's name in this one, for a list of what a document is written in."""
        return str(self.locale.languages.get(code, code))

    def country(self, code: str) -> str:
        """A country's name, or the code itself when it names none."""
        return str(self.locale.territories.get(code, code))

    def text(self, english: str) -> str:
        """Translate an interface text."""
        return self.phrase(english).text

    def phrase(self, english: str) -> Phrase:
        """Translate an interface text; an English one on another page says that it is English."""
        found = self.catalog.get(english)
        if found and found.string and not found.fuzzy and isinstance(found.string, str):
            return Phrase(found.string)
        return self._english(english)

    def plural(self, one: str, many: str, number: int) -> Phrase:
        """Translate the form of a text that belongs to a number, which it does not hold yet."""
        found = self.catalog.get(one)
        if found and not found.fuzzy and isinstance(found.string, tuple) and all(found.string):
            return Phrase(found.string[_plural_rule(self.catalog.plural_expr)(number)])
        return self._english(one if number == 1 else many)

    def counted(self, one: str, many: str, number: int) -> Phrase:
        """Translate a text about so many things; `%(num)s` stands for the number in it."""
        phrase = self.plural(one, many, number)
        return Phrase(phrase.text % {"num": self.number(Decimal(number))}, phrase.language)

    def choose(self, texts: tuple[tuple[str, str], ...]) -> Phrase:
        """Choose from (language, text) pairs: this language, else the first."""
        for language, text in texts:
            if language == self.code:
                return Phrase(text)
        language, text = texts[0]
        return Phrase(text, language)

    def label(self, label: Translated) -> Phrase:
        """Choose a label of the registry, from the catalogue where the registry has none."""
        texts = dict(label.texts)
        if self.code in texts:
            return Phrase(texts[self.code])
        found = self.catalog.get(label.text(SOURCE_LANGUAGE), LABEL)
        if found and isinstance(found.string, str) and found.string and not found.fuzzy:
            return Phrase(found.string)
        return self._english(label.text(SOURCE_LANGUAGE))

    def meaning(self, code: Code) -> Phrase:
        """Say in words what a code of the registry means."""
        return self.label(registry().code_lists[code.code_list][code.code].label)

    def number(self, number: Decimal) -> str:
        """Write a decimal with all the digits that were typed."""
        exponent = number.as_tuple().exponent
        places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
        pattern = "#,##0" + ("." + "0" * places if places else "")
        return str(format_decimal(number, format=pattern, locale=self.locale))

    def day(self, day: date) -> str:
        """Write a date in words."""
        return str(format_date(day, format="long", locale=self.locale))

    def month(self, month: YearMonth) -> str:
        """Write a month in words."""
        first = date(month.year, month.month, 1)
        return str(format_date(first, format="MMMM y", locale=self.locale))

    def moment(self, moment: datetime) -> str:
        """Write a moment in UTC, to the minute."""
        return str(format_datetime(moment, format="long", locale=self.locale))

    def _english(self, text: str) -> Phrase:
        return Phrase(text, "" if self.code == SOURCE_LANGUAGE else SOURCE_LANGUAGE)


def load_language(code: str, folders: tuple[Path, ...]) -> Language:
    """Load the catalogue of a language from the first theme folder that has one."""
    for folder in folders:
        path = folder / "locale" / f"{code}.po"
        if path.is_file():
            return Language(code, _catalog(path, path.stat().st_mtime_ns, code))
    return Language(code, Catalog(locale=code))


@cache
def _catalog(path: Path, _changed: int, code: str) -> Catalog:
    """Read a catalogue once: a site with pages in few languages still offers all of them."""
    try:
        return read_po(BytesIO(path.read_bytes()), locale=code, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} is no catalogue of gettext: {error}", "mend it; `msgfmt -c` says more"
        ) from error


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


@cache
def _plural_rule(expression: str) -> Callable[[int], int]:
    return c2py(expression)
