"""Writing an entry: one row, the tree nodes that it completes, the head. The statements are made once."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, and_, bindparam, insert, select, text

from deliberation.audit import tree
from deliberation.audit.canonical import MAX_BODY
from deliberation.audit.models import ActorRef, Log
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_

HEAD = select(Log.size, Log.frontier).where(Log.id == bindparam("log")).with_for_update()
_OF_PERSON = (ActorRef.person_id == bindparam("person"), ActorRef.as_resident == bindparam("as_resident"))
# The same, with the reference under which the person who acts is known in this log already, if any.
HEAD_AND_ACTOR = (
    select(Log.size, Log.frontier, ActorRef.ref)
    .outerjoin(ActorRef, and_(ActorRef.log_id == Log.id, *_OF_PERSON))
    .where(Log.id == bindparam("log"))
    .with_for_update(of=Log)
)
# On SQLite one after the other, each as the driver takes it.
NEW_ENTRY = "INSERT INTO audit_entry (log_id, seq, body) VALUES (?, ?, ?)"
NEW_NODES = "INSERT INTO audit_node (log_id, level, position, hash) VALUES (?, ?, ?, ?)"
NEW_INDEX = "INSERT INTO audit_about (log_id, what, seq) VALUES (?, ?, ?)"
NEW_HEAD = "UPDATE audit_log SET size = ?, frontier = ? WHERE id = ? AND size = ?"
# On PostgreSQL everything at once: a statement is a way there and back.
AT_ONCE = text(
    "WITH entry AS (INSERT INTO audit_entry (log_id, seq, body) VALUES (:log, :before, :body)),"
    " nodes AS (INSERT INTO audit_node (log_id, level, position, hash) SELECT :log, * FROM"
    " unnest(CAST(:levels AS integer[]), CAST(:places AS integer[]), CAST(:hashes AS bytea[]))),"
    " about AS (INSERT INTO audit_about (log_id, what, seq) SELECT :log, what, :before FROM"
    " unnest(CAST(:about AS text[])) AS told (what))"
    " UPDATE audit_log SET size = :after, frontier = :new_frontier WHERE id = :log AND size = :before"
)
REFERENCE = select(ActorRef.ref).where(ActorRef.log_id == bindparam("log"), *_OF_PERSON)


class UnrecordedWrite(RuntimeError):
    """A recorded table was about to change outside ``recording``, or in a way that its entry could not tell."""


def reference(connection: Connection, log_id: int, person_id: int, as_resident: bool) -> str:
    """The person's reference in this log, in office or as a resident, made at first need."""
    asked = {"log": log_id, "person": person_id, "as_resident": as_resident}
    known = connection.info.get("ref")
    if known is not None and known[0] == asked:
        return str(known[1])
    found = connection.execute(REFERENCE, asked).scalar()
    if found is None:
        found = secrets.token_hex(6)
        connection.execute(insert(ActorRef).values(log_id=log_id, person_id=person_id, as_resident=as_resident, ref=found))
    return str(found)


def references(connection: Connection, log_id: int, people: Collection[int]) -> dict[int, str]:
    """The references of many persons on a roll in this log, made where they are missing."""
    query = select(ActorRef.person_id, ActorRef.ref).where(
        ActorRef.log_id == log_id, ActorRef.person_id.in_(people), ActorRef.as_resident.is_(False)
    )
    known = {int(person): str(ref) for person, ref in connection.execute(query)}
    missing = {person: secrets.token_hex(6) for person in people if person not in known}
    if missing:
        same = {"log_id": log_id, "as_resident": False}
        connection.execute(insert(ActorRef), [{**same, "person_id": p, "ref": ref} for p, ref in missing.items()])
    return {**known, **missing}


def append(connection: Connection, log_id: int, body: bytes, about: Collection[str]) -> int:
    """Write one entry, found later by what it is ``about``, and what it completes of the tree: O(log n), no earlier entry
    is read. Returns its ``seq``.

    Raises `Refused` for a body over 65,535 bytes: the law of the format, so nobody's single act may be larger.
    """
    if len(body) > MAX_BODY:
        raise Refused(N_("This is more than one entry of the log can hold. Please do it in several steps."), code="too_long")
    connection.info["appending"] = True
    try:
        size, before = _head(connection, log_id)
        frontier, nodes = tree.push(size, before, tree.leaf_hash(body))
        if connection.dialect.name == "postgresql":
            levels, places, hashes = zip(*nodes, strict=True)
            found = {"body": body, "levels": list(levels), "places": list(places), "hashes": list(hashes), "about": list(about)}
            head = {"log": log_id, "before": size, "after": size + 1, "new_frontier": frontier}
            moved = connection.execute(AT_ONCE, head | found)
        else:
            _in_steps(connection, log_id, size, body, nodes, about)
            moved = connection.exec_driver_sql(NEW_HEAD, (size + 1, frontier, log_id, size))
        if moved.rowcount != 1:
            raise UnrecordedWrite("the head of the log is not where this transaction left it")
    finally:
        connection.info["appending"] = False
    connection.info["head"] = (log_id, size + 1, frontier)
    return size


def _in_steps(
    connection: Connection, log_id: int, seq: int, body: bytes, nodes: Iterable[tree.Node], about: Iterable[str]
) -> None:
    connection.exec_driver_sql(NEW_ENTRY, (log_id, seq, body))
    connection.exec_driver_sql(NEW_NODES, [(log_id, *node) for node in nodes])
    if about:
        connection.exec_driver_sql(NEW_INDEX, [(log_id, what, seq) for what in about])


def _head(connection: Connection, log_id: int) -> tuple[int, bytes]:
    """Size and frontier, locked: as this transaction read or left them, else read now."""
    known = connection.info.get("head")
    if known is None or known[0] != log_id:
        known = (log_id, *connection.execute(HEAD, {"log": log_id}).one())
    return int(known[1]), bytes(known[2])
