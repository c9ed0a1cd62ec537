"""Other people's verifiers in Python: `openvc-core` for proofs, `did-webvh` for DID logs.

Each answers True or False. Any exception counts as a refusal: neither keeps to its own errors when
a document is malformed. Nothing is fetched: documents and logs are passed in.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from did_webvh.resolver import resolve
from openvc.did.base import DidDocument, DidResolutionError, parse_did_document
from openvc.proof.di_jcs import EddsaJcsProofSuite

Object = dict[str, Any]


class AtHand:
    """Resolves the DIDs whose documents were passed in, and no other."""

    def __init__(self, documents: Iterable[Object]) -> None:
        self.documents = {document.get("id"): document for document in documents}

    def supports(self, did: str) -> bool:
        return did in self.documents

    def resolve(self, did: str) -> DidDocument:
        if did not in self.documents:
            raise DidResolutionError(f"not at hand: {did}")
        return parse_did_document(self.documents[did])


def accepts_document(
    document: Object, did_documents: Iterable[Object], now: datetime | None = None
) -> bool:
    """Ask openvc-core whether a document's proof holds, and whether it is valid at `now`."""
    try:
        EddsaJcsProofSuite().verify(document, resolver=AtHand(did_documents), now=now)
    except Exception:  # noqa: BLE001 (a foreign verifier's refusals are of many kinds)
        return False
    return True


def accepts_log(log: str, did: str, folder: Path) -> bool:
    """Ask did-webvh whether a log holds and is that DID's; `folder` is a place to lay it down."""
    path = folder / "did.jsonl"
    path.write_text(log, encoding="utf-8")
    try:
        result = asyncio.run(resolve(did, local_history=path))
    except Exception:  # noqa: BLE001 (the same)
        return False
    return bool(result["didDocument"])
