"""Nothing of points 2, 3 and 4 stands anywhere in the built sample.

Restricted texts of twelve characters or more, values that were measured, codes and references of
events: none may occur in a published file, unless public content says the same.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.sample.conftest import Sample

CONTENT = Path(__file__).parents[2] / "content"
_LONG_ENOUGH = 12
_WORDS = re.compile(r"\s+")


def _texts(value: object) -> Iterator[str]:
    match value:
        case dict():
            for part in value.values():
                yield from _texts(part)
        case list():
            for part in value:
                yield from _texts(part)
        case str():
            yield _WORDS.sub(" ", value).strip()


def _restricted() -> Iterator[str]:
    for path in CONTENT.glob("models/*/restricted/*.yaml"):
        documents = yaml.load(path.read_bytes(), Loader=yaml.BaseLoader)  # noqa: S506 (texts only)
        yield from (text for text in _texts(documents) if len(text) >= _LONG_ENOUGH)
    for path in CONTENT.glob("events/*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            hidden = {name: event[name] for name in event if name not in ("battery", "time")}
            yield from (text for text in _texts(hidden) if len(text) >= _LONG_ENOUGH)


def _public() -> str:
    files = [*CONTENT.glob("models/*/*.yaml"), *CONTENT.glob("operators/*.yaml")]
    labels = (Path(__file__).parents[2] / "passport/data").rglob("*.toml")
    return _WORDS.sub(" ", " ".join(path.read_text(encoding="utf-8") for path in (*files, *labels)))


@pytest.mark.requirement("R5.9")
def test_nothing_restricted_is_published(sample: Sample) -> None:
    public = _public()
    secrets = {text for text in _restricted() if text not in public}
    assert len(secrets) > 100

    for path in sorted(sample.site.rglob("*")):
        if path.is_file() and path.suffix not in (".pdf", ".png"):
            content = _WORDS.sub(" ", path.read_text(encoding="utf-8", errors="replace"))
            found = [text for text in secrets if text in content]
            assert not found, f"{path} holds {len(found)} restricted texts"


def test_no_restricted_document_is_published(sample: Sample) -> None:
    hidden = {path.read_bytes() for path in CONTENT.glob("models/*/restricted/**/*.pdf")}
    published = {path.read_bytes() for path in sample.site.rglob("*.pdf")}

    assert hidden
    assert not hidden & published
