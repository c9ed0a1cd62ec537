"""The guard against leaks: no published file holds a restricted value that isn't public as well.

DESIGN 6. Every artifact passes through a `LeakScan` before anything is written; what it finds is
told by file and data point, never by value, and stops the build. It can't look into sealed files,
compressed documents and pictures: those are compared whole with the restricted documents, and
counted as not looked into.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from ahocorasick_rs import BytesAhoCorasick

from generator.build.artifact import PAGE_TYPE, Artifact, CacheClass, is_text
from generator.build.pages.language import Language
from generator.build.pages.theme import Theme, browser_texts
from generator.build.plan import PassportPlan
from generator.build.public_words import (
    MARKED_UP,
    common_text,
    days_of_versions,
    program_text,
    public_text,
    stated_text,
    told_by,
    without_markup,
)
from generator.build.sealing import Restricted
from generator.content.load import Content
from passport.errors import ContentError
from passport.life.events import Event
from passport.model import Element
from passport.problems import Findings, Place, Problem
from passport.sealing.disclosure import (
    FEWEST_DIGITS,
    SHORTEST_TEXT,
    Secret,
    Worded,
    folded,
    spellings,
    texts_of,
    tokens_in,
    tokens_of,
    tokens_of_events,
    worded_of,
)
from passport.values import Code, YearMonth

_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
_IN_NUMBER = re.compile(rb"[0-9][.,]?\Z")
_MOST_TOLD = 20

BLIND_SPOTS = (
    f"texts of fewer than {SHORTEST_TEXT} characters",
    f"numbers of fewer than {FEWEST_DIGITS} digits",
    "single words in another case",
)
"""What is too common to be told from public text, so that a leak of it isn't found."""


Watch = Callable[[PassportPlan, Iterable[Artifact]], Iterator[Artifact]]
"""Looks at a passport's own artifacts while they pass."""


