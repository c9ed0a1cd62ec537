"""Makes the vectors of tiles: their names, bundles of entries, and logs that lie in one file.

Files are made as C2SP tlog-tiles defines them, from `tests.naive_tree` and not from our code.
"""

from collections.abc import Iterator, Sequence

from tests import naive_tree
from tests.forge_trees import Object, flipped, line, refused


def entry(index: int) -> bytes:
    return f"entry {index}".encode()


def hash_tile(entries: Sequence[bytes], level: int, index: int) -> bytes:
    """Concatenate MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l]), i from 0 on."""
    span = 256**level
    starts = range(index * 256 * span, min((index + 1) * 256 * span, len(entries)), span)
    whole = (entries[start : start + span] for start in starts if start + span <= len(entries))
    return b"".join(map(naive_tree.root, whole))


def bundle(entries: Sequence[bytes]) -> bytes:
    return b"".join(bytes((len(e) >> 8, len(e) & 255)) + e for e in entries)


def path_vectors() -> Iterator[Object]:
    sound = {
        "tile/0/000": (0, 0, 256),
        "tile/0/273.p/112": (0, 273, 112),
        "tile/1/x001/234.p/17": (1, 1234, 17),
        "tile/2/x001/x234/067": (2, 1234067, 256),
        "tile/6/000.p/31": (6, 0, 31),
        "tile/entries/000.p/1": (None, 0, 1),
        "tile/entries/x012/000": (None, 12000, 256),
    }
    for path, (level, index, width) in sound.items():
        named = {"level": level, "index": index, "width": width}
        yield line(path, "C2SP tlog-tiles, Merkle Tree", {"path": path}, {"ok": named})
    wrong = {
        "tile/0/0": "three digits a group",
        "tile/0/1234": "three digits a group",
        "tile/0/001/234": "groups but the last begin with x",
        "tile/0/x001": "the last group has no x",
        "tile/0/x000/001": "no group of zeros in front",
        "tile/0/X001/234": "a small x",
        "tile/00/000": "no zero in front of a level",
        "tile/-1/000": "no level is negative",
        "tile/7/000": "no log is so large",
        "tile/64/000": "levels end at 63",
        "tile/6/001": "no log is so large",
        "tile/0/x999/x999/x999/x999/x999/999": "no log is so large",
        "tile/0/000.p/0": "an empty tile has no file",
        "tile/0/000.p/256": "a full tile is not partial",
        "tile/0/000.p/01": "no zero in front of a width",
        "tile/0/000.p/-1": "no width is negative",
        "tile/0/000.p": "a width is missing",
        "tile/0/000/": "nothing follows",
        "tile/0/000\n": "nothing follows",
        "tile/0/０００": "digits are ASCII",
        "tile/data/000": "the name in the Go checksum database",
        "/tile/0/000": "paths begin below the prefix",
        "tile/0/../0/000": "one path a file",
        "checkpoint": "it is no tile",
        "": "it is no tile",
    }
    for path, why in wrong.items():
        yield line(f"wrong: {path!r}", why, {"path": path}, refused("names no tile"))


def bundle_vectors() -> Iterator[Object]:
    two = [b"a", b"bc"]
    sound = {"two": two, "empty entries": [b"", b""], "longer": [bytes(300)]}
    for name, entries in sound.items():
        given = {"width": len(entries), "hex": bundle(entries).hex()}
        yield line(name, "tlog-tiles, Log entries", given, {"ok": [e.hex() for e in entries]})
    wrong = {
        "one too few": (bundle(two[:1]), "has 1 entries, not 2"),
        "one too many": (bundle([*two, b"d"]), "has 3 entries, not 2"),
        "no bytes": (b"", "has 0 entries, not 2"),
        "cut in an entry": (bundle(two)[:-1], "ends within entry 1"),
        "cut behind a length": (bundle(two)[:-2], "ends within entry 1"),
        "cut in a length": (bundle(two)[:4], "ends within entry 1"),
        "byte appended": (bundle(two) + b"\0", "ends within entry 2"),
        "length too large": (b"\xff\xff" + bundle(two), "ends within entry 0"),
        "little-endian": (b"\1\0a\2\0bc", "ends within entry 0"),
    }
    for name, (content, says) in wrong.items():
        given = {"width": 2, "hex": content.hex()}
        yield line(name, "a damaged bundle", given, refused(f"tile: tile/entries/000.p/2 {says}"))


