"""The files of vectors: how they are written, and the sealed files that they stand for."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from passport.base64url import from_base64url
from tests.forge_sealed import Object
from tests.sealed_vectors.documents import documents
from tests.sealed_vectors.headers import headers
from tests.sealed_vectors.payloads import payloads
from tests.vectors import FOLDER

FILES: dict[str, Callable[[], Iterator[Object]]] = {
    "headers": headers,
    "payloads": payloads,
    "documents": documents,
}


def written(case: str) -> str:
    """Return the text of a file of vectors, one a line."""
    lines = ",\n".join(f"  {json.dumps(vector, ensure_ascii=False)}" for vector in FILES[case]())
    return f"[\n{lines}\n]\n"


def path_of(case: str) -> Path:
    """Return where a file of vectors lies."""
    return FOLDER / "sealed" / f"{case}.json"


def file_of(given: Object, files: Mapping[str, bytes], *, is_text: bool) -> bytes:
    """Return the sealed file of an input, made from another vector's where it says so."""
    if "file" in given:
        return str(given["file"]).encode() if is_text else from_base64url(given["file"])
    coding = "utf-8" if is_text else "latin-1"
    text = files[given["of"]].decode(coding)
    for at, removed, inserted in given["edits"]:
        start = at % len(text)
        text = text[:start] + inserted + text[start + removed :]
    return text.encode(coding)
