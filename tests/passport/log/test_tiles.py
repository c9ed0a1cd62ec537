"""Tiles: names and bytes are those of C2SP tlog-tiles, and a tree is read from nothing else."""

import tracemalloc
from random import Random

import pytest

from passport.errors import VerificationError
from passport.log.growing_log import GrowingLog, RightEdge
from passport.log.merkle import EMPTY_ROOT, leaf_hash, verify_consistency, verify_inclusion
from passport.log.tiled_log import TiledLog
from passport.log.tiles import Tile, TileFile, bundle_of, entries_of, right_edge, tile_at, tiles_of
from tests import naive_tree
from tests.extended_log import extend
from tests.forge_tiles import bundle, entry, hash_tile
from tests.vectors import Vector, expected, load_vectors

ENTRIES = tuple(entry(n) for n in range(1100))


@pytest.mark.parametrize("vector", load_vectors("tiles", "paths"), ids=lambda v: v.name)
def test_paths(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    with expected(vector):
        tile = Tile.parse(vector.input["path"])
        assert {"level": tile.level, "index": tile.index, "width": tile.width} == vector.ok
        assert tile.path == vector.input["path"]


@pytest.mark.parametrize("vector", load_vectors("tiles", "bundles"), ids=lambda v: v.name)
def test_bundles(vector: Vector) -> None:
    assert isinstance(vector.input, dict)
    content = bytes.fromhex(vector.input["hex"])
    with expected(vector):
        entries = entries_of(Tile(None, 0, vector.input["width"]), content)
        assert [entry.hex() for entry in entries] == vector.ok
        assert bundle_of(entries) == content


@pytest.mark.parametrize("vector", load_vectors("tiles", "reading"), ids=lambda v: v.name)
def test_reading(vector: Vector) -> None:
    given = vector.input
    assert isinstance(given, dict)
    files = {path: bytes.fromhex(content) for path, content in given["files"].items()}
    log = TiledLog(files.get, size=given["size"], root=bytes.fromhex(given["root"]))
    with expected(vector):
        assert log.entry(given["index"]).hex() == vector.ok
        assert log.leaf(given["index"]) == leaf_hash(log.entry(given["index"]))


def grown(sizes: list[int]) -> tuple[dict[str, bytes], RightEdge]:
    """Grow a log to these sizes, one after the other; return its files and its edge."""
    files: dict[str, bytes] = {}
    edge = RightEdge()
    for size in sizes:
        extension = extend(edge, ENTRIES[edge.size : size])
        made = {file.tile.path: file.content for file in extension.files}
        assert len(made) == len(extension.files)
        assert not made.keys() & files.keys(), "a file was written twice"
        files |= made
        edge = extension.edge
    return files, edge


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 300, 512, 513, 1100])
def test_files_are_what_the_specification_defines(size: int) -> None:
    files, edge = grown([size])
    assert edge.root == naive_tree.root(ENTRIES[:size])
    assert files.keys() == {tile.path for tile in tiles_of(size)}
    for tile in tiles_of(size):
        if tile.level is None:
            assert files[tile.path] == bundle(ENTRIES[tile.start : tile.end])
        else:
            assert files[tile.path] == hash_tile(ENTRIES[:size], tile.level, tile.index)


def test_the_files_of_a_tree_of_70000() -> None:
    """The example of tlog-tiles, Partial Tiles."""
    hashes = [tile for tile in tiles_of(70_000) if tile.level is not None]
    assert sum(tile.level == 0 and tile.width == 256 for tile in hashes) == 273
    assert [tile.path for tile in hashes if tile.level or tile.width < 256] == [
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]
    assert [tile.path for tile in right_edge(70_000)] == [
        "tile/0/273.p/112",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]


def test_the_steps_in_which_a_log_grew_do_not_show() -> None:
    random = Random(5)
    at_once, _ = grown([1100])
    for _ in range(10):
        sizes = sorted({*random.sample(range(1, 1100), 5), 1100})
        files, edge = grown(sizes)
        assert at_once.items() <= files.items()
        assert edge.root == naive_tree.root(ENTRIES)
        assert {tile.path for size in sizes for tile in tiles_of(size)} == files.keys()


def test_adding_nothing_changes_no_file() -> None:
    _, edge = grown([300])
    assert extend(edge, ()).files == ()
    assert extend(edge, ()).edge == edge
    assert extend(RightEdge(), ()).edge.root == EMPTY_ROOT


