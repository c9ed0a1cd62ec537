"""Is the audit log whole? Every record in its place, each behind the one it names, all as signed.

DESIGN 7. `verify_audit_log` reads records in order and raises `BadRecordError` at the first that
is not what it was. What it rests on: the chain within the records, the signed checkpoints, and what
was kept elsewhere before: a checkpoint finds a log that was cut or forked, and an export names the
very record. Records behind the last checkpoint are held by the chain alone; the last of all by
nothing yet. Who could rewrite the store and sign is found only by what was kept elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.audit import FORMAT_VERSION, Event, record_hash
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.json_members import text_of
from passport.encoding.strict_json import parse_object
from passport.encoding.timestamp import parse_time
from passport.errors import VerificationError
from passport.log.checkpoint import Checkpoint, LogKey, verify_checkpoint
from passport.log.growing_log import GrowingLog, RightEdge
from passport.log.merkle import leaf_hash
from passport.log.tiled_log import TiledLog

CHECK = "audit"


class BadRecordError(VerificationError):
    """The log is not what it was; `first` is the number of the first bad record.

    Where only a range is known, `last` is the last that it may be, else it equals `first`.
    """

    def __init__(self, message: str, remedy: str, *, first: int, last: int) -> None:
        super().__init__(message, remedy, check=CHECK)
        self.first = first
        self.last = last


@dataclass(frozen=True, slots=True)
class VerifiedLog:
    """A log that holds: how many records it has, and how many of them are signed."""

    size: int
    signed: int


def verify_audit_log(
    records: Iterable[tuple[int, bytes]],
    notes: Iterable[bytes],
    keys: tuple[LogKey, ...],
    earlier: TiledLog | None = None,
) -> VerifiedLog:
    """Return what holds; `BadRecordError` names what doesn't, `VerificationError` a bad signature.

    `records` are numbers and contents in order, `notes` signed checkpoints from anywhere, `earlier`
    is an export whose own checkpoint is among the notes.
    """
    signed = _by_size(verify_checkpoint(note, keys) for note in notes)
    walk = _Walk(earlier)
    for number, content in records:
        walk.take(number, content)
        walk.meet(signed)
    largest = max(signed, default=0)
    if largest > walk.size:
        raise BadRecordError(
            f"record {walk.size} is missing: a checkpoint tells of {largest} records",
            "the log was cut, or an older store was put in its place",
            first=walk.size,
            last=walk.size,
        )
    return VerifiedLog(size=walk.size, signed=largest)


class _Walk:
    """How far the log was read, and what is known of it by then."""

    def __init__(self, earlier: TiledLog | None) -> None:
        self._log = GrowingLog(RightEdge())
        self._earlier = earlier
        self._hash = ""
        self._time = ""
        self._agreed = 0
        self.size = 0

    def take(self, number: int, content: bytes) -> None:
        """Read the next record."""
        if number != self.size:
            raise _bad(self.size, f"record {self.size} is missing: {number} is the next")
        earlier = self._earlier
        if earlier and number < earlier.size and earlier.leaf(number) != leaf_hash(content):
            raise _bad(number, f"record {number} is another one than was exported")
        record = _parse(number, content)
        if text_of(record, "time") < self._time:
            raise _bad(number, f"record {number} is earlier than the one before it")
        if record.get("previous") != self._hash:
            # The one before is blamed: whoever changes a record has no reason to touch `previous`.
            raise _bad(max(0, number - 1), f"record {number} follows another record {number - 1}")
        for _ in self._log.append((content,)):
            pass
        self._hash, self._time = record_hash(content), text_of(record, "time")
        self.size += 1

    def meet(self, signed: dict[int, set[bytes]]) -> None:
        """Hold the records read so far against the checkpoints of that size."""
        roots = signed.get(self.size)
        if roots is None:
            return
        if roots != {self._log.edge.root}:
            first, last = self._agreed, max(self._agreed, self.size - 1)
            raise BadRecordError(
                f"one of the records {first} to {last} is another one than was signed",
                "compare with an export made before, which names it",
                first=first,
                last=last,
            )
        self._agreed = self.size


def _by_size(checkpoints: Iterable[Checkpoint]) -> dict[int, set[bytes]]:
    signed: dict[int, set[bytes]] = {}
    for checkpoint in checkpoints:
        signed.setdefault(checkpoint.size, set()).add(checkpoint.root)
    return signed


def _parse(number: int, content: bytes) -> JsonObject:
    try:
        record = parse_object(content)
        flat = {name: value for name, value in record.items() if isinstance(value, str | int)}
        parse_time(text_of(record, "time"))
    except VerificationError as error:
        raise _bad(number, f"record {number} is no record: {error.message}") from error
    if canonical_json(flat) != content:
        raise _bad(number, f"record {number} is not in its one spelling")
    if (record.get("v"), record.get("number")) != (FORMAT_VERSION, number):
        raise _bad(number, f"record {number} says that it is another")
    if record.get("event") not in list(Event):
        raise _bad(number, f"record {number} is of no known kind")
    return record


def _bad(number: int, message: str) -> BadRecordError:
    return BadRecordError(
        message,
        "the store was changed from outside: keep it, and find out by whom",
        first=number,
        last=number,
    )
