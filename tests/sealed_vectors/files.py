"""The files of vectors and their text."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

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
