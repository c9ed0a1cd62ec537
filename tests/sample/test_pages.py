"""Pages show what was signed, and nothing else (attack 13).

Pages are rendered again from the signed bytes alone, by means of their own: what is expected for a
data point is worked out here from `passport.json`, and compared with what the page's row says.
"""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from babel.dates import format_date

from passport.registry import DataPoint, Field, camel_case, registry
from tests.page_rows import rows_of
from tests.sample.conftest import Sample

LOCALES = {"en": "en_IE", "de": "de"}
UNITS = {
    "en": {"years": "years", "months": "months", "cycles": "cycles"},
    "de": {"years": "Jahre", "months": "Monate", "cycles": "Zyklen"},
}
ONE = {"years": {"en": "year", "de": "Jahr"}, "months": {"en": "month", "de": "Monat"}}
BETWEEN = {"en": "to", "de": "bis"}
TRUTH = {"en": {True: "yes", False: "no"}, "de": {True: "ja", False: "nein"}}


def number(text: str, language: str) -> str:
    """Return a number as people of the language write it."""
    grouped = f"{Decimal(text):,f}"
    return grouped.translate({44: ".", 46: ","}) if language == "de" else grouped


def measure(value: dict[str, str], language: str) -> str:
    """Return a number, or two, with the unit."""
    unit = value["unit"]
    if value.get("value") == "1" and unit in ONE:
        unit = ONE[unit][language]
    unit = {**UNITS[language], "kgCO2e/kWh": "kg CO₂e/kWh"}.get(unit, unit)
    numbers = [number(value[part], language) for part in ("value", "low", "high") if part in value]
    return f" {BETWEEN[language]} ".join(numbers) + f" {unit}"


def plain(value: Any, of: DataPoint | Field, language: str) -> str:  # noqa: ANN401 (JSON)
    """Return a value that is no list and no record."""
    match of.type.removesuffix("s") if of.type in ("codes", "documents") else of.type:
        case "quantity" | "range" | "period":
            return measure(value, language)
        case "code":
            return registry().code_lists[of.codes][value].label.text(language)
        case "text":
            return str(value.get(language) or next(iter(value.values())))
        case "document":
            return str(value["title"].get(language) or next(iter(value["title"].values())))
        case "uri":
            return str(value).removeprefix("https://").removesuffix("/")
        case "date":
            return format_date(date.fromisoformat(value), "long", LOCALES[language])
        case "month":
            return format_date(date.fromisoformat(f"{value}-01"), "MMMM y", LOCALES[language])
        case "boolean":
            return TRUTH[language][value]
        case "string" if isinstance(of, Field) and of.name == "country":
            return str(Locale.parse(language).territories[value])
    return str(value)


def texts(value: Any, of: DataPoint | Field, language: str) -> list[str]:  # noqa: ANN401 (JSON)
    """Return the texts that a page shows for a value, in any order."""
    if isinstance(value, list):
        return [text for part in value for text in texts(part, of, language)]
    if isinstance(of, DataPoint) and of.type in ("record", "records"):
        fields = {camel_case(field.name): field for field in of.fields}
        return [t for name, part in value.items() for t in texts(part, fields[name], language)]
    return [" ".join(plain(value, of, language).split())]


def expected(subject: dict[str, Any], language: str) -> dict[str, Counter[str]]:
    """Return the texts of each data point that has a value."""
    points = {point.member: point for point in registry().data_points}
    found = {}
    for member, element in subject.items():
        if member in points and "notApplicable" not in element:
            point = points[member]
            value = element if point.type in ("quantity", "range", "period") else element["value"]
            found[point.key] = Counter(texts(value, point, language))
    return found


def shown(page: Path) -> dict[str, Counter[str]]:
    """Return the texts of each data point on a page."""
    return {key: Counter(found) for key, found in rows_of(page.read_text(encoding="utf-8")).items()}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_page_shows_what_was_signed(sample: Sample, language: str) -> None:
    folder = sample.site / ("" if language == "en" else language)
    compared = Counter[str]()
    for passport in sample.passports:
        subject = json.loads(passport.read_bytes())["credentialSubject"]
        path = subject["id"].removeprefix("https://id.example.com/")
        found = shown(folder / f"{path}.html")
        assert found == expected(subject, language), path
        compared[subject["granularity"]] += len(found)
    assert compared["item"] > 100
    assert compared["model"] > 30


@pytest.mark.parametrize(("old", "new"), [(">51.2<", ">51.3<"), ('id="mass"', 'id="masse"')])
def test_another_page_would_be_noticed(sample: Sample, tmp_path: Path, old: str, new: str) -> None:
    product = "01/09506000134352/21/T48L2611-0001"
    passport = sample.read("dpp/01_09506000134352_21_T48L2611-0001/passport.json")
    html = (sample.site / f"{product}.html").read_text(encoding="utf-8")
    assert old in html
    changed = tmp_path / "page.html"
    changed.write_text(html.replace(old, new), encoding="utf-8")
    assert shown(changed) != expected(passport["credentialSubject"], "en")
