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
