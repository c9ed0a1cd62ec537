"""One language of a page: interface texts, numbers and dates.

Interface texts come from the theme's gettext catalogues, the English text being the key; numbers
and dates from CLDR through Babel. Units are fixed symbols, never translated (research: CLDR's
short units are words in some languages). Does not know the registry's labels.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from passport.values import YearMonth

_LOCALES = {"en": "en_IE"}  # plain `en` writes dates the American way


@dataclass(frozen=True, slots=True)
class Language:
    """A language with its catalogue; a text that is not translated stays English."""

    code: str
    catalog: Catalog

    @property
    def locale(self) -> Locale:
        """The CLDR locale that numbers and dates are written by."""
        return Locale.parse(_LOCALES.get(self.code, self.code))

    def name_of(self, code: str) -> str:
        """A language's name in itself, for a menu of languages."""
        return str(Locale.parse(code).get_language_name(code)).capitalize()

    def text(self, english: str) -> str:
        """Translate an interface text."""
        message = self.catalog.get(english)
        return str(message.string) if message and message.string else english

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
        """Write the day of a moment in UTC."""
        return self.day(moment.date())


def load_language(code: str, folders: tuple[Path, ...]) -> Language:
    """Load the catalogue of a language from the first theme folder that has one."""
    for folder in folders:
        path = folder / "locale" / f"{code}.po"
        if path.is_file():
            return Language(code, read_po(BytesIO(path.read_bytes()), locale=code))
    return Language(code, Catalog(locale=code))
