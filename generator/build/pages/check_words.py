"""What the script of a passport's page says, and how values look, in one language.

The script (`browser/verify.js`) holds no words: it asks for this file, which lies beside it as an
asset of the site, once a language. `rules` are those by which the page's values were written, from
CLDR and the catalogue, so that the script can write the signed ones again (`browser/shown.js`).
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from babel.dates import get_date_format, get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol

from generator.build.pages.language import Language, message
from generator.build.pages.value_views import COUNTED_UNITS, SIGNS
from passport.encoding.canonical import Json, canonical_json

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "genuine": message("Genuine: signed by %(host)s, and current."),
        "unknown": message("Genuine, freshness unknown: %(why)s."),
        "copy": message("A copy of %(uri)s. Only that address can say whether it is current."),
        "withdrawn": message(
            "Withdrawn: its issuer has taken this version back. Rely on nothing it says."
        ),
        "superseded": message("Superseded: %(host)s has published another version."),
        "refused": message("It cannot be confirmed: %(why)s."),
        "unable": message(
            "This browser cannot check signatures. Use another one, or the command below."
        ),
        "doubt unlogged": message("it is not yet in the log"),
        "doubt list": message("the list of withdrawn passports cannot be read"),
        "doubt expired": message("the list of withdrawn passports has expired"),
        "doubt older": message("the site shows an older state than its log"),
        "holds passport": message("The passport is of this product"),
        "holds issuer": message("The keys are those that %(host)s names"),
        "holds signature": message("The signature holds"),
        "holds log": message("The log of all that was published holds it"),
        "holds status": message("The list of withdrawn passports does not name it"),
        "holds manifest": message("It is the version that was published last"),
        "holds page": message("This page is the one that was published"),
        "holds values": message("The values shown are the signed ones"),
        "fails passport": message("the passport is not in order, or of another product"),
        "fails issuer": message("the keys of its issuer are not in order"),
        "fails signature": message("its signature does not hold"),
        "fails log": message("the log does not hold it"),
        "fails status": message("the list of withdrawn passports is not in order"),
        "fails manifest": message("the list of published files is not in order"),
        "fails page": message("this page is not the one that was published"),
        "fails values": message("a value shown is not the signed one"),
        "fails site": message("the site does not answer"),
        "download": message("Download what was checked"),
    }
)
"""Sentences by what the script has to say: a verdict, a doubt, a step that holds or fails."""


def check_words(language: Language) -> bytes:
    """Return the file of one language; each text with its own language where that is another."""
    texts: dict[str, Json] = {}
    for name, english in TEXTS.items():
        phrase = language.phrase(english)
        texts[name] = [phrase.text, phrase.language] if phrase.language else [phrase.text]
    return canonical_json({"rules": rules_of(language), "texts": texts})


def rules_of(language: Language) -> Json:
    """Return how values of the signed passport are written in a language."""
    locale = language.locale
    units: dict[str, Json] = {unit: [shown] for unit, shown in SIGNS.items()}
    for unit, (one, many) in COUNTED_UNITS.items():
        forms = {language.plural(one, many, number).text for number in range(201)}
        units[unit] = sorted(forms)
    return {
        "decimal": get_decimal_symbol(locale),
        "group": get_group_symbol(locale),
        "minus": language.number(Decimal(-1)).removesuffix("1"),
        "day": get_date_format("long", locale).pattern,
        "month": "MMMM y",
        "months": [*get_month_names("wide", "format", locale).values()],
        "range": language.text("%(low)s to %(high)s"),
        "units": units,
        "yes": language.text("yes"),
        "no": language.text("no"),
    }
