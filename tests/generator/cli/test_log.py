"""`cellfolio log`: what it prints, what it keeps, and its exit codes."""

import base64
import json
from pathlib import Path

import pytest

from tests.cli import CommandLine
from tests.site_logs import KEY, ORIGIN, SITE, entries, note_of, write_log


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    write_log(folder, entries(30))
    return folder


def grow(site: Path) -> None:
    edge = write_log(site, entries(30))
    write_log(site, entries(5), edge)


def test_a_sound_log(run: CommandLine, site: Path) -> None:
    done = run("log", "verify", site)
    assert done.code == 0, done.err
    assert done.out.startswith(f"{ORIGIN}: 30 entries, root ")
    assert "29 passport\n  1 manifest\n  ok " in done.out


def test_the_log_of_an_address_is_read_from_a_copy(run: CommandLine, site: Path) -> None:
    done = run("log", "verify", f"{SITE}/", "--at", f"{SITE}={site}", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["origin"], told["size"], told["sound"]) == (ORIGIN, 30, True)
    assert told["entries"] == {"passport": 29, "manifest": 1}
    assert (told["continues"], told["failures"]) == (None, [])


def test_a_copy_of_another_site_is_refused(run: CommandLine, site: Path) -> None:
    other = "https://other.example"
    told = "not of did:web:other.example"
    run.fails_saying(told, "log", "verify", other, "--at", f"{other}={site}", code=4)


def test_damage_is_told_and_fails(run: CommandLine, site: Path) -> None:
    (site / "log/1/tile/entries/000.p/30").write_bytes(b"")
    done = run("log", "verify", site, "--json")
    assert done.code == 4
    told = json.loads(done.out)
    assert told["sound"] is False
    assert [failure["check"] for failure in told["failures"]] == ["tree"]
    done = run("log", "verify", site)
    assert "  FAILED every tile" in done.out
    assert "has 0 entries, not 30" in done.out


def test_what_was_seen_is_kept_and_compared(run: CommandLine, site: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen.checkpoint"
    assert run("log", "verify", site, "--seen", seen).code == 0
    assert seen.read_bytes() == note_of(site)
    grow(site)
    done = run("log", "verify", site, "--seen", seen)
    assert done.code == 0, done.err
    assert "it continues the 30 entries seen before" in done.out
    assert seen.read_bytes() == note_of(site)


def test_a_fork_is_loud_and_leaves_evidence(run: CommandLine, site: Path, tmp_path: Path) -> None:
    seen, folder = tmp_path / "seen.checkpoint", tmp_path / "evidence"
    assert run("log", "verify", site, "--seen", seen).code == 0
    before = seen.read_bytes()
    write_log(site, entries(30, "theirs"))
    runs = [run("log", "verify", site, "--seen", seen, "--evidence", folder) for _ in range(2)]
    assert [done.code for done in runs] == [4, 4]
    assert "two roots were signed for 30 entries" in runs[1].err
    (evidence,) = folder.iterdir()
    assert str(evidence) in runs[1].err
    told = json.loads(evidence.read_bytes())
    assert told["earlier"].encode() == before == seen.read_bytes()
    assert told["later"].encode() == note_of(site)
    assert told["keys"] == [str(KEY)]


def test_the_last_entries_are_shown(run: CommandLine, site: Path) -> None:
    done = run("log", "show", site, "--count", 2)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[1] == f"key  {KEY}"
    assert [line.split()[:2] for line in lines[2:]] == [["28", "passport"], ["29", "manifest"]]


def test_entries_are_shown_from_an_index_on(run: CommandLine, site: Path) -> None:
    told = json.loads(run("log", "show", site, "--from", 5, "--count", 3, "--json").out)
    assert [entry["index"] for entry in told["entries"]] == [5, 6, 7]
    assert {entry["type"] for entry in told["entries"]} == {"passport"}
    assert json.loads(run("log", "show", site, "--from", 30, "--json").out)["entries"] == []


def test_a_proof_is_printed(run: CommandLine, site: Path) -> None:
    done = run("log", "prove", site, 7)
    assert done.code == 0, done.err
    assert done.out.startswith("c2sp.org/tlog-proof@v1\nindex 7\n")
    assert done.out.encode().endswith(note_of(site))
    told = json.loads(run("log", "prove", site, 7, "--json").out)
    assert told["checkpoint"].encode() == note_of(site)
    assert (told["type"], len(told["proof"])) == ("passport", 5)


def test_nothing_is_proven_of_what_is_not_there(run: CommandLine, site: Path) -> None:
    run.fails_saying("none of index 30", "log", "prove", site, 30, code=4)


def test_two_sizes_are_consistent(run: CommandLine, site: Path) -> None:
    done = run("log", "consistency", site, 8, 30)
    assert done.code == 0, done.err
    first, *hashes = done.out.splitlines()
    assert first == f"{ORIGIN}: the 30 entries begin with the 8 first"
    told = json.loads(run("log", "consistency", site, 8, 30, "--json").out)
    assert told == {"origin": ORIGIN, "old": 8, "new": 30, "proof": hashes}
    assert all(len(base64.b64decode(text)) == 32 for text in hashes)


def test_a_kept_checkpoint_is_compared(run: CommandLine, site: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(note_of(site))
    grow(site)
    done = run("log", "consistency", site, kept, 35)
    assert done.code == 0, done.err
    assert "the 35 entries begin with the 30 first" in done.out


def test_two_kept_checkpoints_show_a_fork(run: CommandLine, site: Path, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.write_bytes(note_of(site))
    write_log(tmp_path / "x", entries(30, "theirs"))
    theirs.write_bytes(note_of(tmp_path / "x"))
    kept = tmp_path / "e"
    run.fails_saying("fork: ", "log", "consistency", site, ours, theirs, "--evidence", kept, code=4)
    assert len(list(kept.iterdir())) == 1


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("consistency", "SITE", "20", "8"), 4, "8 of them continue none of 20"),
        (("consistency", "SITE", "0", "8"), 4, "continue none of 0"),
        (("consistency", "SITE", "8", "31"), 4, "the log has 30 entries"),
        (("consistency", "SITE", "8", "nowhere"), 2, "there is no file 'nowhere'"),
        (("verify", "nowhere"), 2, "there is no folder 'nowhere'"),
    ],
)
def test_what_cannot_be_done_is_told(
    run: CommandLine, site: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    done = run("log", *(site if word == "SITE" else word for word in words))
    assert (done.code, says in done.err) == (code, True), done.err
