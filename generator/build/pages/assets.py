"""Assets: the theme's files, scripts and the public documents, under names that hold their digest.

`/assets/{digest}/{name}`: the URL changes with the bytes, so a copy is good for ever, and a
published one is carried over by every later build (DESIGN 4).
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from generator.build.artifact import Artifact, CacheClass
from generator.build.pages.catalogues import wanted_texts
from generator.build.pages.check_words import check_words
from generator.build.pages.open_words import open_words
from generator.build.pages.page_languages import languages_file, speaks, texts_file
from generator.build.pages.scripts import joined_script, script_beside
from generator.build.pages.theme import Theme, browser_file
from passport.base_url import BaseUrl
from passport.model import BatteryModel
from passport.values import Document

_STYLE = "site.css"
_THEME_FILES = {_STYLE: "text/css", "icon.svg": "image/svg+xml"}
_LOGO = "logo.svg"
_JUDGING, _FINDING = "verify.js", "find.js"
_BESIDE_JUDGING = ("open.js", "languages.js")
"""Modules of `browser/` that pages load; each brings along what it imports."""
_SCRIPT_TYPE = "text/javascript"
_MENU = "languages.json"
_DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Loaded:
    """A module or style sheet: where it lies, and the digest that browsers hold it to (W3C SRI)."""

    path: str
    integrity: str


@dataclass(frozen=True, slots=True)
class Assets:
    """Artifacts, and where they lie: theme files and scripts by name, documents by digest."""

    artifacts: tuple[Artifact, ...]
    theme_paths: Mapping[str, str]
    document_paths: Mapping[str, str]
    style: Loaded
    scripts: Mapping[str, Loaded]
    words: Mapping[str, str]
    """By language, where the words of the script of a passport's page lie."""
    open_words: Mapping[str, str]
    """By language, where those of the page lie that opens restricted data."""
    languages: str
    """Where the menu of all languages lies."""


def published_documents(models: Iterable[BatteryModel], project: Path) -> dict[str, Artifact]:
    """Read every published document of models, by digest."""
    return {
        document.sha256: _document(document, project)
        for model in models
        for document in model.documents
        if document.publish
    }


def document_urls(documents: Mapping[str, Artifact], base_url: BaseUrl) -> dict[str, str]:
    """Return where documents lie on a site, by digest."""
    return {digest: f"{base_url}{made.url_path}" for digest, made in documents.items()}


def make_assets(
    theme: Theme, documents: Mapping[str, Artifact], languages: Sequence[str]
) -> Assets:
    """Read the theme's files and the scripts, and put them beside the published documents."""
    files = {name: theme.file(f"static/{name}") for name in _THEME_FILES}
    files[_STYLE] += theme.own_tokens().encode()
    types = dict(_THEME_FILES)
    if theme.has(f"static/{_LOGO}"):
        files[_LOGO], types[_LOGO] = theme.file(f"static/{_LOGO}"), "image/svg+xml"
    styles = {name: _asset(name, content, types[name]) for name, content in files.items()}
    scripts = _scripts()
    spoken = dict.fromkeys((*languages, *speaks(theme)))
    words = {
        code: _json(f"words.{code}.json", content)
        for code, content in _words(theme, theme.digest(), tuple(spoken)).items()
    }
    opening = {
        code: _json(f"open.{code}.json", open_words(theme.language(code))) for code in languages
    }
    menu = _menu(theme, words)
    made = (styles, scripts, words, opening, menu, documents)
    return Assets(
        artifacts=tuple(artifact for kind in made for artifact in kind.values()),
        theme_paths={name: artifact.url_path for name, artifact in styles.items()},
        document_paths={digest: artifact.url_path for digest, artifact in documents.items()},
        style=_loaded(styles[_STYLE]),
        scripts={name: _loaded(artifact) for name, artifact in scripts.items()},
        words={code: artifact.url_path for code, artifact in words.items()},
        open_words={code: artifact.url_path for code, artifact in opening.items()},
        languages=menu[_MENU].url_path,
    )


def _scripts() -> dict[str, Artifact]:
    judging = _asset(
        _JUDGING, joined_script(_JUDGING, browser_file, *_BESIDE_JUDGING), _SCRIPT_TYPE
    )
    address = judging.url_path.replace("/assets/", "../")
    made = {_JUDGING: judging}
    for name in _BESIDE_JUDGING:
        content = script_beside(name, _JUDGING, address, browser_file)
        made[name] = _asset(name, content, _SCRIPT_TYPE)
    return {**made, _FINDING: _asset(_FINDING, joined_script(_FINDING, browser_file), _SCRIPT_TYPE)}


def _menu(theme: Theme, words: Mapping[str, Artifact]) -> dict[str, Artifact]:
    """What `browser/languages.js` needs: texts of each language that the theme speaks, a menu."""
    made = {
        code: _json(f"texts.{code}.json", content)
        for code, content in _texts(theme, theme.digest(), tuple(words)).items()
    }
    paths = [{code: each.url_path for code, each in found.items()} for found in (made, words)]
    return {**made, _MENU: _json(_MENU, languages_file(theme, *paths, codes=words))}


@cache
def _texts(theme: Theme, _digest: str, codes: tuple[str, ...]) -> Mapping[str, bytes]:
    """The same for every build with a theme as it is."""
    wanted = wanted_texts(theme)
    return {code: texts_file(wanted, theme.language(code)) for code in codes}


@cache
def _words(theme: Theme, _digest: str, codes: tuple[str, ...]) -> Mapping[str, bytes]:
    return {code: check_words(theme.language(code)) for code in codes}


def _loaded(artifact: Artifact) -> Loaded:
    digest = base64.b64encode(hashlib.sha256(artifact.content).digest()).decode("ascii")
    return Loaded(artifact.url_path, f"sha256-{digest}")


def _document(document: Document, project: Path) -> Artifact:
    name = quote(Path(document.file).name, safe="")
    return _asset(name, (project / document.file).read_bytes(), document.media_type)


def _json(name: str, content: bytes) -> Artifact:
    return _asset(name, content, "application/json")


def _asset(name: str, content: bytes, media_type: str) -> Artifact:
    digest = hashlib.sha256(content).hexdigest()[:_DIGEST_LENGTH]
    return Artifact(
        url_path=f"/assets/{digest}/{name}",
        content=content,
        media_type=media_type,
        cache=CacheClass.ASSET,
    )
