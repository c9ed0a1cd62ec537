"""Merkle trees over a list of entries: roots, and proofs that an entry or an older tree is in one.

Spec: RFC 6962 2.1, SHA-256. A leaf is hashed behind 0x00 and a node behind 0x01, so that no entry
passes for a node. Proofs are made from any source of complete subtrees (`Node`) and are checked
without one. Checking is exact: a proof has the one length that index and sizes ask for, and what
the RFC leaves open (an empty tree, a root that is no digest) is refused. How trees are stored is
the matter of `passport.log.tiles`; who signed a root that of `passport.log.checkpoint`.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from passport.errors import VerificationError

HASH_LENGTH = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without entries."""

Node = Callable[[int, int], bytes]
"""Returns the hash of a complete subtree: of 2**height entries, the index-th of that height."""

INCLUSION = "inclusion"
CONSISTENCY = "consistency"


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees side by side."""
    return sha256(b"\1" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of subtrees of one size; the last one may be smaller."""
    if not hashes:
        return EMPTY_ROOT
    while len(hashes) > 1:
        odd = hashes[-1:] if len(hashes) % 2 else ()
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        # Not by node_hash(): a tree of a million entries comes through this line.
        hashes = [sha256(b"\1" + left + right).digest() for left, right in pairs]
        hashes += odd
    return hashes[0]


def tree_root(size: int, node: Node) -> bytes:
    """Return the root of the tree of the first `size` entries."""
    return _range(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: Node) -> tuple[bytes, ...]:
    """Return the proof that an entry is in the tree of `size` (RFC 6962 2.1.1), leaf side first."""
    if not 0 <= index < size:
        raise ValueError(f"there is no entry {index} in a tree of {size}")
    return _path(index, 0, size, node)


def consistency_proof(old: int, new: int, node: Node) -> tuple[bytes, ...]:
    """Return the proof that the tree of `old` entries begins that of `new` (RFC 6962 2.1.2)."""
    if not 0 < old <= new:
        raise ValueError(f"no tree of {new} entries continues one of {old}")
    return _subproof(old, 0, new, node, is_whole=True)


def verify_inclusion(
    leaf: bytes, proof: Sequence[bytes], *, index: int, size: int, root: bytes
) -> None:
    """Return if `leaf`, a leaf hash, is at `index` of the tree; `VerificationError` otherwise."""
    if not 0 <= index < size:
        raise _error(INCLUSION, f"there is no entry {index} in a tree of {size}")
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    _check_hashes(INCLUSION, (leaf, root, *proof))
    _check_length(INCLUSION, proof, inner + border)
    computed = _chain(leaf, proof[:inner], index)
    computed = _chain_left(computed, proof[inner:])
    if computed != root:
        raise _error(INCLUSION, f"the proof of entry {index} does not lead to the root")


def verify_consistency(
    proof: Sequence[bytes], *, old: int, old_root: bytes, new: int, new_root: bytes
) -> None:
    """Return if the newer tree begins with the older; `VerificationError` otherwise.

    Neither tree may be empty: that an empty one was continued says nothing.
    """
    if not 0 < old <= new:
        raise _error(CONSISTENCY, f"a tree of {new} entries can't continue one of {old}")
    _check_hashes(CONSISTENCY, (old_root, new_root, *proof))
    if old == new:
        _check_length(CONSISTENCY, proof, 0)
        if old_root != new_root:
            raise _error(CONSISTENCY, f"there are two roots for {old} entries")
        return
    _check_roots(proof, old, old_root, new, new_root)


def _check_roots(
    proof: Sequence[bytes], old: int, old_root: bytes, new: int, new_root: bytes
) -> None:
    # RFC 9162 2.1.4.2. The old tree ends with a complete subtree of 2**shift entries, from which
    # both roots are computed; if it is nothing but that subtree, its root isn't repeated.
    shift = (old & -old).bit_length() - 1
    inner = ((old - 1) ^ (new - 1)).bit_length() - shift
    last = (old - 1) >> shift
    border = (last >> inner).bit_count()
    first = 0 if old == 1 << shift else 1
    _check_length(CONSISTENCY, proof, first + inner + border)
    seed = proof[0] if first else old_root
    below, above = proof[first : first + inner], proof[first + inner :]
    lefts = [hash_ for height, hash_ in enumerate(below) if last >> height & 1]
    if _chain_left(seed, (*lefts, *above)) != old_root:
        raise _error(CONSISTENCY, f"the proof does not lead to the root of {old} entries")
    if _chain_left(_chain(seed, below, last), above) != new_root:
        raise _error(CONSISTENCY, f"the proof does not lead to the root of {new} entries")


def _chain(seed: bytes, proof: Sequence[bytes], index: int) -> bytes:
    """Hash upwards, each sibling on the side that the bits of `index` say."""
    for height, sibling in enumerate(proof):
        is_right = index >> height & 1
        seed = node_hash(sibling, seed) if is_right else node_hash(seed, sibling)
    return seed


def _chain_left(seed: bytes, proof: Sequence[bytes]) -> bytes:
    for sibling in proof:
        seed = node_hash(sibling, seed)
    return seed


def _path(index: int, start: int, end: int, node: Node) -> tuple[bytes, ...]:
    if end - start == 1:
        return ()
    middle = start + _split(end - start)
    if index < middle:
        return (*_path(index, start, middle, node), _range(middle, end, node))
    return (*_path(index, middle, end, node), _range(start, middle, node))


def _subproof(old: int, start: int, end: int, node: Node, *, is_whole: bool) -> tuple[bytes, ...]:
    if old == end:
        return () if is_whole else (_range(start, end, node),)
    middle = start + _split(end - start)
    if old <= middle:
        below = _subproof(old, start, middle, node, is_whole=is_whole)
        return (*below, _range(middle, end, node))
    below = _subproof(old, middle, end, node, is_whole=False)
    return (*below, _range(start, middle, node))


def _range(start: int, end: int, node: Node) -> bytes:
    """Return the hash over entries `start` to `end`, a part that `_split` cut off."""
    count = end - start
    if count & (count - 1) == 0:
        height = count.bit_length() - 1
        return node(height, start >> height)
    middle = start + _split(count)
    return node_hash(_range(start, middle, node), _range(middle, end, node))


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _check_hashes(check: str, hashes: Sequence[bytes]) -> None:
    for hash_ in hashes:
        if len(hash_) != HASH_LENGTH:
            raise _error(check, f"a hash has {len(hash_)} bytes, not {HASH_LENGTH}")


def _check_length(check: str, proof: Sequence[bytes], wanted: int) -> None:
    if len(proof) != wanted:
        raise _error(check, f"the proof has {len(proof)} hashes, not {wanted}")


def _error(check: str, message: str) -> VerificationError:
    return VerificationError(message, check=check)
