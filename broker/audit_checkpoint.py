"""Signed checkpoints of the audit log, and the anchor that outlives the store.

Spec: C2SP tlog-checkpoint, as for the site's log, with the broker's own origin and key. Each
checkpoint continues the one before, from the right edge that is kept with it, so that the work
follows the number of new records. The anchor is a copy of the last one in a file of its own, best
on another disk: a store that is older than its anchor was cut or replaced, and is not served from.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broker.audit import tail_of
from broker.store import StoreError, Transaction
from passport.log.checkpoint import Checkpoint, LogKey, sign_checkpoint, verify_checkpoint
from passport.log.growing_log import GrowingLog, RightEdge
from passport.log.tiles import WIDTH
from passport.signing.keys import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSigner:
    """Signs the log of this origin. `previous` are keys that signed it before, by their vkeys."""

    origin: str
    signer: Signer
    previous: tuple[LogKey, ...] = ()

    @property
    def keys(self) -> tuple[LogKey, ...]:
        """All keys under which the log's checkpoints are found."""
        return (LogKey(self.origin, self.signer.public_key), *self.previous)

    def sign(self, transaction: Transaction) -> bytes | None:
        """Sign what was appended since the last checkpoint; None if nothing was.

        One size never gets two roots: the edge that is continued and the records are one log.
        """
        begun = _kept_edge(transaction)
        log = GrowingLog(begun)
        for _ in log.append(_records(transaction, begun.size)):
            pass  # tiles are written by an export
        edge = log.edge
        if edge.size == begun.size:
            return None
        checkpoint = Checkpoint(origin=self.origin, size=edge.size, root=edge.root)
        note = sign_checkpoint(checkpoint, self.signer)
        transaction.run("INSERT INTO checkpoints VALUES (?, ?)", edge.size, note)
        hashes = json.dumps([[each.hex() for each in level] for level in edge.hashes])
        transaction.run("INSERT OR REPLACE INTO edge VALUES (0, ?, ?)", edge.size, hashes)
        return note


@dataclass(frozen=True, slots=True)
class Anchor:
    """The file that holds the last checkpoint."""

    path: Path

    def advance(self, note: bytes) -> None:
        """Put a newer checkpoint there, whole or not at all; `OSError`."""
        put_file(self.path, note)

    def check(self, transaction: Transaction, signer: AuditSigner) -> None:
        """Raise `StoreError` unless the store holds what the anchor says that it held."""
        if not self.path.exists():
            return
        note = self.path.read_bytes()
        anchored = verify_checkpoint(note, signer.keys)
        stored = transaction.value("SELECT note FROM checkpoints WHERE size = ?", anchored.size)
        if tail_of(transaction).size < anchored.size or stored is None:
            raise StoreError(
                f"the audit log had {anchored.size} records when {self.path} was written, "
                "and now has fewer or others",
                "put the newest copy of the store back; if it is lost, begin a log of another "
                "origin",
            )
        if verify_checkpoint(_bytes(stored), signer.keys) != anchored:
            raise StoreError(
                f"the store and {self.path} tell two different logs of {anchored.size} records",
                "keep both, and find out which was changed",
            )


def put_file(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all; `OSError`."""
    staged = path.with_name(f"{path.name}.new")
    with staged.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    staged.replace(path)


def last_checkpoint(transaction: Transaction) -> bytes | None:
    """Return the newest signed checkpoint, None before the first."""
    note = transaction.value("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")
    return None if note is None else _bytes(note)


def unsigned_records(transaction: Transaction) -> int:
    """Return how many records no checkpoint covers yet."""
    signed = transaction.value("SELECT size FROM edge")
    return tail_of(transaction).size - (signed if isinstance(signed, int) else 0)


def _kept_edge(transaction: Transaction) -> RightEdge:
    row = transaction.connection.execute("SELECT size, hashes FROM edge").fetchone()
    if row is None:
        return RightEdge()
    size, hashes = row
    levels = tuple(tuple(map(bytes.fromhex, level)) for level in json.loads(hashes))
    entries = _records(transaction, size - size % WIDTH, size)
    return RightEdge(size, tuple(entries), levels)


def _records(transaction: Transaction, start: int, end: int | None = None) -> Iterator[bytes]:
    rows = transaction.connection.execute(
        "SELECT content FROM records WHERE number >= ? AND number < ? ORDER BY number",
        (start, 2**62 if end is None else end),
    )
    return (content for (content,) in rows)


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise StoreError("the store holds a checkpoint that is no bytes", "restore a backup")
    return value
