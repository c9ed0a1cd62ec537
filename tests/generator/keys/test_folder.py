"""The folder of keys: a change is there as a whole or not at all, whenever a run is killed."""

import fcntl
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from generator.keys import folder as folder_module
from generator.keys.ceremony import Change
from generator.keys.folder import KeyFolder, PublicState
from passport.errors import ConfigError, HostError
from passport.signing.keys import Purpose
from tests.key_steps import Keys

STEPS = 16
STAGED_LOG, STAGED_REGISTER = ".did.jsonl.new", ".keys.toml.new"


class Killed(BaseException):
    """Stands for a run that ends at once: what comes after doesn't happen."""


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()} - {".gitignore"}


def rotation(keys: Keys, before: PublicState) -> Change:
    """Return a change that touches everything: two seeds, the log and the register."""
    keys.now += timedelta(days=1)
    return keys.ceremony().rotate(before, Purpose.ISSUING)


BEGUN = {
    *("keys.toml", "did.jsonl", "issuing-1.key", "update-1.key", "update-2.key"),
    *("checkpoint-1.key", "bundle-1.key"),
}


def test_what_is_written_is_read(keys: Keys) -> None:
    assert not keys.folder.has_keys()
    change = keys.ceremony().begin()
    assert keys.write(change) == change.public
    assert keys.folder.has_keys()
    assert names(keys.path) == BEGUN


def test_a_register_in_another_encoding_is_refused(keys: Keys) -> None:
    keys.begin()
    (keys.path / "keys.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not UTF-8"):
        keys.folder.read()


@pytest.mark.parametrize("calls", range(STEPS))
def test_a_kill_at_any_moment_leaves_all_or_nothing(
    keys: Keys, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    """Kill the run at its n-th step on the disk, and look with fresh eyes."""
    before = keys.begin()
    change = rotation(keys, before)
    left = calls

    def step() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed

    with monkeypatch.context() as patched:
        for owner, name in (
            (folder_module, "write_seed"),
            (folder_module, "make_durable"),
            (Path, "write_bytes"),
            (Path, "replace"),
            (Path, "unlink"),
        ):
            patched.setattr(owner, name, _after(step, getattr(owner, name)))
        try:
            keys.write(change)
            was_killed = False
        except Killed:
            was_killed = True
    after = keys.folder.read()
    assert after in (before, change.public)
    assert was_killed or after == change.public
    assert not names(keys.path) & {STAGED_LOG, STAGED_REGISTER}
    # A private key is there for whatever the register names.
    for key in after.register.keys:
        assert f"{key.key_id}.key" in names(keys.path)


def _after(step: Callable[[], None], call: Callable[..., object]) -> Callable[..., object]:
    def wrapped(*arguments: object, **options: object) -> object:
        step()
        return call(*arguments, **options)

    return wrapped


def test_the_kills_reach_from_the_first_byte_to_the_last(
    keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of steps in the test above is that of a whole run and one more."""
    change = rotation(keys, keys.begin())
    steps = []
    for owner, name in ((folder_module, "make_durable"), (Path, "write_bytes"), (Path, "replace")):
        monkeypatch.setattr(owner, name, _after(lambda: steps.append(1), getattr(owner, name)))
    keys.write(change)
    assert len(steps) + len(change.seeds) < STEPS


def test_a_seed_of_a_run_that_was_killed_is_told(keys: Keys) -> None:
    before = keys.begin()
    change = rotation(keys, before)
    (keys.path / "private/issuing-2.key").write_text("left behind")
    with pytest.raises(HostError, match="an interrupted run left it"):
        keys.write(change)
    assert keys.folder.read() == before
    assert names(keys.path) == BEGUN | {"issuing-2.key"}


def test_a_full_disk_changes_nothing(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys.begin()
    change = rotation(keys, before)

    def full(path: Path, _: bytes) -> int:
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(HostError, match="No space left"):
            keys.write(change)
    assert keys.folder.read() == before
    assert names(keys.path) == BEGUN


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(HostError, match="can't be changed"), KeyFolder(tmp_path / "file").locked():
        pass


def test_two_writers_do_not_meet(keys: Keys) -> None:
    keys.begin()
    handle = os.open(keys.path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(HostError, match="another run is changing"), keys.folder.locked():
            pass
        keys.folder.read()  # a reader isn't stopped
    finally:
        os.close(handle)
    with keys.folder.locked():
        pass


def test_nothing_shows_a_seed(keys: Keys) -> None:
    change = keys.ceremony().begin()
    new = keys.make(next(iter(change.seeds)))
    for shown in (repr(change), str(change), repr(new), repr(new.signer), str(change.public)):
        assert "canary" not in shown


def test_the_two_public_files_hold_no_seed(keys: Keys) -> None:
    keys.begin()
    for name in ("keys.toml", "did.jsonl"):
        assert b"canary" not in (keys.path / name).read_bytes()