def test_only_the_right_edge_is_rewritten() -> None:
    _, edge = grown([1000])
    paths = [file.tile.path for file in extend(edge, ENTRIES[1000:1010]).files]
    assert paths == ["tile/entries/003.p/242", "tile/0/003.p/242"]


def test_an_entry_has_65535_bytes_at_most() -> None:
    (file, _) = extend(RightEdge(), [bytes(65_535)]).files
    assert entries_of(file.tile, file.content) == (bytes(65_535),)
    with pytest.raises(ValueError, match="too long"):
        extend(RightEdge(), [bytes(65_536)])


def test_a_level_higher_is_begun_where_the_one_below_is_full() -> None:
    log = GrowingLog(RightEdge())
    made = [file.tile for file in log.append(b"" for _ in range(65_536 + 1))]
    made += [file.tile for file in log.finish()]
    assert sorted(tile.path for tile in made if tile.level) == [
        "tile/1/000",
        "tile/2/000.p/1",
    ]
    assert {tile.path for tile in made} == {tile.path for tile in tiles_of(65_537)}


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
def test_everything_is_read_back(size: int) -> None:
    files, edge = grown([size // 2, size] if size > 1 else [size])
    log = TiledLog(files.get, size=size, root=edge.root)
    assert tuple(log.entries()) == ENTRIES[:size]
    assert tuple(log.entries(size - 1)) == ENTRIES[size - 1 : size]
    assert log.edge() == edge
    for index in range(0, size, 37):
        proof = log.inclusion_proof(index)
        verify_inclusion(log.leaf(index), proof, index=index, size=size, root=edge.root)
        old = index + 1
        root = log.root_at(old)
        assert root == naive_tree.root(ENTRIES[:old])
        verify_consistency(
            log.consistency_proof(old), old=old, old_root=root, new=size, new_root=edge.root
        )


def test_each_single_file_counts() -> None:
    files, edge = grown([700])
    for path, content in files.items():
        damaged = files | {path: bytes([content[0] ^ 1]) + content[1:]}
        log = TiledLog(damaged.get, size=700, root=edge.root)
        with pytest.raises(VerificationError, match="tile: "):
            list(log.entries())


def test_an_old_checkpoint_is_still_read_when_the_log_has_grown() -> None:
    files, _ = grown([300, 700])
    log = TiledLog(files.get, size=300, root=naive_tree.root(ENTRIES[:300]))
    assert tuple(log.entries()) == ENTRIES[:300]


def test_the_edge_of_a_large_log_is_read_from_a_few_files() -> None:
    size = 70_000
    log = GrowingLog(RightEdge())
    files = dict(map(named, (*log.append(b"%d" % n for n in range(size)), *log.finish())))
    asked: list[str] = []

    def get(path: str) -> bytes | None:
        asked.append(path)
        return files.get(path)

    assert TiledLog(get, size=size, root=log.edge.root).edge() == log.edge
    assert len(asked) == 4
    asked.clear()
    reader = TiledLog(get, size=size, root=log.edge.root)
    reader.entry(12_345)
    reader.inclusion_proof(12_345)
    assert len(asked) == len(set(asked)) == 6


def named(file: TileFile) -> tuple[str, bytes]:
    return file.tile.path, file.content


def nothing(_: str) -> bytes | None:
    return None


def test_the_empty_log_is_its_root_alone() -> None:
    log = TiledLog(nothing, size=0, root=EMPTY_ROOT)
    assert (log.edge(), log.root_at(0), list(log.entries())) == (RightEdge(), EMPTY_ROOT, [])
    with pytest.raises(VerificationError, match="does not lead to"):
        TiledLog(nothing, size=0, root=leaf_hash(b"")).edge()


def test_what_a_tree_does_not_have_is_not_asked_for() -> None:
    files, edge = grown([3])
    log = TiledLog(files.get, size=3, root=edge.root)
    for size in (0, 4, -1):
        with pytest.raises(VerificationError, match=f"none of {size}"):
            log.consistency_proof(size)
    with pytest.raises(VerificationError, match="has 3 entries: 4 of them"):
        log.consistency_proof(2, 4)
    with pytest.raises(VerificationError, match="3 entries, not 4"):
        log.root_at(4)
    with pytest.raises(ValueError, match="no tile 1"):
        tile_at(0, 1, 256)


def test_a_growing_log_holds_its_right_edge_only() -> None:
    log = GrowingLog(RightEdge())
    tracemalloc.start()
    try:
        for _ in log.append(entry(n) for n in range(20_000)):
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 300_000
    assert sum(map(len, log.edge.hashes)) < 256 * 2
