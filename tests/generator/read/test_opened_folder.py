"""The folder of what was opened: hostile names stay in it, and it is whole or not there."""

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.read.opened_folder import json_text, opened_folder, safe_name
from passport.errors import ConfigError


@pytest.mark.parametrize(
    ("file_name", "expected"),
    [
        ("exploded-view.pdf", "4-exploded-view.pdf"),
        ("../../etc/passwd", "4-passwd"),
        ("..\\..\\boot.ini", "4-boot.ini"),
        ("/etc/cron.d/job", "4-job"),
        ("..", "4-document"),
        ("", "4-document"),
        (".bashrc", "4-bashrc"),
        ("a\0b\n\x1b[2Jc.pdf", "4-a_b__[2Jc.pdf"),
        ("invoice\u202efdp.exe", "4-invoice_fdp.exe"),
        ("C:evil.exe:stream", "4-C_evil.exe_stream"),
        ("NUL", "4-NUL"),
        ("ends. . ", "4-ends"),
        ("Ä" * 200 + ".pdf", "4-" + "Ä" * 58 + ".pdf"),
        ("x." + "y" * 300, "4-" + ("x." + "y" * 300)[:120]),
    ],
)
def test_names_lead_nowhere(file_name: str, expected: str) -> None:
    assert safe_name(4, file_name) == expected


@given(st.text(max_size=400))
def test_any_name_is_one_part_of_a_path(file_name: str) -> None:
    name = safe_name(1, file_name)
    assert Path(name).parts == (name,)
    assert name.startswith("1-")
    assert len(name.encode()) <= 122
    assert name.isprintable()


def test_no_value_steers_a_terminal() -> None:
    data = {"part": "\x1b[2J\x9b2J\u202edne\U000e0041 Ä\n"}
    text = json_text(data)
    assert json.loads(text) == data
    assert text.replace("\n", "").isprintable()
    assert "Ä" in text


def test_it_is_there_once_all_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with opened_folder(out) as folder:
        folder.write("a/b/c.json", b"1")
        folder.write("a/b/d.json", b"2")
        assert not out.exists()
    assert (out / "a/b/c.json").read_bytes() == b"1"
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert stat.S_IMODE((out / "a/b").stat().st_mode) == 0o700
    assert stat.S_IMODE((out / "a/b/d.json").stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [out]


def test_nothing_is_left_of_one_that_failed(tmp_path: Path) -> None:
    def fill() -> None:
        with opened_folder(tmp_path / "out") as folder:
            folder.write("a.json", b"1")
            folder.write("a.json", b"2")

    with pytest.raises(FileExistsError):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_may_be_filled_and_another_may_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with opened_folder(tmp_path / "empty") as folder:
        folder.write("a.json", b"1")
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("empty", "file", "link", "missing/out"):
        with pytest.raises(ConfigError), opened_folder(tmp_path / name):
            pass
