"""Writes every vector of the log and of status lists: `python -m tests.forge_log`.

What the files hold is made by `tests.forge_trees` and its neighbours, without chance and clock; so
they are the same everywhere, and a test holds the committed files to it.
"""

import json
from collections.abc import Callable, Iterator

from tests import forge_statuses
from tests.forge_checkpoints import entry_vectors, note_vectors, vkey_vectors
from tests.forge_tiles import bundle_vectors, path_vectors, reading_vectors
from tests.forge_trees import Object, consistency_vectors, inclusion_vectors
from tests.vectors import FOLDER

FILES: dict[str, Callable[[], Iterator[Object]]] = {
    "merkle/inclusion": inclusion_vectors,
    "merkle/consistency": consistency_vectors,
    "tiles/paths": path_vectors,
    "tiles/bundles": bundle_vectors,
    "tiles/reading": reading_vectors,
    "checkpoint/notes": note_vectors,
    "checkpoint/vkeys": vkey_vectors,
    "log_entry/entries": entry_vectors,
    "status_list/encoded": forge_statuses.encoded_vectors,
    "status_list/entries": forge_statuses.entry_vectors,
    "status_list/credentials": forge_statuses.credential_vectors,
}


def text_of(vectors: Iterator[Object]) -> str:
    """Return a file of vectors, one a line."""
    return "[\n" + ",\n".join(f"  {json.dumps(vector)}" for vector in vectors) + "\n]\n"


def main() -> None:
    """Write the vectors."""
    for name, make in FILES.items():
        path = FOLDER / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text_of(make()), encoding="utf-8")


if __name__ == "__main__":
    main()
