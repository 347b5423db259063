"""Readings of the log: timelines and pages of the trail, proofs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from deliberation.audit import tree
from deliberation.audit.models import About, Entry, Log, Node
from deliberation.audit.recording import read
from deliberation.extensions import db
from deliberation.kernel.transactions import connection_of

FRONTIER = select(Log.frontier).where(Log.id == bindparam("log"))


@dataclass(frozen=True)
class Line:
    """One entry as a reader meets it. ``body`` is the decoded entry."""

    seq: int
    at: datetime
    body: dict[str, Any]


def _line(seq: int, body: bytes) -> Line:
    data = read(bytes(body))
    return Line(seq, datetime.fromisoformat(data["at"]), data)


def timeline(log_id: int, matter_id: int, limit: int = 200) -> list[Line]:
    """The newest entries that tell of one matter, newest first."""
    rows = db.session.execute(
        select(Entry.seq, Entry.body)
        .join(About, (About.log_id == Entry.log_id) & (About.seq == Entry.seq))
        .where(About.log_id == log_id, About.what == f"matter:{matter_id}")
        .order_by(Entry.seq.desc())
        .limit(limit)
    )
    return [_line(seq, body) for seq, body in rows]


def page(log_id: int, before: int | None = None, limit: int = 50) -> list[Line]:
    """One page of a log, newest first, ``before`` that ``seq``."""
    query = select(Entry.seq, Entry.body).where(Entry.log_id == log_id).order_by(Entry.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(Entry.seq < before)
    return [_line(seq, body) for seq, body in db.session.execute(query)]


def entry(log_id: int, seq: int) -> tuple[Line, bytes] | None:
    """One entry with its exact bytes."""
    body = db.session.scalar(select(Entry.body).where(Entry.log_id == log_id, Entry.seq == seq))
    return None if body is None else (_line(seq, body), bytes(body))


def head(log_id: int) -> tuple[int, bytes]:
    """Size and root of a log."""
    row = db.session.execute(select(Log.size, Log.frontier).where(Log.id == log_id)).one()
    return row.size, tree.root(row.size, bytes(row.frontier))


def frontier(log_id: int) -> bytes:
    """The hashes that make up the root: they differ as soon as anything was recorded."""
    return bytes(connection_of(db.session()).execute(FRONTIER, {"log": log_id}).scalar_one())


def inclusion(log_id: int, seq: int, size: int) -> list[bytes]:
    """The inclusion proof of entry ``seq`` in the tree of ``size`` entries (RFC 9162, 2.1.3): O(log n) reads."""
    return tree.inclusion_proof(seq, size, lambda level, position: _node(log_id, level, position))


def _node(log_id: int, level: int, position: int) -> bytes:
    wanted = select(Node.hash).where(Node.log_id == log_id, Node.level == level, Node.position == position)
    return bytes(db.session.scalars(wanted).one())
