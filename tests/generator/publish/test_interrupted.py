"""A run that fails: what it leaves, in which order it works, and what finishing refuses."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.build.artifact import Artifact
from generator.publish import desk
from generator.publish.folder import finish, publish, require_finished
from generator.store import durable
from passport.errors import HostError, PublishError
from tests.generator.publish.sites import BASE, contents_of, page, site


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "site"


def test_a_build_that_fails_midway_leaves_nothing(out: Path) -> None:
    publish(BASE, out)

    def failing() -> Iterator[Artifact]:
        yield page("/", "new")
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        publish(failing(), out)
    assert contents_of(out)["index.html"] == b"home"
    assert {path.name for path in (out.parent / ".site.publish").iterdir()} == {
        ".gitignore",
        "lock",
    }


def test_a_full_disk_is_told_as_one(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(BASE, out)

    def full(path: Path, _: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr("generator.publish.folder.write_new", full)
    with pytest.raises(HostError, match=r"No space left.*the published site is as it was"):
        publish((page("/", "new"), BASE[0]), out)
    require_finished(out)
    assert contents_of(out)["index.html"] == b"home"


def test_a_failing_rename_can_be_finished(out: Path) -> None:
    publish(site("old"), out)

    def fail_at_a_move(step: str) -> None:
        if step == "move index.html":
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    with pytest.raises(HostError, match="finishes the site first"):
        publish(site("new"), out, after_step=fail_at_a_move)
    with pytest.raises(PublishError, match="half written"):
        require_finished(out)
    assert finish(out)
    assert contents_of(out)["index.html"] == b"<p>home new</p>"
    assert not finish(out)


def interrupted(out: Path) -> Path:
    """Publish a second edition and stop after two moves; return the folder beside the site."""
    publish(site("old"), out)

    def stop(step: str) -> None:
        if step == "move index.html":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(site("new"), out, after_step=stop)
    return out.parent / ".site.publish"


def test_damaged_staged_bytes_are_never_published(out: Path) -> None:
    beside = interrupted(out)
    before = contents_of(out)
    staged = max((beside / "stage").iterdir(), key=lambda path: int(path.name))
    staged.write_bytes(b"tampered")
    with pytest.raises(PublishError, match="isn't what the publishing journal says"):
        finish(out)
    assert contents_of(out) == before
    staged.unlink()
    with pytest.raises(PublishError, match="isn't what the publishing journal says"):
        finish(out)


def test_a_file_moved_and_then_changed_is_noticed(out: Path) -> None:
    interrupted(out)
    (out / "index.html").write_bytes(b"tampered")
    with pytest.raises(PublishError, match=r"index\.html isn't what"):
        finish(out)


def test_a_damaged_journal_finishes_nothing(out: Path) -> None:
    journal = interrupted(out) / "journal"
    before = contents_of(out)
    journal.write_bytes(journal.read_bytes()[:-9])
    with pytest.raises(PublishError, match="damaged at its end"):
        finish(out)
    assert contents_of(out) == before


def test_nothing_is_visible_before_it_is_durable(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(site("old"), out)
    beside = out.parent / ".site.publish"
    events: list[str] = []

    def spy(name: str, path: Path) -> None:
        events.append(f"{name} {path.relative_to(out.parent).as_posix()}")

    monkeypatch.setattr(durable, "_fsync", lambda path: spy("fsync", path))
    monkeypatch.setattr(desk, "flush_drive", lambda path: spy("flush", path))
    replace, unlink = Path.replace, Path.unlink

    def watched_replace(self: Path, target: Path) -> Path:
        spy("rename", target)
        return replace(self, target)

    def watched_unlink(self: Path, *, missing_ok: bool = False) -> None:
        spy("unlink", self)
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "replace", watched_replace)
    monkeypatch.setattr(Path, "unlink", watched_unlink)
    report = publish(site("new"), out)

    journal = events.index("rename .site.publish/journal")
    durable_first = {f"fsync .site.publish/stage/{n + 1}" for n in range(report.written)}
    assert durable_first < set(events[:journal])
    assert {"fsync .site.publish/stage", "fsync .site.publish/journal.new"} < set(events[:journal])
    assert events[journal + 1] == "flush .site.publish"
    moves = [n for n, event in enumerate(events) if event.startswith("rename site/")]
    assert len(moves) == report.written
    assert moves[0] > journal + 1
    forgotten = events.index("unlink .site.publish/journal")
    folders = {"fsync site", "fsync site/dpp", "fsync site/01/09506000134352/21", "fsync ."}
    assert folders < set(events[moves[-1] : forgotten])
    assert events[forgotten + 1] == "flush .site.publish"
    assert (beside / "lock").exists()
