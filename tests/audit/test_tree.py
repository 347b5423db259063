"""The tree agrees with the published vectors and with its own recursive definition; every corruption is found."""

from __future__ import annotations

import json
import random
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from deliberation.audit import tree
from deliberation.audit.tree import ProofError

DATA = Path(__file__).parents[1] / "data/log"
TREE = json.loads((DATA / "rfc6962_tree_vectors.json").read_text("utf-8"))
PROOFS = json.loads((DATA / "rfc6962_proof_vectors.json").read_text("utf-8"))
INPUTS = [bytes.fromhex(text) for text in TREE["leaf_inputs_hex"]]
LEAVES = [tree.leaf_hash(bytes([number])) for number in range(130)]


def mth(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1 word for word, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def grow(leaves: list[bytes]) -> tuple[list[bytes], dict[tuple[int, int], bytes], list[bytes]]:
    """Frontiers by size, all completed nodes, roots by size."""
    frontiers, nodes = [b""], {}
    for size, leaf in enumerate(leaves):
        frontier, completed = tree.push(size, frontiers[-1], leaf)
        frontiers.append(frontier)
        for level, index, value in completed:
            assert (level, index) not in nodes, "a completed node is given once"
            nodes[level, index] = value
    return frontiers, nodes, [tree.root(size, frontier) for size, frontier in enumerate(frontiers)]


FRONTIERS, NODES, ROOTS = grow(LEAVES)


def get_node(level: int, index: int) -> bytes:
    return NODES[level, index]


def refuses(check: Any, *args: Any) -> bool:
    try:
        check(*args)
    except ProofError:
        return True
    return False


def corruptions(proof: list[bytes]) -> list[list[bytes]]:
    """One bit flipped in each hash (another bit each time), each dropped, doubled, swapped, shortened, and extras."""
    bad = [proof + [LEAVES[0]], [LEAVES[0]] + proof, proof + [b""], proof + [tree.EMPTY_ROOT]]
    for at, value in enumerate(proof):
        bit = (at * 37 + len(proof) * 11) % 256
        flipped = bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(value))
        before, after = proof[:at], proof[at + 1 :]
        bad += [[*before, flipped, *after], before + after, [*before, value, value, *after]]
        bad += [[*before, value[:-1], *after], [*before, value + b"\0", *after], [*before, b"", *after]]
        if after:
            bad.append([*before, after[0], value, *after[1:]])
    return bad


def test_published_leaves_nodes_and_roots() -> None:
    assert [tree.leaf_hash(data).hex() for data in INPUTS] == TREE["leaf_hashes_hex"]
    _, nodes, roots = grow([tree.leaf_hash(data) for data in INPUTS])
    assert {str(size): value.hex() for size, value in enumerate(roots)} == TREE["root_by_size_hex"]
    for level in (1, 2, 3):
        assert [nodes[level, at].hex() for at in range(8 >> level)] == TREE[f"level{level}"]
    assert tree.EMPTY_ROOT.hex() == TREE["root_by_size_hex"]["0"]


@pytest.mark.parametrize("vector", PROOFS["inclusion"], ids=lambda vector: vector["file"])
def test_published_inclusion_proofs(vector: dict[str, Any]) -> None:
    proof = [b64decode(step) for step in vector["proof"] or []]
    leaf, root = b64decode(vector["leafHash"]), b64decode(vector["root"])
    refused = refuses(tree.verify_inclusion, leaf, vector["leafIdx"], vector["treeSize"], proof, root)
    assert refused is vector["wantErr"], vector["desc"]


@pytest.mark.parametrize("vector", PROOFS["consistency"], ids=lambda vector: vector["file"])
def test_published_consistency_proofs(vector: dict[str, Any]) -> None:
    proof = [b64decode(step) for step in vector["proof"] or []]
    roots = b64decode(vector["root1"]), b64decode(vector["root2"])
    refused = refuses(tree.verify_consistency, vector["size1"], vector["size2"], *roots, proof)
    assert refused is vector["wantErr"], vector["desc"]


def test_the_published_vectors_are_all_there() -> None:
    assert [(len(PROOFS[kind]), sum(v["wantErr"] for v in PROOFS[kind])) for kind in ("inclusion", "consistency")] == [
        (98, 92),
        (98, 92),
    ]


def test_appending_agrees_with_the_recursive_definition() -> None:
    assert [mth(LEAVES[:size]) for size in range(131)] == ROOTS
    assert set(NODES) == {(level, at) for level in range(8) for at in range(130 >> level)}
    for (level, index), value in NODES.items():
        assert value == mth(LEAVES[index << level : (index + 1) << level])


def test_a_builder_recomputes_the_roots_and_can_go_on_from_a_frontier() -> None:
    builder = tree.Builder()
    for number in range(130):
        assert (builder.size, builder.frontier, builder.root()) == (number, FRONTIERS[number], ROOTS[number])
        assert builder.add(bytes([number])) == tree.push(number, FRONTIERS[number], LEAVES[number])[1]
    later = tree.Builder(100, FRONTIERS[100])
    for leaf in LEAVES[100:]:
        later.add_leaf(leaf)
    assert later.root() == builder.root() == ROOTS[130]


