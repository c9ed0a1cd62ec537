"""The bundle and the group keys in use: read from files, read anew when those change.

DESIGN 7. A file that can't be used (signed by another key, older than one that was in use, not in
force, unreadable) is told and left alone; what is in use stays in use, until its own `validUntil`.
Which bundle was in use is on record in the store, so that no restart brings an older one back. The
bundle's form is `passport.access.bundle`'s matter, what it allows `passport.access.decision`'s.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broker.audit import Event, append
from broker.group_keys import HeldKeys
from broker.problems import Reason, RequestError
from broker.store import Transaction
from broker.writer import Writer
from passport.access.bundle import Bundle, bundle_digest, verify_bundle
from passport.errors import HostError, VerificationError
from passport.signing.ed25519 import PublicKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What decides a release from its begin to its end."""

    bundle: Bundle
    digest: str
    keys: HeldKeys


class BundleFile:
    """The bundle at `path`, signed by `pinned`, and the keys that `read_keys` returns.

    `watched` are the paths whose change calls for reading both anew.
    """

    def __init__(
        self,
        path: Path,
        pinned: PublicKey,
        read_keys: Callable[[], HeldKeys],
        watched: tuple[Path, ...] = (),
    ) -> None:
        self._path = path
        self._pinned = pinned
        self._read_keys = read_keys
        self._watched = (path, *watched)
        self._seen: tuple[object, ...] = ()
        self._snapshot: Snapshot | None = None

    def in_force(self, now: datetime) -> Snapshot:
        """Return what decides now; `RequestError` when nothing does."""
        snapshot = self._snapshot
        if snapshot is None or not snapshot.bundle.is_in_force(now):
            raise RequestError(
                Reason.POLICY_UNAVAILABLE,
                "no policy is in force here, so nothing is released",
                "ask the operator for a bundle that is in force, or another of its brokers",
            )
        return snapshot

    @property
    def is_due(self) -> bool:
        """Whether to read it: none is in use, or a watched path changed since it was last read."""
        return self._snapshot is None or self._state() != self._seen

    def read(self, now: datetime) -> Snapshot:
        """Return what the files say; `VerificationError` if it doesn't hold, `HostError`."""
        content = _read(self._path)
        return Snapshot(
            bundle=verify_bundle(content, self._pinned, now),
            digest=bundle_digest(content),
            keys=self._read_keys(),
        )

    async def load(self, writer: Writer, now: datetime) -> Snapshot:
        """Read both and put them in use; on any error what was in use stays.

        Errors are those of `read`, and `RequestError` when the store can't take note of it.
        """
        self._seen = self._state()
        snapshot = self.read(now)
        await writer.write(lambda transaction: take_into_use(transaction, snapshot))
        self._snapshot = snapshot
        return snapshot

    def _state(self) -> tuple[object, ...]:
        return tuple(map(_stamp, self._watched))


def take_into_use(transaction: Transaction, snapshot: Snapshot) -> None:
    """Put on record that this bundle decides from here on; `VerificationError` for an older one."""
    seq, digest = snapshot.bundle.seq, snapshot.digest
    row = transaction.connection.execute("SELECT seq, digest FROM bundle").fetchone()
    if row == (seq, digest):
        return
    if row is not None and row[0] >= seq:
        raise VerificationError(
            f"bundle {seq} is not newer than {row[0]}, which was in use", "give the newest bundle"
        )
    transaction.run("INSERT OR REPLACE INTO bundle VALUES (0, ?, ?)", seq, digest)
    append(transaction, Event.BUNDLE, ({"bundle": seq, "digest": digest},))


def check_in_use(transaction: Transaction, snapshot: Snapshot) -> None:
    """Raise `RequestError` unless this bundle is still the newest one."""
    if transaction.value("SELECT seq FROM bundle") != snapshot.bundle.seq:
        raise RequestError(
            Reason.POLICY_CHANGED, "the policy changed while this was decided", "ask again"
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HostError(
            f"{path} can't be read: {(error.strerror or 'unknown').lower()}",
            "put the bundle there that `cellfolio access bundle` wrote",
        ) from error


def _stamp(path: Path) -> object:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
