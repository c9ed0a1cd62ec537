"""What commands leave for the next build to log: appended once, and read strictly."""

import os
from pathlib import Path

import pytest

from generator.keys.to_log import TO_LOG_NAME, Line, append, read_lines, to_log
from passport.encoding.multibase import digest_multibase
from passport.errors import ConfigError, HostError
from passport.log.entry import EntryType, LogEntry
from passport.sealing.group_key import GroupKeyId

DIGEST = digest_multibase(b"a bundle")
KEY = GroupKeyId.parse("xiii-2/2026a/abcdefghijklmnop")


def test_lines_come_back_in_their_order(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    assert to_log(folder) == ()
    append(folder, EntryType.BUNDLE, DIGEST)
    append(folder, EntryType.ESCROW, digest_multibase(b"an escrow"), (KEY,))
    assert (folder / TO_LOG_NAME).read_text().splitlines() == [
        f'{{"digest":"{DIGEST}","type":"bundle"}}',
        f'{{"digest":"{digest_multibase(b"an escrow")}","keys":["{KEY}"],"type":"escrow"}}',
    ]
    assert to_log(folder) == (
        LogEntry(EntryType.BUNDLE, DIGEST),
        LogEntry.of_bytes(EntryType.ESCROW, b"an escrow"),
    )
    assert [line.keys for line in read_lines(folder)] == [(), (KEY,)]


def test_an_entry_is_appended_once(tmp_path: Path) -> None:
    for _ in range(2):
        append(tmp_path, EntryType.AUDIT, DIGEST)
    assert len((tmp_path / TO_LOG_NAME).read_text().splitlines()) == 1


def test_lines_that_two_branches_appended_count_once(tmp_path: Path) -> None:
    line = Line(LogEntry(EntryType.BUNDLE, DIGEST)).to_bytes()
    (tmp_path / TO_LOG_NAME).write_bytes(line * 2)
    assert to_log(tmp_path) == (LogEntry(EntryType.BUNDLE, DIGEST),)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (f'{{"digest":"{DIGEST}","type":"bundle"}}', "ends within a line"),
        (f'{{"digest":"{DIGEST}","type":"passport"}}\n', "is logged by the build alone"),
        (f'{{"digest":"{DIGEST}","type":"gossip"}}\n', "no entry is a 'gossip'"),
        (f'{{"digest":"{DIGEST}","type":"escrow"}}\n', "an entry escrow names 0 keys"),
        (f'{{"digest":"{DIGEST}","type":"bundle","more":1}}\n', ":1: member 'more'"),
        ('{"digest":"uEiA","type":"bundle"}\n', ":1: 'uEiA' is no digest"),
        ("\n", ":1: "),
        (f'{{"digest":"{DIGEST}","type":"escrow","keys":["xiii-1/a"]}}\n', "names no group key"),
    ],
)
def test_what_no_command_wrote_is_refused(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / TO_LOG_NAME).write_text(content)
    with pytest.raises(ConfigError) as caught:
        to_log(tmp_path)
    assert told in str(caught.value)
    assert caught.value.remedy


def test_a_full_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(tmp_path, EntryType.BUNDLE, DIGEST)
    before = (tmp_path / TO_LOG_NAME).read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: write(handle, content[:10]))
    with pytest.raises(HostError, match="the disk is full"):
        append(tmp_path, EntryType.AUDIT, DIGEST)
    assert (tmp_path / TO_LOG_NAME).read_bytes() == before
