"""Private keys on disk and in the environment: read only while they are secret, never shown."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from generator.keys import seeds
from generator.keys.seeds import (
    is_at_hand,
    seed_from_environment,
    seed_from_file,
    seed_path,
    variable_of,
    write_seed,
)
from passport.errors import HostError
from passport.signing.keys import KeyId
from tests.key_steps import seed_of

KEY = KeyId.parse("issuing-1")
SEED = seed_of(1)
TEXT = "Y2FuYXJ5IHNlZWQgMDAwMDAwMDAwMDAwMDAwMDAwMDE"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_seed_is_read_back_and_nobody_else_can(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        path = write_seed(tmp_path / "keys", KEY, SEED)
    finally:
        os.umask(old)
    assert path == tmp_path / "keys/private/issuing-1.key"
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert path.read_text() == f"{TEXT}\n"
    assert seed_from_file(tmp_path / "keys", KEY) == SEED


def test_a_seed_is_never_overwritten(tmp_path: Path) -> None:
    path = write_seed(tmp_path, KEY, SEED)
    with pytest.raises(HostError, match="there already, though no register names it"):
        write_seed(tmp_path, KEY, seed_of(2))
    assert path.read_text() == f"{TEXT}\n"


def test_a_full_disk_leaves_no_part_of_a_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(seeds.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_seed(tmp_path, KEY, SEED)
    assert not seed_path(tmp_path, KEY).exists()


@pytest.mark.parametrize("bits", [0o640, 0o620, 0o604, 0o610, 0o666])
def test_a_file_that_others_may_use_is_refused(tmp_path: Path, bits: int) -> None:
    write_seed(tmp_path, KEY, SEED).chmod(bits)
    with pytest.raises(HostError, match=rf"others .* \(mode {bits:04o}\): run chmod go="):
        seed_from_file(tmp_path, KEY)


@pytest.mark.parametrize("bits", [0o750, 0o705, 0o711, 0o777])
def test_so_is_a_folder(tmp_path: Path, bits: int) -> None:
    folder = write_seed(tmp_path, KEY, SEED).parent
    folder.chmod(bits)
    for use in (seed_from_file, lambda path, key: write_seed(path, key, SEED)):
        with pytest.raises(HostError, match="others on this machine"):
            use(tmp_path, KEY)


def test_what_belongs_to_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_seed(tmp_path, KEY, SEED)
    other = os.geteuid() + 1
    monkeypatch.setattr(seeds.os, "geteuid", lambda: other)
    with pytest.raises(HostError, match="belongs to somebody else"):
        seed_from_file(tmp_path, KEY)


def test_links_and_pipes_are_refused(tmp_path: Path) -> None:
    path = write_seed(tmp_path, KEY, SEED)
    elsewhere = path.rename(tmp_path / "elsewhere")
    path.symlink_to(elsewhere)
    with pytest.raises(HostError, match="can't be read"):
        seed_from_file(tmp_path, KEY)
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(HostError, match="something else that holds no key"):
        seed_from_file(tmp_path, KEY)


def test_a_linked_folder_is_refused(tmp_path: Path) -> None:
    folder = write_seed(tmp_path, KEY, SEED).parent
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(HostError, match="something else that holds no key"):
        seed_from_file(tmp_path, KEY)


@pytest.mark.parametrize("make_folder", [False, True])
def test_a_missing_key_is_told_with_both_places(tmp_path: Path, *, make_folder: bool) -> None:
    if make_folder:
        write_seed(tmp_path, KeyId.parse("bundle-1"), SEED)
    with pytest.raises(HostError, match=r"neither .*issuing-1\.key nor CELLFOLIO_KEY_ISSUING_1"):
        seed_from_file(tmp_path, KEY)


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True)


@pytest.mark.parametrize("of_a_hook", [None, ".git", "{}/.git"])
def test_a_key_that_git_tracks_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_a_hook: str | None
) -> None:
    git(tmp_path, "init")
    path = write_seed(tmp_path / "keys", KEY, SEED)
    git(tmp_path, "add", "--force", str(path))
    if of_a_hook:
        monkeypatch.setenv("GIT_DIR", of_a_hook.format(tmp_path))
    with pytest.raises(HostError, match=r"Git tracks .*: the key is no secret any more"):
        seed_from_file(tmp_path / "keys", KEY)


def test_a_git_that_gives_no_answer_is_no_permission(tmp_path: Path) -> None:
    git(tmp_path, "init")
    write_seed(tmp_path / "keys", KEY, SEED)
    (tmp_path / ".git/index").write_bytes(b"damaged")
    with pytest.raises(HostError, match="git can't say whether it tracks"):
        seed_from_file(tmp_path / "keys", KEY)


def test_a_machine_without_git_has_nothing_to_track(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_seed(tmp_path, KEY, SEED)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert seed_from_file(tmp_path, KEY) == SEED


def test_a_variable_holds_a_seed_as_a_file_does() -> None:
    assert variable_of(KEY) == "CELLFOLIO_KEY_ISSUING_1"
    for text in (TEXT, f"{TEXT}\n", f"{TEXT}\r\n"):
        assert seed_from_environment(KEY, {"CELLFOLIO_KEY_ISSUING_1": text}) == SEED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "secret",
        f"{TEXT}=",
        f"{TEXT}AA",
        f" {TEXT}",
        f"{TEXT}\n\n",
        f"{TEXT[:-1]}F",  # another spelling of the same bytes
        TEXT.replace("2", "+", 1),
        SEED.hex(),
    ],
)
def test_anything_else_is_no_seed_and_is_not_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(HostError, match="holds no private key") as raised:
        seed_from_environment(KEY, {"CELLFOLIO_KEY_ISSUING_1": text})
    path = write_seed(tmp_path, KEY, SEED)
    path.write_text(text)
    with pytest.raises(HostError, match="holds no private key") as from_file:
        seed_from_file(tmp_path, KEY)
    for error in (raised.value, from_file.value):
        assert not text.strip() or text.strip() not in str(error)
        assert error.__cause__ is None
        assert error.__context__ is None


def test_bytes_that_are_no_text_are_no_seed(tmp_path: Path) -> None:
    write_seed(tmp_path, KEY, SEED).write_bytes(b"\xff" * 43)
    with pytest.raises(HostError, match="holds no private key"):
        seed_from_file(tmp_path, KEY)


def test_a_variable_that_is_not_set_is_told() -> None:
    with pytest.raises(HostError, match="CELLFOLIO_KEY_ISSUING_1 is not set"):
        seed_from_environment(KEY, {})


def test_at_hand_is_what_could_be_read(tmp_path: Path) -> None:
    assert not is_at_hand(tmp_path, KEY, {})
    assert is_at_hand(tmp_path, KEY, {"CELLFOLIO_KEY_ISSUING_1": TEXT})
    write_seed(tmp_path, KEY, SEED)
    assert is_at_hand(tmp_path, KEY, {})
