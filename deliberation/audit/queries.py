"""Readings of the log: timelines and pages of the trail, proofs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from deliberation.audit import stored, tree
from deliberation.audit.models import About, ActorRef, Entry, Log
from deliberation.audit.recording import read
from deliberation.audit.verifying import raw
from deliberation.extensions import db
from deliberation.kernel.transactions import connection_of

PROBES = 64
FRONTIER = select(Log.frontier).where(Log.id == bindparam("log"))


@dataclass(frozen=True)
class Line:
    """One entry as a reader meets it. ``body`` is the decoded entry; empty, and ``at`` None, where somebody changed it so that
    nobody can read it."""

    seq: int
    at: datetime | None
    body: dict[str, Any]


def _line(seq: int, body: bytes) -> Line:
    try:
        data = read(raw(body))
        return Line(seq, datetime.fromisoformat(data["at"]), data)
    except (ValueError, TypeError, KeyError):
        return Line(seq, None, {})


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
    return None if body is None else (_line(seq, body), raw(body))


def head(log_id: int) -> tuple[int, bytes]:
    """Size and root of a log."""
    row = db.session.execute(select(Log.size, Log.frontier).where(Log.id == log_id)).one()
    return row.size, tree.root(row.size, bytes(row.frontier))


def frontier(log_id: int) -> bytes:
    """The hashes that make up the root: they differ as soon as anything was recorded."""
    return bytes(connection_of(db.session()).execute(FRONTIER, {"log": log_id}).scalar_one())


def about(log_id: int, *what: str) -> Iterator[tuple[int, bytes]]:
    """Number and exact bytes of every entry that tells of any of these (``comment:55``, ``matter:12``), oldest first."""
    named = select(About.seq).where(About.log_id == log_id, About.what.in_(what))
    query = select(Entry.seq, Entry.body).where(Entry.log_id == log_id, Entry.seq.in_(named)).order_by(Entry.seq)
    return ((seq, bytes(body)) for seq, body in db.session.execute(query))


def since(log_id: int, instant: datetime, size: int) -> int:
    """The number of the first of ``size`` entries that was not made before ``instant``; ``size`` where all were.

    The times of entries rise with their numbers, so 64 of them are looked at a statement: a million takes four.
    """
    low, high = 0, size
    while low < high:
        step = max((high - low) // PROBES, 1)
        query = select(Entry.seq, Entry.body).where(Entry.log_id == log_id, Entry.seq.in_(range(low, high, step)))
        lines = [_line(seq, body) for seq, body in db.session.execute(query.order_by(Entry.seq))]
        if not lines:
            break  # somebody deleted them
        later = next((line.seq for line in lines if line.at is None or line.at >= instant), None)
        earlier = [line.seq for line in lines if line.at is not None and line.at < instant and (later is None or line.seq < later)]
        low, high = (earlier[-1] + 1 if earlier else low), (high if later is None else later)
    return low


def inclusion(log_id: int, seq: int, size: int) -> list[bytes]:
    """The inclusion proof of entry ``seq`` in the tree of ``size`` entries (RFC 9162, 2.1.3), from O(log n) nodes."""
    return stored.from_nodes(connection_of(db.session()), log_id, lambda node: tree.inclusion_proof(seq, size, node))


def goes_on(log_id: int, old: int, old_root: bytes) -> bool:
    """Whether the log as it stands begins with the ``old`` entries that had this root (RFC 9162, 2.1.4)."""
    size, root = head(log_id)
    return old <= size and stored.goes_on(connection_of(db.session()), log_id, old, old_root, size, root)


def references(log_id: int, person_ids: Iterable[int]) -> dict[int, str]:
    """The references of these people on the rolls of a log; none for whom the tie was cut."""
    query = select(ActorRef.person_id, ActorRef.ref).where(
        ActorRef.log_id == log_id, ActorRef.person_id.in_(list(person_ids)), ActorRef.as_resident.is_(False)
    )
    return dict(iter(db.session.execute(query)))
