"""Faults of folders, disks and people: nothing spreads, the remedy is told, the next run heals."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from generator.cli.fork_evidence import EvidenceFolder
from generator.publish.mirror import mirror
from generator.publish.mirror_source import SiteState, read_state
from generator.publish.mirror_stage import MOVES, place_all
from generator.publish.mirror_state import MIRROR_KEY, Phase
from generator.read.sources import FolderSource
from generator.store.folder import FolderStore
from generator.store.folder_objects import FolderObjects
from generator.store.objects import Expected
from passport.encoding.canonical import Json, canonical_json
from passport.errors import HostError, VerificationError
from passport.manifest import ListedShard
from tests.cli import CommandLine
from tests.deploy.test_mirror import lease_of, of
from tests.own_site import Cut, OwnSite, is_whole, kept_site
from tests.small_site import tree

LISTED: dict[str, Json] = {
    "path": "/a", "sha256": "0" * 64, "size": 1, "mediaType": "text/html", "cache": "page",
}  # fmt: skip


@pytest.fixture
def site(first: Path, tmp_path: Path, run: CommandLine) -> OwnSite:
    """A built site of two batteries, deployed to a folder and mirrored."""

    def make() -> None:
        built = OwnSite(tmp_path / "project", run, 'url = "../public"')
        built.deploys()
        assert run("mirror", built.site, tmp_path / "mirror").code == 0

    return kept_site(first, tmp_path, run, make)


def fails(site: OwnSite, *words: object) -> tuple[int, str]:
    """Run a command that must fail; return its exit code and what it told."""
    done = site.run("--project", site.folder, *words)
    assert done.code != 0, done.out
    return done.code, done.err


def test_who_keeps_a_copy_keeps_it(site: OwnSite, tmp_path: Path) -> None:
    copy, public = tmp_path / "mirror", tmp_path / "public"
    before = tree(tmp_path)
    build, refresh = ("build", "--out"), ("refresh", "--time", "2027-01-01T00:00:00Z", "--out")
    assert _told(fails(site, *build, copy), "is a mirror: name another folder") == (1, True)
    assert _told(fails(site, *build, public), "is what a site is deployed to") == (1, True)
    assert fails(site, *refresh, copy)[0] in (1, 2)
    assert _told(fails(site, "deploy", copy), "is a mirror: name another target") == (1, True)
    assert _told(fails(site, "mirror", site.site, public), "somebody deploys to") == (1, True)
    for words in (("deploy",), ("mirror", site.site)):
        assert _told(fails(site, *words, site.site / "below"), "itself") == (2, True)
    assert tree(tmp_path) == before


def _told(found: tuple[int, str], text: str) -> tuple[int, bool]:
    return found[0], text in found[1]


@pytest.mark.parametrize("key", ["mirror/.cellfolio/mirror.json", "public/.cellfolio/deploy.json"])
def test_a_damaged_note_of_a_target_is_told_with_what_to_do(
    key: str, site: OwnSite, tmp_path: Path
) -> None:
    folder, note = tmp_path / key.partition("/")[0], tmp_path / key
    words = ("mirror", site.site, folder) if folder.name == "mirror" else ("deploy",)
    site.grows("A3")
    note.write_bytes(note.read_bytes()[:40])
    code, told = fails(site, *words)
    assert (code, "is damaged" in told, "delete it and run the same command" in told) == (
        1, True, True,
    )  # fmt: skip
    note.unlink()
    assert site.run("--project", site.folder, *words).code == 0
    is_whole(folder, site.run)


@pytest.mark.parametrize("words", [("mirror", "project/site", "mirror"), ("deploy",)])
def test_a_disk_that_fills_up_leaves_what_can_be_gone_on_with(
    words: tuple[str, ...], site: OwnSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("mirror" if words[0] == "mirror" else "public")
    site.grows("A3")
    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("generator.store.folder_objects.make_durable", full_after(9))
        code, told = fails(site, *words)
    assert (code, "No space left on device: mend the cause" in told) == (3, True)
    assert (folder / ".cellfolio/part").exists()
    assert site.run("--project", site.folder, *words).code == 0
    is_whole(folder, site.run)


def full_after(writes: int) -> Callable[[object], None]:
    left = iter(range(writes))

    def durable(_paths: object) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return durable


def test_what_a_run_that_was_killed_at_its_first_byte_left_is_no_stranger(
    site: OwnSite, tmp_path: Path
) -> None:
    for name in ("new", "mirror"):
        (tmp_path / name / ".cellfolio").mkdir(parents=True, exist_ok=True)
        (tmp_path / name / ".cellfolio/part").write_bytes(b"half a fi")
        assert site.run("mirror", site.site, tmp_path / name).code == 0
        (tmp_path / name / ".cellfolio/part").write_bytes(b"half a fi")
        is_whole(tmp_path / name, site.run)


def test_a_mirror_that_was_cut_off_is_verified_as_what_it_was(
    site: OwnSite, tmp_path: Path
) -> None:
    copy = tmp_path / "mirror"
    site.grows("A3")
    with pytest.raises(ConnectionError):
        mirror(Cut(site.site, 14), of(copy), datetime.now(UTC), EvidenceFolder(tmp_path).keep)
    is_whole(copy, site.run)
    lease = lease_of(copy)
    lease.take(lease.state.site, lease.state.checkpoint, Phase.PLACING)
    code, told = fails(site, "verify", copy)
    assert (code, "run the same `cellfolio mirror` again" in told) == (1, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "/.cellfolio/mirror.json", "mediaType": "application/json"},
        {"path": "/.git/config", "mediaType": "text/plain"},
        {"path": "/a/%2e%2e/%2e%2e/x"},
        {"path": "/a%2F..%2Fx"},
        {"path": f"/{'a' * 300}"},
        {"mediaType": "text/html\r\nSet-Cookie: a=b"},
        {"cache": "for ever"},
    ],
    ids=lambda wrong: next(iter(wrong.values()))[:20],
)
def test_what_no_site_has_becomes_no_file(
    wrong: dict[str, Json], site: OwnSite, tmp_path: Path
) -> None:
    """Signed or not: whoever signed may be no friend of who mirrors, nor who made the mirror."""
    content = canonical_json({"files": [{**LISTED, **wrong}]})
    shard = ListedShard("/manifest/all.json", sha256(content).hexdigest(), 1)
    folder = tmp_path / "hostile"
    FolderObjects(folder).put("manifest/all.json", content, "", {}, Expected.ANYTHING)
    state = read_state(FolderSource(FolderStore(site.site)), datetime.now(UTC))
    hostile: SiteState = replace(state, source=FolderSource(FolderStore(folder)), shards=(shard,))
    with pytest.raises(VerificationError):
        hostile.listed(shard)
    move = {name: {**LISTED, **wrong}[name] for name in ("path", "sha256", "mediaType", "cache")}
    key = f"{MOVES}00000000.jsonl"
    FolderObjects(folder).put(key, canonical_json(move) + b"\n", "", {}, Expected.ANYTHING)
    with pytest.raises(VerificationError):
        place_all(of(folder))


def test_no_key_leads_out_of_a_folder(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    (outside / "file").write_text("mine")
    objects = FolderObjects(folder)
    objects.put("a/b", b"", "", {}, Expected.ANYTHING)
    (folder / "link").symlink_to(outside)
    for key in ("../outside/file", "link/file", str(outside / "file"), "a/../../outside/file"):
        with pytest.raises(HostError, match="leads out of"):
            objects.delete(key)
    for key in ("../outside/new", "link/new", str(outside / "new")):
        with pytest.raises(HostError, match="leads out of"):
            objects.put(key, b"x", "", {}, Expected.ANYTHING)
    assert [path.name for path in outside.iterdir()] == ["file"]


def test_a_hostile_mirror_names_no_file_of_others(site: OwnSite, tmp_path: Path) -> None:
    """What lies ready in a mirror is told by the mirror itself: who adopts one got it somewhere."""
    victim, copy = tmp_path / "victim", tmp_path / "mirror"
    victim.write_text("mine")
    out = {**LISTED, "sha256": "../../../../victim"}
    move = {name: out[name] for name in ("path", "sha256", "mediaType", "cache")}
    (copy / MOVES).mkdir(parents=True, exist_ok=True)
    (copy / MOVES / "00000000.jsonl").write_bytes(canonical_json(move) + b"\n")
    state = json.loads((copy / MIRROR_KEY).read_bytes())
    (copy / MIRROR_KEY).write_bytes(canonical_json({**state, "phase": "placing"}))
    code, told = fails(site, "adopt", copy, "--out", tmp_path / "heir")
    assert (code, "holds what we did not write" in told) == (4, True)
    (copy / MIRROR_KEY).write_bytes(canonical_json({**state, "phase": "fetching"}))
    assert site.run("mirror", site.site, copy).code == 0
    assert victim.read_text() == "mine"


def test_repair_mends_damage_and_rolls_nothing_back(site: OwnSite, tmp_path: Path) -> None:
    public, older = tmp_path / "public", tmp_path / "older"
    shutil.copytree(site.site, older)
    site.grows("A3")
    site.deploys()
    (tmp_path / "anchor").unlink()
    index = public / "manifest/index.json"
    whole = index.read_bytes()
    for content in (whole, whole[:200]):
        index.write_bytes(content)
        code, told = fails(site, "deploy", "--repair", "--out", older)
        assert (code, "rolled back" in told) == (4, True)
    assert _told(fails(site, "deploy"), "--repair puts the site's own bytes back") == (4, True)
    site.deploys("--repair")
    is_whole(public, site.run)
    index.write_bytes(whole.replace(b"id.maker-packs.eu", b"id.other-packs.eu"))
    assert _told(fails(site, "deploy", "--repair"), "another site lies there") == (4, True)
