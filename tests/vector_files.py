"""Every file of vectors that is made: `python -m tests.vector_files` writes them anew.

Makers know neither chance nor clock, so the files are the same everywhere, and tests hold the
committed ones to them.
"""

import json
from collections.abc import Callable, Iterator

from tests import forge, forge_logs, forge_statuses
from tests.forge_checkpoints import entry_vectors, note_vectors, vkey_vectors
from tests.forge_tiles import bundle_vectors, path_vectors, reading_vectors
from tests.forge_trees import Object, consistency_vectors, inclusion_vectors
from tests.sealed_vectors.documents import documents
from tests.sealed_vectors.headers import headers
from tests.sealed_vectors.payloads import payloads
from tests.vectors import FOLDER

FILES: dict[str, Callable[[], Iterator[Object]]] = {
    "proof/documents": forge.proof_vectors,
    "credential/documents": forge.passport_vectors,
    "did_webvh/logs": forge_logs.log_vectors,
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
    "sealed/headers": headers,
    "sealed/payloads": payloads,
    "sealed/documents": documents,
}


def made(name: str) -> str:
    """Return the text of a file of vectors, one a line."""
    lines = ",\n".join(f"  {json.dumps(vector)}" for vector in FILES[name]())
    return f"[\n{lines}\n]\n"


def committed(name: str) -> str:
    """Return the file of vectors that is committed."""
    return (FOLDER / f"{name}.json").read_text(encoding="utf-8")


if __name__ == "__main__":
    for each in FILES:
        (FOLDER / f"{each}.json").write_text(made(each), encoding="utf-8")
