"""Verifying a site's transparency log: who signed it, what it holds, that it only ever grew.

DESIGN 5: the log lies at `/log/{generation}/` as C2SP tlog-tiles; its keys stand in the issuer's
DID document. Everything is read through the tiles, so a passport's entry costs a handful of files.
Whoever keeps the last checkpoint that he saw finds a fork: two signed checkpoints that can't both
be of one log are `Fork`, evidence against the key that anybody can check.
"""

import base64
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from generator.read.checks import Check
from generator.read.site_issuer import read_issuer
from generator.read.sources import Source, needed
from passport.base_url import BaseUrl
from passport.did.document import DidDocument
from passport.encoding.canonical import canonical_json
from passport.errors import IdentifierError, VerificationError
from passport.log.checkpoint import (
    Checkpoint,
    LogKey,
    log_origin,
    log_path,
    verify_checkpoint,
)
from passport.log.entry import EntryType, LogEntry
from passport.log.merkle import leaf_hash, verify_consistency
from passport.log.tiled_log import TiledLog
from passport.signing.keys import KeyId, Purpose

Keep = Callable[["Fork"], str]
"""Keeps evidence, and says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedLog:
    """A log whose checkpoint a key of its issuer signed; what is read by `tree` leads to it."""

    keys: tuple[LogKey, ...]
    note: bytes
    checkpoint: Checkpoint
    tree: TiledLog


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Two checkpoints that one log can't have signed; `proof` is what should have joined them."""

    why: str
    keys: tuple[LogKey, ...]
    earlier: bytes
    later: bytes
    proof: tuple[bytes, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the evidence as a file: both notes as they were signed, and the log's keys."""
        return canonical_json(
            {
                "type": "LogFork",
                "why": self.why,
                "keys": [str(key) for key in self.keys],
                "earlier": self.earlier.decode(),
                "later": self.later.decode(),
                "proof": [base64.b64encode(hash_).decode() for hash_ in self.proof],
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReport:
    """What was found in a whole log: entries by type, and the checks in the order of the run."""

    checkpoint: Checkpoint
    entries: Counter[EntryType]
    checks: tuple[Check, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every check held."""
        return not any(check.failed for check in self.checks)


def read_log(source: Source, base_url: BaseUrl, generation: int) -> SignedLog:
    """Fetch the issuer's keys and the checkpoint; `VerificationError` unless one signed it."""
    return open_log(source, read_issuer(source, base_url), base_url, generation)


def open_log(source: Source, issuer: DidDocument, base_url: BaseUrl, generation: int) -> SignedLog:
    """Fetch the checkpoint; `VerificationError` unless a key of the issuer signed it."""
    prefix = log_path(generation)
    keys = checkpoint_keys(issuer, log_origin(base_url, generation))
    note = needed(source, f"{prefix}/checkpoint")
    checkpoint = verify_checkpoint(note, keys)
    return SignedLog(
        keys=keys,
        note=note,
        checkpoint=checkpoint,
        tree=TiledLog(
            lambda path: source.get(f"{prefix}/{path}"),
            size=checkpoint.size,
            root=checkpoint.root,
        ),
    )


def checkpoint_keys(issuer: DidDocument, origin: str) -> tuple[LogKey, ...]:
    """Return the keys that sign a log's checkpoints: the issuer's, unless they were revoked."""
    keys = tuple(
        LogKey(origin, method.public_key)
        for method in issuer.methods
        if _is_for_checkpoints(method.id) and not method.is_revoked
    )
    if not keys:
        raise VerificationError(
            f"{issuer.did} names no key of its log", "ask for a whole copy of the site"
        )
    return keys


def verify_log(log: SignedLog) -> LogReport:
    """Read a log to its end: every tile and entry leads to the root, and each entry is known."""
    tree = Check("tree", "every tile and every entry leads to the signed root")
    known = Check("entries", "every entry says a type and a digest, and nothing besides")
    counted: Counter[EntryType] = Counter()
    with tree.of(log.checkpoint.origin):
        for index, content in enumerate(log.tree.entries()):
            with known.of(f"entry {index}"):
                counted[LogEntry.parse(content).type] += 1
    return LogReport(checkpoint=log.checkpoint, entries=counted, checks=(tree, known))


def verify_included(log: SignedLog, index: int, entry: LogEntry) -> None:
    """Return if the log holds an entry at an index; `VerificationError` otherwise."""
    if log.tree.leaf(index) != leaf_hash(entry.to_bytes()):
        raise VerificationError(
            f"entry {index} of {log.checkpoint.origin} is of something else",
            "what was signed is not what was published",
            check="inclusion",
        )


def proof_text(log: SignedLog, index: int) -> bytes:
    """Return the proof that an entry is in the log as C2SP tlog-proof, checkpoint included."""
    hashes = (base64.b64encode(hash_).decode() for hash_ in log.tree.inclusion_proof(index))
    lines = ("c2sp.org/tlog-proof@v1", f"index {index}", *hashes, "", "")
    return "\n".join(lines).encode() + log.note


def verify_continues(log: SignedLog, earlier: bytes, keep: Keep) -> Checkpoint:
    """Return the earlier checkpoint if the log continues it; `VerificationError` otherwise.

    `earlier` is a note that was kept. If the log shrank or was forked, the evidence is kept first.
    """
    before = verify_checkpoint(earlier, log.keys)
    now = log.checkpoint
    proof: tuple[bytes, ...] = ()
    if 0 < before.size < now.size:
        proof = log.tree.consistency_proof(before.size)
    try:
        if before.size:
            verify_consistency(
                proof, old=before.size, old_root=before.root, new=now.size, new_root=now.root
            )
    except VerificationError as error:
        fork = Fork(
            why=_why(before, now), keys=log.keys, earlier=earlier, later=log.note, proof=proof
        )
        raise forked(now.origin, fork, keep) from error
    return before


def verify_agree(keys: Iterable[LogKey], first: bytes, second: bytes, keep: Keep) -> None:
    """Return unless two notes state two roots for one size; no tile is needed to see that."""
    keys = tuple(keys)
    one, other = verify_checkpoint(first, keys), verify_checkpoint(second, keys)
    if one.size == other.size and one.root != other.root:
        fork = Fork(why=_why(one, other), keys=keys, earlier=first, later=second)
        raise forked(one.origin, fork, keep)


def forked(origin: str, fork: Fork, keep: Keep) -> VerificationError:
    """Keep the evidence, and return the error that says so."""
    return VerificationError(
        f"{origin}: {fork.why}",
        f"rely on nothing it says, and show others the evidence in {keep(fork)}",
        check="fork",
    )


def _why(before: Checkpoint, now: Checkpoint) -> str:
    if before.size == now.size:
        return f"two roots were signed for {now.size} entries"
    if before.size > now.size:
        return f"{before.size} entries were signed before, and now only {now.size}"
    return f"the {now.size} entries do not continue the {before.size} signed before"


def _is_for_checkpoints(method_id: str) -> bool:
    try:
        return KeyId.parse(method_id.partition("#")[2]).purpose is Purpose.CHECKPOINT
    except IdentifierError:
        return False
