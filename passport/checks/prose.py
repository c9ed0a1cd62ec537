"""Prose: texts in the languages that the site speaks, and in all of them."""

from collections.abc import Iterator

from passport.checks.context import CheckContext, ModelContent
from passport.checks.flaws import Flaw
from passport.model import BatteryModel, Element, NotApplicable, leaves
from passport.problems import Place, Problem, Severity
from passport.values import Text


def element_languages(element: Element, _: BatteryModel, context: CheckContext) -> Iterator[Flaw]:
    """The texts of a data point, and the reason why there is none."""
    if isinstance(element.value, NotApplicable):
        yield from _flaws(".not_applicable", element.value.reason, context.languages)
    for below, _name, value in leaves(element.value):
        if isinstance(value, Text):
            yield from _flaws(below, value, context.languages)


def model_languages(content: ModelContent, context: CheckContext) -> Iterator[Problem]:
    """The titles of documents, and the page that a model has of its own."""
    model = content.model
    folder = model.place.file.rpartition("/")[0]
    texts = [(model.place, f"$.documents.{d.id}.title", d.title) for d in model.documents]
    texts += [(Place(f"{folder}/about.md"), "$", model.prose)] if model.prose else []
    for place, path, text in texts:
        for flaw in _flaws("", text, context.languages):
            yield Problem(
                place, path, flaw.rule, flaw.message, flaw.remedy, severity=Severity.WARNING
            )


def _flaws(below: str, text: Text, languages: tuple[str, ...]) -> Iterator[Flaw]:
    given = tuple(language for language, _ in text.translations)
    strange = [language for language in given if language not in languages]
    missing = [language for language in languages if language not in given]
    if strange:
        yield Flaw(
            rule="language-not-configured",
            below=below,
            message=f"no page is in {', '.join(strange)}",
            remedy="add the language to languages in cellfolio.toml, or remove the text",
            severity=Severity.WARNING,
        )
    if missing:
        yield Flaw(
            rule="missing-translation",
            below=below,
            message=f"there is no text in {', '.join(missing)}",
            remedy=f"add it; pages in that language show the one in {given[0]}",
            severity=Severity.WARNING,
        )
