"""What a page needs to be shown in a language that the site has no pages in.

`browser/languages.js` switches a page in place: it takes the catalogues of two languages, finds the
page's texts in one and puts the other's there. A catalogue maps each English text to its
translation; what it lacks stays as it was and says its language. Written for every official
language of the Union that the theme speaks; pages that are built in a language need none of it.
"""

from collections.abc import Iterable, Mapping

from generator.build.pages.catalogues import EU_LANGUAGES, Wanted
from generator.build.pages.language import LABEL, SOURCE_LANGUAGE, Language
from generator.build.pages.theme import Theme
from passport.encoding.canonical import Json, canonical_json
from passport.registry import registry


def speaks(theme: Theme) -> tuple[str, ...]:
    """Return the languages that a theme has a catalogue of, English included."""
    return tuple(
        code
        for code in EU_LANGUAGES
        if code == SOURCE_LANGUAGE or len(theme.language(code).catalog) > 0
    )


def texts_file(wanted_texts: Iterable[Wanted], language: Language) -> bytes:
    """Return a language's texts by the English ones; texts with a plural are left out."""
    texts: dict[str, Json] = {}
    for wanted in wanted_texts:
        if wanted.context != LABEL and isinstance(wanted.id, str):
            texts.setdefault(wanted.id, language.text(wanted.id))
    for english, translated in _labels(language):
        texts.setdefault(english, translated)
    return canonical_json(texts)


def languages_file(
    theme: Theme, texts: Mapping[str, str], words: Mapping[str, str], *, codes: Iterable[str]
) -> bytes:
    """Return the menu: each language's own name, and where its texts and its rules lie."""
    menu: list[Json] = [
        {
            "code": code,
            "name": theme.language(code).name_of(code),
            "texts": texts[code],
            "words": words[code],
        }
        for code in codes
    ]
    return canonical_json(menu)


def _labels(language: Language) -> Iterable[tuple[str, str]]:
    points = registry().data_points
    labels = [point.label for point in points]
    labels += [field.label for point in points for field in point.fields]
    labels += [e.label for entries in registry().code_lists.values() for e in entries.values()]
    return ((label.text(SOURCE_LANGUAGE), language.label(label).text) for label in labels)