class LeakScan:
    """Looks at every artifact of a build, or at every file of a site."""

    def __init__(self, content: Content, restricted: Restricted, theme: Theme) -> None:
        self._restricted = restricted
        # A project's own templates are no proof that something is public: they might be the leak.
        built_in = Theme(theme.folders[-1:])
        common = _common(built_in, built_in.digest(), browser_texts())
        languages = tuple(map(theme.language, content.config.languages))
        public = folded(f"{public_text(content)} {_of_the_world(languages)}") + common.text
        elements = [each for part in restricted.elements.values() for each in part]
        secrets = {each.spelling: each for each in texts_of(elements)}
        found = [each for each in secrets.values() if folded(each.spelling) not in public]
        self._encoded = _Patterns((p, each) for each in found for p in spellings(each.spelling))
        read = (each for each in found if not each.spelling.isalpha())  # a word is just a word
        self._read = _Patterns((folded(each.spelling).encode(), each) for each in read)
        self._documents = {
            document.sha256: document.id
            for model in content.models
            for document in model.documents
            if not document.publish
        }
        self._common = common
        self._languages = languages
        self._wordings: dict[Worded, tuple[str, ...]] = {}
        self._problems: dict[tuple[str, str], Problem] = {}
        self.not_looked: Counter[str] = Counter()

    def through(self, artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
        """Pass artifacts on; raises `ContentError` after the last, if any of them leaks."""
        for artifact in artifacts:
            self.look(artifact)
            yield artifact
        self.finish()

    def look(self, artifact: Artifact) -> None:
        """Look for texts and documents in one artifact, its name included."""
        path = artifact.url_path
        self._note_all(path, self._encoded.found_in(path.encode()))
        if artifact.cache is CacheClass.SEALED:
            self.not_looked["sealed files"] += 1
            return
        if document := self._documents.get(sha256(artifact.content).hexdigest()):
            self._note(path, f"the restricted document {document}")
        if is_text(artifact.media_type):
            self._note_all(path, self._encoded.found_in(artifact.content))
            if artifact.media_type in MARKED_UP:
                words = folded(without_markup(artifact)).encode()
                self._note_all(path, self._read.found_in(words))
        else:
            self.not_looked[f"files of type {artifact.media_type}"] += 1

    def own(self, passport: PassportPlan, artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
        """Pass a passport's own artifacts on, and look for its numbers, dates and codes in them."""
        elements, events = self._restricted_of(passport)
        stated = stated_text(passport)
        public = {*tokens_in(stated), *(each.spelling for each in tokens_of(passport.elements))}
        secrets = (*tokens_of(elements), *tokens_of_events(events))
        tokens = {each.spelling: each.source for each in secrets}
        hidden = {each: tokens[each] for each in tokens.keys() - public - self._common.tokens}
        words = self._words_of(elements, passport.elements, stated)
        for artifact in artifacts:
            if (hidden or words) and artifact.cache is not CacheClass.SEALED:
                for day in days_of_versions(artifact):
                    hidden.pop(str(day), None)
                    for wording in self._in(day):
                        words.pop(wording, None)
                told = told_by(artifact)
                self._note_values(
                    artifact, {hidden[each] for each in hidden.keys() & tokens_in(told)}
                )
                if words and artifact.media_type == PAGE_TYPE:
                    page = folded(told)
                    self._note_values(artifact, {words[each] for each in words if each in page})
            yield artifact

    def finish(self) -> None:
        """Raise `ContentError` if anything leaks."""
        if self._problems:
            raise ContentError(tuple(self._problems.values())[:_MOST_TOLD])

    def _restricted_of(
        self, passport: PassportPlan
    ) -> tuple[tuple[Element, ...], tuple[Event, ...]]:
        """What a passport's own groups hold: elements, and the events of a battery."""
        if passport.battery is None:
            groups = self._restricted.elements.items()
            slug = passport.model.slug
            return tuple(each for (of, _), part in groups if of == slug for each in part), ()
        if self._restricted.lives is None:
            return (), ()
        life = self._restricted.lives.of(passport.model, passport.battery, Findings())
        return life.condition.elements, life.condition.history

    def _words_of(
        self, elements: Iterable[Element], public: Iterable[Element], stated: str
    ) -> dict[str, str]:
        """Days and codes as pages word them, and the data points that they belong to."""
        shown = "\n".join(words for value, _ in worded_of(public) for words in self._in(value))
        found = {
            words: source
            for value, source in worded_of(elements)
            for words in self._in(value)
            if words not in shown
        }
        text = folded(stated) if found else ""
        return {words: source for words, source in found.items() if words not in text}

    def _in(self, value: Worded) -> tuple[str, ...]:
        """A day or code in the site's languages, but for what pages say of themselves."""
        if value not in self._wordings:
            worded = (folded(_worded(value, language)) for language in self._languages)
            self._wordings[value] = tuple(
                words
                for words in worded
                if len(words) >= SHORTEST_TEXT and words not in self._common.words
            )
        return self._wordings[value]

    def _note_all(self, where: str, secrets: Iterable[Secret]) -> None:
        for secret in secrets:
            self._note(where, f"a text of {secret.source}")

    def _note_values(self, artifact: Artifact, sources: Iterable[str]) -> None:
        for source in sorted(sources):
            self._note(artifact.url_path, f"a value of {source}")

    def _note(self, where: str, what: str) -> None:
        self._problems[where, what] = Problem(
            place=Place(where.lstrip("/") or "index.html"),
            path="$",
            rule="leak",
            message=f"it would publish {what}, which is restricted",
            remedy="take it out of the public content or theme; if it may be public, state it in a "
            "public data point too",
        )


@dataclass(frozen=True, slots=True)
class _Common:
    """What any page may hold, folded, its tokens, and folded the words of the program alone."""

    text: str
    tokens: frozenset[str]
    words: str


@cache
def _common(theme: Theme, _digest: str, _browser: tuple[str, ...]) -> _Common:
    """The same for every build with a theme and scripts as they are."""
    (folder,) = theme.folders
    text = common_text(folder)
    return _Common(folded(text), tokens_in(text), folded(program_text(folder)))


class _Patterns:
    """Byte patterns that are looked for at once, and the secret that each is of."""

    def __init__(self, patterns: Iterable[tuple[bytes, Secret]]) -> None:
        self._patterns = tuple(patterns)
        self._automaton = BytesAhoCorasick([pattern for pattern, _ in self._patterns])

    def found_in(self, content: bytes) -> Iterator[Secret]:
        """Yield the secret of each pattern that occurs, and not just within another word."""
        for index, start, end in self._automaton.find_matches_as_indexes(content):
            pattern, secret = self._patterns[index]
            is_encoded = pattern not in (secret.spelling.encode(), folded(secret.spelling).encode())
            if is_encoded or _is_whole(
                secret, content[max(0, start - 2) : start], content[end:][:1]
            ):
                yield secret


def _is_whole(secret: Secret, before: bytes, after: bytes) -> bool:
    """`500 kg` is no part of `1,500 kg`, nor the single word `port` of `support`."""
    text = secret.spelling
    if text.isalpha():
        return not _LETTER.match(before[-1:]) and not _LETTER.match(after)
    begins_elsewhere = text[0].isdigit() and _IN_NUMBER.search(before)
    return not begins_elsewhere and not (text[-1].isdigit() and after.isdigit())


def _of_the_world(languages: Iterable[Language]) -> str:
    """The names of countries and languages, which no public data point spells."""
    locales = [language.locale for language in languages]
    names = (
        name
        for locale in locales
        for name in (*locale.territories.values(), *locale.languages.values())
    )
    return "\n".join(map(str, names))


def _worded(value: Worded, language: Language) -> str:
    match value:
        case Code():
            return language.meaning(value).text
        case YearMonth():
            return language.month(value)
        case _:
            return language.day(value)


def unwatched(_passport: PassportPlan, artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
    """Pass a passport's artifacts on as they are: nothing is going to be published."""
    yield from artifacts
