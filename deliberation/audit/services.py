"""Opening a log, keeping and erasing personal texts, verifying everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Result, func, insert, select

from deliberation.audit import ledger, tree, verifying
from deliberation.audit.commitments import new_salt
from deliberation.audit.models import About, Entry, Log, Node, PersonalRecord, Signed
from deliberation.audit.recording import Capacity, about, commitment_of, read, recording
from deliberation.audit.verifying import Progress, raw
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_

INSTALLATION = "installation"


class Restriction(StrEnum):
    """Why a text is stored and no longer used."""

    WISH = "wish"
    ARCHIVE = "archive"
    LEGAL_HOLD = "legal_hold"
    TECHNICAL = "technical"


RESTRICTION_WORDS = {
    Restriction.WISH: N_("at the wish of the person concerned"),
    Restriction.ARCHIVE: N_("the time for which records must be kept is not over"),
    Restriction.LEGAL_HOLD: N_("it is needed as evidence in a dispute or an inquiry"),
    Restriction.TECHNICAL: N_("it cannot be deleted for technical reasons"),
}


def open_log(name: str) -> int:
    """Make an empty log of that name (its head row) and return its id; the existing one if there is one."""
    session = db.session()
    found = session.scalar(select(Log.id).where(Log.name == name))
    if found is not None:
        return int(found)
    connection = session.connection()
    connection.info["appending"] = True
    try:
        connection.execute(insert(Log).values(name=name, size=0, frontier=b""))
        log_id = int(session.scalars(select(Log.id).where(Log.name == name)).one())
        connection.execute(insert(Signed).values(log_id=log_id))
    finally:
        connection.info["appending"] = False
    return log_id


def personal(log_id: int, kind: str, value: str | None) -> PersonalRecord | None:
    """A personal text to hang on a row of the recording in progress; None for None or an empty text."""
    if not value:
        return None
    return PersonalRecord(log_id=log_id, kind=kind, kept=value, salt=new_salt())


def erase(record: PersonalRecord, *, basis: str, capacity: Capacity) -> None:
    """Delete value and salt; the log keeps a commitment that opens for nobody."""
    with recording(capacity, "personal_data.erase", record):
        wipe(record, basis=basis)


def wipe(record: PersonalRecord, *, basis: str) -> None:
    """Inside a recording: value and salt go, a restriction with them. The ledger of erasures has it before it is committed."""
    ledger.note_record(db.session(), record.log_id, record.id, commitment_of(record), basis)
    record.kept = record.salt = None
    record.restricted_at = record.restriction = None
    record.erased_at = clock.now()
    record.basis = basis


def restrict(record: PersonalRecord, reason: Restriction, *, capacity: Capacity) -> None:
    """From here on the text is stored and used for nothing. Raises `Refused` for one that is erased or restricted already."""
    if record.erased_at is not None or record.restricted_at is not None:
        raise Refused(N_("This text is erased or restricted already."), code="done_already")
    with recording(capacity, "personal_data.restrict", record):
        record.restricted_at = clock.now()
        record.restriction = reason.value


def lift(record: PersonalRecord, *, capacity: Capacity) -> None:
    """Give a restricted text back to use. Raises `Refused` for one that is not restricted."""
    if record.restricted_at is None:
        raise Refused(N_("This text is not restricted."), code="done_already")
    with recording(capacity, "personal_data.lift", record):
        record.restricted_at = record.restriction = None


@dataclass(frozen=True)
class Verified:
    """What ``verify`` found in one log: ``bad_seq`` is None where everything holds."""

    name: str
    size: int
    root: bytes
    bad_seq: int | None = None
    problem: str = ""


def verify(progress: Progress = lambda entries: None) -> Iterator[Verified]:
    """Recompute every log from its bodies, in constant memory, at one moment: what is appended meanwhile does not disturb.

    Rows that belong to no log are named too. What the session has read before is let go first. ``progress`` is told how many
    entries were read, run by run.
    """
    session = db.session()
    if session.in_transaction():
        session.commit()
    if session.get_bind().dialect.name != "sqlite":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    for log in session.scalars(select(Log).order_by(Log.id)).all():
        yield _verify_log(log, progress)
    yield from _without_log()


def _without_log() -> Iterator[Verified]:
    """Logs whose head is gone: something of theirs still stands."""
    first: dict[int, int] = {}
    for table, place in ((Entry, Entry.seq), (Node, Node.position), (About, About.seq)):
        rows = select(table.log_id, func.min(place)).where(table.log_id.not_in(select(Log.id))).group_by(table.log_id)
        for log_id, seq in db.session.execute(rows):
            first.setdefault(log_id, seq)
    for log_id, seq in sorted(first.items()):
        yield Verified(f"log {log_id}", 0, b"", seq, "the head of this log is gone")


def _verify_log(log: Log, progress: Progress) -> Verified:
    connection, frontier = connection_of(db.session()), raw(log.frontier)
    whole = verifying.holds(connection, log.id, log.size, frontier, progress) and _extra_node(log.id, log.size) is None
    if whole and verifying.index_holds(connection, log.id, log.size, progress):
        return Verified(log.name, log.size, tree.root(log.size, frontier))
    return _walk(log)


def _walk(log: Log) -> Verified:
    """Entry by entry, to name the first that does not hold."""
    size, frontier = 0, b""
    nodes = _stored_nodes(log.id)
    with _bodies(log.id) as entries:
        for seq, body in entries:
            if seq != size:
                return Verified(log.name, log.size, b"", size, "an entry is missing")
            frontier, completed = tree.push(size, frontier, tree.leaf_hash(raw(body)))
            for level, position, value in completed:
                if nodes.get((level, position)) != value:
                    what = "the body was changed" if level == 0 else "an inner node was changed"
                    return Verified(log.name, log.size, b"", seq, what)
            size += 1
    return _verify_head(log, size, frontier)


def _bodies(log_id: int) -> Result[Any, Any]:
    """(seq, body) of a whole log, streamed; to be closed by the caller."""
    query = select(Entry.seq, Entry.body).where(Entry.log_id == log_id).order_by(Entry.seq)
    return db.session.execute(query.execution_options(yield_per=1000))


def _verify_head(log: Log, size: int, frontier: bytes) -> Verified:
    if size != log.size:
        return Verified(log.name, log.size, b"", size, "the head counts other entries than there are")
    if frontier != raw(log.frontier):
        return Verified(log.name, log.size, b"", max(size - 1, 0), "the head has another root")
    bad = _extra_node(log.id, size)
    if bad is not None:
        return Verified(log.name, log.size, b"", bad, "there is a node that no entry completes")
    bad = _bad_index(log.id)
    if bad is not None:
        return Verified(log.name, log.size, b"", bad, "the index was changed")
    return Verified(log.name, size, tree.root(size, frontier))


def _extra_node(log_id: int, size: int) -> int | None:
    """The first entry under a stored node of which the tree knows nothing, or None."""
    counts = select(Node.level, func.count(), func.max(Node.position), func.min(Node.position)).where(Node.log_id == log_id)
    for level, number, last, first in db.session.execute(counts.group_by(Node.level).order_by(Node.level)):
        if level < 0 or first < 0:
            return 0
        whole = size >> level
        if number != whole or last >= whole:
            return int(whole << level)
    return None


class _stored_nodes:
    """Stored hashes by (level, position), fetched in runs while the verification walks to the right."""

    RUN = 1024

    def __init__(self, log_id: int) -> None:
        self.log_id = log_id
        self.runs: dict[int, tuple[int, dict[int, bytes]]] = {}

    def get(self, key: tuple[int, int]) -> bytes | None:
        level, position = key
        start, run = self.runs.get(level, (-1, {}))
        wanted = position - position % self.RUN
        if start != wanted:
            rows = select(Node.position, Node.hash).where(
                Node.log_id == self.log_id,
                Node.level == level,
                Node.position >= wanted,
                Node.position < wanted + self.RUN,
            )
            run = {at: raw(value) for at, value in db.session.execute(rows)}
            self.runs[level] = (wanted, run)
        return run.get(position)


def _bad_index(log_id: int) -> int | None:
    """The first entry of which the index says something else than its body, or None."""
    query = select(About.seq, About.what).where(About.log_id == log_id).order_by(About.seq)
    with db.session.execute(query.execution_options(yield_per=1000)) as pairs, _bodies(log_id) as entries:
        indexed = groupby(pairs, itemgetter(0))
        at, told = _next(indexed)
        for seq, body in entries:
            wanted = about(read(bytes(body)))
            if (told if at == seq else []) != wanted:
                return int(seq if at is None else min(seq, at))
            if at == seq:
                at, told = _next(indexed)
        return at


def _next(indexed: Iterator[tuple[int, Iterable[Any]]]) -> tuple[int | None, list[str]]:
    """The next entry that the index knows, and what it says of it; sorted here, since databases sort words differently."""
    at, rows = next(indexed, (None, ()))
    return at, sorted(row[1] for row in rows)
