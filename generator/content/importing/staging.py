"""Staging: imported rows wait here until it is known which of them a lot has already.

A lot may have a million rows, so they wait on disk, in a temporary database without a name that
vanishes with the connection. Memory is bounded by the database's page cache.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CACHE_KIB = 16 * 1024
_MARK = "\x1f"  # no cell holds a control character


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A row of the table: its number there and its cells."""

    line: int
    cells: tuple[str, ...]


class Staging:
    """Rows by key; a key is whatever names a battery."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "temp_store = FILE"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._db.execute(
            "CREATE TABLE staged (key TEXT PRIMARY KEY, line INTEGER, cells TEXT) WITHOUT ROWID"
        )
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Forget the rows."""
        self._db.close()

    def add(self, key: Sequence[str], row: StagedRow) -> StagedRow | None:
        """Keep a row; when there is one of this key already, keep and return that one."""
        values = (_MARK.join(key), row.line, _MARK.join(row.cells))
        if self._db.execute("INSERT OR IGNORE INTO staged VALUES (?, ?, ?)", values).rowcount:
            return None
        return self.find(key)

    def find(self, key: Sequence[str]) -> StagedRow | None:
        """Return the row of a key, or None."""
        return self._one("SELECT line, cells FROM staged WHERE key = ?", key)

    def take(self, key: Sequence[str]) -> StagedRow | None:
        """Return the row of a key and forget it, or None."""
        return self._one("DELETE FROM staged WHERE key = ? RETURNING line, cells", key)

    def rest(self) -> Iterator[StagedRow]:
        """Yield what was not taken, in the order of the table."""
        for line, cells in self._db.execute("SELECT line, cells FROM staged ORDER BY line"):
            yield StagedRow(line, tuple(cells.split(_MARK)))

    def _one(self, statement: str, key: Sequence[str]) -> StagedRow | None:
        found = self._db.execute(statement, (_MARK.join(key),)).fetchone()
        return StagedRow(found[0], tuple(found[1].split(_MARK))) if found else None
