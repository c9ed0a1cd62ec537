"""Lays down the part of a site that its log needs: the issuer's document, tiles, checkpoint."""

import json
from collections.abc import Sequence
from pathlib import Path

from passport.base_url import BaseUrl
from passport.log.checkpoint import Checkpoint, LogKey, sign_checkpoint
from passport.log.entry import EntryType, LogEntry
from passport.log.growing_log import RightEdge
from passport.signing.keys import Signer
from tests import forge
from tests.extended_log import extend

SITE = "https://id.example.com"
BASE = BaseUrl(SITE)
ORIGIN = "id.example.com/log/1"
SIGNER = forge.signer_named("checkpoint-1")
KEY = LogKey(ORIGIN, SIGNER.public_key)
ISSUER = forge.issuer()


def passport_entry(number: int, site: str = "ours") -> LogEntry:
    return LogEntry.of_bytes(EntryType.PASSPORT, f"{site} {number}".encode())


def entries(count: int, site: str = "ours") -> list[bytes]:
    """Return passports' entries, the last one a manifest's."""
    passports = [passport_entry(number, site).to_bytes() for number in range(count - 1)]
    return [*passports, LogEntry.of_bytes(EntryType.MANIFEST, b"%d" % count).to_bytes()]


def write_log(
    folder: Path, held: Sequence[bytes], edge: RightEdge | None = None, signer: Signer = SIGNER
) -> RightEdge:
    """Add entries to the log in a folder and sign the checkpoint; return the right edge."""
    extension = extend(edge or RightEdge(), held)
    for file in extension.files:
        write(folder, f"log/1/{file.tile.path}", file.content)
    now = extension.edge
    checkpoint = Checkpoint(origin=ORIGIN, size=now.size, root=now.root)
    write(folder, "log/1/checkpoint", sign_checkpoint(checkpoint, signer))
    write(folder, ".well-known/did.json", json.dumps(ISSUER).encode())
    return now


def note_of(folder: Path) -> bytes:
    return (folder / "log/1/checkpoint").read_bytes()


def write(folder: Path, path: str, content: bytes) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
