"""The Merkle tree of the log: hashing, appending, proving and checking, free of storage.

Standard: RFC 9162 (Certificate Transparency 2.0) §2.1, whose hashing is that of RFC 6962 §2.1: SHA-256, a leaf
prefixed with 0x00 and an inner node with 0x01. A perfect subtree of 2^level leaves has the address
``(level, index)`` and covers the leaves ``index·2^level`` up to, not including, ``(index+1)·2^level``. A *frontier*
is the concatenation of the 32-byte hashes of the perfect subtrees that make up a tree, the largest first; there is
one for every 1 bit of the size. Everywhere below a leaf is its leaf hash (`leaf_hash`), never its data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without leaves (RFC 9162 §2.1.1)."""

Node = tuple[int, int, bytes]
"""``(level, index, hash)`` of a completed perfect subtree."""
GetNode = Callable[[int, int], bytes]
"""``get_node(level, index)`` gives the 32-byte hash of a completed perfect subtree."""


class ProofError(ValueError):
    """A proof, or what is needed to make one, is wrong; the message says how."""


def leaf_hash(data: bytes) -> bytes:
    """Hash of one entry's exact bytes (RFC 9162 §2.1.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its two children's hashes (RFC 9162 §2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def push(size: int, frontier: bytes, leaf: bytes) -> tuple[bytes, list[Node]]:
    """Append ``leaf`` to a tree of ``size`` leaves, in O(log size).

    Returns the frontier of the tree of ``size + 1`` and every ``(level, index, hash)`` that the leaf completed,
    itself at level 0 first: these are to be stored, and never change again.
    Raises `ProofError` when the frontier is not one of ``size`` leaves or the leaf is not 32 bytes.
    """
    _check_frontier(size, frontier)
    _check_hash(leaf, "leaf")
    level, index, node = 0, size, leaf
    completed = [(level, index, node)]
    while index & 1:
        node = node_hash(frontier[-HASH_SIZE:], node)
        frontier = frontier[:-HASH_SIZE]
        level, index = level + 1, index >> 1
        completed.append((level, index, node))
    return frontier + node, completed


def root(size: int, frontier: bytes) -> bytes:
    """Root hash of the tree with this frontier (RFC 9162 §2.1.1). Raises `ProofError` when the two do not fit."""
    _check_frontier(size, frontier)
    if size == 0:
        return EMPTY_ROOT
    return _fold([frontier[at : at + HASH_SIZE] for at in range(0, len(frontier), HASH_SIZE)])


class Builder:
    """Recomputes a root from the entries alone, one at a time, keeping only the frontier."""

    __slots__ = ("frontier", "size")

    def __init__(self, size: int = 0, frontier: bytes = b"") -> None:
        """Start from an empty tree, or go on from a trusted frontier. Raises `ProofError` when the two do not fit."""
        _check_frontier(size, frontier)
        self.size = size
        self.frontier = frontier

    def add(self, data: bytes) -> list[Node]:
        """Append the entry with these exact bytes; returns the completed nodes as `push` does."""
        return self.add_leaf(leaf_hash(data))

    def add_leaf(self, leaf: bytes) -> list[Node]:
        """Append a leaf hash; returns the completed nodes as `push` does."""
        self.frontier, completed = push(self.size, self.frontier, leaf)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Root hash of all that was added so far."""
        return root(self.size, self.frontier)


def inclusion_proof(index: int, size: int, get_node: GetNode) -> list[bytes]:
    """Hashes that lead from leaf ``index`` to the root of the tree of ``size``, lowest first (RFC 9162 §2.1.3.1).

    Reads O(log size) completed nodes. Raises `ProofError` when there is no such leaf.
    """
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, get_node))
            end = middle
        else:
            path.append(_range_hash(start, middle, get_node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, get_node: GetNode) -> list[bytes]:
    """Hashes that show the tree of ``old`` leaves to be the beginning of the tree of ``new`` (RFC 9162 §2.1.4.1).

    Empty when the sizes are equal. Reads O(log new) completed nodes. Raises `ProofError` unless 0 < old ≤ new:
    an empty tree is the beginning of every tree, and a proof of that shows nothing.
    """
    if not 0 < old <= new:
        raise ProofError(f"there is no consistency proof from {old} to {new} leaves")
    path = []
    start, end = 0, new
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_hash(middle, end, get_node))
            end = middle
        else:
            path.append(_range_hash(start, middle, get_node))
            start = middle
    if start:
        path.append(_range_hash(start, end, get_node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that ``leaf`` is number ``index`` of the tree of ``size`` with this ``root`` (RFC 9162 §2.1.3.2).

    Raises `ProofError` on anything wrong; returns nothing.
    """
    if not 0 <= index < size:
        raise ProofError(f"there is no leaf {index} in a tree of {size}")
    _check_hash(leaf, "leaf")
    at, last, node = index, size - 1, leaf
    for step in proof:
        _check_hash(step, "proof hash")
        if last == 0:
            raise ProofError("the inclusion proof is too long")
        if at & 1 or at == last:
            node = node_hash(step, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, step)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("the inclusion proof is too short")
    if node != root:
        raise ProofError("the inclusion proof does not lead to the root")


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree of ``old_size`` is the beginning of the tree of ``new_size`` (RFC 9162 §2.1.4.2).

    Raises `ProofError` on anything wrong, and for an empty old tree, from which nothing can be shown. Equal sizes
    need equal roots and an empty proof.
    """
    if not 0 < old_size <= new_size:
        raise ProofError(f"there is no consistency proof from {old_size} to {new_size} leaves")
    if old_size == new_size:
        if proof:
            raise ProofError("the consistency proof between equal sizes must be empty")
        if old_root != new_root:
            raise ProofError("trees of equal size have different roots")
        return
    if not proof:
        raise ProofError("the consistency proof is empty")
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else proof
    for step in path:
        _check_hash(step, "proof hash")
    old, new = _climb(old_size - 1, new_size - 1, path)
    if old != old_root:
        raise ProofError("the consistency proof does not lead to the old root")
    if new != new_root:
        raise ProofError("the consistency proof does not lead to the new root")


def _climb(at: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Steps 4 to 7 of RFC 9162 §2.1.4.2: the old and the new root to which ``path`` leads."""
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            raise ProofError("the consistency proof is too long")
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofError("the consistency proof is too short")
    return old, new


def _split(width: int) -> int:
    """The largest power of two smaller than ``width`` (RFC 9162 §2.1.1); ``width`` > 1."""
    return 1 << (width - 1).bit_length() - 1


def _range_hash(start: int, end: int, get_node: GetNode) -> bytes:
    """Root of the leaves from ``start`` up to ``end``, where ``start`` is a boundary of the tree's own halving."""
    peaks = []
    while start < end:
        level = (end - start).bit_length() - 1
        node = get_node(level, start >> level)
        _check_hash(node, "stored node")
        peaks.append(node)
        start += 1 << level
    return _fold(peaks)


def _fold(peaks: Sequence[bytes]) -> bytes:
    """Root over perfect subtrees, largest first, at least one."""
    node = peaks[-1]
    for peak in reversed(peaks[:-1]):
        node = node_hash(peak, node)
    return node


def _check_hash(value: bytes, what: str) -> None:
    if not isinstance(value, bytes) or len(value) != HASH_SIZE:
        raise ProofError(f"a {what} must be {HASH_SIZE} bytes")


def _check_frontier(size: int, frontier: bytes) -> None:
    if size < 0 or len(frontier) != HASH_SIZE * size.bit_count():
        raise ProofError(f"{len(frontier)} bytes are not the frontier of a tree of {size}")