def test_every_inclusion_proof_holds_and_every_corruption_fails() -> None:
    for size in range(1, 41):
        for index in range(size):
            proof = tree.inclusion_proof(index, size, get_node)
            tree.verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
            for bad in corruptions(proof):
                assert refuses(tree.verify_inclusion, LEAVES[index], index, size, bad, ROOTS[size]), (index, size)
            for other in (LEAVES[index + 1], ROOTS[size][:-1], b"", LEAVES[index] + b"\0"):
                assert refuses(tree.verify_inclusion, other, index, size, proof, ROOTS[size]), (index, size)
            assert refuses(tree.verify_inclusion, LEAVES[index], index, size, proof, ROOTS[size + 1])
            for at in (-1, index - 1, index + 1, size, index + size):
                assert refuses(tree.verify_inclusion, LEAVES[index], at, size, proof, ROOTS[size]), (at, size)


def test_every_consistency_proof_holds_and_every_corruption_fails() -> None:
    for new in range(1, 41):
        for old in range(1, new + 1):
            proof = tree.consistency_proof(old, new, get_node)
            roots = ROOTS[old], ROOTS[new]
            tree.verify_consistency(old, new, *roots, proof)
            for bad in corruptions(proof):
                assert refuses(tree.verify_consistency, old, new, *roots, bad), (old, new)
            for wrong in ((ROOTS[old - 1], roots[1]), (roots[0], ROOTS[new + 1]), (roots[0][:-1], roots[1])):
                assert refuses(tree.verify_consistency, old, new, *wrong, proof), (old, new)
            assert refuses(tree.verify_consistency, old - 1, new, *roots, proof), (old, new)
            if old < new:
                assert refuses(tree.verify_consistency, new, old, roots[1], roots[0], proof), (old, new)
                assert refuses(tree.verify_consistency, old, new, *roots, []), (old, new)


def test_every_single_bit_of_a_proof_counts() -> None:
    leaf_proof = tree.inclusion_proof(20, 37, get_node)
    log_proof = tree.consistency_proof(22, 37, get_node)
    for proof in (leaf_proof, log_proof):
        for at in range(len(proof)):
            for bit in range(256):
                flipped = (int.from_bytes(proof[at]) ^ 1 << bit).to_bytes(32)
                bad = [*proof[:at], flipped, *proof[at + 1 :]]
                if proof is leaf_proof:
                    assert refuses(tree.verify_inclusion, LEAVES[20], 20, 37, bad, ROOTS[37])
                else:
                    assert refuses(tree.verify_consistency, 22, 37, ROOTS[22], ROOTS[37], bad)


def test_a_refusal_says_what_is_wrong_with_the_proof() -> None:
    proof = tree.inclusion_proof(20, 37, get_node)
    path = tree.consistency_proof(22, 37, get_node)
    text: Any = "x" * 32
    for change, said in (([LEAVES[0]], "too long"), ([b""], "must be 32 bytes"), ([text], "must be 32 bytes")):
        with pytest.raises(ProofError, match=said):
            tree.verify_inclusion(LEAVES[20], 20, 37, proof + change, ROOTS[37])
        with pytest.raises(ProofError, match=said):
            tree.verify_consistency(22, 37, ROOTS[22], ROOTS[37], path + change)
    with pytest.raises(ProofError, match="too short"):
        tree.verify_inclusion(LEAVES[20], 20, 37, proof[:-1], ROOTS[37])
    with pytest.raises(ProofError, match="too short"):
        tree.verify_consistency(22, 37, ROOTS[22], ROOTS[37], path[:-1])
    with pytest.raises(ProofError, match="does not lead to the old root"):
        tree.verify_consistency(22, 37, ROOTS[21], ROOTS[37], path)
    with pytest.raises(ProofError, match="does not lead to the new root"):
        tree.verify_consistency(22, 37, ROOTS[22], ROOTS[36], path)


def test_proofs_read_few_nodes_and_only_completed_ones() -> None:
    size = 1_000_003
    read: list[tuple[int, int]] = []

    def counting(level: int, index: int) -> bytes:
        assert (index + 1) << level <= size, "only perfect subtrees inside the tree are stored"
        read.append((level, index))
        return bytes(32)

    chance = random.Random(6962)
    for _ in range(200):
        tree.inclusion_proof(chance.randrange(size), size, counting)
        assert len(read) <= 2 * size.bit_length()
        read.clear()
        tree.consistency_proof(chance.randrange(1, size + 1), size, counting)
        assert len(read) <= 2 * size.bit_length()
        read.clear()


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (6, 5), (0, 0), (0, -1)])
def test_there_is_no_proof_of_a_leaf_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ProofError, match="there is no leaf"):
        tree.inclusion_proof(index, size, get_node)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (6, 5), (-1, 5), (-2, -1)])
def test_there_is_no_consistency_proof_from_nothing_or_backwards(old: int, new: int) -> None:
    with pytest.raises(ProofError, match="no consistency proof"):
        tree.consistency_proof(old, new, get_node)
    assert refuses(tree.verify_consistency, old, new, tree.EMPTY_ROOT, ROOTS[5], [])


@pytest.mark.parametrize(
    ("size", "frontier"), [(0, bytes(32)), (1, b""), (3, bytes(32)), (4, bytes(64)), (-1, b""), (1, bytes(31))]
)
def test_a_frontier_must_fit_its_size(size: int, frontier: bytes) -> None:
    assert refuses(tree.push, size, frontier, LEAVES[0])
    assert refuses(tree.root, size, frontier)
    assert refuses(tree.Builder, size, frontier)


@pytest.mark.parametrize("leaf", [b"", bytes(31), bytes(33), "x" * 32])
def test_a_leaf_must_be_a_hash(leaf: Any) -> None:
    assert refuses(tree.push, 0, b"", leaf)


def test_a_stored_node_must_be_a_hash() -> None:
    with pytest.raises(ProofError, match="a stored node must be 32 bytes"):
        tree.inclusion_proof(0, 2, lambda level, index: b"")
