"""Verifying one passport asks for few files, however large the log has grown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from generator.read.passport import Verdict, verify_scanned
from generator.read.sources import FolderSource, Origins, Source
from generator.store.folder import FolderStore
from passport.encoding.canonical import JsonObject, canonical_json
from passport.encoding.strict_json import parse_object
from passport.identifiers import parse_product_uri
from passport.log.checkpoint import Checkpoint, sign_checkpoint
from passport.log.entry import EntryType, LogEntry
from passport.log.growing_log import RightEdge
from passport.log.tiles import entries_of, tile_at
from passport.manifest import INDEX_PATH
from passport.signing.keys import KeyId, Purpose, demo_signer
from passport.signing.proof import sign
from tests.extended_log import extend

ORIGIN = "https://id.example.com"
MOST_FETCHES = 12
MORE_ENTRIES = 70_000


@dataclass
class Counted:
    """A site that counts what it is asked for; `files` lie over those of the folder."""

    source: Source
    files: Mapping[str, bytes]
    asked: list[str] = field(default_factory=list)

    def get(self, path: str) -> bytes | None:
        """Return a file."""
        self.asked.append(path)
        return self.files.get(path) or self.source.get(path)


def _grown(site: FolderSource) -> dict[str, bytes]:
    """The files of the site's log, as they are after many more entries."""
    note = site.get("/log/1/checkpoint")
    assert note is not None
    size = int(note.split(b"\n")[1])
    bundle = tile_at(None, 0, size)
    content = site.get(f"/log/1/{bundle.path}")
    assert content is not None
    index = _moved_index(site, size + MORE_ENTRIES)
    last = LogEntry.of_document(EntryType.MANIFEST, index).to_bytes()
    others = (b"{}%d" % n for n in range(MORE_ENTRIES))
    extension = extend(RightEdge(), (*entries_of(bundle, content), *others, last))
    grown = {f"/log/1/{file.tile.path}": file.content for file in extension.files}
    checkpoint = Checkpoint(
        origin="id.example.com/log/1", size=extension.edge.size, root=extension.edge.root
    )
    signer = demo_signer(KeyId(Purpose.CHECKPOINT, 1))
    return grown | {
        "/log/1/checkpoint": sign_checkpoint(checkpoint, signer),
        INDEX_PATH: canonical_json(index),
    }


def _moved_index(site: FolderSource, place: int) -> JsonObject:
    """The manifest's index as the last entry of the grown log."""
    content = site.get(INDEX_PATH)
    assert content is not None
    document = {k: v for k, v in parse_object(content).items() if k != "proof"}
    return sign(
        document | {"log": {"origin": "id.example.com/log/1", "index": place}},
        demo_signer(KeyId(Purpose.ISSUING, 1)),
        created=datetime(2026, 11, 29, tzinfo=UTC),
        verification_method="did:web:id.example.com#issuing-1",
    )


def test_a_scan_in_a_large_log_asks_for_few_files(pristine: Path) -> None:
    folder = FolderSource(FolderStore(pristine))
    site = Counted(folder, _grown(folder))
    uri = parse_product_uri(f"{ORIGIN}/01/09506000134352/21/A1").uri

    report = verify_scanned(uri, Origins({ORIGIN: site}), datetime.now(UTC))

    assert report.verdict is Verdict.CURRENT
    assert len(site.asked) <= MOST_FETCHES, site.asked
