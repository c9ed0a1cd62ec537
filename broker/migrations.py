"""The tables of the broker's store, step by step.

A step is never changed once a store has taken it: `PRAGMA user_version` counts the steps taken,
and what comes later is a new step behind the last.
"""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # The audit log entry by entry, and what was signed of it.
        "CREATE TABLE records (number INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT",
        "CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT",
        """CREATE TABLE edge (
             only_row INTEGER PRIMARY KEY CHECK (only_row = 0),
             size INTEGER NOT NULL, hashes TEXT NOT NULL) STRICT""",
        # A person is found in the log by this salt only, so that both can be parted for ever.
        "CREATE TABLE salts (person TEXT PRIMARY KEY, salt BLOB NOT NULL) STRICT, WITHOUT ROWID",
        # What works once: a proof by its key, an assertion by its client.
        """CREATE TABLE uses (
             holder TEXT NOT NULL, name TEXT NOT NULL, expires INTEGER NOT NULL,
             PRIMARY KEY (holder, name)) STRICT, WITHOUT ROWID""",
        "CREATE INDEX uses_by_expiry ON uses (expires)",
        """CREATE TABLE denials (
             id INTEGER PRIMARY KEY AUTOINCREMENT,
             kind TEXT NOT NULL, target TEXT NOT NULL, time TEXT NOT NULL) STRICT""",
        """CREATE TABLE quotas (
             day TEXT NOT NULL, holder TEXT NOT NULL, keys INTEGER NOT NULL,
             PRIMARY KEY (day, holder)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE bundle (
             only_row INTEGER PRIMARY KEY CHECK (only_row = 0),
             seq INTEGER NOT NULL, digest TEXT NOT NULL) STRICT""",
        # Written by who asks whether anything can be written.
        """CREATE TABLE probe (
             only_row INTEGER PRIMARY KEY CHECK (only_row = 0), number INTEGER NOT NULL) STRICT""",
        # Denials only take away and records are final; by accident nobody changes that.
        """CREATE TRIGGER denials_stay BEFORE DELETE ON denials
             BEGIN SELECT raise(ABORT, 'a denial stays'); END""",
        """CREATE TRIGGER denials_are_final BEFORE UPDATE ON denials
             BEGIN SELECT raise(ABORT, 'a denial is final'); END""",
        """CREATE TRIGGER records_stay BEFORE DELETE ON records
             BEGIN SELECT raise(ABORT, 'a record stays'); END""",
        """CREATE TRIGGER records_are_final BEFORE UPDATE ON records
             BEGIN SELECT raise(ABORT, 'a record is final'); END""",
    ),
)
"""Each step's statements, in order."""
