"""What the page's script gets to know of a language: signed values look as the build wrote them."""

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from generator.build.pages.check_words import TEXTS, check_words
from generator.build.pages.language import Language
from generator.build.pages.theme import browser_file, find_theme
from generator.build.pages.value_views import Measure, ValueViewer
from passport.registry import registry
from passport.values import Quantity, Range, YearMonth
from tests.foreign_node import Object
from tests.test_twins import ask

LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"),
    *("hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
)
NUMBERS = ("0", "7", "-20", "51.20", "999", "1000", "1234567.890", "-0.5")
DAYS = (date(2026, 3, 1), date(2026, 11, 22))


def rules_of(language: Language) -> Object:
    rules: Object = json.loads(check_words(language))["rules"]
    return rules


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as the build writes it, and the signed value that it shows."""

    text: str
    value: object


def written(language: Language) -> list[Shown]:
    """Values of every kind in one language."""
    viewer = ValueViewer(language, {})

    def measure(value: Quantity | Range) -> str:
        view = viewer.measure(value)
        assert isinstance(view, Measure)
        return f"{view.number}\u00a0{view.unit}"

    found = [
        Shown(measure(Quantity(Decimal(n), unit)), {"value": n, "unit": unit})
        for n in NUMBERS
        for unit in ("V", "kgCO2e/kWh", "years", "cycles")
    ]
    low, high = Decimal(-20), Decimal("1000.5")
    wanted = {"low": "-20", "high": "1000.5", "unit": "°C"}
    found.append(Shown(measure(Range(low, high, "°C")), wanted))
    found += [Shown(language.day(day), day.isoformat()) for day in DAYS]
    months = [YearMonth(2026, month) for month in range(1, 13)]
    found += [Shown(language.month(month), f"2026-{month.month:02}") for month in months]
    found += [Shown(language.text("yes"), True), Shown(language.text("no"), False)]  # noqa: FBT003
    return found


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    return find_theme(Path(), "default").language(request.param)


def test_the_script_writes_what_the_build_writes(language: Language) -> None:
    shown, rules = written(language), rules_of(language)
    questions: list[Object] = [
        {"text": each.text, "value": each.value, "rules": rules} for each in shown
    ]
    answers = ask("shown", questions)
    wrong = [each for each, answer in zip(shown, answers, strict=True) if answer != {"ok": True}]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("51.3\u00a0V", {"value": "51.2", "unit": "V"}),
        ("51.2\u00a0kV", {"value": "51.2", "unit": "V"}),
        ("51.2", {"value": "51.2", "unit": "V"}),
        ("5.1.2\u00a0V", {"value": "51.2", "unit": "V"}),
        ("12,34\u00a0V", {"value": "1234", "unit": "V"}),
        ("21 November 2026", "2026-11-22"),
        ("December 2026", "2026-11"),
        ("another text", {"en": "a text", "de": "ein Text"}),
        ("no", True),
        ("2025", 2026),
        ("a value", None),
    ],
)
def test_a_text_that_shows_something_else_is_none(text: str, value: object) -> None:
    rules = rules_of(find_theme(Path(), "default").language("en"))
    (answer,) = ask("shown", [{"text": text, "value": value, "rules": rules}])
    assert answer == {"ok": False}


def test_every_code_is_told_from_a_text() -> None:
    """A label stands for a code, which the script does not know; it must not take it for a lie."""
    codes = {code for codes in registry().code_lists.values() for code in codes}
    rules = rules_of(find_theme(Path(), "default").language("en"))
    answers = ask("shown", ({"text": "-", "value": code, "rules": rules} for code in codes))
    assert [
        code for code, answer in zip(codes, answers, strict=True) if answer != {"ok": None}
    ] == []


def test_every_text_has_its_places_in_every_language(language: Language) -> None:
    texts = json.loads(check_words(language))["texts"]
    assert texts.keys() == TEXTS.keys()
    places = re.compile(r"%\(\w+\)s")
    for name, english in TEXTS.items():
        assert sorted(places.findall(texts[name][0])) == sorted(places.findall(english)), name


def test_the_script_says_nothing_that_has_no_words() -> None:
    said = set[str]()
    for module in ("verify.js", "verdict.js"):
        said |= set(re.findall(r'(?:step|doubt \|\|?=|return|: )\(?"([a-z]+)"', browser(module)))
    unknown = {name for name in said if not any(key.split()[-1] == name for key in TEXTS)}
    assert unknown == set()


def browser(module: str) -> str:
    return browser_file(module).decode()
