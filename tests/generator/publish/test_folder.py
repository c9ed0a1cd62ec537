"""Publishing to a folder: what is written, what is kept, what is refused."""

import fcntl
import json
import os
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from generator.build.artifact import Artifact, CacheClass
from generator.publish.folder import publish, require_finished
from passport.errors import PublishError
from tests.generator.publish.sites import BASE, asset, contents_of, data, page, site


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "site"


def inodes_of(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def refusal(artifacts: tuple[Artifact, ...], out: Path) -> str:
    """Return why a site is refused, having checked that nothing of it is seen."""
    before = contents_of(out)
    with pytest.raises(PublishError) as caught:
        publish(artifacts, out)
    assert contents_of(out) == before
    require_finished(out)
    assert caught.value.remedy
    return str(caught.value)


def test_a_site_is_written_where_its_urls_say(out: Path) -> None:
    report = publish((*BASE, page("/01/1/21/A", "a"), data("/dpp/A/passport.json", "{}")), out)
    assert contents_of(out) == {
        "404.html": b"unknown",
        "index.html": b"home",
        "01/1/21/A.html": b"a",
        "dpp/A/passport.json": b"{}",
    }
    assert report.paths == ("/404.html", "/", "/01/1/21/A", "/dpp/A/passport.json")
    assert (report.written, report.unchanged, report.kept) == (4, 0, 0)


def test_only_what_changed_is_written(out: Path) -> None:
    publish((*BASE, page("/01/1", "one"), page("/01/2", "two")), out)
    before = inodes_of(out)
    report = publish((*BASE, page("/01/1", "one"), page("/01/2", "TWO")), out)
    assert report.paths == ("/01/2",)
    assert report.unchanged == 3
    changed = {name for name, inode in inodes_of(out).items() if before[name] != inode}
    assert changed == {"2.html"}


def test_building_again_changes_nothing(out: Path) -> None:
    publish(site("old"), out)
    before = inodes_of(out)
    report = publish(site("old"), out)
    assert (report.written, report.kept) == (0, 0)
    assert inodes_of(out) == before


def test_assets_and_dot_files_are_carried_over(out: Path) -> None:
    publish((*BASE, asset("/assets/1/site.css", "one")), out)
    (out / ".gitignore").write_text("*\n")
    report = publish((*BASE, asset("/assets/2/site.css", "two")), out)
    assert report.kept == 2
    assert contents_of(out).keys() == {
        "404.html",
        "index.html",
        "assets/1/site.css",
        "assets/2/site.css",
        ".gitignore",
    }


def test_what_is_left_beside_a_site_hides_itself(out: Path) -> None:
    publish(BASE, out)
    beside = out.parent / ".site.publish"
    assert {path.name for path in beside.iterdir()} == {".gitignore", "lock"}
    assert (beside / ".gitignore").read_text() == "*\n"


def manifest(*shards: str) -> tuple[Artifact, ...]:
    """A manifest of these shards, as far as publishing looks at it."""
    listed = [{"path": f"/manifest/{s}.json", "files": 0, "sha256": "0" * 64} for s in shards]
    index = json.dumps({"type": "SiteManifest", "shards": listed})
    parts = [data(f"/manifest/{shard}.json", "{}") for shard in shards]
    parts.append(data("/manifest/index.json", index))
    return (*BASE, *(replace(part, media_type="application/json") for part in parts))


def test_a_site_that_grew_keeps_the_former_shard_of_its_manifest(out: Path) -> None:
    publish(manifest("all"), out)
    named = [f"{digit:x}" for digit in range(16)]
    publish(manifest(*named), out)
    found = {path.stem for path in (out / "manifest").iterdir()}
    assert found == {"index", "all", *named}


def test_only_shards_are_kept(out: Path) -> None:
    publish(manifest("all"), out)
    (out / "manifest/mine.json").write_text("{}")
    assert "1 published URL would vanish: /manifest/mine.json" in refusal(manifest("0"), out)


def test_a_url_never_vanishes(out: Path) -> None:
    batteries = tuple(page(f"/01/1/21/B{number:02}", "b") for number in range(14))
    publish((*BASE, *batteries), out)
    message = refusal((*BASE, *batteries[:2]), out)
    assert "12 published URLs would vanish: /01/1/21/B02, /01/1/21/B03" in message
    assert "/01/1/21/B11 and 2 more: restore the content" in message
    assert "B12" not in message


@pytest.mark.parametrize("stranger", ["notes.txt", "01/notes.txt", ".git/config", "01/.DS_Store"])
def test_a_stranger_s_file_is_never_touched(out: Path, stranger: str) -> None:
    publish(BASE, out)
    (out / stranger).parent.mkdir(exist_ok=True)
    (out / stranger).write_text("mine")
    assert f"1 published URL would vanish: /{stranger}: " in refusal(BASE, out)


def test_a_folder_of_somebody_else_is_not_taken_over(out: Path) -> None:
    out.mkdir()
    (out / "thesis.tex").write_text("years of work")
    assert "/thesis.tex" in refusal(BASE, out)


def test_another_spelling_of_a_published_url_is_a_vanished_one(out: Path) -> None:
    publish((*BASE, page("/01/1/21/abc", "x")), out)
    assert "/01/1/21/abc" in refusal((*BASE, page("/01/1/21/ABC", "x")), out)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (page("/01/1/21/A", "1"), page("/01/1/21/A", "2")),
        (page("/01/1/21/A", "1"), page("/01/1/21/a", "1")),
        (
            data("/manifest/1", "1", "application/json"),
            data("/manifest/1/2", "", "application/json"),
        ),
    ],
    ids=["twice", "case", "file-and-folder"],
)
def test_two_urls_never_share_a_place(out: Path, first: Artifact, second: Artifact) -> None:
    publish(BASE, out)
    message = refusal((*BASE, first, second), out)
    assert first.url_path in message
    assert second.url_path in message


