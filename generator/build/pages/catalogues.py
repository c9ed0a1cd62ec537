"""Catalogues of a theme: which texts there are, and how much of them a language has.

A catalogue is `locale/<code>.po` of a theme: interface texts as templates and code mark them, and,
in the context `label`, the English labels of the registry, which itself speaks English and German
only. Its first comment says whether a native speaker reviewed it. Long help texts stay in the
registry's languages.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir

from generator.build.pages.language import LABEL, MARKERS, SOURCE_LANGUAGE, Language
from generator.build.pages.theme import Theme
from passport.registry import Translated, registry

EU_LANGUAGES = tuple(
    "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split()  # noqa: SIM905
)
"""The official languages of the Union (Regulation No 1/1958)."""

_CODE = Path(__file__).parents[1]
_REVIEW = re.compile(r"^#? ?Native review: (.+?)\.?$", re.MULTILINE)
_NOBODY = "none yet"
_HEADER = "# {} texts of the default theme.\n# Native review: none yet"
# A broken template is told by name when a page is made of it.
_JINJA = {"**.html": {"trimmed": "true", "silent": "true"}}

Id = str | tuple[str, str]
"""A text, or its singular and plural."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that a catalogue should have."""

    id: Id
    context: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of a language is there; `reviewed` is who reviewed it, "" for nobody."""

    code: str
    name: str
    texts: int
    translated: int
    reviewed: str
    missing: tuple[Wanted, ...]


def wanted_texts(theme: Theme) -> tuple[Wanted, ...]:
    """Return every text of a theme's pages, interface texts first."""
    found = dict.fromkeys(
        Wanted(text if isinstance(text, str) else (text[0], text[1])) for text in _marked(theme)
    )
    found |= dict.fromkeys(Wanted(text, LABEL) for text in _labels())
    return tuple(found)


def coverage(theme: Theme, code: str) -> Coverage:
    """Say how much of a theme is translated into a language."""
    language = theme.language(code)
    wanted = wanted_texts(theme)
    is_source = code == SOURCE_LANGUAGE
    missing = tuple(each for each in wanted if not is_source and not _has(language, each))
    return Coverage(
        code=code,
        name=language.name_of(code),
        texts=len(wanted),
        translated=len(wanted) - len(missing),
        reviewed=_reviewed(language.catalog),
        missing=missing,
    )


def catalogue(theme: Theme, code: str) -> Catalog:
    """Return a language's catalogue with every text, those that are missing left empty."""
    known = theme.language(code)
    comment = known.catalog.header_comment
    made = Catalog(
        locale=code,
        fuzzy=False,
        header_comment=comment if _REVIEW.search(comment) else _HEADER.format(known.name_of(code)),
    )
    for each in wanted_texts(theme):
        found = known.catalog.get(_key(each), each.context or None)
        string = found.string if found else ""
        made.add(each.id, string or None, context=each.context or None)
    return made


def _has(language: Language, wanted: Wanted) -> bool:
    if wanted.context == LABEL and language.code in _registry_languages():
        return True
    found: Message | None = language.catalog.get(_key(wanted), wanted.context or None)
    if found is None or found.fuzzy or not found.string:
        return False
    return isinstance(found.string, str) or all(found.string)


def _key(wanted: Wanted) -> str:
    return wanted.id if isinstance(wanted.id, str) else wanted.id[0]


def _reviewed(catalog: Catalog) -> str:
    found = _REVIEW.search(catalog.header_comment)
    return "" if found is None or found[1] == _NOBODY else found[1]


def _marked(theme: Theme) -> Iterator[Id]:
    sources = [(_CODE, "**.py", "python")]
    sources += [(folder / "templates", "**.html", "jinja2") for folder in theme.folders]
    for folder, pattern, method in sources:
        if folder.is_dir():
            for _, _, text, _, _ in extract_from_dir(
                folder, [(pattern, method)], options_map=_JINJA, keywords=MARKERS
            ):
                yield text if isinstance(text, str) else (str(text[0]), str(text[1]))


@cache
def _labels() -> tuple[str, ...]:
    """The English labels of data points, of their parts, and of codes."""
    points = registry().data_points
    labels: list[Translated] = [point.label for point in points]
    labels += [field.label for point in points for field in point.fields]
    labels += [
        entry.label for entries in registry().code_lists.values() for entry in entries.values()
    ]
    return tuple(dict.fromkeys(label.text(SOURCE_LANGUAGE) for label in labels))


@cache
def _registry_languages() -> frozenset[str]:
    """The languages that every label of the registry has."""
    points = registry().data_points
    return frozenset.intersection(
        *(frozenset(code for code, _ in point.label.texts) for point in points)
    )
