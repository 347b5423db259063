"""Proofs from the stored nodes of a log, in one statement each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Connection, select

from deliberation.audit import tree
from deliberation.audit.models import Node
from deliberation.audit.tree import GetNode

Made = TypeVar("Made")


def from_nodes(connection: Connection, log_id: int, make: Callable[[GetNode], Made]) -> Made:
    """What ``make`` makes of stored nodes: which ones it takes is asked first, then they are read together.

    Raises ``KeyError`` where the log has not all of them, and what ``make`` raises.
    """
    asked: list[tuple[int, int]] = []

    def ask(level: int, at: int) -> bytes:
        asked.append((level, at))
        return tree.EMPTY_ROOT

    make(ask)
    nodes = _read(connection, log_id, asked)
    return make(lambda level, at: nodes[level, at])


def root_of(connection: Connection, log_id: int, size: int) -> bytes:
    """The root of the first ``size`` entries. Raises ``KeyError`` where the log has not as many."""
    peaks = [(level, (size >> level) - 1) for level in reversed(range(size.bit_length())) if size >> level & 1]
    return from_nodes(connection, log_id, lambda node: tree.root(size, b"".join(node(*peak) for peak in peaks)))


def consistency(connection: Connection, log_id: int, old: int, new: int) -> list[bytes]:
    """The proof that the tree of ``new`` entries begins with that of ``old``. Raises `ProofError` or ``KeyError``."""
    return from_nodes(connection, log_id, lambda node: tree.consistency_proof(old, new, node))


def goes_on(connection: Connection, log_id: int, old: int, old_root: bytes, new: int, new_root: bytes) -> bool:
    """Whether the stored nodes prove that the tree of ``new`` entries begins with that of ``old`` (RFC 9162, 2.1.4)."""
    if old == 0:
        return old_root == tree.EMPTY_ROOT
    try:
        tree.verify_consistency(old, new, old_root, new_root, consistency(connection, log_id, old, new))
    except (tree.ProofError, KeyError):
        return False
    return True


def _read(connection: Connection, log_id: int, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    wanted = list(wanted)
    if not wanted:
        return {}
    # More than was asked, since SQLite finds a list of pairs only by reading the whole log; but never more than levels squared.
    levels, places = zip(*wanted, strict=True)
    query = select(Node.level, Node.position, Node.hash).where(
        Node.log_id == log_id, Node.level.in_(levels), Node.position.in_(places)
    )
    return {(level, at): bytes(value) for level, at, value in connection.execute(query)}
