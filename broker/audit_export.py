"""The audit log as files: what an auditor takes along, and what a site build may log.

Spec: C2SP tlog-tiles, as the site's own log: `checkpoint`, `tile/…`. The checkpoint is written
last, so that it never tells of what isn't there. Salts and pseudonyms' owners stay in the store.
"""

from collections.abc import Iterator
from pathlib import Path

from broker.audit_checkpoint import last_checkpoint, put_file
from broker.store import Transaction
from passport.errors import ConfigError, HostError, VerificationError
from passport.log.checkpoint import LogKey, verify_checkpoint
from passport.log.growing_log import GrowingLog, RightEdge
from passport.log.tiled_log import TiledLog
from passport.log.tiles import TileFile

CHECKPOINT = "checkpoint"


def records_of(transaction: Transaction, end: int | None = None) -> Iterator[tuple[int, bytes]]:
    """Yield the records with their numbers, all or those before `end`."""
    return transaction.connection.execute(
        "SELECT number, content FROM records WHERE number < ? ORDER BY number",
        (2**62 if end is None else end,),
    )


def notes_of(transaction: Transaction) -> Iterator[bytes]:
    """Yield all signed checkpoints, oldest first."""
    rows = transaction.connection.execute("SELECT note FROM checkpoints ORDER BY size")
    return (note for (note,) in rows)


def export(transaction: Transaction, folder: Path, keys: tuple[LogKey, ...]) -> int:
    """Write the log up to its last checkpoint, and return how many records that are.

    `ConfigError` for a folder that holds another log, or a longer one.
    """
    note = last_checkpoint(transaction)
    if note is None:
        raise HostError("the audit log has no checkpoint yet", "start the broker once")
    size = verify_checkpoint(note, keys).size
    _check_folder(transaction, folder, keys)
    log = GrowingLog(RightEdge())
    for file in log.append(content for _, content in records_of(transaction, size)):
        _write(folder, file)
    for file in log.finish():
        _write(folder, file)
    put_file(folder / CHECKPOINT, note)
    return size


def read_export(folder: Path, keys: tuple[LogKey, ...]) -> tuple[bytes, TiledLog]:
    """Return an export's checkpoint and its log; `VerificationError` unless a key signed it."""
    note = (folder / CHECKPOINT).read_bytes()
    checkpoint = verify_checkpoint(note, keys)

    def get(path: str) -> bytes | None:
        file = folder / path
        return file.read_bytes() if file.is_file() else None

    return note, TiledLog(get, size=checkpoint.size, root=checkpoint.root)


def _check_folder(transaction: Transaction, folder: Path, keys: tuple[LogKey, ...]) -> None:
    if not (folder / CHECKPOINT).exists():
        return
    try:
        note, _ = read_export(folder, keys)
        size = verify_checkpoint(note, keys).size
    except VerificationError as error:
        raise ConfigError(f"{folder} holds another log", "name an empty folder") from error
    stored = transaction.value("SELECT note FROM checkpoints WHERE size = ?", size)
    if stored != note:
        raise ConfigError(
            f"{folder} holds {size} records that this log doesn't continue",
            "keep both, and run audit verify with --earlier",
        )


def _write(folder: Path, file: TileFile) -> None:
    path = folder / file.tile.path
    if not path.exists():  # a tile has one content for ever
        path.parent.mkdir(parents=True, exist_ok=True)
        put_file(path, file.content)