def a_log(size: int, index: int) -> Object:
    """Return a log with the files that an entry is read from."""
    entries = [entry(n) for n in range(size)]
    files = {}
    level = 0
    while size >> 8 * level:
        count = size >> 8 * level
        of_entry = index >> 8 * (level + 1)
        for at in {count // 256, of_entry}:
            width = min(256, count - at * 256)
            name = f"tile/{level}/{at:03}" + (f".p/{width}" if width < 256 else "")
            if width:
                files[name] = hash_tile(entries, level, at).hex()
        level += 1
    at = index // 256
    held = entries[at * 256 : (at + 1) * 256]
    name = f"tile/entries/{at:03}" + (f".p/{len(held)}" if len(held) < 256 else "")
    files[name] = bundle(held).hex()
    root = naive_tree.root(entries).hex()
    return {"size": size, "root": root, "index": index, "files": files}


def reading_vectors() -> Iterator[Object]:
    for size, index in ((1, 0), (5, 4), (256, 255), (260, 3), (260, 259)):
        ok = {"ok": entry(index).hex()}
        yield line(f"{index} of {size}", "every file leads to the root", a_log(size, index), ok)
    log = a_log(260, 259)
    leaves, above, held = "tile/0/001.p/4", "tile/1/000.p/1", "tile/entries/001.p/4"
    foreign = naive_tree.leaf(b"foreign").hex()
    for name, path, changed, says in (
        ("leaf tile changed", leaves, flipped(log["files"][leaves]), "does not lead to"),
        ("upper tile changed", above, flipped(log["files"][above]), "does not lead to"),
        ("leaf tile longer", leaves, log["files"][leaves] + foreign, "has 160 bytes, not 128"),
        ("leaf tile shorter", leaves, log["files"][leaves][:-64], "has 96 bytes, not 128"),
        ("leaf tile cut", leaves, log["files"][leaves][:-2], "has 127 bytes, not 128"),
        ("leaf tile empty", leaves, "", "has 0 bytes, not 128"),
        ("leaf tile missing", leaves, None, "tile/0/001.p/4 is missing"),
        ("upper tile missing", above, None, "tile/1/000.p/1 is missing"),
        ("bundle missing", held, None, "tile/entries/001.p/4 is missing"),
        ("entry changed", held, bundle([entry(n) for n in (256, 257, 258, 9)]).hex(), "entry 259"),
        ("other entry changed", held, bundle([entry(n) for n in (6, 257, 258, 259)]).hex(), "256"),
        ("entries swapped", held, bundle([entry(n) for n in (257, 256, 258, 259)]).hex(), "256"),
        ("entry too many", held, log["files"][held] + "0000", "has 5 entries, not 4"),
    ):
        files = {k: v for k, v in {**log["files"], path: changed}.items() if v is not None}
        yield line(name, "attack 26", log | {"files": files}, refused(says))
    longer = log | {"size": 261}
    yield line("size too large", "the file of that size is another", longer, refused("is missing"))
    other = log | {"root": foreign}
    yield line("another root", "the tiles are of another log", other, refused("does not lead to"))
    for index in (260, -1):
        beyond = log | {"index": index}
        yield line(f"index {index}", "attack 25", beyond, refused(f"none of index {index}"))
    nothing = {"size": 0, "root": naive_tree.root([]).hex(), "index": 0, "files": {}}
    yield line("empty log", "it holds nothing", nothing, refused("none of index 0"))
    full = a_log(260, 3)
    path = "tile/0/000"
    lie = full | {"files": {**full["files"], path: flipped(full["files"][path])}}
    yield line("full tile changed", "attack 26", lie, refused("tile/0/000 is not in the tree"))
