"""A site's log: verified to its end, and every way to rewrite it is found."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator.read.log import (
    Fork,
    SignedLog,
    proof_text,
    read_log,
    verify_agree,
    verify_continues,
    verify_included,
    verify_log,
)
from generator.read.site_issuer import site_of
from generator.read.sources import FolderSource
from generator.store.folder import FolderStore
from passport.errors import VerificationError
from passport.log.checkpoint import Checkpoint, LogKey, parse_checkpoint, verify_checkpoint
from passport.log.entry import EntryType
from passport.log.merkle import leaf_hash, verify_consistency, verify_inclusion
from tests import forge
from tests.site_logs import (
    BASE,
    ISSUER,
    KEY,
    ORIGIN,
    entries,
    note_of,
    passport_entry,
    write,
    write_log,
)

SIZE = 300


@dataclass
class Counting:
    """A source that counts what it is asked for."""

    source: FolderSource
    asked: list[str] = field(default_factory=list)

    def get(self, path: str) -> bytes | None:
        self.asked.append(path)
        return self.source.get(path)


@dataclass
class Kept:
    """Evidence that was kept."""

    forks: list[Fork] = field(default_factory=list)

    def keep(self, fork: Fork) -> str:
        self.forks.append(fork)
        return "fork.json"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    write_log(folder, entries(SIZE))
    return folder


def source_of(folder: Path) -> FolderSource:
    return FolderSource(FolderStore(folder))


def log_of(folder: Path) -> SignedLog:
    return read_log(source_of(folder), BASE, 1)


def test_a_log_as_written_is_sound(site: Path) -> None:
    source = source_of(site)
    assert site_of(source) == BASE
    report = verify_log(read_log(source, BASE, 1))
    assert report.is_sound
    assert report.entries == {EntryType.PASSPORT: SIZE - 1, EntryType.MANIFEST: 1}
    assert (report.checkpoint.origin, report.checkpoint.size) == (ORIGIN, SIZE)


@pytest.mark.parametrize(
    "path", ["0/000", "0/001.p/44", "1/000.p/1", "entries/000", "entries/001.p/44"]
)
def test_each_file_counts(site: Path, path: str) -> None:
    target = site / "log/1/tile" / path
    content = target.read_bytes()
    for damaged in (content[:-1] + bytes([content[-1] ^ 1]), content + b"\0", content[:-1]):
        target.write_bytes(damaged)
        report = verify_log(log_of(site))
        assert [c.name for c in report.checks if c.failed] == ["tree"]
    target.unlink()
    report = verify_log(log_of(site))
    assert f"tile/{path} is missing" in report.checks[0].failures[0].message


def test_an_entry_that_says_nothing_is_found(tmp_path: Path) -> None:
    write_log(tmp_path, [*entries(3), b"a passport, believe me"])
    report = verify_log(log_of(tmp_path))
    assert [(c.name, c.failed) for c in report.checks] == [("tree", 0), ("entries", 1)]
    assert report.checks[1].failures[0].where == "entry 3"


def test_one_passports_entry_is_a_few_files(tmp_path: Path) -> None:
    """Issue 5: verifying one passport fetches at most 12 files."""
    write_log(tmp_path, entries(70_000))
    source = Counting(source_of(tmp_path))
    verify_included(read_log(source, BASE, 1), 12_345, passport_entry(12_345))
    assert len(set(source.asked)) == len(source.asked) == 7


@pytest.mark.parametrize("index", [0, 7, 298])
def test_an_entry_is_in_the_log_at_its_index_only(site: Path, index: int) -> None:
    log = log_of(site)
    verify_included(log, index, passport_entry(index))
    with pytest.raises(VerificationError, match="is of something else"):
        verify_included(log, index + 1, passport_entry(index))
    with pytest.raises(VerificationError, match="inclusion"):
        verify_included(log, index, passport_entry(index, "theirs"))


@pytest.mark.parametrize("index", [-1, SIZE])
def test_no_entry_lies_outside(site: Path, index: int) -> None:
    log = log_of(site)
    with pytest.raises(VerificationError, match=f"none of index {index}"):
        verify_included(log, index, passport_entry(0))


def test_the_proof_is_c2sps(site: Path) -> None:
    log = log_of(site)
    text, note = proof_text(log, 7).decode().split("\n\n", 1)
    header, index, *hashes = text.split("\n")
    assert (header, index) == ("c2sp.org/tlog-proof@v1", "index 7")
    assert note.encode() == note_of(site)
    verify_inclusion(
        leaf_hash(passport_entry(7).to_bytes()),
        log.tree.inclusion_proof(7),
        index=7,
        size=SIZE,
        root=log.checkpoint.root,
    )
    assert len(hashes) == len(log.tree.inclusion_proof(7))


class TestKeys:
    def test_a_key_of_another_purpose_signs_no_checkpoint(self, tmp_path: Path) -> None:
        write_log(tmp_path, entries(3), signer=forge.signer_named("issuing-1"))
        with pytest.raises(VerificationError, match="no key of the log signed it"):
            log_of(tmp_path)

    def test_a_revoked_key_signs_no_checkpoint(self, site: Path) -> None:
        methods = [
            method | ({"revoked": "2026-03-01T00:00:00Z"} if "checkpoint" in method["id"] else {})
            for method in ISSUER["verificationMethod"]
        ]
        revoked = ISSUER | {"verificationMethod": methods}
        write(site, ".well-known/did.json", json.dumps(revoked).encode())
        with pytest.raises(VerificationError, match="names no key of its log"):
            log_of(site)

    def test_the_log_of_another_generation_is_another(self, site: Path) -> None:
        write(site, "log/2/checkpoint", note_of(site))
        with pytest.raises(VerificationError, match="whose keys are not at hand"):
            read_log(source_of(site), BASE, 2)

    @pytest.mark.parametrize("path", [".well-known/did.json", "log/1/checkpoint"])
    def test_what_is_missing_is_named(self, site: Path, path: str) -> None:
        (site / path).unlink()
        with pytest.raises(VerificationError, match=f"/{path} is missing"):
            log_of(site)

    def test_a_site_that_is_no_did_web_is_nobodys(self, site: Path) -> None:
        write(site, ".well-known/did.json", b'{"id":"did:key:z6Mk"}')
        with pytest.raises(VerificationError, match="is no did:web"):
            site_of(source_of(site))


class TestForks:
    """Attack 27, and what comes near it."""

    def test_a_log_that_grew_continues(self, tmp_path: Path) -> None:
        kept = Kept()
        edge = write_log(tmp_path / "a", entries(SIZE))
        seen = note_of(tmp_path / "a")
        write_log(tmp_path / "a", entries(77), edge)
        log = log_of(tmp_path / "a")
        assert verify_continues(log, seen, kept.keep).size == SIZE
        assert verify_continues(log, log.note, kept.keep) == log.checkpoint
        assert not kept.forks

    def test_an_empty_log_is_continued_by_any(self, site: Path, tmp_path: Path) -> None:
        write_log(tmp_path / "empty", [])
        log = log_of(site)
        assert verify_continues(log, note_of(tmp_path / "empty"), Kept().keep).size == 0

    @pytest.mark.parametrize(
        ("seen", "why"),
        [
            (SIZE, "two roots were signed for 300 entries"),
            (200, "the 300 entries do not continue the 200 signed before"),
            (256, "the 300 entries do not continue the 256 signed before"),
            (301, "301 entries were signed before, and now only 300"),
        ],
    )
    def test_a_fork_leaves_evidence(self, site: Path, tmp_path: Path, seen: int, why: str) -> None:
        write_log(tmp_path / "theirs", entries(seen, "theirs"))
        kept = Kept()
        log = log_of(site)
        with pytest.raises(VerificationError, match=f"fork: {ORIGIN}: {why}.*fork.json"):
            verify_continues(log, note_of(tmp_path / "theirs"), kept.keep)
        (fork,) = kept.forks
        one, other = judged(fork)
        assert (one.size, other.size) == (seen, SIZE)

    def test_a_rewritten_entry_is_a_fork(self, site: Path) -> None:
        seen = note_of(site)
        held = entries(SIZE)
        held[5] = passport_entry(5, "rewritten").to_bytes()
        write_log(site, [*held, *entries(10)])
        log = log_of(site)
        assert verify_log(log).is_sound, "a stranger can't see it"
        with pytest.raises(VerificationError, match="do not continue"):
            verify_continues(log, seen, Kept().keep)

    def test_two_notes_show_a_fork_without_a_tile(self, site: Path, tmp_path: Path) -> None:
        write_log(tmp_path / "theirs", entries(SIZE, "theirs"))
        kept = Kept()
        notes = note_of(site), note_of(tmp_path / "theirs")
        verify_agree([KEY], notes[0], notes[0], kept.keep)
        with pytest.raises(VerificationError, match="two roots were signed for 300"):
            verify_agree([KEY], *notes, kept.keep)
        judged(kept.forks[0])

    def test_what_another_key_signed_is_no_evidence(self, site: Path, tmp_path: Path) -> None:
        attacker = forge.signer_named("attacker")
        write_log(tmp_path / "x", entries(SIZE, "theirs"), signer=attacker)
        kept = Kept()
        log = log_of(site)
        with pytest.raises(VerificationError, match="no key of the log signed it"):
            verify_continues(log, note_of(tmp_path / "x"), kept.keep)
        assert not kept.forks

    def test_a_damaged_tile_is_no_fork(self, site: Path, tmp_path: Path) -> None:
        write_log(tmp_path / "before", entries(SIZE)[:200])
        (site / "log/1/tile/0/000").unlink()
        kept = Kept()
        log = log_of(site)
        with pytest.raises(VerificationError, match="tile: tile/0/000 is missing"):
            verify_continues(log, note_of(tmp_path / "before"), kept.keep)
        assert not kept.forks


def judged(fork: Fork) -> tuple[Checkpoint, Checkpoint]:
    """Judge evidence as a stranger would, from its bytes alone."""
    evidence = json.loads(fork.to_bytes())
    assert evidence["type"] == "LogFork"
    keys = [LogKey.parse(vkey) for vkey in evidence["keys"]]
    earlier = verify_checkpoint(evidence["earlier"].encode(), keys)
    later = verify_checkpoint(evidence["later"].encode(), keys)
    assert parse_checkpoint(fork.earlier) == earlier
    with pytest.raises(VerificationError, match="consistency"):
        verify_consistency(
            fork.proof,
            old=earlier.size,
            old_root=earlier.root,
            new=later.size,
            new_root=later.root,
        )
    return earlier, later
