"""The guard against leaks: no published file holds a restricted value that isn't public as well.

DESIGN 6. Every artifact passes through a `LeakScan` before anything is written; what it finds is
told by file and data point, never by value, and stops the build. It can't look into sealed files,
compressed documents and pictures: those are compared whole with the restricted documents, and
counted as not looked into.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from ahocorasick_rs import BytesAhoCorasick

from generator.build.artifact import Artifact, CacheClass
from generator.build.plan import PassportPlan
from generator.build.sealing import Restricted
from generator.build.theme import Theme
from generator.content.load import Content
from passport.canonical import canonical_json
from passport.disclosure import (
    Secret,
    spellings,
    texts_of,
    tokens_of,
    tokens_of_events,
)
from passport.errors import ContentError
from passport.model import BatteryModel, Element
from passport.problems import Findings, Place, Problem
from passport.registry import registry
from passport.subject import element_json

_TEXT_TYPES = ("text/", "application/json", "application/vc", "application/did", "image/svg+xml")
_TOKEN = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.,_/-]*[0-9A-Za-z])?")
_MARKUP = re.compile(r"<script.*?</script>|<svg.*?</svg>|<[^>]*>", re.DOTALL)
_TOLD = re.compile(r'\b(?:title|alt|content|datetime|aria-[a-z]+|data-[a-z-]+)="([^"]*)"')
_MOST_TOLD = 20


Watch = Callable[[PassportPlan, Iterable[Artifact]], Iterator[Artifact]]
"""Looks at a passport's own artifacts while they pass."""


class LeakScan:
    """Looks at every artifact of a build, or at every file of a site."""

    def __init__(self, content: Content, restricted: Restricted, theme: Theme) -> None:
        self._restricted = restricted
        # A project's own templates are no proof that something is public: they might be the leak.
        built_in = theme.folders[-1]
        public = _public_text(content, built_in)
        elements = [each for part in restricted.elements.values() for each in part]
        found = {each.spelling: each for each in texts_of(elements)}
        self._patterns = [
            (pattern, secret)
            for text, secret in found.items()
            if text not in public
            for pattern in spellings(text)
        ]
        self._automaton = BytesAhoCorasick([pattern for pattern, _ in self._patterns])
        self._documents = {
            document.sha256: document.id
            for model in content.models
            for document in model.documents
            if not document.publish
        }
        self._common_tokens = _tokens_in(_common_text(built_in))
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
        self.look_at_text(artifact.url_path, artifact.url_path.encode())
        if artifact.cache is CacheClass.SEALED:
            self.not_looked["sealed files"] += 1
            return
        if document := self._documents.get(sha256(artifact.content).hexdigest()):
            self._note(artifact.url_path, f"the restricted document {document}")
        if artifact.media_type.startswith(_TEXT_TYPES) or artifact.media_type.endswith("+json"):
            self.look_at_text(artifact.url_path, artifact.content)
        else:
            self.not_looked[f"files of type {artifact.media_type}"] += 1

    def look_at_text(self, where: str, content: bytes) -> None:
        """Look for restricted texts in something that will be published or printed."""
        for index, _, _ in self._automaton.find_matches_as_indexes(content):
            self._note(where, f"a text of {self._patterns[index][1].source}")

    def own(self, passport: PassportPlan, artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
        """Pass a passport's own artifacts on, and look for its numbers, dates and codes in them."""
        secrets = {each.spelling: each for each in self._tokens_of(passport)}
        public = self._common_tokens | _tokens_in(_stated(passport))
        public |= {each.spelling for each in tokens_of(passport.elements)}
        hidden = secrets.keys() - public
        for artifact in artifacts:
            if hidden and artifact.cache is not CacheClass.SEALED:
                for token in hidden & _tokens_in(_visible(artifact)):
                    self._note(artifact.url_path, f"a value of {secrets[token].source}")
            yield artifact

    def finish(self) -> None:
        """Raise `ContentError` if anything leaks."""
        if self._problems:
            raise ContentError(tuple(self._problems.values())[:_MOST_TOLD])

    def _tokens_of(self, passport: PassportPlan) -> Iterator[Secret]:
        if passport.battery is None:
            for (slug, _), elements in self._restricted.elements.items():
                if slug == passport.model.slug:
                    yield from tokens_of(elements)
        elif self._restricted.lives is not None:
            life = self._restricted.lives.of(passport.model, passport.battery, Findings())
            yield from tokens_of(life.condition.elements)
            yield from tokens_of_events(life.condition.history)

    def _note(self, where: str, what: str) -> None:
        self._problems[where, what] = Problem(
            place=Place(where.lstrip("/") or "index.html"),
            path="$",
            rule="leak",
            message=f"it would publish {what}, which is restricted",
            remedy="take it out of the public content or theme; if it may be public, state it in a "
            "public data point too",
        )


def _public_text(content: Content, theme: Path) -> str:
    """Everything that anyone may read: public values, names, labels, the theme's own words."""
    parts = [_of_model(model) for model in content.models]
    parts += [repr((each.name, each.trade_name, each.address)) for each in content.operators]
    parts += [f"{each.web} {each.email} {each.identifier}" for each in content.operators]
    return re.sub(r"\s+", " ", "\n".join((*parts, _common_text(theme))))


def _common_text(theme: Path) -> str:
    """The words that any page may hold: labels of the registry, templates and catalogues."""
    parts = [
        text
        for point in registry().data_points
        for text in (point.key, *(text for _, text in point.label.texts))
    ]
    parts += [
        text
        for entries in registry().code_lists.values()
        for entry in entries.values()
        for _, text in entry.label.texts
    ]
    folders = (theme / name for name in ("templates", "locale"))
    parts += [_read(path) for folder in folders for path in sorted(folder.rglob("*"))]
    return "\n".join(parts)


def _of_model(model: BatteryModel) -> str:
    elements = [*model.elements, *(each for _, part in model.by_plant for each in part)]
    prose = " ".join(text for _, text in model.prose.translations) if model.prose else ""
    published = [each for each in model.documents if each.publish]
    titles = " ".join(f"{Path(each.file).name} {each.title}" for each in published)
    return f"{model.name} {model.model_number} {_as_text(elements)} {prose} {titles}"


def _as_text(elements: Iterable[Element]) -> str:
    return "\n".join(
        canonical_json(element_json(element, _AnyUrl())).decode() for element in elements
    )


class _AnyUrl(dict[str, str]):
    """Addresses of documents, which say nothing here."""

    def __missing__(self, key: str) -> str:
        return ""


def _stated(passport: PassportPlan) -> str:
    life = passport.life
    days = (life.placed_on_market, life.ceased_on, life.changed_on) if life else ()
    told = (passport.uri, passport.operator, passport.plant, passport.model.name, *days)
    return " ".join((_as_text(passport.elements), *map(str, told)))


def _visible(artifact: Artifact) -> str:
    text = artifact.content.decode(errors="replace")
    if artifact.media_type != "text/html":
        return text.replace(",", " ")
    return f"{_MARKUP.sub(' ', text)} {' '.join(_TOLD.findall(text))}"


def unwatched(_passport: PassportPlan, artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
    """Pass a passport's artifacts on as they are: nothing is going to be published."""
    yield from artifacts


def _tokens_in(text: str) -> frozenset[str]:
    return frozenset(_TOKEN.findall(text))


def _read(path: Path) -> str:
    return path.read_text("utf-8", errors="replace") if path.is_file() else ""
