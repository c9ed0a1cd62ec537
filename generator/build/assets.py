"""Assets: the theme's styles and the public documents, under names that hold their digest.

`/assets/{digest}/{name}`: the URL changes with the bytes, so a copy is good for ever, and a
published one is carried over by every later build (DESIGN 4).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from generator.build.artifact import Artifact, CacheClass
from generator.build.theme import Theme
from passport.model import BatteryModel
from passport.values import Document

_THEME_FILES = {"site.css": "text/css", "icon.svg": "image/svg+xml"}
_DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Assets:
    """Artifacts, and where they lie: theme files by name, documents by digest."""

    artifacts: tuple[Artifact, ...]
    theme_paths: Mapping[str, str]
    document_paths: Mapping[str, str]


def make_assets(theme: Theme, models: Iterable[BatteryModel], project: Path) -> Assets:
    """Read the theme's files and every published document."""
    styles = {
        name: _asset(name, theme.file(f"static/{name}"), media_type)
        for name, media_type in _THEME_FILES.items()
    }
    documents = {
        document.sha256: _document(document, project)
        for model in models
        for document in model.documents
        if document.publish
    }
    return Assets(
        artifacts=(*styles.values(), *documents.values()),
        theme_paths={name: artifact.url_path for name, artifact in styles.items()},
        document_paths={digest: artifact.url_path for digest, artifact in documents.items()},
    )


def _document(document: Document, project: Path) -> Artifact:
    name = quote(Path(document.file).name, safe="")
    return _asset(name, (project / document.file).read_bytes(), document.media_type)


def _asset(name: str, content: bytes, media_type: str) -> Artifact:
    digest = hashlib.sha256(content).hexdigest()[:_DIGEST_LENGTH]
    return Artifact(
        url_path=f"/assets/{digest}/{name}",
        content=content,
        media_type=media_type,
        cache=CacheClass.ASSET,
    )