def test_a_carried_over_asset_keeps_its_place(out: Path) -> None:
    publish((*BASE, asset("/assets/a.css", "1")), out)
    assert "/assets/a.css" in refusal((*BASE, asset("/assets/A.css", "1")), out)


def test_what_never_changes_may_not_change(out: Path) -> None:
    version = Artifact(
        url_path="/dpp/A/v/1.json",
        content=b"1",
        media_type="application/vc",
        cache=CacheClass.WRITTEN_ONCE,
    )
    forged = replace(version, content=b"2")
    publish((*BASE, version, asset("/assets/1.css", "1")), out)
    message = refusal((*BASE, forged, asset("/assets/1.css", "2")), out)
    assert "would change: /dpp/A/v/1.json, /assets/1.css: " in message


def test_a_sealed_file_may_become_a_tombstone(out: Path) -> None:
    sealed, tombstone = (
        Artifact(
            url_path="/dpp/A/sealed/xiii-4/1.json",
            content=content,
            media_type="application/json",
            cache=CacheClass.SEALED,
        )
        for content in (b"sealed", b"tombstone")
    )
    publish((*BASE, sealed), out)
    assert publish((*BASE, tombstone), out).paths == (sealed.url_path,)


def test_an_artifact_agrees_with_what_hosts_are_told(out: Path) -> None:
    wrong = data("/dpp/A/passport.json", "{}", "application/json")
    with pytest.raises(ValueError, match="application/vc"):
        publish((*BASE, wrong), out)
    assert "no media type is known" in refusal((*BASE, data("/x/y.z", "", "text/plain")), out)


def test_an_empty_build_is_no_site(out: Path) -> None:
    assert "the build made no files" in refusal((), out)
    assert not out.exists()


@pytest.mark.parametrize("link", ["site/01", "site/01/1.html", "site/assets/x.css"])
def test_a_link_inside_a_site_is_refused(out: Path, link: str) -> None:
    publish((*BASE, page("/01/1", "1"), asset("/assets/x.css", "x")), out)
    path = out.parent / link
    moved = out.parent / "elsewhere"
    path.rename(moved)
    path.symlink_to(moved)
    message = refusal((*BASE, page("/01/1", "1"), asset("/assets/x.css", "x")), out)
    assert "is a symbolic link" in message


def test_a_site_folder_is_no_link_and_no_file(out: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    out.symlink_to(tmp_path / "real")
    assert "is a symbolic link" in str(refusal_of_folder(out))
    (tmp_path / "file").write_text("")
    assert "is not a folder" in str(refusal_of_folder(tmp_path / "file"))
    assert "top of a file system" in str(refusal_of_folder(Path("/")))


def refusal_of_folder(out: Path) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publish(BASE, out)
    return caught.value


def test_a_folder_in_the_place_of_a_file_is_refused(out: Path) -> None:
    publish(BASE, out)
    (out / "open.html").mkdir()
    assert "a folder lies where /open belongs" in refusal((*BASE, page("/open", "x")), out)


def test_a_pipe_is_refused(out: Path) -> None:
    publish(BASE, out)
    os.mkfifo(out / "pipe")
    assert "neither a file nor a folder" in refusal(BASE, out)


def test_one_build_writes_at_a_time(out: Path) -> None:
    publish(BASE, out)
    with (out.parent / ".site.publish" / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another build is writing" in refusal((page("/", "new"), BASE[0]), out)
    publish((page("/", "new"), BASE[0]), out)


def test_bytes_are_not_gathered(out: Path) -> None:
    def documents() -> Iterator[Artifact]:
        yield from BASE
        for number in range(48):
            yield asset(f"/assets/{number}/manual.pdf", "x" * 1_000_000, "application/pdf")

    tracemalloc.start()
    try:
        assert publish(documents(), out).written == 50
        assert publish(documents(), out).unchanged == 50
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000


@pytest.mark.soak
def test_a_hundred_thousand_pages_are_published(out: Path) -> None:
    def pages(edition: str) -> Iterator[Artifact]:
        yield from BASE
        for number in range(100_000):
            yield page(f"/01/09506000134352/21/B{number:06}", f"<p>{edition}</p>" * 100)

    tracemalloc.start()
    try:
        assert publish(pages("old"), out).written == 100_002
        assert publish(pages("old"), out).unchanged == 100_002
        assert publish(pages("new"), out).written == 100_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 120_000_000  # names only: the pages of one edition hold more
