"""The manifest: what was made is read back, and no list leads anywhere but into its site."""

from hashlib import sha256

import pytest

from passport.base_url import BaseUrl
from passport.encoding.canonical import Json, canonical_json
from passport.errors import VerificationError
from passport.manifest import (
    INDEX_PATH,
    ListedFile,
    ListedShard,
    LoggedEntry,
    index_document,
    is_former_shard,
    is_listed,
    make_shards,
    parse_entries,
    parse_index,
    parse_shard,
    shard_of,
)
from tests.vectors import Vector, expected, load_vectors

ENTRIES = (LoggedEntry("status-list", "uEiB", 6), LoggedEntry("did-log", "uEiA", 0))


@pytest.mark.parametrize("vector", load_vectors("manifest", "index"), ids=lambda v: v.name)
def test_indexes(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    with expected(vector):
        assert [shard.path for shard in parse_index(vector.input)] == vector.ok


@pytest.mark.parametrize("vector", load_vectors("manifest", "shard"), ids=lambda v: v.name)
def test_shards(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    content = canonical_json(vector.input["shard"])
    listed = ListedShard(
        "/manifest/all.json",
        vector.input.get("sha256", sha256(content).hexdigest()),
        vector.input.get("files", len(vector.input["shard"]["files"])),
    )
    with expected(vector):
        assert [file.path for file in parse_shard(listed, content)] == vector.ok


@pytest.mark.parametrize(("count", "shards"), [(0, 1), (3, 1), (256, 1), (257, 16), (4097, 256)])
def test_what_was_listed_is_read_back(count: int, shards: int) -> None:
    files = [
        ListedFile(f"/f/{number}", sha256(b"%d" % number).hexdigest(), number, "text/html", "page")
        for number in range(count)
    ]
    made = make_shards(files)
    base_url = BaseUrl("https://id.example.com")
    index = index_document(
        base_url,
        "did:web:id.example.com",
        made,
        ENTRIES,
        log_origin="id.example.com/log/1",
        log_index=7,
        time="2026-02-18T09:30:00Z",
        commit="c0ffee",
    )
    assert {name: value for name, value in index.items() if name != "shards"} == {
        "id": "https://id.example.com/manifest/index.json",
        "type": "SiteManifest",
        "issuer": "did:web:id.example.com",
        "time": "2026-02-18T09:30:00Z",
        "commit": "c0ffee",
        "log": {"origin": "id.example.com/log/1", "index": 7},
        "entries": [
            {"type": "did-log", "digest": "uEiA", "index": 0},
            {"type": "status-list", "digest": "uEiB", "index": 6},
        ],
    }
    assert parse_entries(index) == tuple(sorted(ENTRIES))
    listed = parse_index(index)
    assert len(listed) == shards
    content = {shard.listed.path: shard.content for shard in made}
    read = [file for shard in listed for file in parse_shard(shard, content[shard.path])]
    assert sorted(read) == sorted(files)
    for file in files[:20]:
        found = shard_of(file.path, listed)
        assert file in parse_shard(found, content[found.path])


def test_a_manifest_that_lacks_shards_has_none_for_a_path() -> None:
    listed = [ListedShard(f"/manifest/{n:x}.json", "ab" * 32, 0) for n in range(16)]
    own = shard_of("/a", listed)
    others = [shard for shard in listed if shard != own]
    for lacking in ([], [own], [own, *others[:2]], [*others, others[0]]):
        with pytest.raises(VerificationError, match="the manifest has no shard"):
            shard_of("/a", lacking)


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ("uEiA", "'entry' is no object"),
        ({"type": "did-log", "digest": "uEiA"}, "member 'index' is no number from 0 on"),
        ({"type": "did-log", "digest": "uEiA", "index": -1}, "member 'index' is no number"),
        ({"type": "did-log", "index": 0}, "member 'digest' is missing"),
        ({"digest": "uEiA", "index": 0}, "member 'type' is missing"),
        ({"type": "x", "digest": "u", "index": 0, "size": 1}, "member 'size' is not known here"),
    ],
)
def test_entries_of_another_form_are_refused(item: Json, says: str) -> None:
    with pytest.raises(VerificationError, match=says):
        parse_entries({"entries": [item]})


def test_the_first_version_tells_its_commit_and_why() -> None:
    file = ListedFile("/f", "ab" * 32, 1, "application/vc", "data", "c0ffee", "placed")
    (shard,) = make_shards([file])
    assert parse_shard(shard.listed, shard.content) == (file,)


def test_a_change_of_one_file_changes_one_shard() -> None:
    files = [ListedFile(f"/f/{n}", "ab" * 32, n, "text/html", "page") for n in range(3000)]
    changed = [ListedFile("/f/0", "cd" * 32, 9, "text/html", "page"), *files[1:]]
    before, after = (set(make_shards(listed)) for listed in (files, changed))
    assert len(before - after) == 1


@pytest.mark.parametrize(
    "path", [INDEX_PATH, "/manifest/0f.json", "/log/1/checkpoint", "/status/1/x"]
)
def test_what_proves_itself_is_not_listed(path: str) -> None:
    assert not is_listed(path)
    assert is_listed(f"/dpp{path}")


def test_a_file_without_a_reason_is_listed_without_one() -> None:
    (shard,) = make_shards([ListedFile("/f", "ab" * 32, 1, "text/html", "page")])
    assert b"commit" not in shard.content
    assert b"reason" not in shard.content


@pytest.mark.parametrize(
    ("path", "content", "is_one"),
    [
        ("/manifest/all.json", '{"files": [{"path": "/a"}]}', True),
        ("/manifest/0f.json", '{"files": []}', True),
        ("/manifest/all.json", '{"files": [{"path": "/a"}, {"path": "/gone"}]}', False),
        ("/manifest/all.json", '{"files": ["/a"]}', False),
        ("/manifest/all.json", "[]", False),
        ("/manifest/all.json", "CANARY", False),
        ("/manifest/mine.json", '{"files": []}', False),
        ("/manifest/index.json", '{"files": []}', False),
        ("/a", '{"files": []}', False),
    ],
)
def test_a_former_shard_names_what_is_listed_now(path: str, content: str, *, is_one: bool) -> None:
    assert is_former_shard(path, content.encode(), {"/a", "/b"}) is is_one
