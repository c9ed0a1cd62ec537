"""Is a file the one that a site publishes now? The manifest says so, if it is the log's last word.

A host may serve an old passport beside a log and a status list of today. The manifest is the last
entry of each build, so one that is not the last entry is an old one, and a passport that the last
one does not list is an old one.
"""

from hashlib import sha256

from generator.read.log import SignedLog, verify_included
from generator.read.sources import Source, needed
from passport.credential import log_index_of
from passport.did_document import DidDocument, resolve_among
from passport.log_entry import EntryType, LogEntry
from passport.manifest import INDEX_PATH, parse_index, parse_shard, shard_of
from passport.proof import verify
from passport.strict_json import parse_object


def is_published_now(
    path: str, content: bytes, source: Source, issuer: DidDocument, log: SignedLog
) -> bool:
    """Whether the site's manifest lists these bytes at a path, and is the log's last entry.

    Raises `VerificationError` for a manifest that does not hold, `HostError` for trouble.
    """
    index = parse_object(needed(source, INDEX_PATH))
    place = log_index_of(index)
    document = verify(index, resolve_among((issuer,)), issuer=issuer.did, log_index=place).document
    if place != log.checkpoint.size - 1:
        return False
    verify_included(log, place, LogEntry.of_document(EntryType.MANIFEST, index))
    shard = shard_of(path, parse_index(document))
    digest = sha256(content).hexdigest()
    listed = parse_shard(shard, needed(source, shard.path))
    return any(file.path == path and file.sha256 == digest for file in listed)
