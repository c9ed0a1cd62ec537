"""Interface texts, numbers and dates in a page's language, and what is said of a missing text."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

import generator.build
from generator.build.pages.catalogues import EU_LANGUAGES, coverage, wanted_texts
from generator.build.pages.language import MARKERS, Language, Phrase, load_language
from generator.build.pages.theme import Theme
from passport.errors import ConfigError
from passport.values import YearMonth

THEME = Path(__file__).parents[4] / "themes" / "default"
CODE = Path(generator.build.__file__).parent
GERMAN = THEME / "locale" / "de.po"
CATALOGUES = sorted((THEME / "locale").glob("*.po"))
_REVIEW = re.compile(r"Native review: \S")


def language(code: str) -> Language:
    return load_language(code, (THEME,))


def interface_texts() -> set[str]:
    """Every text that templates and code show, as the extractor of catalogues finds them."""
    options = {"**.html": {"trimmed": "true", "silent": "false"}}
    sources = ((CODE, "**.py", "python"), (THEME / "templates", "**.html", "jinja2"))
    return {
        text if isinstance(text, str) else text[0]
        for folder, pattern, method in sources
        for _, _, text, _, _ in extract_from_dir(
            folder, [(pattern, method)], options_map=options, keywords=MARKERS
        )
    }


@pytest.mark.parametrize("code", EU_LANGUAGES)
def test_every_official_language_has_every_text(code: str) -> None:
    found = coverage(Theme((THEME,)), code)
    assert found.missing == ()
    assert found.translated == found.texts > 600


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_has_no_text_that_nothing_shows(path: Path) -> None:
    wanted = {
        each.id if isinstance(each.id, str) else each.id[0]
        for each in wanted_texts(Theme((THEME,)))
    }
    with path.open("rb") as file:
        known = {
            message.id if isinstance(message.id, str) else message.id[0]
            for message in read_po(file, locale=path.stem)
            if message.id
        }
    assert known <= wanted


def test_a_catalogue_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "locale/de.po"
    path.parent.mkdir()
    path.write_text("msgid broken")
    with pytest.raises(ConfigError, match=r"de\.po is no catalogue of gettext"):
        load_language("de", (tmp_path,))


def test_german_has_every_interface_text() -> None:
    with GERMAN.open("rb") as file:
        catalogue = read_po(file, locale="de")
    known = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }
    assert known == interface_texts()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_keeps_what_is_filled_in(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    assert [(message.id, found) for message, found in catalogue.check()] == []
    assert _REVIEW.search(catalogue.header_comment)


def test_a_text_that_is_not_translated_names_its_language() -> None:
    assert language("de").phrase("Serial number") == Phrase("Seriennummer")
    assert language("nb").phrase("Serial number") == Phrase("Serial number", "en")
    assert language("en").phrase("Serial number") == Phrase("Serial number")


def test_a_phrase_prints_its_language_and_escapes_its_text() -> None:
    assert escape(Phrase("a < b")) == Markup("a &lt; b")
    assert escape(Phrase("a < b", "en")) == Markup('<span lang="en">a &lt; b</span>')


@pytest.mark.parametrize(
    ("code", "number", "expected"),
    [
        ("en", 1, Phrase("1 document")),
        ("en", 1200, Phrase("1,200 documents")),
        ("de", 1, Phrase("1 Dokument")),
        ("de", 2, Phrase("2 Dokumente")),
        ("nb", 2, Phrase("2 documents", "en")),
    ],
)
def test_things_are_counted_in_the_forms_of_a_language(
    code: str, number: int, expected: Phrase
) -> None:
    assert language(code).counted("%(num)s document", "%(num)s documents", number) == expected


def test_a_text_of_content_is_taken_in_the_language_or_the_first_one() -> None:
    texts = (("en", "water"), ("de", "Wasser"))
    assert language("de").choose(texts) == Phrase("Wasser")
    assert language("fi").choose(texts) == Phrase("water", "en")


@pytest.mark.parametrize(
    ("code", "expected"), [("en", "5,120.50"), ("de", "5.120,50"), ("fi", "5\xa0120,50")]
)
def test_a_number_keeps_the_digits_that_were_typed(code: str, expected: str) -> None:
    assert language(code).number(Decimal("5120.50")) == expected


def test_dates_are_written_in_words() -> None:
    assert language("en").day(date(2027, 2, 18)) == "18 February 2027"
    assert language("de").day(date(2027, 2, 18)) == "18. Februar 2027"
    assert language("de").month(YearMonth(2027, 3)) == "März 2027"
