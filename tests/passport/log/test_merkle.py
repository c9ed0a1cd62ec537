"""Merkle trees: our roots and proofs are the RFC's, and each bent proof is refused."""

import pytest

from passport.errors import VerificationError
from passport.log.merkle import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from tests import naive_tree
from tests.vectors import Vector, expected, load_vectors

ENTRIES = tuple(f"entry {n}".encode() for n in range(70))
LEAVES = tuple(map(leaf_hash, ENTRIES))
ROOTS = tuple(naive_tree.root(ENTRIES[:size]) for size in range(71))


def node(height: int, index: int) -> bytes:
    """Return a subtree of the tree over all leaves."""
    return root_of(LEAVES[index << height : (index + 1) << height])


CT_ENTRIES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", bytes(range(96, 112)))
CT_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""The trees by which implementations of Certificate Transparency are compared."""


def unhex(texts: object) -> list[bytes]:
    assert isinstance(texts, list)
    return [bytes.fromhex(text) for text in texts]


@pytest.mark.parametrize("vector", load_vectors("merkle", "inclusion"), ids=lambda v: v.name)
def test_inclusion(vector: Vector) -> None:
    given = vector.input
    assert isinstance(given, dict)
    with expected(vector):
        verify_inclusion(
            bytes.fromhex(given["leaf"]),
            unhex(given["proof"]),
            index=given["index"],
            size=given["size"],
            root=bytes.fromhex(given["root"]),
        )


@pytest.mark.parametrize("vector", load_vectors("merkle", "consistency"), ids=lambda v: v.name)
def test_consistency(vector: Vector) -> None:
    given = vector.input
    assert isinstance(given, dict)
    with expected(vector):
        verify_consistency(
            unhex(given["proof"]),
            old=given["old"],
            old_root=bytes.fromhex(given["oldRoot"]),
            new=given["new"],
            new_root=bytes.fromhex(given["newRoot"]),
        )


@pytest.mark.parametrize("size", range(9))
def test_the_roots_that_everybody_knows(size: int) -> None:
    entries = [bytes.fromhex(e) if isinstance(e, str) else e for e in CT_ENTRIES]
    assert root_of([leaf_hash(entry) for entry in entries[:size]]).hex() == CT_ROOTS[size]


def test_every_root_and_proof_is_the_one_that_the_rfc_defines() -> None:
    for size in range(1, 71):
        assert root_of(LEAVES[:size]) == tree_root(size, node) == ROOTS[size]
        for index in range(size):
            proof = inclusion_proof(index, size, node)
            assert list(proof) == naive_tree.path(index, ENTRIES[:size])
            verify_inclusion(LEAVES[index], proof, index=index, size=size, root=ROOTS[size])
        for old in range(1, size + 1):
            proof = consistency_proof(old, size, node)
            assert list(proof) == naive_tree.proof(old, ENTRIES[:size])
            verify_consistency(proof, old=old, old_root=ROOTS[old], new=size, new_root=ROOTS[size])


def test_no_proof_holds_for_another_index() -> None:
    for size in (2, 7, 8, 33, 70):
        for index in range(size):
            proof = inclusion_proof(index, size, node)
            for other in set(range(size)) - {index}:
                with pytest.raises(VerificationError, match="inclusion"):
                    verify_inclusion(LEAVES[index], proof, index=other, size=size, root=ROOTS[size])


def test_an_entry_that_looks_like_a_node_is_none() -> None:
    """Attack 28: an entry of 64 bytes, the two leaf hashes of a tree."""
    entry = LEAVES[0] + LEAVES[1]
    assert leaf_hash(entry) != node_hash(LEAVES[0], LEAVES[1])
    assert root_of([leaf_hash(entry)]) != ROOTS[2]


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_is_made_of_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no entry"):
        inclusion_proof(index, size, node)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (0, 0)])
def test_no_proof_is_made_of_a_tree_that_shrank(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="continues"):
        consistency_proof(old, new, node)
