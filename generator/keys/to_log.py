"""What the next build enters into the transparency log: `keys/to-log.jsonl`, append-only.

DESIGN 5. A command that must be logged (a policy bundle, an escrow file, a checkpoint of an audit
log) appends a line; builds log each line once and leave the file as it is. It is public and
committed. A line is an entry's `type` and `digest`; that of an escrow also names the keys in it.
Which lines a log has already isn't known here.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from passport.encoding.canonical import Json, canonical_json
from passport.encoding.json_members import only, text_of, texts_of
from passport.encoding.strict_json import parse_object
from passport.errors import ConfigError, HostError, IdentifierError, VerificationError
from passport.log.entry import EntryType, LogEntry
from passport.sealing.group_key import GroupKeyId

TO_LOG_NAME = "to-log.jsonl"
LOGGED_BY_COMMANDS = (EntryType.BUNDLE, EntryType.ESCROW, EntryType.AUDIT)
"""What a line may be about; the build knows of everything else by itself."""

_MEMBERS = frozenset({"type", "digest", "keys"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file; `ConfigError` unless a command may have written it."""

    entry: LogEntry
    keys: tuple[GroupKeyId, ...] = ()

    def __post_init__(self) -> None:
        if self.entry.type not in LOGGED_BY_COMMANDS:
            raise ConfigError(
                f"{TO_LOG_NAME}: a {self.entry.type} is logged by the build alone",
                "remove the line",
            )
        if bool(self.keys) != (self.entry.type is EntryType.ESCROW):
            raise ConfigError(
                f"{TO_LOG_NAME}: an entry {self.entry.type} names {len(self.keys)} keys",
                "an escrow names the keys in it, nothing else names any",
            )

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read a line without its end; errors are those of the formats."""
        members = parse_object(content)
        only(members, _MEMBERS)
        entry_type, digest = text_of(members, "type"), text_of(members, "digest")
        if entry_type not in list(EntryType):
            raise ConfigError(f"{TO_LOG_NAME}: no entry is a {entry_type!r}", "remove the line")
        keys = tuple(GroupKeyId.parse(text) for text in texts_of(members, "keys"))
        return cls(LogEntry(EntryType(entry_type), digest), keys)

    def to_bytes(self) -> bytes:
        """Return the line with its end."""
        members: dict[str, Json] = {"type": self.entry.type, "digest": self.entry.digest}
        if self.keys:
            members["keys"] = [str(key_id) for key_id in self.keys]
        return canonical_json(members) + b"\n"


def read_lines(folder: Path) -> tuple[Line, ...]:
    """Return the lines in their order, none when there is no file; `folder` is that of the keys.

    `ConfigError` names a line that no command has written.
    """
    path = folder / TO_LOG_NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    if content and not content.endswith(b"\n"):
        raise ConfigError(
            f"{path} ends within a line", "put the file back from Git, or end the line"
        )
    return tuple(_line(path, n, text) for n, text in enumerate(content.splitlines(), 1))


def to_log(folder: Path) -> tuple[LogEntry, ...]:
    """Return what must be logged, each entry once, in the order of the file.

    Two branches may have appended the same line. Errors are those of `read_lines`.
    """
    return tuple(dict.fromkeys(line.entry for line in read_lines(folder)))


def append(
    folder: Path, entry_type: EntryType, digest: str, keys: tuple[GroupKeyId, ...] = ()
) -> None:
    """Append an entry, durably, unless it is there; `digest` is a multibase `u` SHA-256 multihash.

    `HostError` when the disk fails; then the file is as it was.
    """
    line = Line(LogEntry(entry_type, digest), keys)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        handle = os.open(folder / TO_LOG_NAME, flags, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if line.entry not in to_log(folder):
                _write(handle, line.to_bytes())
        finally:
            os.close(handle)
    except OSError as error:
        raise HostError(
            f"{folder / TO_LOG_NAME} can't be written: {error}", "mend the cause, and try again"
        ) from error


def _write(handle: int, content: bytes) -> None:
    size = os.fstat(handle).st_size
    try:
        _write_all(handle, content)
        os.fsync(handle)
    except OSError:
        os.ftruncate(handle, size)
        raise


def _write_all(handle: int, content: bytes) -> None:
    if os.write(handle, content) < len(content):
        raise OSError("the disk is full")


def _line(path: Path, number: int, content: bytes) -> Line:
    try:
        return Line.parse(content)
    except (VerificationError, IdentifierError) as error:
        raise ConfigError(
            f"{path}:{number}: {error.message}", "put the file back from Git"
        ) from error
