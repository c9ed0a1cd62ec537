"""Makes the vectors of Merkle proofs: sound ones of small trees, and each way to bend them.

Roots and proofs are made by `tests.naive_tree`, so that the vectors judge `passport.log.merkle`
and its twins alike.
"""

from collections.abc import Iterator
from typing import Any

from tests import naive_tree

Object = dict[str, Any]

ENTRIES = tuple(f"entry {n}".encode() for n in range(40))
INCLUDED = ((0, 1), (0, 2), (1, 2), (2, 3), (0, 8), (5, 8), (4, 5), (6, 7), (21, 40), (39, 40))
CONTINUED = ((1, 1), (1, 2), (2, 3), (3, 3), (1, 8), (6, 8), (4, 7), (8, 40), (7, 40), (39, 40))


def line(name: str, why: str, given: Object, expect: Object) -> Object:
    return {"name": name, "why": why, "input": given, "expect": expect}


def refused(says: str) -> Object:
    return {"error": "VerificationError", "says": says}


def in_hex(hashes: list[bytes]) -> list[str]:
    return [hash_.hex() for hash_ in hashes]


def flipped(text: str) -> str:
    """Return hex with its first bit changed."""
    return f"{int(text[0], 16) ^ 8:x}{text[1:]}"


def included(index: int, size: int) -> Object:
    entries = ENTRIES[:size]
    return {
        "leaf": naive_tree.leaf(ENTRIES[index]).hex(),
        "index": index,
        "size": size,
        "proof": in_hex(naive_tree.path(index, entries)),
        "root": naive_tree.root(entries).hex(),
    }


def continued(old: int, new: int) -> Object:
    return {
        "old": old,
        "oldRoot": naive_tree.root(ENTRIES[:old]).hex(),
        "new": new,
        "newRoot": naive_tree.root(ENTRIES[:new]).hex(),
        "proof": in_hex(naive_tree.proof(old, ENTRIES[:new])),
    }


def bent_proofs(sound: Object, root: str, names: tuple[str, ...]) -> Iterator[tuple[str, Object]]:
    """Yield a sound proof with one thing wrong in its hashes."""
    proof: list[str] = sound["proof"]
    for place in range(len(proof)):
        changed = [flipped(h) if at == place else h for at, h in enumerate(proof)]
        yield f"hash {place} changed", sound | {"proof": changed}
    if len(proof) > 1:
        yield "neighbours swapped", sound | {"proof": [proof[1], proof[0], *proof[2:]]}
        yield "reversed", sound | {"proof": proof[::-1]}
        yield "two hashes in one", sound | {"proof": ["".join(proof)]}
    if proof:
        yield "last hash missing", sound | {"proof": proof[:-1]}
        yield "first hash missing", sound | {"proof": proof[1:]}
        yield "empty", sound | {"proof": []}
        yield "hash of 31 bytes", sound | {"proof": [proof[0][:-2], *proof[1:]]}
        yield "hash of no bytes", sound | {"proof": ["", *proof[1:]]}
    yield "root appended", sound | {"proof": [*proof, sound[root]]}
    yield "zeros appended", sound | {"proof": [*proof, "00" * 32]}
    for name in names:
        yield f"{name} changed", sound | {name: flipped(sound[name])}
        yield f"{name} of 31 bytes", sound | {name: sound[name][:-2]}
        yield f"{name} empty", sound | {name: ""}


def inclusion_vectors() -> Iterator[Object]:
    why = "RFC 6962 2.1.1"
    for index, size in INCLUDED:
        yield line(f"{index} in {size}", why, included(index, size), {"ok": True})
    for index, size in ((0, 1), (5, 8), (4, 5), (21, 40)):
        sound = included(index, size)
        for name, given in bent_proofs(sound, "root", ("leaf", "root")):
            yield line(f"{index} in {size}: {name}", "damaged", given, refused("inclusion: "))
        for other in (index - 1, index + 1):
            lie = sound | {"index": other}
            yield line(f"{index} in {size} as {other}", "moved", lie, refused("inclusion: "))
        beyond = sound | {"index": size}
        yield line(
            f"{index} in {size}: index {size}", "out of range", beyond, refused("there is no entry")
        )
        lie = sound | {"leaf": naive_tree.leaf(b"another").hex()}
        yield line(f"{index} in {size}: another leaf", "swapped", lie, refused("does not lead"))
    none = included(0, 1) | {"size": 0}
    yield line("0 in 0", "an empty tree holds nothing", none, refused("there is no entry 0"))
    huge = included(0, 1) | {"size": 2**53 - 1}
    yield line("0 in 2^53 - 1", "a proof of 53 hashes", huge, refused("has 0 hashes, not 53"))
    node = b"".join(naive_tree.leaf(entry) for entry in ENTRIES[:2])
    passing = included(0, 2) | {
        "leaf": naive_tree.leaf(node).hex(),
        "index": 0,
        "size": 1,
        "proof": [],
    }
    yield line(
        "node as entry",
        "an entry of two leaf hashes is no node, as it is hashed behind 0x00",
        passing,
        refused("does not lead"),
    )


def consistency_vectors() -> Iterator[Object]:
    for old, new in CONTINUED:
        yield line(f"{old} to {new}", "RFC 6962 2.1.2", continued(old, new), {"ok": True})
    for old, new in ((1, 1), (1, 2), (4, 7), (6, 8), (7, 40)):
        sound = continued(old, new)
        for name, given in bent_proofs(sound, "newRoot", ("oldRoot", "newRoot")):
            yield line(f"{old} to {new}: {name}", "damaged", given, refused("consistency: "))
        backwards = sound | {"old": new + 1}
        yield line(f"{old} to {new}: older larger", "shrunk", backwards, refused("can't continue"))
        none = sound | {"old": 0}
        yield line(f"{old} to {new}: older empty", "it says nothing", none, refused("of 0"))
    same = continued(6, 6) | {"proof": continued(6, 8)["proof"]}
    yield line("6 to 6 with a proof", "none is needed", same, refused("not 0"))
    forked = continued(6, 6) | {"newRoot": naive_tree.root(ENTRIES[1:7]).hex()}
    yield line("6 to 6, two roots", "a fork", forked, refused("two roots for 6 entries"))
